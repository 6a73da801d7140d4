"""The one gate of a worker to a project, for pages and programs, and the list of what passes it."""

from dataclasses import dataclass

from django.db.models import Q

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.models import Enrolment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.enrolments import (
    EnrolmentView,
    enrolment_if_any,
    enrolments_of,
    reasons_now,
    reasons_of,
)
from tagwerk.domain.work.rules.audience import is_private_to_others, may_see
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY, Idle


@dataclass(frozen=True, slots=True)
class Entered:
    """A project as one worker finds it; `reasons`: why they may not work on it."""

    project: ProjectView
    enrolment: EnrolmentView | None
    reasons: tuple[str, ...]

    @property
    def needs_consent(self) -> bool:
        """Whether the warning of a sensitive project still has to be agreed to."""
        return self.project.sensitivity > LAST_SAFE_SENSITIVITY and (
            self.enrolment is None or self.enrolment.consented_at is None
        )


def project_for_worker(person_id: int, project_id: int) -> Entered:
    """The gate: a project that is open to this worker's eyes, or that they take part in already."""
    project = projects.project(project_id)
    mine = enrolment_if_any(person_id, project_id)
    if mine is None or (is_private_to_others(mine.reasons) and not mine.has_worked):
        reasons = tuple(reasons_now(project, person_id))  # they may have been let in meanwhile
    else:
        reasons = mine.reasons
    worked = mine is not None and mine.has_worked
    if not may_see(project.state, reasons, enrolled=mine is not None, has_worked=worked):
        raise NotFound("project_not_found", "There is no such project.")
    return Entered(project, mine, reasons)


@dataclass(frozen=True, slots=True)
class AvailableProject:
    """A project as a worker finds it. `has_tasks`: something is open, though perhaps nothing for this worker.

    `tasks_left`: open tasks that this worker has not had, counted up to MOST_LEFT; `idle`: why there are none.
    """

    project: ProjectView
    eligible: bool
    reasons: tuple[str, ...]
    pause_reason: str | None
    has_tasks: bool
    held: int
    submitted: int
    consented: bool
    tasks_left: int = 0
    idle: Idle | None = None

    @property
    def is_open_to_me(self) -> bool:
        """Whether the worker may work on it now, as far as it depends on them."""
        return self.eligible and not self.pause_reason


MOST_LEFT = 51  # "more than 50": counting further helps nobody, and costs


def available_projects(
    person_id: int, *, before: int | None = None, limit: int = 50
) -> list[AvailableProject]:
    """The newest open projects that exist for this worker, by keyset; the queries do not grow with their number."""
    who = accounts.worker_profile(person_id)
    known = _worked_on_though_private(person_id)
    found = projects.open_projects(who.email, who.teams, known=known, before=before, limit=limit)
    numbers = [project.id for project in found]
    mine = enrolments_of(person_id, numbers)
    reasons = reasons_of([project for project in found if project.id not in mine], who)
    left = _left_of(person_id, numbers)
    return [
        _available(project, mine.get(project.id), reasons.get(project.id, []), left[project.id])
        for project in found
    ]


@dataclass(frozen=True, slots=True)
class _Left:
    """What is open in a project: for anybody, for one worker, and why nothing is."""

    tasks: int
    anything: bool
    held_by_others: bool
    waits_for_money: bool
    all_done: bool

    @property
    def idle(self) -> Idle | None:
        """Why nothing is left, the nearest reason first."""
        reasons = (
            (bool(self.tasks), None), (self.anything, Idle.HAD_ALL), (self.held_by_others, Idle.HELD),
            (self.waits_for_money, Idle.MONEY), (self.all_done, Idle.DONE),
        )  # fmt: skip
        return next((idle for holds, idle in reasons if holds), Idle.JUDGING)


def _left_of(person_id: int, project_ids: list[int]) -> dict[int, _Left]:
    values = {"worker": person_id, "projects": project_ids, "most": MOST_LEFT}
    return {number: _Left(*columns) for number, *columns in sql.rows(_LEFT, values)}


def _available(
    project: ProjectView, mine: EnrolmentView | None, reasons_now: list[str], left: _Left
) -> AvailableProject:
    reasons = mine.reasons if mine else tuple(reasons_now)
    return AvailableProject(
        project=project, eligible=not reasons, reasons=reasons,
        pause_reason=mine.pause_reason if mine else None, has_tasks=left.anything,
        held=mine.held if mine else 0, submitted=mine.submitted if mine else 0,
        consented=mine is not None and mine.consented_at is not None, tasks_left=left.tasks, idle=left.idle,
    )  # fmt: skip


def _worked_on_though_private(person_id: int) -> list[int]:
    """Whoever has worked on a project goes on seeing it, also when it is for others now."""
    rows = Enrolment.objects.filter(
        Q(submitted__gt=0) | Q(held__len__gt=0), worker_id=person_id, eligible=False
    )
    return [number for number, why in rows.values_list("project_id", "reasons") if is_private_to_others(why)]


# Where a worker's cursor has been they have had the tasks, or may come to them on a second lap: each part of the queue
# is looked at from where a claim would go on, and only as far as is counted.
_NOT_HAD = """NOT EXISTS (SELECT FROM assignment a
    WHERE a.project_id = p.id AND a.task_id = q.task_id AND a.worker_id = %(worker)s)"""
_LEFT = f"""
SELECT p.id, least(%(most)s, u.tasks + n.tasks + l.tasks)::int, u.any_open OR n.any_open OR l.any_open,
    EXISTS (SELECT FROM hold h WHERE h.project_id = p.id), coalesce(o.waits_for_money, false),
    coalesce(o.closed_tasks >= o.opened_tasks, true)
FROM unnest(%(projects)s::bigint[]) p (id)
LEFT JOIN opening o ON o.project_id = p.id
LEFT JOIN enrolment e ON e.project_id = p.id AND e.worker_id = %(worker)s,
LATERAL (SELECT count(*) FILTER (WHERE {_NOT_HAD}) AS tasks, count(*) > 0 AS any_open
    FROM (SELECT s.task_id FROM short_queue s WHERE s.project_id = p.id ORDER BY s.rank LIMIT %(most)s) q) u,
LATERAL (SELECT count(*) FILTER (WHERE {_NOT_HAD}) AS tasks, count(*) > 0 AS any_open
    FROM (SELECT x.task_id FROM queue x WHERE x.project_id = p.id AND x.pos > coalesce(e.cursor, 0)
        ORDER BY x.pos LIMIT %(most)s) q) n,
LATERAL (SELECT count(*) FILTER (WHERE {_NOT_HAD}) AS tasks, count(*) > 0 AS any_open
    FROM (SELECT x.task_id FROM queue x WHERE x.project_id = p.id AND x.pos > coalesce(e.lap_cursor, 0)
        AND x.pos <= coalesce(e.cursor, 0) ORDER BY x.pos LIMIT %(most)s) q) l
"""  # noqa: S608 (a constant)
