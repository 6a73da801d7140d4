"""What members decide: approve or reject answers, overrule a result. Nobody judges where they work themselves."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.gold_care import use_as_gold
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.actions.rejecting import reject_answers, withdraw_proposals
from tagwerk.domain.quality.events import ResultOverruled, ResultsReady
from tagwerk.domain.quality.models import Judgement, Result
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.words import Method, Recheck, Source, TaskState
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries


def approve_answers(*, actor: Actor, project_id: int, assignment_ids: Sequence[int]) -> int:
    """Approve answers, which pays them, in as many transactions as that takes; how many were waiting for it.

    A rejection that its worker has contested stands until the appeal is decided.
    """
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    ids = list(assignment_ids)
    approved = work.approve(project_id=project.id, assignment_ids=ids, actor_id=actor.person_id)
    withdraw_proposals(project_id=project.id, assignment_ids=ids)
    return approved


def reject_answer(*, actor: Actor, project_id: int, assignment_id: int, code: str, reason: str) -> bool:
    """Reject an answer for a reason that the worker reads; it counts no more and is not paid. False: it waits for a
    second person, because many were rejected lately."""
    done = reject_answers(
        actor=actor, project_id=project_id, assignment_ids=[assignment_id], code=code, reason=reason
    )
    return done.rejected == 1


@transaction.atomic
def overrule_result(
    *, actor: Actor, project_id: int, task_id: int, question: str, value: Any, as_gold: bool = False
) -> None:
    """Decide a result by hand: certain from now on, and left alone by judging; `as_gold`: the task serves as gold too."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    ballot = next((one for one in ballots_of(project.design_id) if one.question == question), None)
    if ballot is None:
        raise NotFound(
            "question_not_found", "This project has no question “{question}”.", question=question[:60]
        )
    if work_queries.task_for(actor, project.id, task_id).is_gold:
        raise Conflict("task_is_gold", "The right answers to this task came with it; they are its result.")
    right = ballot.kind.validate(ballot.options, value, path=question)
    if right is None:
        raise Invalid("answer_missing", "“{label}” is not answered yet.", path=question, label=question)
    wait_for_judge(project_id=project.id)
    decided = {
        "value": right, "confidence": 1.0, "tied": False, "source": Source.OVERRULED, "reason": "",
        "judged_by_id": actor.person_id, "method": Method.MEMBER, "model": 0, "judged_at": Now(),
    }  # fmt: skip
    key = {"project_id": project.id, "task_id": task_id}
    tables.keep_former(project.id, task_id, question)
    Result.objects.update_or_create(
        **key, question=question, defaults=decided, create_defaults={**decided, "answers": 0}
    )
    standing, _ = Judgement.objects.update_or_create(
        **key,
        defaults={"recheck": Recheck.REWEIGH},
        create_defaults={
            "state": TaskState.OPEN, "answers": 0, "wanted": project.answers_min, "recheck": Recheck.REWEIGH,
        },
    )  # fmt: skip
    where: dict[str, Any] = {"organisation_id": project.organisation_id, "project_id": project.id}
    record(ResultOverruled(actor_id=actor.person_id, **where, task_id=task_id, question=question))
    if standing.state != TaskState.OPEN:
        record(ResultsReady(**where, task_ids=[task_id]))
    if as_gold:
        use_as_gold(actor=actor, project=project, task_id=task_id, right={question: right})
