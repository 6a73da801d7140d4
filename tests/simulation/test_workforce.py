"""A workforce that knows nothing but the API, against a running platform."""

from typing import Any

import pytest

from tagwerk.base.ids import row_number
from tagwerk.client import Client, Held
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tagwerk.simulation import Workforce, data_digest
from tests import orders, people

pytestmark = pytest.mark.django_db(transaction=True)
ALL_KINDS = """
title: Everything
language: en
show:
  - compare: {a: "{{ a }}", b: "{{ b }}"}
ask:
  mood: {kind: choice, options: [pos, neu, neg]}
  stars: {kind: rating, scale: 5}
  better: {kind: comparison, of: [a, b], scale: 5}
  why: {kind: text, min_words: 8, when: "better != 0"}
quality: {answers: {min: 2, max: 2}}
pay: {amount: "0.01"}
sensitivity: 2
"""
ROWS: list[dict[str, Any]] = [
    {
        "a": f"answer {n}", "b": f"other {n}",
        "_truth": {"mood": ["pos", "neu", "neg"][n % 3], "stars": n % 5 + 1, "better": n % 5 - 2},
    }
    for n in range(12)
]  # fmt: skip
TRUTHS = {data_digest(row): row["_truth"] for row in ROWS}


def hands(count: int) -> list[str]:
    """The keys of so many simulated people."""
    languages = {"en": "native"}
    return [
        accounts.create_simulated_worker(
            actor=CONSOLE, name=f"s{n}", country="DE", languages=languages
        ).key_text
        for n in range(count)
    ]


@pytest.fixture
def client(live_server: Any) -> Any:
    """Ada's client."""
    with Client(live_server.url, people.key_for("ada", orders.deposit(10_000_000)), progress=False) as made:
        yield made


def started(client: Client, file: str = ALL_KINDS) -> str:
    """A running project; its id."""
    project = client.projects.create(file).id
    client.tasks.add(project, ROWS)
    client.projects.launch(project)
    return project


def test_people_of_all_habits_finish_a_project_of_all_kinds(client, live_server, settings):
    settings.UNDO_SECONDS = 0
    project = started(client)
    mix = {"expert": 2, "good": 1, "careless": 1, "spammer": 1}
    report = Workforce(live_server.url, hands(5), TRUTHS, mix, seed=4).run(idle_seconds=5)
    assert report.errors == []
    assert report.answers == 24
    assert {person.habit for person in report.people} == set(mix)
    assert report.accuracy is not None
    work.feed_answers(project_id=row_number("prj", project))
    quality.judge_answers(project_id=row_number("prj", project))
    assert len(list(client.answers.feed(project))) == 24
    sides = sql.rows("SELECT count(*) FROM answer WHERE sides IS NOT NULL AND channel = 4")
    assert sides == [(24,)]


def test_experts_are_right_and_spammers_are_not(client, live_server):
    started(client)
    experts = Workforce(live_server.url, hands(2), TRUTHS, {"expert": 1}, seed=1).run(idle_seconds=1.0)
    started(client)
    names = hands(2)
    spammers = Workforce(live_server.url, names, TRUTHS, {"spammer": 1}, seed=1).run(idle_seconds=1.0)
    assert experts.accuracy is not None
    assert spammers.accuracy is not None
    assert experts.accuracy > 0.85
    assert spammers.accuracy < 0.5


def test_they_stop_when_told_and_hold_nothing(client, live_server):
    project = started(client)
    keys = hands(2)
    workforce = Workforce(live_server.url, keys, TRUTHS, seed=2, speed=50)
    workforce.run(until=lambda: sql.value("SELECT count(*) FROM answer") >= 3)
    assert sql.value("SELECT count(*) FROM hold") == 0
    with Client(live_server.url, keys[0]) as one:
        assert isinstance(one.work.next(project), Held)


