"""The gate of a worker to a project's page, and what the pages say about its pay."""

from dataclasses import dataclass

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import EnrolmentView
from tagwerk.domain.work.queries.enrolments import reasons_now
from tagwerk.interfaces.web.choices import language_name
from tagwerk.interfaces.web.pages.worker.words import is_private_to_others


@dataclass(frozen=True, slots=True)
class Entered:
    """A project as one worker finds it; `reasons`: why they may not work on it."""

    project: ProjectView
    enrolment: EnrolmentView | None
    reasons: tuple[str, ...]

    @property
    def needs_consent(self) -> bool:
        return self.project.sensitivity >= 2 and (
            self.enrolment is None or self.enrolment.consented_at is None
        )


def project_for_worker(person_id: int, public: str) -> Entered:
    """A project that is open to be looked at, or that the worker takes part in already."""
    project = projects.project(row_number("prj", public))
    try:
        mine = work.enrolment(person_id, project.id)
    except NotFound:
        mine = None
    reasons = mine.reasons if mine else tuple(reasons_now(project, person_id))
    if mine is None and (project.state is not State.OPEN or is_private_to_others(reasons)):
        raise NotFound("project_not_found", "There is no such project.")
    return Entered(project, mine, reasons)


def hourly_micros(reward_micros: int, seconds: float) -> int:
    """The pay per hour that a pay per answer comes to, rounded to cents; 0 where nobody knows."""
    return round(reward_micros * 3600 / seconds / 10_000) * 10_000 if seconds else 0


def language_of(project: ProjectView) -> str:
    """The language of the project's texts."""
    return language_name(str(project.file.get("language", "")))
