"""What workers are told when a member or the judge decided something about them."""

from dataclasses import replace

import pytest

from tagwerk.base.models import StoredEvent
from tagwerk.domain.notices import actions as notices_actions
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.events import (
    AnswerRejected,
    RejectionWithdrawn,
    TaskUnanswerable,
    WorkerPaused,
    WorkerResumed,
)
from tagwerk.domain.work.models import Assignment
from tagwerk.domain.work.rules.pausing import WORDS
from tagwerk.domain.work.rules.rejecting import WORDS as WHY_REJECTED
from tests.people import actor, member, person
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
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=mine.id,
        code="low_effort",
        reason="Not read.",
    )
    fact = AnswerRejected(
        project_id=project.id, assignment_id=mine.id, task_id=mine.task_id, worker_id=mine.worker_id
    )
    for _ in range(2):
        quality.tell_rejection(fact=fact)
    (told,) = notices_of("ben")
    assert (told.kind, told.params["text"], told.params["days"]) == ("answer_not_paid", "Not read.", 14)
    bodies = {
        language: notices.inbox(replace(actor("ben"), language=language))[0].body for language in ("de", "en")
    }
    assert WHY_REJECTED["low_effort"] in bodies["en"] and WHY_REJECTED["low_effort"] not in bodies["de"]
    assert queries.projects_to_judge() == [project.id]


def test_an_objection_that_was_granted_is_told(answered):
    project, mine = answered
    quality.reject_answer(
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=mine.id,
        code="low_effort",
        reason="Not read.",
    )
    judge(project.id)
    work.approve(project_id=project.id, assignment_ids=[mine.id])
    fact = RejectionWithdrawn(project_id=project.id, assignment_id=mine.id, worker_id=mine.worker_id)
    for _ in range(2):
        quality.tell_withdrawal(fact=fact)
    assert [one.kind for one in notices_of("ben")] == ["answer_approved_after_objection"]


def paused(project, worker_id: int, reason: str) -> WorkerPaused:
    work.pause_worker(project_id=project.id, worker_id=worker_id, reason=reason)
    return WorkerPaused(project_id=project.id, worker_id=worker_id, reason=reason)


def test_a_pause_and_its_end_are_told_each_time(answered):
    project, mine = answered
    for _ in range(2):
        fact = paused(project, mine.worker_id, "Too quick.")
        for _ in range(2):
            quality.tell_pause(fact=fact)
        work.resume_worker(project_id=project.id, worker_id=mine.worker_id)
        ended = StoredEvent.objects.filter(name="WorkerResumed").latest("id").facts
        for _ in range(2):
            quality.tell_resumption(fact=WorkerResumed(project_id=project.id, **ended))
    told = notices_of("ben")
    assert [one.kind for one in told] == ["enrolment_paused", "enrolment_resumed"] * 2
    assert told[0].params["reason"] == "Too quick."
    assert notices_of("ada") == []  # she did it, or a colleague


def test_who_goes_on_already_is_not_told_of_the_pause(answered):
    project, mine = answered
    fact = paused(project, mine.worker_id, "Too quick.")
    work.resume_worker(project_id=project.id, worker_id=mine.worker_id)
    quality.tell_pause(fact=fact)
    assert notices_of("ben") == []


def test_members_hear_of_unanswerable_tasks_once_until_they_have_read_it():
    project = launched([{"text": "?"}, {"text": "??"}, {"text": "???"}])
    member("rob", project.organisation_id, "reviewer")
    member("vic", project.organisation_id, "viewer")

    def report() -> None:
        who = {"person_id": person("ben").id, "project_id": project.id}
        held = work.claim(**who, channel=1)
        work.skip(**who, assignment_id=held.assignment_id, reason="cannot_be_answered: empty")
        fact = StoredEvent.objects.filter(name="TaskUnanswerable").latest("id").facts
        for _ in range(2):
            quality.tell_unanswerable(fact=TaskUnanswerable(project_id=project.id, **fact))

    report(), report()
    assert notices_of("vic") == [] and len(notices_of("rob")) == 1
    (told,) = notices_of("ada")
    assert told.kind == "task_unanswerable" and f"/projects/{project.public_id}/tasks/tsk_" in told.link
    notices_actions.mark_read(actor=actor("ada"), notice_id=told.id)
    report()
    assert len(notices_of("ada")) == 2 and len(notices_of("rob")) == 1


@pytest.mark.parametrize("reason", WORDS)
def test_what_the_house_decides_is_told_in_the_readers_language_and_to_members(answered, reason):
    project, mine = answered
    quality.tell_pause(fact=paused(project, mine.worker_id, reason))
    texts = set()
    for language in ("de", "en"):
        (read,) = notices.inbox(replace(actor("ben"), language=language))
        texts.add(read.body)
        assert (WORDS[reason] in read.body) is (language == "en")
    assert len(texts) == 2
    bea = work.enrol(person_id=person("bea").id, project_id=project.id).worker_id
    quality.tell_pause(fact=paused(project, bea, reason))
    (told,) = notices_of("ada")  # one unread is enough
    assert told.kind == "worker_paused" and told.link.endswith("/people/")
    notices_actions.mark_read(actor=actor("ada"), notice_id=told.id)
    work.resume_worker(project_id=project.id, worker_id=bea)
    quality.tell_pause(fact=paused(project, bea, reason))
    assert [one.read_at is None for one in notices_of("ada")] == [False, True]
