"""Opening tasks as far as money covers them. The project's row in `opening` is the lock of all its jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now as right_now

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.actions.slots import SlotRow, put_slots
from tagwerk.domain.work.models import Batch, Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.factors import most_factors
from tagwerk.domain.work.queries.prices import gold_price, task_price
from tagwerk.domain.work.rules.coverage import (
    GOLD_CHUNK,
    GOLD_IDLE_SECONDS,
    GOLD_LOW,
    NEAR_SECONDS,
    SHORT_QUEUE,
    Funds,
    for_tasks,
    gold_covered,
    spare_micros,
    tasks_covered,
)
from tagwerk.domain.work.rules.units import NONE_BP, ONE, meter_of

CHUNK = 20_000  # tasks opened in one transaction
WORKING = (ProjectState.OPEN, ProjectState.PAUSED)


def open_covered_tasks(*, project_id: int) -> int:
    """Open waiting tasks, the oldest first, as long as the reservation covers all that they can cost."""
    opened = 0
    while some := open_some(project_id=project_id, most=CHUNK):
        opened += some
    return opened


@transaction.atomic
def open_some(*, project_id: int, most: int) -> int:
    """Open at most so many waiting tasks."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)  # read under the lock: a project that is finished opens nothing
    if project.state not in WORKING:
        return 0
    opened = 0
    while opened < most and (batch := _waiting_batch(project_id)) is not None:
        now_open = _open(project, opening, batch, min(most - opened, _limit(project, opening)))
        if not now_open and batch.opened_to < (batch.last_id or 0):
            _note_waiting(project, opening)
            break
        opened += now_open
        opening.waits_for_money = False
    opening.save()
    if opened:
        promote_urgent(project_id=project_id, now=right_now())
    return opened


def locked_opening(*, project_id: int) -> Opening:
    """The project's row, locked until the transaction ends; made at its first use."""
    found = Opening.objects.select_for_update().filter(project_id=project_id).first()
    if found is None:
        sql.write("INSERT INTO opening (project_id) VALUES (%s) ON CONFLICT DO NOTHING", [project_id])
        found = Opening.objects.select_for_update().get(project_id=project_id)
    return found


def funds_of(*, project: ProjectView, opening: Opening) -> Funds:
    """The project's money, while its row is locked."""
    reserved = projects.reserved_micros(project.id, project.currency) if project.paid else 0
    return Funds(
        reserved, opening.paid_micros, opening.committed_micros, opening.gold_micros, project.hour_guarantee,
        opening.topped_micros, opening.aside_micros,
    )  # fmt: skip


def spare_of(*, project: ProjectView, opening: Opening) -> int:
    """The project's money that is for nothing, while its row is locked."""
    return spare_micros(
        funds_of(project=project, opening=opening), gold_share_bp=gold_share_of(project=project, opening=opening),
        all_open=project.state not in WORKING or _waiting_batch(project.id) is None,
    )  # fmt: skip


def gold_share_of(*, project: ProjectView, opening: Opening) -> int:
    """The share of the money that is kept for gold, in basis points; 0 where there is none to give out."""
    has_gold = sql.value(
        "SELECT 1 FROM gold WHERE project_id = %s AND retired_at IS NULL LIMIT 1", [project.id]
    )
    return (opening.gold_money_bp or project.gold_cost_bp) if has_gold else 0


