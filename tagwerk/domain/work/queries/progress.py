"""How far a project is, without counting its tasks or answers one by one."""

from collections.abc import Collection
from dataclasses import dataclass

from tagwerk.base.arrays import bigints
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.queries import sql


@dataclass(frozen=True, slots=True)
class Progress:
    """Tasks and answers of a project. `waiting` tasks are not open yet; `decided` ones want no more answers."""

    tasks: int
    gold_tasks: int
    opened: int
    decided: int
    held: int
    answers: int  # in the feed, those to gold too
    approved: int
    rejected: int
    workers: int
    committed_micros: int
    paid_micros: int
    waits_for_money: bool
    settled: bool
    reserved_micros: int

    @property
    def waiting(self) -> int:
        """Tasks that are not open for work yet."""
        return self.tasks - self.opened


def progress(project_id: int) -> Progress:
    """Where the project stands, for who has passed a gate."""
    return progress_of([project_id])[project_id]


def progress_of(project_ids: Collection[int]) -> dict[int, Progress]:
    """Where each of several projects stands, in as many questions as for one."""
    found = sql.rows(_PROGRESS, {"projects": bigints(project_ids)})
    reserved = projects.reserved_of({number: currency for number, currency, paid, *_ in found if paid})
    return {
        number: Progress(*[*columns, reserved.get(number, 0)]) for number, _currency, _paid, *columns in found
    }


_PROGRESS = """
SELECT p.id, p.currency, p.paid, b.tasks, b.gold, coalesce(o.opened_tasks, 0), coalesce(o.closed_tasks, 0),
    (SELECT count(*) FROM hold WHERE project_id = p.id),
    coalesce((SELECT max(seq) FROM answer_feed WHERE project_id = p.id), 0),
    coalesce(o.approved, 0), coalesce(o.rejected, 0),
    (SELECT count(*) FROM enrolment WHERE project_id = p.id AND submitted > 0),
    coalesce(o.committed_micros, 0), coalesce(o.paid_micros, 0), coalesce(o.waits_for_money, false),
    coalesce(o.settled_at IS NOT NULL, false)
FROM project p
LEFT JOIN opening o ON o.project_id = p.id,
LATERAL (SELECT coalesce(sum(tasks - gold_tasks), 0)::bigint AS tasks, coalesce(sum(gold_tasks), 0)::bigint AS gold
    FROM batch WHERE project_id = p.id) b
WHERE p.id = ANY(%(projects)s::bigint[])
"""
