"""The gate of a worker to a project's page, and what the pages say about its pay."""

from tagwerk.base.ids import row_number
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Entered
from tagwerk.interfaces.web.choices import language_name


def project_for_worker(person_id: int, public: str) -> Entered:
    """The project behind a page's address, if it exists for the worker."""
    return work.project_for_worker(person_id, row_number("prj", public))


def hourly_micros(reward_micros: int, seconds: float) -> int:
    """The pay per hour that a pay per answer comes to, rounded to cents; 0 where nobody knows."""
    return round(reward_micros * 3600 / seconds / 10_000) * 10_000 if seconds else 0


def language_of(project: ProjectView) -> str:
    """The language of the project's texts."""
    return language_name(str(project.file.get("language", "")))