@transaction.atomic
def top_up_gold(*, project_id: int) -> int:
    """Give enrolments that run out of paid gold some more, as far as covered; take it back from the paused and the idle."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    share = gold_share_of(project=project, opening=opening)
    if not project.paid or not share:
        return 0
    answer_micros = gold_price(project)
    taken_back = sql.value(_TAKE_BACK_GOLD, [project_id, GOLD_IDLE_SECONDS]) or 0
    opening.committed_micros -= taken_back
    opening.gold_micros -= taken_back
    room = gold_covered(
        funds_of(project=project, opening=opening), answer_micros=answer_micros,
        gold_share_bp=share, all_open=_waiting_batch(project_id) is None,
    )  # fmt: skip
    given = 0
    if project.state is ProjectState.OPEN and room >= GOLD_CHUNK:
        given = sql.write(
            _GIVE_GOLD,
            [
                project_id,
                GOLD_LOW * answer_micros,
                GOLD_IDLE_SECONDS,
                room // GOLD_CHUNK,
                GOLD_CHUNK * answer_micros,
            ],
        )
        opening.committed_micros += given * GOLD_CHUNK * answer_micros
        opening.gold_micros += given * GOLD_CHUNK * answer_micros
    opening.save(update_fields=["committed_micros", "gold_micros"])
    return given


@transaction.atomic
def promote_urgent(*, project_id: int, now: datetime) -> int:
    """Move the most urgent tasks into the short queue, as many as it has room for."""
    locked_opening(project_id=project_id)
    there = sql.value("SELECT count(*) FROM short_queue WHERE project_id = %s", [project_id])
    near = int(now.timestamp()) + NEAR_SECONDS
    return sql.write(_PROMOTE, [project_id, near, SHORT_QUEUE - there]) if there < SHORT_QUEUE else 0


@transaction.atomic
def note_head(*, project_id: int) -> None:
    """Note the lowest open position, so that who comes new need not look past what is long gone."""
    opening = locked_opening(project_id=project_id)
    head = sql.value("SELECT pos FROM queue WHERE project_id = %s ORDER BY pos LIMIT 1", [project_id])
    opening.head_pos = opening.last_pos + 1 if head is None else head
    opening.save(update_fields=["head_pos"])


def _waiting_batch(project_id: int) -> Batch | None:
    return Batch.objects.filter(project_id=project_id, opened_to__lt=F("last_id")).order_by("id").first()


def _limit(project: ProjectView, opening: Opening) -> int:
    """How many more tasks may be opened: by the pilot's limit, and by money where all of them cost the same."""
    limit = CHUNK if project.open_limit is None else max(0, project.open_limit - opening.opened_tasks)
    if not project.paid or project.measures:
        return limit
    covered = tasks_covered(
        funds_of(project=project, opening=opening),
        task_micros=project.answers_max * task_price(project, ONE, most_factors(project)),
        gold_share_bp=gold_share_of(project=project, opening=opening),
    )
    return min(limit, covered)


def _open(project: ProjectView, opening: Opening, batch: Batch, limit: int) -> int:
    """Open the next tasks of a batch, as many as the limit allows and money covers; how many."""
    _mark_urgent(project, batch, limit)
    found = _covered(
        project, opening, sql.rows(_NEXT_TASKS, [project.id, batch.opened_to, batch.last_id, batch.id, limit])
    )
    ids, prices = [task_id for task_id, _ in found.tasks], [price for _, price in found.tasks]
    if ids:
        sql.write(_OPEN, [project.id, project.answers_min, project.answers_max, ids, prices])
        put_slots(opening=opening, slots=[SlotRow(task_id, project.answers_min) for task_id in ids])
        opening.opened_tasks += len(ids)
        opening.committed_micros += project.answers_max * sum(prices)
        batch.opened_to = ids[-1]
    if found.all and len(ids) < limit:
        batch.opened_to = batch.last_id or 0
    Batch.objects.filter(project_id=project.id, id=batch.id).update(opened_to=batch.opened_to)
    return len(ids)


def _mark_urgent(project: ProjectView, batch: Batch, limit: int) -> None:
    """What is so near its deadline pays more from now on: among the next tasks, which are about to be opened."""
    factors = meter_of(project.file).factors
    if not project.paid or factors.urgent_bp == NONE_BP:
        return
    sql.write(
        _URGENT,
        [
            project.id,
            batch.opened_to,
            batch.last_id,
            batch.id,
            limit,
            factors.urgent_bp,
            project.id,
            factors.urgent_seconds,
        ],
    )


@dataclass(frozen=True, slots=True)
class _Covered:
    """The first of some tasks, each with the price of an answer; `all`: all of them are covered."""

    tasks: list[tuple[int, int]]
    all: bool


