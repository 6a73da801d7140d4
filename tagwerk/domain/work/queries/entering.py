"""The one gate of a worker to a project, for pages and programs, and the list of what passes it."""

from dataclasses import dataclass

from tagwerk.base.errors import NotFound
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.models import Enrolment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.enrolments import EnrolmentView, enrolment_if_any, reasons_now
from tagwerk.domain.work.rules.audience import may_see
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


def project_for_worker(person_id: int, project_id: int, *, afresh: bool = False) -> Entered:
    """The gate: a project that is open to this worker's eyes, or that they take part in already. `afresh`: whether
    they may work on it is looked at as things stand now, whatever their enrolment says."""
    project = projects.project(project_id)
    mine = enrolment_if_any(person_id, project_id)
    reasons = tuple(reasons_now(project, person_id)) if mine is None or afresh else mine.reasons
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


def available_projects(person_id: int, *, limit: int = 200) -> list[AvailableProject]:
    """The open projects that exist for this worker, those that they may work on first."""
    found = []
    mine = {row.project_id: row for row in Enrolment.objects.filter(worker_id=person_id)}
    open_ids = projects.project_ids_in([ProjectState.OPEN])
    busy = {project_id for (project_id,) in sql.rows(_WITH_TASKS, [open_ids])}
    for project_id in open_ids[-limit:]:
        project, row = projects.project(project_id), mine.get(project_id)
        reasons = tuple(row.reasons) if row else tuple(reasons_now(project, person_id))
        worked = row is not None and bool(row.submitted or row.held)
        if not may_see(project.state, reasons, enrolled=row is not None, has_worked=worked):
            continue
        found.append(
            AvailableProject(
                project=project, eligible=not reasons, reasons=reasons,
                pause_reason=row.pause_reason if row else None, has_tasks=project_id in busy,
                held=len(row.held) if row else 0, submitted=row.submitted if row else 0,
                consented=row is not None and row.consented_at is not None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.eligible, not one.has_tasks, -one.project.id))


_WITH_TASKS = """
SELECT p.id FROM unnest(%s::bigint[]) p (id)
WHERE EXISTS (SELECT 1 FROM queue q WHERE q.project_id = p.id) OR EXISTS (SELECT 1 FROM short_queue q WHERE q.project_id = p.id)
"""
