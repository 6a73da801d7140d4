"""What members change about the results of a task: which answers count, and how many are wanted."""

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.events import AnswerExcluded, AnswerIncluded, MoreAnswersAsked, ResultsReady
from tagwerk.domain.quality.models import ExcludedAnswer, Judgement, Result
from tagwerk.domain.quality.queries.answers import COUNTING
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.judging import Outcome
from tagwerk.domain.quality.rules.words import (
    CANNOT_BE_ANSWERED,
    NO_ANSWERS,
    Recheck,
    Source,
    TaskState,
)
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries

LONGEST_REASON = 2_000
MOST_ASKED = 20  # answers at once


@transaction.atomic
def exclude_answer(*, actor: Actor, project_id: int, assignment_id: int, reason: str) -> None:
    """Take an answer out of the result of its task, for a reason that members read; its worker is paid all the same."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(
            "reason_missing", "Say in up to {most} characters why the answer does not count.",
            path="reason", most=LONGEST_REASON,
        )  # fmt: skip
    answer = work_queries.answer_for(actor, project.id, assignment_id)
    if answer.state not in COUNTING:
        raise Conflict("answer_does_not_count", "This answer does not count in the result anyway.")
    if work_queries.task_for(actor, project.id, answer.task_id).is_gold:
        raise Conflict("task_is_gold", "The right answers to this task came with it; they are its result.")
    _made, is_new = ExcludedAnswer.objects.get_or_create(
        project_id=project.id, assignment_id=assignment_id,
        defaults={"task_id": answer.task_id, "reason": why, "excluded_by_id": actor.person_id},
    )  # fmt: skip
    if is_new:
        _judge_again(project, answer.task_id)
        record(
            AnswerExcluded(
                actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project.id,
                task_id=answer.task_id, assignment_id=assignment_id,
            )
        )  # fmt: skip


@transaction.atomic
def include_answer(*, actor: Actor, project_id: int, assignment_id: int) -> None:
    """Put an answer back that was taken out of the result."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    found = ExcludedAnswer.objects.filter(project_id=project.id, assignment_id=assignment_id)
    row = found.first()
    if row is None:
        raise NotFound("answer_not_excluded", "This answer was not taken out of the result.")
    found.delete()
    _judge_again(project, row.task_id)
    record(
        AnswerIncluded(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project.id,
            task_id=row.task_id, assignment_id=assignment_id,
        )
    )  # fmt: skip


@transaction.atomic
def ask_for_answers(*, actor: Actor, project_id: int, task_id: int, answers: int) -> None:
    """Ask for more answers to a task than it has or waits for, however sure its result is."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    if not 1 <= answers <= MOST_ASKED:
        raise Invalid(
            "answers_unfit", "Ask for 1 to {most} answers at once.", path="answers", most=MOST_ASKED
        )
    if work_queries.task_for(actor, project.id, task_id).is_gold:
        raise Conflict("task_is_gold", "The right answers to this task came with it; they are its result.")
    work.allow_more_answers(project_id=project.id, task_id=task_id, answers=answers)
    _judge_again(project, task_id)
    Result.objects.filter(project_id=project.id, task_id=task_id, reason=CANNOT_BE_ANSWERED).update(
        reason=NO_ANSWERS  # a member thinks that it can be answered
    )
    row = Judgement.objects.get(project_id=project.id, task_id=task_id)
    coming = max(row.wanted, row.answers) if row.state == TaskState.OPEN else row.answers
    row.least = max(row.least, coming) + answers
    row.save(update_fields=["least"])
    record(
        MoreAnswersAsked(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project.id,
            task_id=task_id, answers=answers,
        )
    )  # fmt: skip


@transaction.atomic
def mark_unanswerable(*, project_id: int, task_id: int) -> None:
    """Settle the result of a task that several workers call unanswerable: none, for that reason."""
    project = projects.project(project_id)
    wait_for_judge(project_id=project_id)
    tables.stand(project_id, [task_id], wanted=project.answers_min)
    row = Judgement.objects.get(project_id=project_id, task_id=task_id)
    nothing = Outcome(None, None, None, 0, Source.MERGE, reason=CANNOT_BE_ANSWERED)
    tables.write_results(
        project_id, {(task_id, one.question): nothing for one in ballots_of(project.design_id)}
    )
    row.state, row.recheck, row.confidence = TaskState.EXHAUSTED, Recheck.NO, None
    row.save(update_fields=["state", "recheck", "confidence"])
    work.close_tasks(
        project_id=project_id, task_ids=[task_id]
    )  # judging may have asked again before this came
    record(ResultsReady(organisation_id=project.organisation_id, project_id=project_id, task_ids=[task_id]))


def _judge_again(project: ProjectView, task_id: int) -> None:
    wait_for_judge(project_id=project.id)
    tables.stand(project.id, [task_id], wanted=project.answers_min)
    tables.mark(project.id, [task_id], Recheck.REOPEN)
