"""How far a project is, without counting its tasks or answers one by one."""

from dataclasses import dataclass

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
    reserved_micros: int
    committed_micros: int
    paid_micros: int
    waits_for_money: bool
    settled: bool

    @property
    def waiting(self) -> int:
        """Tasks that are not open for work yet."""
        return self.tasks - self.opened


def progress(project_id: int) -> Progress:
    """Where the project stands, for who has passed a gate."""
    project = projects.project(project_id)
    reserved = projects.reserved_micros(project_id, project.currency) if project.paid else 0
    found = sql.row(_PROGRESS, {"project": project_id})
    assert found is not None
    (
        tasks,
        gold,
        opened,
        closed,
        held,
        answers,
        approved,
        rejected,
        workers,
        committed,
        paid,
        waits,
        settled,
    ) = found
    return Progress(
        tasks,
        gold,
        opened,
        closed,
        held,
        answers,
        approved,
        rejected,
        workers,
        reserved,
        committed,
        paid,
        waits,
        settled,
    )


_PROGRESS = """
SELECT b.tasks, b.gold, coalesce(o.opened_tasks, 0), coalesce(o.closed_tasks, 0),
    (SELECT count(*) FROM hold WHERE project_id = p.id),
    coalesce((SELECT max(seq) FROM answer_feed WHERE project_id = p.id), 0),
    coalesce(o.approved, 0), coalesce(o.rejected, 0),
    (SELECT count(*) FROM enrolment WHERE project_id = p.id AND submitted > 0),
    coalesce(o.committed_micros, 0), coalesce(o.paid_micros, 0), coalesce(o.waits_for_money, false),
    coalesce(o.settled_at IS NOT NULL, false)
FROM (SELECT %(project)s::bigint AS id) p
LEFT JOIN opening o ON o.project_id = p.id,
LATERAL (SELECT coalesce(sum(tasks - gold_tasks), 0)::bigint AS tasks, coalesce(sum(gold_tasks), 0)::bigint AS gold
    FROM batch WHERE project_id = p.id) b
"""
