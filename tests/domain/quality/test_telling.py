"""What workers are told when a member or the judge decided something about them."""

import pytest

from tagwerk.domain.notices.models import Notice
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.events import AnswerRejected, RejectionWithdrawn, WorkerPaused
from tagwerk.domain.work.models import Assignment
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered():
    project = launched([{"text": "good"}], quality={"answers": {"min": 1, "max": 2, "confidence": 0.6}})
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    judge(project.id)
    return project, Assignment.objects.get(project_id=project.id)


def notices_of(name: str) -> list[Notice]:
    return list(Notice.objects.filter(person_id=person(name).id).order_by("id"))


def test_a_rejection_is_told_with_its_reason_and_judged_again(answered):
    project, mine = answered
    quality.reject_answer(
        actor=actor("ada"), project_id=project.id, assignment_id=mine.id, reason="Not read."
    )
    fact = AnswerRejected(
        project_id=project.id, assignment_id=mine.id, task_id=mine.task_id, worker_id=mine.worker_id
    )
    for _ in range(2):
        quality.tell_rejection(fact=fact)
    (told,) = notices_of("ben")
    assert (told.kind, told.params) == ("answer_rejected", {"project": "Sentiment", "reason": "Not read."})
    assert queries.projects_to_judge() == [project.id]


def test_an_objection_that_was_granted_is_told(answered):
    project, mine = answered
    quality.reject_answer(
        actor=actor("ada"), project_id=project.id, assignment_id=mine.id, reason="Not read."
    )
    judge(project.id)
    work.approve(project_id=project.id, assignment_ids=[mine.id])
    fact = RejectionWithdrawn(project_id=project.id, assignment_id=mine.id, worker_id=mine.worker_id)
    for _ in range(2):
        quality.tell_withdrawal(fact=fact)
    assert [one.kind for one in notices_of("ben")] == ["answer_approved_after_objection"]


def test_a_pause_is_told(answered):
    project, mine = answered
    fact = WorkerPaused(project_id=project.id, worker_id=mine.worker_id, reason="Too quick.")
    for _ in range(2):
        quality.tell_pause(fact=fact)
    (told,) = notices_of("ben")
    assert told.kind == "enrolment_paused" and told.params["reason"] == "Too quick."
