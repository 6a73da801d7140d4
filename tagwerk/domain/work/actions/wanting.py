"""How many answers a task still gets: more are wanted, or none; what came free goes back."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.actions.booking import CORRECTABLE, free_spare, pay_stop
from tagwerk.domain.work.actions.opening import WORKING, funds_of, locked_opening, open_some
from tagwerk.domain.work.actions.slots import SlotRow, put_slots
from tagwerk.domain.work.events import AnswersMissing
from tagwerk.domain.work.models import OpenedTask, Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.money import LIVE
from tagwerk.domain.work.rules.states import State

RETURNS = 1_000  # slots put back in one transaction
# The columns of a `Freed`, of an assignment `a`.
FREED = f"""a.id, a.task_id, a.worker_id, a.state, a.is_gold, a.reward_micros + a.fee_micros + a.spare_micros, a.spare_micros,
    {sql.AGREED}, {CORRECTABLE}"""


@transaction.atomic
def want_more_answers(*, project_id: int, wants: Mapping[int, int]) -> int:
    """Ask for so many more answers to each task, at most as many as are paid for; how many were asked for."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    if project.state not in WORKING or not wants:
        return 0
    opened = OpenedTask.objects.filter(project_id=project_id, task_id__in=list(wants)).order_by("task_id")
    more: list[SlotRow] = []
    for task in opened:
        if task.closed and not _reopen(project, opening, task):
            continue
        allowed = min(wants[task.task_id], task.most - task.wanted)
        if allowed > 0:
            more.append(SlotRow(task.task_id, allowed))
    if more:
        sql.write(_WANT_MORE, [[one.task_id for one in more], [one.slots for one in more], project_id])
        put_slots(opening=opening, slots=more)
    opening.save()
    return sum(one.slots for one in more)


