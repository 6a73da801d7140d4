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
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY


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
    """A project as a worker finds it. `has_tasks`: something is open, though perhaps nothing for this worker."""

    project: ProjectView
    eligible: bool
    reasons: tuple[str, ...]
    pause_reason: str | None
    has_tasks: bool
    held: int
    submitted: int
    consented: bool


def available_projects(
    person_id: int, *, before: int | None = None, limit: int = 50
) -> list[AvailableProject]:
    """The newest open projects that exist for this worker, by keyset; the queries do not grow with their number."""
    who = accounts.worker_profile(person_id)
    known = _worked_on_though_private(person_id)
    found = projects.open_projects(who.email, who.roles, known=known, before=before, limit=limit)
    numbers = [project.id for project in found]
    mine = enrolments_of(person_id, numbers)
    reasons = reasons_of([project for project in found if project.id not in mine], who)
    busy = {project_id for (project_id,) in sql.rows(_WITH_TASKS, [numbers])}
    return [
        _available(project, mine.get(project.id), reasons.get(project.id, []), project.id in busy)
        for project in found
    ]


def _available(
    project: ProjectView, mine: EnrolmentView | None, reasons_now: list[str], has_tasks: bool
) -> AvailableProject:
    reasons = mine.reasons if mine else tuple(reasons_now)
    return AvailableProject(
        project=project, eligible=not reasons, reasons=reasons,
        pause_reason=mine.pause_reason if mine else None, has_tasks=has_tasks,
        held=mine.held if mine else 0, submitted=mine.submitted if mine else 0,
        consented=mine is not None and mine.consented_at is not None,
    )  # fmt: skip


def _worked_on_though_private(person_id: int) -> list[int]:
    """Whoever has worked on a project goes on seeing it, also when it is for others now."""
    rows = Enrolment.objects.filter(
        Q(submitted__gt=0) | Q(held__len__gt=0), worker_id=person_id, eligible=False
    )
    return [number for number, why in rows.values_list("project_id", "reasons") if is_private_to_others(why)]


_WITH_TASKS = """
SELECT p.id FROM unnest(%s::bigint[]) p (id)
WHERE EXISTS (SELECT 1 FROM queue q WHERE q.project_id = p.id) OR EXISTS (SELECT 1 FROM short_queue q WHERE q.project_id = p.id)
"""
