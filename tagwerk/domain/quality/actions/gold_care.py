"""What members do about gold: make it of results, retire and reinstate it, correct its key, say why it is right."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.designs.rules.gold import check_gold
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import gold_tables
from tagwerk.domain.quality.actions.gold import recount_gold, rescore_gold
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.events import (
    GoldCorrected,
    GoldExplained,
    GoldPromoted,
    GoldReinstated,
    GoldRetired,
)
from tagwerk.domain.quality.models import GoldStanding
from tagwerk.domain.quality.queries.results import TaskResult, results_of
from tagwerk.domain.quality.rules.words import BY_MEMBER, GoldState, Source
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.queries import GoldView
from tagwerk.domain.work.rules.rows import explanation_of

MOST_PROMOTED = 500  # at once


@transaction.atomic
def promote_results(
    *, actor: Actor, project_id: int, task_ids: Collection[int], explanation: str = ""
) -> int:
    """Have tasks served as gold, with their results as right answers, to people who have not had them; how many are new.
    The tasks keep their answers, their results and their pay."""
    project = _project(actor, project_id)
    if not 0 < len(task_ids) <= MOST_PROMOTED:
        raise Invalid(
            "promotion_unfit", "Choose 1 to {most} tasks at once.", path="tasks", most=MOST_PROMOTED
        )
    found = results_of(project.id, task_ids)
    right = {task_id: _certain(found[task_id]) for task_id in task_ids if task_id in found}
    if len(right) < len(set(task_ids)) or not all(right.values()):
        raise Conflict(
            "result_missing",
            "Only tasks with a certain result, or one that a member decided, can become gold.",
        )
    return len(_make(actor, project, right, explanation))


def use_as_gold(*, actor: Actor, project: ProjectView, task_id: int, right: Mapping[str, Any]) -> None:
    """Have a task served as gold with answers that a member has just given; in their transaction."""
    known = work_queries.gold_of_task(project.id, task_id)
    if known is None:
        _make(actor, project, {task_id: right}, "")
    else:
        _correct(actor, project, known, {**known.answers, **right})


@transaction.atomic
def retire_gold(*, actor: Actor, project_id: int, task_id: int) -> bool:
    """Serve a gold task no more; answers to it go on counting. False: it was not served."""
    project = _project(actor, project_id)
    _gold(project, task_id)
    wait_for_judge(project_id=project.id)
    if not work.retire_gold(project_id=project.id, task_id=task_id):
        return False
    _stand(actor, project, task_id, state=GoldState.RETIRED, why=BY_MEMBER)
    record(GoldRetired(**_where(actor, project), task_id=task_id, why=BY_MEMBER))
    return True


@transaction.atomic
def reinstate_gold(*, actor: Actor, project_id: int, task_id: int) -> bool:
    """Serve a retired or suspicious gold task again, because it is sound: all answers to it count. False: it is served."""
    project = _project(actor, project_id)
    _gold(project, task_id)
    wait_for_judge(project_id=project.id)
    if not work.reinstate_gold(project_id=project.id, task_id=task_id):
        return False
    _stand(actor, project, task_id, state=GoldState.SERVING)
    recount_gold(project, [task_id])
    record(GoldReinstated(**_where(actor, project), task_id=task_id))
    return True


@transaction.atomic
def give_key(
    *,
    actor: Actor,
    project_id: int,
    task_id: int,
    right: Mapping[str, Any] | None,
    explanation: str | None = None,
) -> None:
    """Give a task its right answers (None: they stay) and why they are right (None: that stays). A task that was no gold
    serves as gold too from now on. Of gold, all answers are scored anew, and who was paused because of it goes on."""
    project = _project(actor, project_id)
    work_queries.task_for(actor, project.id, task_id)
    answers = None if right is None else check_gold(designs.design(project.design_id), right)
    known = work_queries.gold_of_task(project.id, task_id)
    if known is None and answers is not None:
        _make(actor, project, {task_id: answers}, explanation or "")
        return
    gold = known or _gold(project, task_id)
    if answers is not None and answers != gold.answers:
        _correct(actor, project, gold, answers)
    if explanation is not None:
        _explain(actor, project, gold, explanation_of(explanation, is_gold=True))


def _explain(actor: Actor, project: ProjectView, known: GoldView, text: str) -> None:
    if text != known.explanation:
        work.explain_gold(project_id=project.id, task_id=known.task_id, explanation=text)
        record(GoldExplained(**_where(actor, project), task_id=known.task_id))


def _project(actor: Actor, project_id: int) -> ProjectView:
    return work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)


def _gold(project: ProjectView, task_id: int) -> GoldView:
    found = work_queries.gold_of_task(project.id, task_id)
    if found is None:
        raise NotFound("gold_not_found", "This task is no gold.")
    return found


def _where(actor: Actor, project: ProjectView) -> dict[str, Any]:
    return {
        "actor_id": actor.person_id, "organisation_id": project.organisation_id, "project_id": project.id,
    }  # fmt: skip


def _certain(result: TaskResult) -> dict[str, Any]:
    """The questions of a task whose result is certain enough to measure people by."""
    return {
        question: one.value
        for question, one in result.results.items()
        if one.value not in (None, [])
        and not one.tied
        and (one.source == Source.OVERRULED or one.confidence is not None)
    }


def _make(
    actor: Actor, project: ProjectView, right: Mapping[int, Mapping[str, Any]], explanation: str
) -> list[int]:
    design = designs.design(project.design_id)
    made = work.make_gold(
        project_id=project.id,
        right={task_id: check_gold(design, answers) for task_id, answers in right.items()},
        explanation=explanation_of(explanation, is_gold=True),
    )
    if made:
        record(GoldPromoted(**_where(actor, project), task_ids=made))
    return made


def _correct(actor: Actor, project: ProjectView, known: GoldView, answers: Mapping[str, Any]) -> None:
    wait_for_judge(project_id=project.id)
    work.correct_gold(project_id=project.id, task_id=known.task_id, answers=answers)
    work.reinstate_gold(project_id=project.id, task_id=known.task_id)
    _stand(actor, project, known.task_id, state=GoldState.SERVING)
    rescore_gold(project, [known.task_id])
    record(GoldCorrected(**_where(actor, project), task_id=known.task_id))


def _stand(actor: Actor, project: ProjectView, task_id: int, *, state: GoldState, why: str = "") -> None:
    """What a member decided; the watch looks again when there are new answers."""
    row = gold_tables.standing_of(project.id, task_id)
    GoldStanding.objects.filter(project_id=project.id, task_id=task_id).update(
        state=state, why=why, evidence=None, decided_by_id=actor.person_id, changed_at=gold_tables.NOW,
        counts_before=None if state is GoldState.SERVING else row.counts_before, looked_at=row.seen,
    )  # fmt: skip