def _covered(project: ProjectView, opening: Opening, found: Sequence[tuple[int, int]]) -> _Covered:
    """As many of these tasks (id, units) as money covers at their largest cost, in their order."""
    if not project.paid or not found:
        return _Covered([(task_id, 0) for task_id, _ in found], True)
    there = for_tasks(
        funds_of(project=project, opening=opening),
        gold_share_bp=gold_share_of(project=project, opening=opening),
    )
    tasks, dearest = list[tuple[int, int]](), most_factors(project)
    for task_id, units in found:
        price = task_price(project, units, dearest)
        there -= project.answers_max * price
        if there < 0:
            return _Covered(tasks, False)
        tasks.append((task_id, price))
    return _Covered(tasks, True)


def _note_waiting(project: ProjectView, opening: Opening) -> None:
    """Note that tasks wait for money; a pilot that has reached its limit waits for a decision instead."""
    limited = project.open_limit is not None and opening.opened_tasks >= project.open_limit
    if project.paid and not limited:
        opening.waits_for_money = True


_NEXT_TASKS = """
SELECT id, units FROM task WHERE project_id = %s AND id > %s AND id <= %s AND batch_id = %s AND NOT is_gold
ORDER BY id LIMIT %s
"""
_OPEN = """
INSERT INTO opened_task (project_id, task_id, wanted, most, price_micros)
SELECT %s, one.id, %s, %s, one.price FROM unnest(%s::bigint[], %s::bigint[]) one (id, price)
"""
_URGENT = """
WITH coming AS (
    SELECT id FROM task WHERE project_id = %s AND id > %s AND id <= %s AND batch_id = %s AND NOT is_gold ORDER BY id LIMIT %s
)
UPDATE task t SET is_urgent = true, units = (t.units * %s + 5000) / 10000 FROM coming
WHERE t.project_id = %s AND t.id = coming.id AND NOT t.is_urgent
    AND t.deadline <= statement_timestamp() + make_interval(secs => %s)
"""
# Whether somebody has taken no task for a while. In whatever project: their newest is one step down an index.
_IDLE = """(cardinality(e.held) = 0 AND greatest(e.enrolled_at, coalesce((SELECT a.claimed_at FROM assignment a
    WHERE a.worker_id = e.worker_id ORDER BY a.id DESC LIMIT 1), e.enrolled_at))
    < statement_timestamp() - make_interval(secs => %s))"""
_TAKE_BACK_GOLD = f"""
WITH idle AS (
    SELECT e.project_id, e.worker_id, e.gold_micros FROM enrolment e
    WHERE e.project_id = %s AND e.gold_micros > 0 AND (NOT e.eligible OR e.pause_reason IS NOT NULL OR {_IDLE})
    FOR NO KEY UPDATE OF e SKIP LOCKED
), emptied AS (
    UPDATE enrolment e SET gold_micros = 0 FROM idle
    WHERE e.project_id = idle.project_id AND e.worker_id = idle.worker_id RETURNING idle.gold_micros
)
SELECT sum(gold_micros)::bigint FROM emptied
"""  # noqa: S608 (a constant)
# A query of its own and no subquery, which a plan might carry out again and again: then it finds others each time.
_GIVE_GOLD = f"""
WITH low AS MATERIALIZED (
    SELECT e.project_id, e.worker_id FROM enrolment e
    WHERE e.project_id = %s AND e.gold_micros < %s AND e.eligible AND e.pause_reason IS NULL AND NOT {_IDLE}
    ORDER BY e.submitted DESC, e.worker_id LIMIT %s FOR NO KEY UPDATE OF e SKIP LOCKED
)
UPDATE enrolment given SET gold_micros = given.gold_micros + %s FROM low
WHERE given.project_id = low.project_id AND given.worker_id = low.worker_id
"""  # noqa: S608 (a constant)
_PROMOTE = """
WITH urgent AS (
    SELECT project_id, pos FROM queue WHERE project_id = %s AND rank IS NOT NULL AND rank < %s
    ORDER BY rank LIMIT %s FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM queue q USING urgent u WHERE q.project_id = u.project_id AND q.pos = u.pos
    RETURNING q.project_id, q.rank, q.task_id, q.open
)
INSERT INTO short_queue (project_id, rank, task_id, open) SELECT project_id, rank, task_id, open FROM taken
"""
