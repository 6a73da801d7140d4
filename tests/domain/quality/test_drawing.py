"""Which answers a reviewer can ask for, by rule and by signal, and why an answer came: told only to who has committed."""

import pytest

from tagwerk.base.errors import NotFound
from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Intervention, Review, Signal
from tagwerk.domain.quality.rules.reviewing import Draw, Drawn
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Assignment
from tests.domain.quality.test_watching import DISAGREES, ROWS, by_rules, enrolment, honest, odd, worked
from tests.people import actor, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db
TO_REVIEW = {**DISAGREES, "action": "review", "next": 2}
NOTHING = {"review": {"share": 0}}


def waiting(project, who="ada", **asked):
    """All that this reviewer gets one after another."""
    found = []
    while (one := queries.next_to_review(actor(who), project.id, Draw(**asked))) is not None:
        assert one not in found
        found.append(one)
        quality.open_review(actor=actor(who), project_id=project.id, assignment_id=one, draw=Draw(**asked))
        quality.commit_review(
            actor=actor(who), project_id=project.id, assignment_id=one, found=quality.Found()
        )
    return found


def answers_of(name):
    return set(Assignment.objects.filter(worker_id=person(name).id).values_list("id", flat=True))


def signal(project, name, evidence, **more):
    return Signal.objects.create(
        project_id=project.id, worker_id=person(name).id, up_to=max(answers_of(name)),
        evidence=[[one, 0] for one in evidence], **{"kind": "streak", "figures": {"in_a_row": 9}, **more},
    )  # fmt: skip


def test_a_rule_sends_what_waits_and_the_next_answers_to_review_and_no_more():
    project = launched(ROWS, quality=by_rules(TO_REVIEW, **NOTHING))
    for name, say in (("ben", honest), ("bea", honest)):
        do_work(project.id, name, say)
    do_work(project.id, "bob", odd, most=10)
    judge(project.id)
    assert waiting(project) == []  # the plan draws nothing
    quality.watch_workers(project_id=project.id)
    [step] = Intervention.objects.filter(step="review")
    assert (step.worker_id, step.figures["right"], step.ended_at) == (person("bob").id, 0, None)
    assert enrolment(project, "bob").pause_reason is None
    assert set(waiting(project)) == answers_of("bob") and len(answers_of("bob")) == 10
    project_more = [{"text": "more", "_id": f"m{n}"} for n in range(4)]
    work.import_tasks(project_id=project.id, rows=project_more, actor_id=person("ada").id)
    work.open_covered_tasks(project_id=project.id)
    before = answers_of("bob")
    do_work(project.id, "bob", odd)
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    new = sorted(answers_of("bob") - before)
    assert waiting(project) == new[:2] and len(new) == 6
    told = queries.comparison(actor("ada"), project.id, new[0]).because
    assert (told.drawn, told.rule["collector"], told.figures["right"]) == (Drawn.SENT, "agreement", 0)


def test_what_a_rule_sends_comes_before_what_is_less_certain():
    project = launched(ROWS, quality=by_rules(TO_REVIEW))
    for name, say in (("ben", honest), ("bea", honest), ("bob", odd)):
        do_work(project.id, name, say)
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    assert set(waiting(project)[:12]) == answers_of("bob")


def test_a_preview_of_a_rule_that_sends_to_review_counts_like_any_other():
    project = worked()
    found = queries.preview_rule(actor("ada"), project.id, Rule.model_validate(TO_REVIEW))
    name = enrolment(project, "bob").pseudonym
    assert (found.looked_at, [one.pseudonym for one in found.met]) == (3, [name])


def test_answers_of_workers_whom_a_rule_met_until_a_member_lets_them_go_on():
    project = worked(DISAGREES)
    key = Rule.model_validate(DISAGREES).key
    [pointed, streak] = queries.reviews_pointed_at(actor("ada"), project.id)  # what bob says is a streak, too
    assert (pointed.draw, pointed.waiting, streak.draw) == (Draw(rule=key), 12, Draw(signal="streak"))
    assert set(waiting(project, rule=key)) == answers_of("bob")
    assert waiting(project, rule=key, worker=enrolment(project, "ben").pseudonym) == []
    reviewed = Review.objects.latest("id")
    assert queries.comparison(actor("ada"), project.id, reviewed.assignment_id).because.drawn == Drawn.RULE
    project = worked(DISAGREES)
    quality.resume_worker(
        actor=actor("ada"), project_id=project.id, pseudonym=enrolment(project, "bob").pseudonym
    )
    assert waiting(project, rule=key) == []
    assert [one.draw.rule for one in queries.reviews_pointed_at(actor("ada"), project.id)] == [""]


def test_answers_that_show_a_signal_and_those_of_all_workers_with_one_of_a_kind():
    project = worked(rows=ROWS[:4])
    bob, ben = sorted(answers_of("bob")), sorted(answers_of("ben"))
    shown = signal(project, "bob", bob[:3])
    signal(project, "ben", ben[:1])
    dismissed = signal(project, "bea", [], state="dismissed")
    assert waiting(project, evidence=shown.id) == bob[:3]
    [pointed] = queries.reviews_pointed_at(actor("ada"), project.id)
    assert (pointed.draw, pointed.waiting) == (Draw(signal="streak"), 5)
    assert set(waiting(project, signal="streak")) == {*bob[3:], *ben}
    told = queries.comparison(actor("ada"), project.id, bob[0]).because
    assert (told.drawn, told.signal, told.figures) == (Drawn.SIGNAL, "streak", {"in_a_row": 9})
    assert waiting(project, evidence=dismissed.id + 999) == []
    rule_asks = signal(project, "bea", [], kind="rule")
    assert set(waiting(project, evidence=rule_asks.id)) == answers_of("bea")


def test_the_reason_of_the_plan():
    project = launched(ROWS, quality=by_rules(review={"share": 0.5}))
    for name, say in (("ben", honest), ("bea", honest), ("bob", odd)):
        do_work(project.id, name, say)
    judge(project.id)
    work.pause_worker(project_id=project.id, worker_id=person("bob").id, reason="Too quick.")
    for one in waiting(project):
        why = queries.comparison(actor("ada"), project.id, one).because.drawn
        assert why == (Drawn.PAUSED if one in answers_of("bob") else Drawn.SHARE)


def test_strangers_ask_for_nothing():
    project = worked(DISAGREES)
    organisation("other", "eve")
    for name in ("eve", "bob", "cyn"):
        with pytest.raises(NotFound):
            queries.reviews_pointed_at(actor(name), project.id)
