"""A task to try on the start page: a real one, asked by the real elements; what is answered goes nowhere."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tagwerk.domain.designs.rules.design import DesignView
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.render import ShownBlock, render_task
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.interfaces.web.answers import QuestionElement, questions_context
from tagwerk.interfaces.web.pages.requester import examples
from tagwerk.interfaces.web.pages.requester.showing import unsaved_design

PLACE = "try"  # where on the start page it stands
ORDER = ("comparison", "choice", "rating", "text")


@dataclass(frozen=True)
class ExampleTask:
    """A task of one kind as the page shows it, and the way to the other kinds."""

    kind: str
    title: str
    instructions: str
    reward_micros: int
    seconds: int
    shown: list[ShownBlock]
    questions: list[QuestionElement]
    tabs: list[dict[str, object]]
    next_href: str
    next_label: str


def example_task(kind: str) -> ExampleTask:
    """The example of a kind (of the first where there is no such kind) in the reader's language."""
    kind = kind if kind in ORDER else ORDER[0]
    language = "de" if (get_language() or "").startswith("de") else "en"
    file, design = _read(kind, language)
    after = ORDER[(ORDER.index(kind) + 1) % len(ORDER)]
    return ExampleTask(
        kind=kind,
        title=file.title,
        instructions=design.instructions_html,
        reward_micros=file.pay.reward_micros,
        seconds=file.pay.estimate_seconds or 0,
        shown=render_task(design, examples.example(kind).rows[0], order="ab"),
        questions=questions_context(design),
        tabs=[{"label": _label(each), "href": _href(each), "current": each == kind} for each in ORDER],
        next_href=_href(after),
        next_label=_label(after),
    )


def _label(kind: str) -> str:
    return _(examples.KINDS[kind][0])


def _href(kind: str) -> str:
    return f"{reverse('start')}?example={kind}#{PLACE}"


@cache
def _read(kind: str, language: str) -> tuple[ProjectFile, DesignView]:
    file = read_project_file(examples.example(kind).file)
    return file, unsaved_design(file)
