"""Rejections: how many there were lately, and those that wait for a second person, with what they would do."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import ProposedRejection
from tagwerk.domain.quality.rules.appeals import ProposalState
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import sql


@dataclass(frozen=True, slots=True)
class Recent:
    """How many answers of a project, and of some of its workers, were rejected or are proposed for it."""

    of_project: int
    of_workers: dict[int, int]
    answers: int


def recently_rejected(project_id: int, *, since: datetime, worker_ids: Collection[int]) -> Recent:
    """Those that stand rejected, and those that wait for a second person."""
    by_worker = Counter(dict(sql.rows(_RECENT, {"project": project_id, "since": since})))
    answers = sql.value("SELECT sum(submitted) FROM enrolment WHERE project_id = %s", [project_id]) or 0
    return Recent(by_worker.total(), {one: by_worker[one] for one in worker_ids}, int(answers))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rejection that waits. `name`: of own staff only."""

    assignment_id: int
    task_id: int
    pseudonym: str
    name: str | None
    code: str
    reason: str
    reward_micros: int


@dataclass(frozen=True)
class ProposedBatch:
    """All that one person wants to reject and that waits: what it would do, and to whom."""

    proposed_by_id: int | None
    proposed_by: str
    proposed_at: datetime
    until: datetime
    workers: int
    micros: int
    proposals: list[Proposal]


def waiting_rejections(project: ProjectView) -> list[ProposedBatch]:
    """What waits in a project, by who proposed it; for those who have passed the gate."""
    rows = list(
        ProposedRejection.objects.filter(project_id=project.id, state=ProposalState.WAITING).order_by(
            "proposed_by_id", "proposed_at", "assignment_id"
        )[:500]
    )
    facts = {
        number: (task_id, micros)
        for number, task_id, micros in sql.rows(_FACTS, [project.id, [row.assignment_id for row in rows]])
    }
    names = work.pseudonyms(project.id, [row.worker_id for row in rows])
    people = [row.worker_id for row in rows] + [row.proposed_by_id for row in rows if row.proposed_by_id]
    staff = accounts.staff_names(project.organisation_id, people)
    return [
        _batch(person_id, [row for row in rows if row.proposed_by_id == person_id], facts, names, staff)
        for person_id in dict.fromkeys(row.proposed_by_id for row in rows)
    ]


def _batch(
    person_id: int | None,
    rows: list[ProposedRejection],
    facts: dict[int, tuple[int, int]],
    names: dict[int, str],
    staff: dict[int, str],
) -> ProposedBatch:
    proposals = [
        Proposal(
            row.assignment_id, facts[row.assignment_id][0], names.get(row.worker_id, ""), staff.get(row.worker_id),
            row.code, row.reason, facts[row.assignment_id][1],
        )
        for row in rows
    ]  # fmt: skip
    return ProposedBatch(
        person_id, staff.get(person_id or 0, ""), rows[0].proposed_at, min(row.until for row in rows),
        len({row.worker_id for row in rows}), sum(one.reward_micros for one in proposals), proposals,
    )  # fmt: skip


def waiting_rejections_count(project_id: int) -> int:
    """How many wait in a project; for those who have passed its gate."""
    return ProposedRejection.objects.filter(project_id=project_id, state=ProposalState.WAITING).count()


def projects_with_waiting_rejections(actor: Actor) -> list[tuple[int, int, datetime]]:
    """For operators: project, how many wait in it, and until when the first of them."""
    require_operator(actor)
    return sql.rows(_WAITING_IN)


_RECENT = """
SELECT worker_id, count(*) FROM (
    SELECT a.worker_id FROM rejection j JOIN assignment a ON a.project_id = j.project_id AND a.id = j.assignment_id
        WHERE j.project_id = %(project)s AND j.rejected_at > %(since)s AND a.state = 3
    UNION ALL
    SELECT worker_id FROM proposed_rejection WHERE project_id = %(project)s AND state = 'waiting'
) r GROUP BY worker_id
"""
_FACTS = "SELECT id, task_id, reward_micros FROM assignment WHERE project_id = %s AND id = ANY(%s)"
_WAITING_IN = """
SELECT project_id, count(*), min(until) FROM proposed_rejection WHERE state = 'waiting' GROUP BY project_id
ORDER BY 3 LIMIT 200
"""
