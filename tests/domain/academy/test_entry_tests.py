"""Entry tests: defined, taken, scored; right answers stay inside."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.models import StoredEvent
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries, rules
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt, EntryTestTask, Holding
from tagwerk.domain.designs.actions import save_design
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tests.people import actor, key_actor, member, organisation, person, simulated

pytestmark = pytest.mark.django_db

FILE = """
title: Mood
language: en
show: [{text: "{{ text }}"}]
ask:
  mood: {kind: choice, options: [good, bad]}
  strength: {kind: rating, scale: 5, required: false}
"""
GOLD = "bad-secret"


def design_of(organisation_id: int) -> int:
    return save_design(organisation_id=organisation_id, file=read_project_file(FILE)).id


def rows(number: int = 4, **gold: Any) -> list[dict[str, Any]]:
    return [{"text": f"Text {n}", "_id": str(n), "_gold": {"mood": "good"} | gold} for n in range(number)]


def entry_test(**changes: Any) -> int:
    """A test of acme: three of four tasks, all "good", must be right to two thirds."""
    acme = organisation()
    slug = changes.pop("slug", "basics")
    found = [row.id for row in queries.qualifications_for(actor("ada"), acme) if row.slug == slug]
    own = found[0] if found else academy.create_qualification(
        actor=actor("ada"), organisation_id=acme, slug=slug, title="Basics"
    )  # fmt: skip
    plan: dict[str, Any] = {"rows": rows(), "draw": 3, "pass_mark": 66} | changes
    return academy.define_entry_test(
        actor=actor("ada"), qualification_id=own, design_id=design_of(acme), **plan
    )


def take(test_id: int, *moods: str, name: str = "ben", strength: int | None = None) -> academy.Finished:
    """An attempt with these answers, in the order of the tasks."""
    who = actor(name)
    attempt_id = academy.start_attempt(actor=who, test_id=test_id)
    tasks = queries.attempt_for(who, attempt_id).tasks
    for task, mood in zip(tasks, moods, strict=True):
        answers = {"mood": mood} | ({"strength": strength} if strength else {})
        academy.answer_attempt(actor=who, attempt_id=attempt_id, task_id=task.id, answers=answers)
    return academy.finish_attempt(actor=who, attempt_id=attempt_id)


def test_questions_are_told_apart_where_tasks_have_no_categories():
    test = entry_test(rows=rows(4, strength=2))
    take(test, "good", "bad", "good", strength=2)
    attempt = EntryTestAttempt.objects.get()
    assert attempt.categories == [["mood", 2, 3], ["strength", 3, 3]]
    view = queries.attempt_for(actor("ben"), attempt.id)
    assert [(one.name, one.score) for one in view.categories] == [("mood", 66), ("strength", 100)]


def test_who_passes_holds_the_qualification():
    test = entry_test(holding_seconds=86_400)
    assert take(test, "good", "bad", "good") == academy.Finished(66, passed=True)
    assert queries.scores_of(person("ben").id, organisation()) == {"basics": 66}
    held = Holding.objects.get()
    assert (held.source, held.granted_by_id) == ("test", None)
    assert held.expires_at is not None and held.expires_at > timezone.now() + timedelta(hours=23)
    names = StoredEvent.objects.filter(name__in=["EntryTestFinished", "QualificationGranted"])
    assert sorted(names.values_list("name", flat=True)) == ["EntryTestFinished", "QualificationGranted"]


def test_who_fails_waits_before_the_next_attempt():
    test = entry_test(retry_after_seconds=3600)
    assert take(test, "good", "bad", "bad") == academy.Finished(33, passed=False)
    assert queries.scores_of(person("ben").id, organisation()) == {}
    with pytest.raises(TooMany) as refusal:
        academy.start_attempt(actor=actor("ben"), test_id=test)
    assert refusal.value.code == "test_too_soon"
    [offered] = queries.offered_tests(actor("ben"))
    assert offered.last_score == 33 and offered.next_at is not None
    EntryTestAttempt.objects.update(started_at=timezone.now() - timedelta(seconds=3601))
    assert queries.offered_tests(actor("ben"))[0].next_at is None
    assert take(test, "good", "good", "good").score == 100


def test_an_attempt_goes_on_where_it_was_left():
    test = entry_test()
    ben = actor("ben")
    first = academy.start_attempt(actor=ben, test_id=test)
    task = queries.attempt_for(ben, first).tasks[0]
    academy.answer_attempt(actor=ben, attempt_id=first, task_id=task.id, answers={"mood": "bad"})
    academy.answer_attempt(actor=ben, attempt_id=first, task_id=task.id, answers={"mood": "good"})
    assert academy.start_attempt(actor=ben, test_id=test) == first
    assert queries.attempt_for(ben, first).tasks[0].answers == {"mood": "good"}
    assert queries.offered_tests(ben)[0].attempt_id == first
    with pytest.raises(Invalid) as refusal:
        academy.finish_attempt(actor=ben, attempt_id=first)
    assert (refusal.value.code, refusal.value.params) == ("test_unanswered", {"missing": 2})


def test_a_finished_attempt_stays_as_it_is():
    test = entry_test()
    done = take(test, "good", "good", "good")
    attempt = EntryTestAttempt.objects.get()
    assert academy.finish_attempt(actor=actor("ben"), attempt_id=attempt.id) == done
    assert Holding.objects.count() == 1
    with pytest.raises(Conflict) as refusal:
        academy.answer_attempt(
            actor=actor("ben"), attempt_id=attempt.id, task_id=attempt.task_ids[0], answers={"mood": "bad"}
        )
    assert refusal.value.code == "attempt_finished"


def test_answers_are_checked_like_any_others():
    test = entry_test()
    ben = actor("ben")
    attempt_id = academy.start_attempt(actor=ben, test_id=test)
    task_id = queries.attempt_for(ben, attempt_id).tasks[0].id
    for answers in ({"mood": "great"}, {}, {"mode": "good"}):
        with pytest.raises(Invalid):
            academy.answer_attempt(actor=ben, attempt_id=attempt_id, task_id=task_id, answers=answers)
    with pytest.raises(NotFound) as refusal:
        academy.answer_attempt(actor=ben, attempt_id=attempt_id, task_id=10**9, answers={"mood": "good"})
    assert refusal.value.code == "test_task_not_found"


def test_the_tolerance_counts_near_answers():
    test = entry_test(rows=rows(strength=4), tolerance=0.25)
    assert take(test, "good", "good", "good", strength=5).score == 100
    assert take(test, "good", "good", "good", name="cyn", strength=2).score == 0


def test_what_gold_asks_for_and_is_not_answered_is_wrong():
    assert take(entry_test(rows=rows(strength=4)), "good", "good", "good").score == 0


def test_gold_never_leaves():
    test = entry_test(rows=[{"text": "t", "_gold": {"mood": "bad"}, "_truth": GOLD} for _ in range(3)])
    ben = actor("ben")
    attempt_id = academy.start_attempt(actor=ben, test_id=test)
    seen = [asdict(queries.attempt_for(ben, attempt_id)), *map(asdict, queries.offered_tests(ben))]
    take(test, "bad", "bad", "bad")
    seen += [
        asdict(queries.attempt_for(ben, attempt_id)),
        *map(asdict, queries.own_holdings(person("ben").id)),
    ]
    text = json.dumps(seen, default=str)
    assert "gold" not in text and GOLD not in text
    told = json.dumps(list(StoredEvent.objects.values_list("facts", flat=True)))
    assert "gold" not in told and "mood" not in told
    assert {tuple(task.data) for task in EntryTestTask.objects.all()} == {("text",)}


def test_who_holds_it_needs_no_test():
    test = entry_test()
    take(test, "good", "good", "good")
    with pytest.raises(Conflict) as refusal:
        academy.start_attempt(actor=actor("ben"), test_id=test)
    assert refusal.value.code == "test_not_needed"
    assert queries.offered_tests(actor("ben")) == []


def test_what_was_revoked_no_test_brings_back():
    test = entry_test(retry_after_seconds=0)
    take(test, "good", "good", "good")
    own = EntryTest.objects.get(id=test).qualification_id
    academy.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    with pytest.raises(NotAllowed) as refusal:
        academy.start_attempt(actor=actor("ben"), test_id=test)
    assert refusal.value.code == "qualification_revoked"


def test_what_is_revoked_during_an_attempt_stays_revoked():
    test = entry_test()
    own, ben = EntryTest.objects.get(id=test).qualification_id, actor("ben")
    attempt_id = academy.start_attempt(actor=ben, test_id=test)
    for task in queries.attempt_for(ben, attempt_id).tasks:
        academy.answer_attempt(actor=ben, attempt_id=attempt_id, task_id=task.id, answers={"mood": "good"})
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    academy.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    finished = academy.finish_attempt(
        actor=ben, attempt_id=attempt_id
    )  # the work is done, so it counts and is paid
    assert finished == academy.Finished(100, passed=True, revoked=True)
    with pytest.raises(NotAllowed) as refusal:
        academy.start_attempt(actor=ben, test_id=test)
    assert refusal.value.code == "qualification_revoked"
    assert queries.scores_of(person("ben").id, organisation()) == {}


def test_passing_makes_no_better_grant_worse():
    test = entry_test()
    own = EntryTest.objects.get(id=test).qualification_id
    ben = actor("ben")
    attempt_id = academy.start_attempt(actor=ben, test_id=test)
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben.person_id, score=90)
    for task, mood in zip(queries.attempt_for(ben, attempt_id).tasks, ("good", "good", "bad"), strict=True):
        academy.answer_attempt(actor=ben, attempt_id=attempt_id, task_id=task.id, answers={"mood": mood})
    assert academy.finish_attempt(actor=ben, attempt_id=attempt_id).passed
    assert queries.scores_of(ben.person_id, organisation()) == {"basics": 90}


def test_an_attempt_is_ones_own():
    test = entry_test()
    attempt_id = academy.start_attempt(actor=actor("ben"), test_id=test)
    for stranger in (actor("cyn"), actor("ada"), key_actor("cyn")):
        for attempt in (
            lambda who: queries.attempt_for(who, attempt_id),
            lambda who: academy.finish_attempt(actor=who, attempt_id=attempt_id),
            lambda who: academy.answer_attempt(actor=who, attempt_id=attempt_id, task_id=1, answers={}),
        ):
            with pytest.raises(NotFound):
                attempt(stranger)
    with pytest.raises(NotAllowed):
        academy.start_attempt(actor=key_actor("ada", organisation()), test_id=test)
    assert queries.offered_tests(key_actor("ada", organisation())) == []


def test_machines_take_tests_too():
    test = entry_test()
    machine = simulated()
    attempt_id = academy.start_attempt(actor=machine, test_id=test)
    assert len(queries.attempt_for(machine, attempt_id).tasks) == 3


def test_a_new_test_replaces_the_old_one():
    first = entry_test()
    attempt_id = academy.start_attempt(actor=actor("ben"), test_id=first)
    second = entry_test(draw=1)
    with pytest.raises(NotFound):
        academy.start_attempt(actor=actor("cyn"), test_id=first)
    assert queries.attempt_for(actor("ben"), attempt_id).test_id == first
    own = EntryTest.objects.get(id=second).qualification_id
    plan = queries.plan_of_test(actor("ada"), own)
    assert plan is not None and (plan.id, plan.tasks, plan.draw, plan.attempts) == (second, 4, 1, 0)
    academy.close_entry_test(actor=actor("ada"), qualification_id=own)
    assert queries.plan_of_test(actor("ada"), own) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rows": [{"text": "x"}]}, "test_plan_wrong"),
        ({"rows": [{"text": "x"}] * 3}, "test_gold_missing"),
        ({"rows": [{"_gold": {"mood": "good"}}] * 3}, "row_unfit"),
        ({"rows": [{"text": "x", "_gold": {"mood": "great"}}] * 3}, "answer_wrong"),
        ({"rows": [{"text": "x", "_gold": {"mode": "good"}}] * 3}, "answer_unknown_question"),
        ({"pass_mark": 0}, "test_plan_wrong"),
    ],
)
def test_a_test_that_does_not_fit_is_refused(change, code):
    with pytest.raises(Invalid) as refusal:
        entry_test(**change)
    assert refusal.value.code == code
    assert not EntryTest.objects.exists()


def test_tests_have_a_size(monkeypatch):
    monkeypatch.setattr(rules, "MOST_TEST_TASKS", 3)
    with pytest.raises(TooMany):
        entry_test()


def test_only_the_owners_designs_and_qualifications_are_used():
    test = entry_test()
    own = EntryTest.objects.get(id=test).qualification_id
    globex = organisation("globex", owner="eve")
    plan: dict[str, Any] = {"rows": rows(), "draw": 3, "pass_mark": 66}
    with pytest.raises(NotFound):
        academy.define_entry_test(
            actor=actor("eve"), qualification_id=own, design_id=design_of(globex), **plan
        )
    with pytest.raises(NotFound) as refusal:
        academy.define_entry_test(
            actor=actor("ada"), qualification_id=own, design_id=design_of(globex), **plan
        )
    assert refusal.value.code == "unknown_design"
    with pytest.raises(NotAllowed):
        academy.close_entry_test(actor=member("cyn", organisation(), "viewer"), qualification_id=own)


def test_organisations_that_wait_for_approval_offer_no_tests():
    acme = organisation(approved=False)
    entry_test()
    assert queries.offered_tests(actor("ben")) == []
    with pytest.raises(NotFound):
        academy.start_attempt(actor=actor("ben"), test_id=EntryTest.objects.get().id)
    assert queries.qualifications_offered(acme)[0].slug == "basics"


def test_the_test_of_a_retired_qualification_is_not_begun():
    test = entry_test()
    begun = academy.start_attempt(actor=actor("cyn"), test_id=test)
    own = EntryTest.objects.get(id=test).qualification_id
    academy.retire_qualification(actor=actor("ada"), qualification_id=own)
    assert queries.offered_tests(actor("ben")) == []
    with pytest.raises(NotFound) as refusal:
        academy.start_attempt(actor=actor("ben"), test_id=test)
    assert refusal.value.code == "test_not_found"
    assert queries.attempt_for(actor("cyn"), begun).finished_at is None  # what is under way may end
