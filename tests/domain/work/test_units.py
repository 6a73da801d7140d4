"""Tasks that pay by their own length or worth: one formula in Python and in SQL, and money for all of them at any time."""

import io
import random
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import fee_micros, for_units
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.units import Meter, words_in
from tests import orders
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


WORDS = {"per": "word", "amount": "0.013333", "units_from": "text"}


def words(count: int) -> str:
    return " ".join(["wort"] * count)


def rows(lengths: list[int], start: int = 1, **more):
    return [{"text": words(n), "_id": f"t{start + i}", **more} for i, n in enumerate(lengths)]


def gold(lengths: list[int]):
    right = {"_gold": {"sentiment": "negative"}}
    return [{"text": words(n), "_id": f"g{i}", **right} for i, n in enumerate(lengths)]


def draft(given, deposit: int = 10_000_000_000, **changes):
    orders.deposit(deposit)
    made = orders.project(**changes)
    work.import_tasks(project_id=made.id, rows=given)
    return made


def launched(given, **changes):
    made = draft(given, **changes)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    return project_queries.project(made.id)


def test_the_database_counts_as_python_does():
    chance = random.Random(1)
    cases = [
        (chance.randint(1, 10**9), chance.randint(1, 10**12), chance.randint(0, 5000)) for _ in range(500)
    ]
    cases += [(10**12, 10**9, 0), (1, 499_999, 1), (1, 500_000, 1), (300_000, 1_000_000, 2_000), (0, 7, 20)]
    for rate, units, fee_bp in cases:
        reward = for_units(rate, units)
        assert sql.row(
            "SELECT work_reward(%s, %s), work_fee(work_reward(%s, %s), %s)",
            [rate, units, rate, units, fee_bp],
        ) == (reward, fee_micros(reward, fee_bp))
    assert for_units(300_000, 1_000_000) == 300_000 and for_units(3, 500_000) == 2  # one and a half is two


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ein kurzer Satz.", 3),
        ("a – b", 2),
        ("don't stop", 2),
        ("  ", 0),
        ("我爱北京", 4),
        ("GPT-4 很好", 3),
        ("안녕 하세요", 2),
    ],
)
def test_words_are_counted_by_one_rule(text, count):
    assert words_in(text, "text") == count


def test_a_recording_is_measured_in_minutes_and_a_deliverable_by_its_amount():
    minutes = Meter("audio_minute", 800_000, "length")
    assert minutes.of({"length": 90}, None) == minutes.of({"length": " 90.0 "}, None) == 1_500_000
    for wrong in (0, -1, "0", True, None, 10**9):
        with pytest.raises(Invalid):
            minutes.of({"length": wrong}, None)
    whole = Meter("deliverable", 1_000_000, amount_micros=40_000_000)
    assert whole.of({}, None) == 40_000_000 and for_units(1_000_000, whole.of({}, 12_345_678)) == 12_345_678
    with pytest.raises(Invalid, match="_amount"):
        Meter("milestone", 1_000_000).of({}, None)


@pytest.mark.parametrize(
    "pay",
    [
        {"per": "word", "amount": "0.01"},
        {"per": "answer", "amount": "0.01", "units_from": "text"},
        {"per": "audio_minute", "units_from": "text"},
        {"per": "deliverable", "units_from": "text"},
    ],
)
def test_a_pay_plan_says_what_it_measures_by(pay):
    with pytest.raises((ProjectFileError, ValueError)):
        orders.project_file(pay=pay)


def test_rows_that_cannot_be_measured_are_bad_and_say_why():
    orders.deposit(10_000_000)
    made = orders.project(pay=WORDS)
    report = work.import_tasks(
        project_id=made.id,
        rows=[*rows([3]), {"text": "–"}, {"text": words(2), "_amount": "3.00"}],
        on_bad="skip",
    )
    assert report.imported == 2 and report.bad_rows == 1
    assert report.bad[0].reason.code == "row_pays_nothing"
    with pytest.raises(Invalid):
        work.import_tasks(project_id=made.id, rows=[{"text": "a", "_amount": "much"}])


