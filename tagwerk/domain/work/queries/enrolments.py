"""Workers in projects: who may work on what, and why not."""

from dataclasses import dataclass
from datetime import datetime

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, may
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State as ProjectState
from tagwerk.domain.work.models import Enrolment
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.audience import Candidate, reasons_against
from tagwerk.domain.work.rules.states import LAST_SAFE_SENSITIVITY


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """A worker in a project. `reasons`: why not eligible, such as "language:de-DE:C1"."""

    project_id: int
    worker_id: int
    pseudonym: str
    eligible: bool
    reasons: tuple[str, ...]
    pause_reason: str | None
    paused_at: datetime | None
    held: int
    submitted: int
    stops: int
    consented_at: datetime | None
    enrolled_at: datetime


def enrolment(person_id: int, project_id: int) -> EnrolmentView:
    """A worker's enrolment; NotFound where they have none."""
    row = Enrolment.objects.filter(project_id=project_id, worker_id=person_id).first()
    if row is None:
        raise NotFound("enrolment_not_found", "You do not work on this project yet.")
    return _view(row)


def workers_page(actor: Actor, project_id: int, *, after: str = "", limit: int = 100) -> list[EnrolmentView]:
    """For members: the project's workers by keyset on their pseudonym; a number would tell who they are elsewhere."""
    project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    rows = Enrolment.objects.filter(project_id=project_id, pseudonym__gt=after).order_by("pseudonym")
    return [_view(row) for row in rows[:limit]]


def worker_of_pseudonym(actor: Actor, project_id: int, pseudonym: str) -> int:
    """For members: the worker whom they know by this pseudonym."""
    project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    row = Enrolment.objects.filter(project_id=project_id, pseudonym=pseudonym).first()
    if row is None:
        raise NotFound("worker_not_found", "This person does not work on this project.")
    return int(row.worker_id)


def works_among_members(actor: Actor, project: ProjectView) -> bool:
    """Whether a member works on a project that they do not run: then it shows them no more than its workers."""
    if actor.person_id is None or may(actor, project.organisation_id, Permission.PROJECT_MANAGE):
        return False
    return Enrolment.objects.filter(project_id=project.id, worker_id=actor.person_id).exists()


def project_with_answers(actor: Actor, project_id: int, permission: Permission) -> ProjectView:
    """The gate of members to tasks, gold, answers and results; it is shut to those who work on the project themselves."""
    project = projects.project_for(actor, project_id, permission)
    if works_among_members(actor, project):
        raise NotAllowed(
            "works_here",
            "You work on this project yourself, so its tasks, answers and results are not shown to you. "
            "Who manages it sees them.",
        )
    return project


def pseudonyms(project_id: int, worker_ids: list[int]) -> dict[int, str]:
    """Worker → the name under which the requester knows them."""
    rows = Enrolment.objects.filter(project_id=project_id, worker_id__in=worker_ids)
    return dict(rows.values_list("worker_id", "pseudonym"))


def reasons_now(project: ProjectView, person_id: int) -> list[str]:
    """Why this person may not work on the project, as things stand now."""
    return reasons_against(
        project.audience,
        _candidate(project, person_id),
        sensitive=project.sensitivity > LAST_SAFE_SENSITIVITY,
    )


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
    """The open projects, those that this worker may work on first."""
    found = []
    mine = {row.project_id: row for row in Enrolment.objects.filter(worker_id=person_id)}
    open_ids = projects.project_ids_in([ProjectState.OPEN])
    busy = {project_id for (project_id,) in sql.rows(_WITH_TASKS, [open_ids])}
    for project_id in open_ids[-limit:]:
        project, row = projects.project(project_id), mine.get(project_id)
        reasons = tuple(row.reasons) if row else tuple(reasons_now(project, person_id))
        found.append(
            AvailableProject(
                project=project, eligible=not reasons, reasons=reasons,
                pause_reason=row.pause_reason if row else None, has_tasks=project_id in busy,
                held=len(row.held) if row else 0, submitted=row.submitted if row else 0,
                consented=row is not None and row.consented_at is not None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.eligible, not one.has_tasks, -one.project.id))


def _candidate(project: ProjectView, person_id: int) -> Candidate:
    profile, person = accounts.worker_profile(person_id), accounts.person(person_id)
    return Candidate(
        kind=profile.kind,
        is_active=profile.is_active,
        is_adult=profile.is_adult,
        country=profile.country,
        languages=profile.languages,
        scores=academy.scores_of(person_id, project.organisation_id),
        role=accounts.role_of(project.organisation_id, person_id),
        email=person.email,
    )


def _view(row: Enrolment) -> EnrolmentView:
    return EnrolmentView(
        row.project_id, row.worker_id, row.pseudonym, row.eligible, tuple(row.reasons), row.pause_reason,
        row.paused_at, len(row.held), row.submitted, row.stops, row.consented_at, row.enrolled_at,
    )  # fmt: skip


_WITH_TASKS = """
SELECT p.id FROM unnest(%s::bigint[]) p (id)
WHERE EXISTS (SELECT 1 FROM queue q WHERE q.project_id = p.id) OR EXISTS (SELECT 1 FROM short_queue q WHERE q.project_id = p.id)
"""
