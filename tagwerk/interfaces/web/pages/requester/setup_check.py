"""The check step: what is still wrong, with the way there; three tasks done as a worker does them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tagwerk.domain.designs.rules.columns import LOOKED_AT
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.projects.rules import STEPS
from tagwerk.domain.work import queries
from tagwerk.interfaces.web.pages.requester.setup_data import empties, misfits
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page, step_label
from tagwerk.interfaces.web.pages.requester.setup_people import people_said
from tagwerk.interfaces.web.pages.requester.setup_quality import quality_said
from tagwerk.interfaces.web.pages.requester.starting import QUESTIONS, first_question

CONFIRMED = ("design", "people", "quality", "pay")


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, or worth a thought; `step` is where it is mended."""

    step: str
    text: str
    stops: bool
    href: str = ""  # the very place, where it is not the step as a whole
    label: str = ""

    @property
    def step_label(self) -> str:
        return self.label or step_label(self.step)


def troubles(setup: Setup, file: ProjectFile) -> list[Trouble]:
    """All that stands in the way of launching, then what is worth a thought, in the order of the steps."""
    found = [*_of_data(setup, file), *_of_design(file)]
    for said in (people_said, quality_said):
        if worry := said(setup, file)["worry"]:
            found.append(Trouble(worry.step, worry.text, stops=False, href=worry.href, label=worry.label))
    if unseen := [step for step in CONFIRMED if step not in setup.project.prepared]:
        names = ", ".join(map(step_label, unseen))
        found.append(Trouble(unseen[0], _("Not looked at yet: {steps}.").format(steps=names), stops=False))
    return sorted(found, key=lambda one: (not one.stops, STEPS.index(one.step)))


def _of_data(setup: Setup, file: ProjectFile) -> list[Trouble]:
    if not setup.progress.tasks:
        return [] if file.from_ is not None else [Trouble("data", _("There are no tasks yet."), stops=True)]
    found = []
    if stale := queries.gold_misfits(setup.project.id):
        text = ngettext(
            "{count} gold row no longer fits the questions: discard the rows and bring them in again, or change the questions back.",
            "{count} gold rows no longer fit the questions: discard the rows and bring them in again, or change the questions back.", stale,
        ).format(count=stale)  # fmt: skip
        found.append(Trouble("data", text, stops=True))
    tasks = queries.tasks_after(setup.project.id, 0, LOOKED_AT)
    rows = [task.data for task in tasks]
    if lacking := misfits(setup, rows):
        text = ngettext(
            "{count} of the first {rows} rows lacks what the design shows.",
            "{count} of the first {rows} rows lack what the design shows.", lacking,
        ).format(count=lacking, rows=len(rows))  # fmt: skip
        return [*found, Trouble("design", text, stops=True)]
    place = setup.url("data") + "#empty"
    found += [
        Trouble("data", one.text, stops=False, href=place, label=_("What to do"))
        for one in empties(setup, tasks)
    ]
    return found


def _of_design(file: ProjectFile) -> list[Trouble]:
    found = []
    samples = [
        question["label"] for kind in QUESTIONS for question in first_question(kind, file.language).values()
    ]
    if any(question.label in samples for question in file.ask.values()):
        found.append(
            Trouble("design", _("A question still has its sample words; put it into your own."), stops=False)
        )
    if not file.instructions:
        found.append(
            Trouble(
                "design",
                _("There are no instructions yet. Two sentences on what to do in doubt help a lot."),
                stops=False,
            )
        )
    return found


def wrong_steps(found: list[Trouble]) -> dict[str, Any]:
    """The steps that stand in the way, for the list of steps."""
    return {one.step: True for one in found if one.stops}


@setup_page("check")
def setup_check(setup: Setup) -> HttpResponse:
    """What is still wrong, and the way into the try-out."""
    if setup.request.method == "POST":
        setup.note()
        return setup.go_on()
    found = troubles(setup, setup.with_parts({}))
    values = setup.values(wrong=wrong_steps(found), troubles=found, tried="check" in setup.project.prepared)
    return render(setup.request, "pages/requester/setup_check.html", values)
