"""Experts: a project of its own takes what is not certain in another, and its results go back."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import project_file_of
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import UNRESOLVED
from tagwerk.domain.quality import queries as quality
from tagwerk.interfaces.web.pages.requester.file_text import plain_file
from tagwerk.interfaces.web.pages.requester.frame import Frame

# One expert answers first, and others only where that is not enough.
PLAN = {"answers": {"min": 1, "max": 3, "confidence": 0.9}}
NOT_TAKEN_OVER = ("budget", "pilot", "from")


@dataclass(frozen=True)
class Unsure:
    """How many tasks are not certain though no further answer is worth its price, and the projects that take them."""

    tasks: int
    experts: list[ProjectView]


def unsure_of(frame: Frame) -> Unsure:
    """What needs an expert in this project."""
    fed = projects.projects_fed_by(frame.project.id)
    tasks = quality.progress(frame.project.id).exhausted
    return Unsure(tasks, [one for one in fed if one.source_each == UNRESOLVED])


def file_for_experts(project: ProjectView) -> ProjectFile:
    """A project that asks the same of other people, about what is not certain in this one."""
    file = {name: part for name, part in plain_file(project.file).items() if name not in NOT_TAKEN_OVER}
    return project_file_of(
        {
            **file,
            "title": _("{title}: experts").format(title=project.title[:180]),
            "from": {"project": project.public_id, "each": UNRESOLVED},
            "quality": PLAN,
        }
    )


def source_of(project: ProjectView) -> ProjectView | None:
    """The project from which this one's tasks come."""
    return projects.project(project.source_project_id) if project.source_project_id else None