def test_each_task_pays_its_own_amount_and_the_estimate_adds_them_up():
    project = launched(rows([1, 2, 7]), pay=WORDS, quality=scene.answers(1))
    prices = [for_units(13_333, n * 1_000_000) for n in (1, 2, 7)]
    total = sum(one + fee_micros(one, 2_000) for one in prices)
    cents = -(-total // 10_000) * 10_000
    assert queries.estimate(project.id).largest_micros == cents
    assert project.usual_micros == round(sum(prices) / 3)
    ben = scene.worker("ben")
    assert [scene.taken_and_done(ben, project) for _ in range(3)] == prices
    work.feed_answers(project_id=project.id)
    work.accept_all(project_id=project.id)
    spent = queries.spending(project)
    assert (spent.answers, spent.pay_micros, spent.spent_micros) == (3, sum(prices), total)
    scene.check_money(project)


def test_deliverables_name_their_own_amounts_and_the_project_the_rest():
    given = [
        {"text": "a", "_id": "a", "_amount": "250.00"},
        {"text": "b", "_id": "b", "_amount": 0.123456},
        {"text": "c"},
    ]
    project = launched(given, pay={"per": "deliverable", "amount": "40.00"}, quality=scene.answers(1))
    ben = scene.worker("ben")
    assert [scene.taken_and_done(ben, project) for _ in range(3)] == [250_000_000, 123_456, 40_000_000]


def test_a_draft_whose_pay_plan_changes_is_measured_again():
    made = draft(rows([4, 6]), pay={"per": "answer", "amount": "0.10"}, quality=scene.answers(1))
    changed = work.revise(
        actor=actor("ada"), project_id=made.id, file=orders.project_file(pay=WORDS, quality=scene.answers(1))
    )
    assert changed.usual_micros == 5 * 13_333
    with pytest.raises(Invalid) as refusal:
        work.revise(
            actor=actor("ada"), project_id=made.id,
            file=orders.project_file(pay={**WORDS, "units_from": "nowhere"}, quality=scene.answers(1)),
        )  # fmt: skip
    assert refusal.value.code == "tasks_unmeasured" and refusal.value.path == "pay.units_from"
    back = work.revise(
        actor=actor("ada"), project_id=made.id, file=orders.project_file(quality=scene.answers(1))
    )
    assert back.usual_micros == 100_000
    assert {one for (one,) in sql.rows("SELECT units FROM task WHERE project_id = %s", [made.id])} == {
        1_000_000
    }


def test_launching_measures_what_nobody_has_measured():
    made = draft(rows([4]), quality=scene.answers(1))
    projects.revise_project(
        actor=actor("ada"), project_id=made.id, file=orders.project_file(pay=WORDS, quality=scene.answers(1)),
        has_answers=False,
    )  # fmt: skip
    work.launch(actor=actor("ada"), project_id=made.id)
    assert scene.taken(scene.worker("ben"), made).reward_micros == 4 * 13_333


def test_nothing_that_is_open_ever_pays_less():
    project = launched(rows([4]), pay=WORDS, quality=scene.answers(1))
    with pytest.raises(Conflict) as refusal:
        work.revise(
            actor=actor("ada"), project_id=project.id,
            file=orders.project_file(pay={**WORDS, "amount": "0.01"}, quality=scene.answers(1)),
        )  # fmt: skip
    assert refusal.value.code == "project_money_frozen"
    sql.write("UPDATE task SET units = 1 WHERE project_id = %s", [project.id])
    assert not queries.coverage(project.id).missing_micros
    work.measure_tasks(project_id=project.id)  # nothing: only a draft is measured
    assert sql.value("SELECT units FROM task WHERE project_id = %s", [project.id]) == 1


def test_gold_is_paid_by_its_own_units_and_kept_for_at_its_dearest():
    quality = {**scene.answers(1), "gold_share": 0.2}
    project = launched([*rows([2] * 12), *gold([1, 9, 3])], pay=WORDS, quality=quality)
    ben = scene.worker("ben", project)
    dearest = 9 * 13_333 + fee_micros(9 * 13_333, 2_000)
    assert sql.value("SELECT gold_micros FROM enrolment WHERE worker_id = %s", [ben]) == 4 * dearest
    scene.check_money(project)
    scene.all_done(ben, project, gold_always_due=True)
    paid = {n for (n,) in sql.rows("SELECT reward_micros FROM assignment WHERE is_gold")}
    assert paid == {13_333, 9 * 13_333, 3 * 13_333}
    scene.check_money(project)


def test_gold_dearer_than_what_is_set_aside_waits_for_more():
    quality = {**scene.answers(1), "gold_share": 0.2}
    project = launched([*rows([2] * 12), *gold([1])], pay=WORDS, quality=quality)
    ben = scene.worker("ben", project)
    work.add_tasks(
        project_id=project.id, rows=[{"text": words(60), "_id": "big", "_gold": {"sentiment": "negative"}}]
    )
    sql.write("UPDATE gold SET retired_at = now() WHERE task_id <> (SELECT max(task_id) FROM gold)")
    sql.write("UPDATE enrolment SET gold_due = 0")
    held = scene.taken(ben, project)
    assert held.data["text"] == words(2)
    scene.check_money(project)


def test_gold_is_given_to_no_more_people_than_there_is_money_for():
    quality = {**scene.answers(1), "gold_share": 0.5}
    project = launched([*rows([2]), *gold([2])], pay=WORDS, quality=quality, budget="0.26")
    for name in ("ben", "cyn", "dee", "eli"):
        scene.worker(name, project)
    sql.write("UPDATE opening SET committed_micros = committed_micros - gold_micros, gold_micros = 0")
    sql.write("UPDATE enrolment SET gold_micros = 0")
    given = work.top_up_gold(project_id=project.id)
    assert 0 < given < 4
    scene.check_money(project)


MORE = {
    "language": "1.20",
    "urgency": {"within": "6 hours", "factor": "1.10"},
    "difficulty": {"column": "level", "factors": {"easy": "0.80", "hard": "1.5"}},
}


def soon(hours: float) -> str:
    return (now() + timedelta(hours=hours)).isoformat()


def test_what_is_worth_more_pays_more_and_urgency_is_fixed_when_a_task_is_opened():
    pay = {"per": "answer", "amount": "0.10", "multipliers": MORE}
    given = [
        {"text": "a", "level": "hard"}, {"text": "b"}, {"text": "c", "level": "easy", "_deadline": soon(3)},
        {"text": "d", "_deadline": soon(9)}, {"text": "e", "level": "odd"},
    ]  # fmt: skip
    orders.deposit(10_000_000_000)
    made = orders.project(pay=pay, quality=scene.answers(1), budget="100.00")
    report = work.import_tasks(project_id=made.id, rows=given, on_bad="skip")
    assert [one.reason.code for one in report.bad] == ["row_difficulty_unknown"]
    work.launch(actor=actor("ada"), project_id=made.id)
    pays = dict(
        sql.rows(
            "SELECT t.data->>'text', o.price_micros FROM opened_task o JOIN task t ON t.project_id = o.project_id"
            " AND t.id = o.task_id WHERE o.project_id = %s",
            [made.id],
        )
    )
    rewards = {"a": 180_000, "b": 120_000, "c": 105_600, "d": 120_000}
    assert pays == {name: one + fee_micros(one, 2_000) for name, one in rewards.items()}
    ben, found = scene.worker("ben"), {}
    for _ in range(4):
        held = scene.taken(ben, made)
        found[held.data["text"]] = held.reward_micros
        scene.submit(held, ben)
    assert found == rewards
    scene.check_money(made)


def test_sensitive_content_pays_more_and_never_less_than_that():
    made = draft(rows([1]), quality=scene.answers(1), sensitivity=4)
    work.measure_tasks(project_id=made.id)
    assert queries.estimate(made.id).largest_micros == 180_000  # 0.10 × 1.5, and 20 %
    with pytest.raises(ProjectFileError, match=r"at least 1\.25"):
        read_project_file(
            orders.FILE.replace('"0.10",', '"0.10", multipliers: {sensitivity: 1.1},') + "sensitivity: 3"
        )
    with pytest.raises(ProjectFileError, match="is not a factor"):
        read_project_file(orders.FILE.replace('"0.10",', '"0.10", multipliers: {language: 0.1},'))


def test_a_draft_whose_content_turns_out_harmless_pays_the_rate_again():
    made = draft(rows([1, 1]), quality=scene.answers(1), sensitivity=4)
    for level, pays in ((4, 150_000), (3, 125_000), (0, 100_000), (4, 150_000)):
        changed = work.revise(
            actor=actor("ada"), project_id=made.id,
            file=orders.project_file(quality=scene.answers(1), sensitivity=level, title=f"Level {level}"),
        )  # fmt: skip
        assert changed.usual_micros == changed.price.reward_micros == pays
        assert queries.estimate(made.id).reward_micros == pays


def tone(seconds: float) -> bytes:
    """A WAV file of silence."""
    frames = bytes(int(8_000 * seconds))
    head = b"RIFF" + (36 + len(frames)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += b"\x01\x00\x01\x00" + (8_000).to_bytes(4, "little") * 2 + b"\x01\x00\x08\x00data"
    return head + len(frames).to_bytes(4, "little") + frames


def test_an_uploaded_recording_is_paid_by_its_length():
    orders.deposit(10_000_000_000)
    pay = {"per": "audio_minute", "amount": "0.80", "units_from": "recording"}
    made = orders.project(pay=pay, quality=scene.answers(1))
    projects.upload_media(actor=actor("ada"), project_id=made.id, name="a.wav", content=io.BytesIO(tone(4.5)))
    given = [
        {"text": "x", "recording": "media:a.wav"},
        {"text": "x", "recording": "a.wav", "_id": "named"},
        {"text": "x", "recording": 30},
        {"text": "x", "recording": "media:gone.wav"},
        {"text": "x"},
    ]
    report = work.import_tasks(project_id=made.id, rows=given, on_bad="skip")
    assert (report.imported, report.bad_rows) == (3, 2)
    assert [(one.number, one.reason.code) for one in sorted(report.bad, key=lambda one: one.number)] == [
        (4, "row_length_unfit"),
        (5, "row_unmeasured"),
    ]
    work.launch(actor=actor("ada"), project_id=made.id)
    ben = scene.worker("ben")
    assert [scene.taken_and_done(ben, made) for _ in range(3)] == [60_000, 60_000, 400_000]
