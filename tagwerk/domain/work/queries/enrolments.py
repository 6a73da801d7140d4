"""Workers in projects: who may work on what, and why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import WorkerProfile
from tagwerk.domain.accounts.rules import Actor, Permission, may
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.models import Enrolment
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

    @property
    def has_worked(self) -> bool:
        """Whether they have, or have handed in, any task of it."""
        return bool(self.held or self.submitted)


def enrolment(person_id: int, project_id: int) -> EnrolmentView:
    """A worker's enrolment; NotFound where they have none."""
    mine = enrolment_if_any(person_id, project_id)
    if mine is None:
        raise NotFound("enrolment_not_found", "You do not work on this project yet.")
    return mine


def enrolment_if_any(person_id: int, project_id: int) -> EnrolmentView | None:
    """A worker's enrolment, or None."""
    row = Enrolment.objects.filter(project_id=project_id, worker_id=person_id).first()
    return _view(row) if row else None


def enrolments_of(person_id: int, project_ids: Collection[int]) -> dict[int, EnrolmentView]:
    """A worker's enrolments in some projects, by the project's number."""
    rows = Enrolment.objects.filter(worker_id=person_id, project_id__in=project_ids)
    return {row.project_id: _view(row) for row in rows}


def workers_page(
    actor: Actor,
    project_id: int,
    *,
    after: str = "",
    limit: int = 100,
    paused: bool = False,
    among: Collection[int] | None = None,
) -> list[EnrolmentView]:
    """For members: the project's workers by keyset on their pseudonym; a number would tell who they are elsewhere."""
    project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    rows = Enrolment.objects.filter(project_id=project_id, pseudonym__gt=after).order_by("pseudonym")
    if paused:
        rows = rows.exclude(pause_reason=None)
    if among is not None:
        rows = rows.filter(worker_id__in=list(among))
    return [_view(row) for row in rows[:limit]]


def worker_of_pseudonym(actor: Actor, project_id: int, pseudonym: str) -> int:
    """For members: the worker whom they know by this pseudonym."""
    project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    row = Enrolment.objects.filter(project_id=project_id, pseudonym=pseudonym).first()
    if row is None:
        raise NotFound("worker_not_found", "This person does not work on this project.")
    return int(row.worker_id)


def enrolment_named(project_id: int, pseudonym: str) -> EnrolmentView:
    """The worker whom a project knows by this pseudonym; for who has passed the gate to its workers."""
    row = Enrolment.objects.filter(project_id=project_id, pseudonym=pseudonym).first()
    if row is None:
        raise NotFound("worker_not_found", "This person does not work on this project.")
    return _view(row)


def works_among_members(actor: Actor, project: ProjectView) -> bool:
    """Whether a member works on a project that they do not run: then it shows them no more than its workers."""
    if actor.person_id is None or may(actor, project.organisation_id, Permission.PROJECT_MANAGE):
        return False
    return Enrolment.objects.filter(project_id=project.id, worker_id=actor.person_id).exists()


def project_with_answers(actor: Actor, project_id: int, permission: Permission) -> ProjectView:
    """The gate of members to tasks, gold, answers and results; it is shut to those who work on the project themselves."""
    project = projects.project_for(actor, project_id, permission)
    require_apart(actor, project)
    return project


def require_apart(actor: Actor, project: ProjectView) -> None:
    """Refuse a member who works on the project themselves; the rest of that gate, where the project is at hand."""
    if works_among_members(actor, project):
        raise NotAllowed(
            "works_here",
            "You work on this project yourself, so its tasks, answers and results are not shown to you. "
            "Who manages it sees them.",
        )


def pseudonyms(project_id: int, worker_ids: list[int]) -> dict[int, str]:
    """Worker → the name under which the requester knows them."""
    rows = Enrolment.objects.filter(project_id=project_id, worker_id__in=worker_ids)
    return dict(rows.values_list("worker_id", "pseudonym"))


def reasons_now(project: ProjectView, person_id: int) -> list[str]:
    """Why this person may not work on the project, as things stand now."""
    return reasons_of([project], accounts.worker_profile(person_id))[project.id]


def reasons_of(those: Collection[ProjectView], who: WorkerProfile) -> dict[int, list[str]]:
    """The same for several projects, by number; the queries do not grow with them."""
    scores = academy.scores_in(who.person_id, {project.organisation_id for project in those})
    return {
        project.id: reasons_against(
            project.audience,
            Candidate(
                kind=who.kind, is_active=who.is_active, is_adult=who.is_adult, country=who.country,
                languages=who.languages, scores=scores[project.organisation_id],
                teams=who.teams.get(project.organisation_id, ()), email=who.email,
            ),
            sensitive=project.sensitivity > LAST_SAFE_SENSITIVITY,
        )
        for project in those
    }  # fmt: skip


def _view(row: Enrolment) -> EnrolmentView:
    return EnrolmentView(
        row.project_id, row.worker_id, row.pseudonym, row.eligible, tuple(row.reasons), row.pause_reason,
        row.paused_at, len(row.held), row.submitted, row.stops, row.consented_at, row.enrolled_at,
    )  # fmt: skip
