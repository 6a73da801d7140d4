"""The dashboard of quality, and the list of tasks over which people disagree."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.models import GoldStanding, JudgeModel
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.bonuses import Gift
from tests import people
from tests.interfaces.api.calling import call
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.people import member
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "no_undo")]

PLAN = {"answers": {"min": 2, "max": 3, "confidence": 0.9}}


@pytest.fixture
def no_undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 0


@pytest.fixture
def judged() -> ProjectView:
    """Six tasks: four on which both agree, one on which two do not, one on which three do not."""
    made = launched([{"text": f"Text {n}"} for n in range(6)], quality=PLAN)

    def says(odd: dict[int, str]) -> Any:
        return lambda data: {"sentiment": odd.get(int(data["text"][5:]), "positive")}

    do_work(made.id, "ben", says({}))
    do_work(made.id, "eve", says({1: "negative", 2: "negative"}))
    judge(made.id)
    do_work(made.id, "fay", says({1: "neutral"}))
    judge(made.id)
    return made


def page_of(made: ProjectView, path: str = "", name: str = "ada") -> str:
    return text_of(visitor(name).get(f"/projects/{made.public_id}/quality/{path}"))


def test_what_people_said_is_compared_with_the_results(judged: ProjectView) -> None:
    found = quality.confusions(judged)["sentiment"]
    assert found.values[0] == "positive"
    assert found.counts[0, 0] >= 9
    assert found.tasks == 6
    page = page_of(judged)
    assert "What is answered where the result is …" in page
    assert "Answers saved by stopping" in page
    assert "results are expected to be right" in page


def test_agreement_is_kept_by_day_and_settled_tasks_are_counted_once(judged: ProjectView) -> None:
    [today] = quality.agreement_by_day(judged, today=datetime.now(UTC).date())["sentiment"]
    assert today.tasks == 6
    whole, _tasks = quality.agreement_of(judged)["sentiment"]
    assert today.alpha == pytest.approx(whole)
    judge(judged.id)
    assert quality.agreement_by_day(judged, today=datetime.now(UTC).date())["sentiment"] == [today]


def test_what_results_are_worth_is_counted_while_they_are_found(judged: ProjectView) -> None:
    found = quality.worth(judged.id)
    settled = quality.progress(judged.id)
    assert (found.tasks, found.answers) == (settled.settled, settled.settled_answers)
    assert found.saved(3) == 3 * found.tasks - found.answers
    assert 0 < found.right <= found.tasks


def test_a_right_result_costs_what_was_really_paid(judged: ProjectView, settings: Any) -> None:
    found = quality.worth(judged.id)
    by_price = quality.price_of_right(judged, found)
    assert by_price.paid_answers == 0
    assert by_price.micros == round(120_000 * found.answers / found.right)
    assert "by the price of an answer: none is paid yet" in page_of(judged)
    work.accept_all(project_id=judged.id)
    paid = sql.value("SELECT count(*) FROM assignment WHERE project_id = %s AND state = 2", [judged.id])
    assert quality.price_of_right(judged, found).micros == by_price.micros, "all were paid the price"
    gift = Gift(people.person("ben").id, 1_300_000, "Very good.", "k")
    work.give_bonuses(
        actor=people.actor("ada"), project_id=judged.id, gifts=[gift], sure=True, now=datetime.now(UTC)
    )
    price = quality.price_of_right(judged, found)
    assert price.paid_answers == paid
    assert price.micros == round((120_000 + 1_560_000 / paid) * found.answers / found.right)
    GoldStanding.objects.create(project_id=judged.id, task_id=-1, seen=found.answers)
    assert quality.price_of_right(judged, found).micros == pytest.approx(2 * price.micros, abs=1)
    shown = page_of(judged)
    assert f"as {paid} answers were paid, with fee, gold, bonuses and guaranteed hours" in shown
    asked = call(
        "GET", f"/projects/{judged.public_id}/quality", people.key_for("ada", judged.organisation_id)
    ).value
    assert float(asked["price_of_right_result"]["amount"]) == pytest.approx(2 * price.micros / 1e6, abs=1e-5)


def test_the_most_disputed_tasks_come_first_with_all_answers(judged: ProjectView) -> None:
    page = page_of(judged, "disputed/")
    assert re.findall(r"Text (\d)", page) == ["1", "2"]
    pseudonyms = set(re.findall(r"W-\w+", page))
    assert len(pseudonyms) == 3


def test_the_list_goes_on_by_keyset(judged: ProjectView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagwerk.interfaces.web.pages.requester.project_disputed.PAGE", 1)
    first = visitor("ada").get(f"/projects/{judged.public_id}/quality/disputed/").content.decode()
    assert "Text 1" in first
    after = re.search(r"after=(tsk_\w+)", first)
    assert after
    second = page_of(judged, f"disputed/?question=sentiment&after={after[1]}")
    assert "Text 2" in second
    assert "Text 1" not in second


def test_what_cannot_be_asked_for_begins_anew(judged: ProjectView) -> None:
    assert "Text 1" in page_of(judged, "disputed/?question=nothing")
    assert (
        visitor("ada").get(f"/projects/{judged.public_id}/quality/disputed/?after=tsk_zzzz").status_code
        == 404
    )


def test_certainty_is_held_against_gold(judged: ProjectView) -> None:
    JudgeModel.objects.create(
        project_id=judged.id, question="sentiment", version=1, method="ibcc", reason="usual", cause="button", figures={},
        classes=[], log_priors=[], somebody=b"", crowd=[], others=0, calibration=[[0.7, 0.6, 10], [0.95, 0.97, 30]],
    )  # fmt: skip
    page = page_of(judged)
    assert "How sure, how right" in page
    assert "on 40 tasks of gold that the model did not know" in page


def test_workers_stand_with_their_intervals_the_least_accurate_first(settings: Any) -> None:
    rows = [{"text": f"Gold {n}", "_gold": {"sentiment": "positive"}} for n in range(8)]
    made = launched([{"text": f"Text {n}"} for n in range(8)] + rows, quality={**PLAN, "gold_share": 0.5})
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(made.id, "eve", lambda data: {"sentiment": "negative"}, most=8)
    judge(made.id)
    worst, best = quality.accuracies_on_gold(made.id)
    assert (worst.right, best.right) == (0, best.seen)
    assert worst.low == 0 < worst.high < 1
    page = page_of(made)
    assert page.index(worst.pseudonym) < page.index(best.pseudonym)
    member("vic", made.organisation_id, "viewer")
    assert worst.pseudonym not in page_of(made, name="vic")


def test_an_empty_project_says_what_is_to_come() -> None:
    made = launched([{"text": "Text 0"}])
    assert "Agreement is counted when tasks with two answers are settled." in page_of(made)
    assert "Tasks come here when people answer them differently." in page_of(made, "disputed/")
