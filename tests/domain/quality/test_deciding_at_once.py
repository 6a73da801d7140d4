"""Two who decide about the same answer at once: one of them does, the other hears so, and it is paid at most once."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality.models import Appeal, ProposedRejection
from tagwerk.domain.work import actions as work
from tests.domain.quality.test_races import at_once
from tests.domain.work import scene
from tests.people import actor, member, person

pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"code": "low_effort", "reason": "Not read."}
ROUNDS = 3


def answers(count=1):
    project = scene.running(max(count, ROUNDS), quality=scene.answers(1))
    member("rob", project.organisation_id, "reviewer")
    ben = scene.worker("ben", project)
    ids = [scene.done(ben, project) for _ in range(max(count, ROUNDS))]
    work.feed_answers(project_id=project.id)
    return project, ids


def settled(project, ids, state=None):
    """Each is decided in one way, and the money fits it."""
    states = [scene.state_of(project, one) for one in ids]
    assert set(states) <= {2, 3} and state in (None, *states)
    assert scene.earned("ben") == states.count(2) * project.price.reward_micros
    scene.check_money(project)


def test_two_deciders_of_an_objection():
    project, ids = answers()
    ada, dan = actor("ada"), actor("dan")
    for one in ids:
        quality.reject_answer(actor=actor("rob"), project_id=project.id, assignment_id=one, **WHY)
        quality.make_appeal(
            person_id=person("ben").id,
            project_id=project.id,
            assignment_id=one,
            text="I have read it.",
            now=now(),
        )
    decided = [
        at_once(
            *(
                lambda who=who, granted=granted, one=one: quality.decide_appeal(
                    actor=who, project_id=project.id, assignment_id=one, granted=granted, answer="I have looked at it."
                )
                for who, granted in ((ada, True), (dan, False))
            )
        )
        for one in ids
    ]  # fmt: skip
    assert [[type(error) for error in wrong] for wrong in decided] == [[Conflict]] * ROUNDS
    assert {one.state for one in Appeal.objects.all()} <= {"granted", "refused"}
    settled(project, ids)


def test_the_deadline_and_somebody_who_decides_in_the_last_moment():
    project, ids = answers()
    later = now() + timedelta(days=7, minutes=1)
    for one in ids:
        quality.reject_answer(actor=actor("rob"), project_id=project.id, assignment_id=one, **WHY)
        quality.make_appeal(
            person_id=person("ben").id,
            project_id=project.id,
            assignment_id=one,
            text="I have read it.",
            now=now(),
        )
    ada = actor("ada")
    for one in ids:
        wrong = at_once(
            lambda: quality.lapse_appeals(now=later),
            lambda: quality.lapse_appeals(now=later),
            lambda one=one: quality.decide_appeal(
                actor=ada,
                project_id=project.id,
                assignment_id=one,
                granted=False,
                answer="I have looked at it.",
            ),
        )
        assert all(isinstance(error, Conflict) for error in wrong)
    settled(project, ids)


def test_approving_rejecting_and_objecting_at_once():
    project, ids = answers()
    ada, rob, ben = actor("ada"), actor("rob"), person("ben").id
    for one in ids:
        wrong = at_once(
            lambda one=one: quality.approve_answers(actor=ada, project_id=project.id, assignment_ids=[one]),
            lambda one=one: quality.reject_answer(actor=rob, project_id=project.id, assignment_id=one, **WHY),
            lambda one=one: quality.make_appeal(
                person_id=ben, project_id=project.id, assignment_id=one, text="I have read it.", now=now()
            ),
        )
        assert all(isinstance(error, Conflict | NotFound) for error in wrong), wrong
    quality.lapse_appeals(now=now() + timedelta(days=8))
    settled(project, ids)


def test_rejecting_from_two_sides_does_not_get_past_the_second_person():
    project, ids = answers(12)
    ada, rob = actor("ada"), actor("rob")
    assert not at_once(
        lambda: [
            quality.reject_answer(actor=ada, project_id=project.id, assignment_id=one, **WHY)
            for one in ids[:6]
        ],
        lambda: [
            quality.reject_answer(actor=rob, project_id=project.id, assignment_id=one, **WHY)
            for one in ids[6:]
        ],
    )
    assert [scene.state_of(project, one) for one in ids].count(3) == 5
    assert ProposedRejection.objects.filter(state="waiting").count() == 7
    waiting = list(ProposedRejection.objects.values_list("assignment_id", flat=True))
    wrong = at_once(
        *(
            lambda confirm=confirm: quality.decide_rejections(
                actor=actor("dan"), project_id=project.id, assignment_ids=waiting, confirm=confirm
            )
            for confirm in (True, False)
        ),
        lambda: quality.lapse_proposals(now=now() + timedelta(days=4)),
    )
    assert all(isinstance(error, Conflict) for error in wrong)
    settled(project, ids)


def test_two_reviewers_commit_at_once():
    project, ids = answers()
    for one in ids:
        at = [
            lambda who=who, found=found, one=one: quality.commit_review(
                actor=actor(who), project_id=project.id, assignment_id=one, found=found
            )
            for who, found in (
                ("ada", quality.Found(verdict="approve")),
                ("rob", quality.Found(verdict="reject", code="copied", text="As on the web.")),
            )
        ]  # fmt: skip
        assert not at_once(*at)  # the later one is a second review, which changes nothing
    settled(project, ids)


def test_a_better_answer_and_the_end_of_its_time():
    project = scene.running(ROUNDS, quality=scene.answers(1), budget="20.00")
    ben = scene.worker("ben", project)
    ids = [scene.done(ben, project) for _ in range(ROUNDS)]
    work.feed_answers(project_id=project.id)
    for one in ids:
        work.ask_rework(
            actor=actor("ada"),
            project_id=project.id,
            assignment_id=one,
            text="Read on.",
            extra_micros=10_000,
            now=now(),
        )
        wrong = at_once(
            lambda one=one: work.hand_in_rework(
                person_id=ben, project_id=project.id, assignment_id=one, answers={"sentiment": "neutral"}, active_ms=1,
                channel=1,
            ),
            lambda: work.lapse_deferrals(project_id=project.id, now=now() + timedelta(days=6)),
            lambda one=one: work.approve(project_id=project.id, assignment_ids=[one]),
        )  # fmt: skip
        assert all(isinstance(error, NotFound) for error in wrong), wrong
        scene.check_money(project)