@transaction.atomic
def allow_more_answers(*, project_id: int, task_id: int, answers: int) -> None:
    """Let a task get so many more answers than it has or waits for, if the money for them is there."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    if project.state not in WORKING:
        raise Conflict("project_not_running", "This project is not running, so nobody can answer.")
    task = OpenedTask.objects.filter(project_id=project_id, task_id=task_id).first()
    if task is None:
        raise Conflict("task_not_open", "This task is not open for work yet.")
    taken = _live(project_id, [task_id]).get(task_id, 0) if task.closed else task.wanted
    most = max(task.most, taken + answers)
    # Money stands behind all that an open task may get, and behind nothing that a closed one did not.
    more = most - taken if task.closed else most - task.most
    needed = more * task.price_micros
    if project.paid and funds_of(project=project, opening=opening).free_micros < needed:
        raise Conflict(
            "answers_not_covered",
            "The money for {answers} more answers is not there. Raise the budget first.",
            answers=answers,
        )
    OpenedTask.objects.filter(project_id=project_id, task_id=task_id).update(most=most)
    if not task.closed:
        opening.committed_micros += needed
        opening.save(update_fields=["committed_micros"])


@transaction.atomic
def close_tasks(*, project_id: int, task_ids: Collection[int]) -> int:
    """Want no more answers to these tasks; the money that they did not need opens others."""
    project = projects.project(project_id)
    opening = locked_opening(project_id=project_id)
    ids = sorted(set(task_ids))
    # Deleting waits for claims that are about to take a slot, so that what they took is counted below.
    sql.write("DELETE FROM queue WHERE project_id = %s AND task_id = ANY(%s)", [project_id, ids])
    sql.write("DELETE FROM short_queue WHERE project_id = %s AND task_id = ANY(%s)", [project_id, ids])
    closed = sql.rows(_CLOSE, [project_id, ids])
    if not closed:
        return 0
    used = _live(project_id, [task_id for task_id, *_ in closed])
    spare = {task_id: max(0, most - used.get(task_id, 0)) for task_id, most, _ in closed}
    opening.committed_micros -= sum(spare[task_id] * price for task_id, _, price in closed)
    opening.closed_tasks += len(closed)
    opening.save()
    if any(spare.values()) and project.state in WORKING:
        open_some(project_id=project_id, most=len(closed))
    return len(closed)


def return_to_queue(*, project_id: int) -> int:
    """Put the slots of returned, skipped and stopped assignments back; how many were looked at."""
    done = 0
    while some := _return_some(project_id):
        done += some
    return done


@dataclass(frozen=True, slots=True)
class Freed:
    """A slot that came free: that of an assignment which ended without an answer that counts.

    `price_micros`: what was committed for it, which is the price of its task, and `agreed_micros` for more time;
    `spare_micros`: of it, what it does not pay. `keeps`: that is kept, because its time can still be corrected.
    """

    assignment_id: int
    task_id: int
    worker_id: int
    state: int
    is_gold: bool
    price_micros: int
    spare_micros: int
    agreed_micros: int
    keeps: bool


def put_back(*, opening: Opening, freed: Sequence[Freed]) -> None:
    """Slots of open tasks go to the queue; the money of gold and of closed tasks is free again.

    A closed task whose answer was rejected may want another, which judging decides. The caller holds the lock of
    `opening` and saves it.
    """
    named = [one.task_id for one in freed if not one.is_gold]
    closed = set(
        OpenedTask.objects.filter(project_id=opening.project_id, task_id__in=named, closed=True).values_list(
            "task_id", flat=True
        )
    )
    slots: Counter[int] = Counter()
    for one in freed:
        agreed = 0 if one.state == State.STOPPED else one.agreed_micros  # that of a stop is dealt with
        price = one.price_micros - one.agreed_micros
        opening.committed_micros -= agreed
        opening.aside_micros -= agreed
        if one.is_gold or one.task_id in closed:
            opening.committed_micros -= price
            opening.gold_micros -= price if one.is_gold else 0
        else:
            slots[one.task_id] += 1
    _forget_agreed(
        opening.project_id,
        [one.assignment_id for one in freed if one.agreed_micros and one.state != State.STOPPED],
    )
    put_slots(opening=opening, slots=[SlotRow(task_id, count) for task_id, count in sorted(slots.items())])
    rejected = {one.task_id for one in freed if one.state == State.REJECTED and one.task_id in closed}
    if rejected:
        _tell_missing(projects.project(opening.project_id), rejected)


@transaction.atomic
def _return_some(project_id: int) -> int:
    opening = locked_opening(project_id=project_id)
    found = [Freed(*row) for row in sql.rows(_TAKE_RETURNED, [project_id, RETURNS])]
    if not found:
        return 0
    project = projects.project(project_id)
    back = [one for one in found if one.state != State.STOPPED or pay_stopped(project, opening, one)]
    put_back(opening=opening, freed=back)
    opening.save()
    return len(found)


def pay_stopped(project: ProjectView, opening: Opening, one: Freed) -> bool:
    """Pay the stop; whether its slot comes back: from free money, else from what the task may cost at most.

    What it does not pay is free, unless its time can still be corrected. With its slot back, its price is committed anew.
    """
    pay_stop(project=project, opening=opening, assignment_id=one.assignment_id, worker_id=one.worker_id)
    spare = 0 if one.keeps else one.spare_micros
    free_spare(opening, spare, of_gold=one.is_gold, agreed_micros=one.agreed_micros)
    task = OpenedTask.objects.filter(project_id=project.id, task_id=one.task_id, closed=False).first()
    if task is None:  # gold, or closed: nobody is missing
        return False
    if not project.paid:
        return True
    price = one.price_micros - one.agreed_micros
    if funds_of(project=project, opening=opening).free_micros >= price:
        opening.committed_micros += price
        return True
    most = task.most - 1  # the stop has used up one of those that were promised
    OpenedTask.objects.filter(project_id=project.id, task_id=one.task_id).update(
        most=most, wanted=min(task.wanted, most)
    )
    if task.wanted > most:
        _tell_missing(project, {one.task_id})
    return task.wanted <= most


def _forget_agreed(project_id: int, assignment_ids: Sequence[int]) -> None:
    """More time that was agreed is agreed no longer: nothing came of it."""
    if assignment_ids:
        sql.write(_UNRAISE, [project_id, list(assignment_ids)])
        sql.write(_UNAGREE, [project_id, list(assignment_ids)])


def _tell_missing(project: ProjectView, task_ids: Collection[int]) -> None:
    record(
        AnswersMissing(
            organisation_id=project.organisation_id, project_id=project.id, task_ids=sorted(task_ids)
        )
    )


def _reopen(project: ProjectView, opening: Opening, task: OpenedTask) -> bool:
    """Open a closed task again because answers of it no longer count, if its largest cost is covered."""
    used = _live(project.id, [task.task_id]).get(task.task_id, 0)
    needed = max(0, task.most - used) * task.price_micros
    if project.paid and funds_of(project=project, opening=opening).free_micros < needed:
        return False
    opening.committed_micros += needed
    opening.closed_tasks -= 1
    task.wanted = min(used, task.most)  # the open slots went when it was closed
    OpenedTask.objects.filter(project_id=project.id, task_id=task.task_id).update(
        closed=False, wanted=task.wanted
    )
    return True


def _live(project_id: int, task_ids: Sequence[int]) -> dict[int, int]:
    """Task → how many of its answers were or can still be paid."""
    return dict(sql.rows(_COUNT_LIVE, [project_id, list(task_ids)]))


_WANT_MORE = """
UPDATE opened_task o SET wanted = o.wanted + more.slots
FROM unnest(%s::bigint[], %s::smallint[]) more (task_id, slots) WHERE o.project_id = %s AND o.task_id = more.task_id
"""
_CLOSE = """
UPDATE opened_task SET closed = true WHERE project_id = %s AND task_id = ANY(%s) AND NOT closed
RETURNING task_id, most, price_micros
"""
_COUNT_LIVE = f"""
SELECT a.task_id, count(*) FROM assignment a
WHERE a.project_id = %s AND a.task_id = ANY(%s) AND NOT a.is_gold AND {LIVE} GROUP BY a.task_id
"""  # noqa: S608 (a constant)
_UNRAISE = f"""
UPDATE assignment a SET spare_micros = greatest(0, a.spare_micros - {sql.AGREED}),
    most_seconds = least(a.most_seconds, (SELECT r.most_seconds FROM project r WHERE r.id = a.project_id))
WHERE a.project_id = %s AND a.id = ANY(%s)
"""  # noqa: S608 (a constant)
_UNAGREE = "UPDATE time_request SET agreed_micros = 0 WHERE project_id = %s AND assignment_id = ANY(%s)"
_TAKE_RETURNED = f"""
WITH taken AS (
    DELETE FROM returned_slot WHERE (project_id, assignment_id) IN (
        SELECT project_id, assignment_id FROM returned_slot WHERE project_id = %s ORDER BY assignment_id LIMIT %s)
    RETURNING project_id, assignment_id
)
SELECT {FREED} FROM taken t JOIN assignment a ON a.project_id = t.project_id AND a.id = t.assignment_id ORDER BY a.id
"""  # noqa: S608 (a constant)
