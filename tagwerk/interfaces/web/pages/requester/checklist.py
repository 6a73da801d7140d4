"""The checklist of a project until its first export: what is done, and what to do now."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.exports import queries as exports
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.pages.requester.frame import RESULTS, REVIEW, Frame
from tagwerk.interfaces.web.pages.requester.setup_frame import continue_at, step_label
from tagwerk.interfaces.web.pages.requester.words import tasks_text


@dataclass(frozen=True)
class Step:
    """A line of the checklist."""

    label: str
    done: bool
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    """All lines, and where a draft goes on; `now` is the first that is open."""

    steps: list[Step]
    continue_label: str = ""
    continue_href: str = ""

    @property
    def now(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)


def checklist(frame: Frame) -> Checklist | None:
    """What is still to do until the first export; None when everything is done, or nothing will be."""
    if frame.project.state is State.ARCHIVED or (
        frame.project.finished_at and not frame.figures.judged.settled
    ):
        return None
    draft = frame.project.state is State.DRAFT
    steps = [*_before_launch(frame, draft=draft), *_after_launch(frame)]
    if all(step.done for step in steps):
        return None
    if not (draft and frame.may_manage):
        return Checklist(steps)
    step = continue_at(frame.project, bool(frame.figures.tasks))
    label = _("Go on at “{step}”").format(step=step_label(step))
    return Checklist(steps, label, frame.url(f"setup_{step}"))


def _before_launch(frame: Frame, *, draft: bool) -> list[Step]:
    project, tasks = frame.project, frame.figures.tasks
    steps = [
        Step(
            _("Bring in tasks"), bool(tasks), _to(frame, "setup_data" if draft else "project_import"),
            tasks_text(tasks) if tasks else "",
        ),
        Step(_("Try the design out"), not draft or "check" in project.prepared, _to(frame, "setup_check")),
    ]  # fmt: skip
    if accounts.organisation(project.organisation_id).approved_at is None:
        steps.append(Step(_("Be approved by those who run this site"), False))
    if frame.shows_money:
        steps.append(_money_step(frame) if draft else Step(_("Have the money for it"), True))
    return [*steps, Step(_("Launch"), not draft, _to(frame, "setup_launch"))]


def _after_launch(frame: Frame) -> list[Step]:
    answers, settled = frame.figures.answers, frame.figures.judged.settled
    exported = frame.may_export and bool(exports.exports_of(frame.actor, frame.project.id, limit=1))
    review = frame.url(REVIEW) if frame.may_review and answers and not frame.works_here else ""
    steps = [
        Step(_("Receive the first answer"), bool(answers)),
        Step(_("Have the first result"), bool(settled), review),
    ]
    if frame.may_export:
        steps.append(Step(_("Export the first results"), exported, frame.url(RESULTS) if settled else ""))
    return steps


def _to(frame: Frame, name: str) -> str:
    return frame.url(name) if frame.may_manage else ""


def _money_step(frame: Frame) -> Step:
    project = frame.project
    there = payments.prepaid_micros(project.organisation_id, project.currency)
    needed = (
        work.estimate(project.id, as_if=project).largest_micros
        if project.budget_micros is None
        else project.budget_micros
    )
    org = public_id("org", project.organisation_id)
    return Step(_("Have the money for it"), there >= needed > 0, reverse("organisation_money", args=[org]))