def test_a_project_for_others_is_left_alone(client, live_server):
    project = started(client, ALL_KINDS + "audience: {languages: {ja: C1}}\n")
    report = Workforce(live_server.url, hands(1), TRUTHS).run(idle_seconds=0.5)
    assert (report.answers, report.errors) == (0, [])
    elsewhere = Workforce(live_server.url, [], TRUTHS, projects=[project]).run(idle_seconds=0.1)
    assert elsewhere.people == []


def test_who_is_refused_is_reported(live_server):
    report = Workforce(live_server.url, ["twk_" + "a" * 52], TRUTHS).run(idle_seconds=0.5)
    assert ["key" in error for error in report.errors] == [True]


def test_who_is_refused_again_and_again_gives_the_project_up(client, live_server):
    """The pattern and the number of words cannot both be met."""
    file = """
title: Impossible
language: en
show: [{text: "{{ a }}"}]
ask: {code: {kind: text, pattern: "[a-z]+", min_words: 3}}
quality: {answers: {min: 1, max: 1}}
pay: {per: answer, amount: "0.01", currency: EUR}
"""
    started(client, file)
    report = Workforce(live_server.url, hands(1), seed=1).run(idle_seconds=1.0)
    assert [person.refused for person in report.people] == [5] and report.answers == 0
    assert sql.value("SELECT count(*) FROM hold") == 0


def test_a_copier_hands_in_what_somebody_before_them_wrote(client, live_server, settings):
    settings.UNDO_SECONDS = 0
    started(client)
    workforce = Workforce(live_server.url, hands(2), TRUTHS, {"sloppy": 1, "copier": 1}, seed=6)
    copier = next(one for one in workforce._people if one.habit.copies)
    first = next(one for one in workforce._people if not one.habit.copies)
    for person in (first, copier):  # one after the other, so that there is something to copy
        for project in person._projects():
            person._work_on(project)
    assert copier.done.answers == first.done.answers == 12
    same = [both[first.place]["mood"] == both[copier.place]["mood"] for both in workforce.written.values()]
    assert sum(same) >= 10  # a copier guesses two of a hundred
    for person in workforce._people:
        person.client.close()


BY_THE_HOUR = """
title: By the hour
language: en
show: [{text: "{{ a }}"}]
ask:
  mood: {kind: choice, options: [pos, neu, neg]}
quality: {answers: {min: 1, max: 1}}
pay: {per: hour, amount: "3.60", most_minutes: 10, estimate_seconds: 60}
hold: {tasks: 1, minutes: 10}
"""


def test_by_the_hour_they_start_and_pause_their_timer_and_are_paid_what_it_measures(
    client, live_server, settings, monkeypatch
):
    settings.UNDO_SECONDS = 0
    monkeypatch.setattr("tagwerk.simulation.workforce.BREAKS", 0.5)
    monkeypatch.setattr("tagwerk.simulation.workforce.SIGN_SECONDS", 0.4)  # a sign of life is no new run
    project = started(client, BY_THE_HOUR)
    report = Workforce(live_server.url, hands(3), TRUTHS, {"expert": 1}, seed=3).run(idle_seconds=2)
    assert report.errors == [] and report.answers == 12
    ended = dict(sql.rows("SELECT ended_by, count(*) FROM time_entry GROUP BY ended_by"))
    assert ended["handed_in"] == 12 and ended["paused"] >= 1 and set(ended) == {"handed_in", "paused"}
    paid = sql.rows("SELECT measured_seconds, active_seconds, a.reward_micros FROM hourly_answer h"
        " JOIN assignment a ON a.id = h.assignment_id")  # fmt: skip
    assert len(paid) == 12 and all(seconds >= 1 and active is None for seconds, active, _ in paid)
    assert all(reward == 1_000 * seconds for seconds, _, reward in paid)
    work.feed_answers(project_id=row_number("prj", project))
    work.accept_all(project_id=row_number("prj", project))
    earned = sql.value("SELECT sum(reward_micros) FROM assignment WHERE state = 2")
    assert earned == sum(reward for *_, reward in paid)
