"""What all steps of setting a draft up share: the list of steps, the price at every step, and how a step is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import project_file_of
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as projects_queries
from tagwerk.domain.projects import rules
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Estimate, Progress
from tagwerk.interfaces.web.formats import percent_text
from tagwerk.interfaces.web.guards import ActorRequest, View
from tagwerk.interfaces.web.pages.requester.file_text import plain_file
from tagwerk.interfaces.web.pages.requester.frame import OVERVIEW, Frame, project_page
from tagwerk.interfaces.web.posting import see_other

STEPS = {
    "data": (gettext_noop("Data"), gettext_noop("Which rows become tasks")),
    "design": (gettext_noop("Design"), gettext_noop("What a task shows and asks")),
    "people": (gettext_noop("People"), gettext_noop("Who may answer")),
    "quality": (gettext_noop("Quality"), gettext_noop("How sure a result has to be")),
    "pay": (gettext_noop("Pay"), gettext_noop("What an answer is paid")),
    "check": (gettext_noop("Check"), gettext_noop("Do three tasks yourself")),
    "launch": (gettext_noop("Launch"), gettext_noop("Everything once more, and go")),
}
CENT_MICROS = 10_000
GOLD_SHARE = 0.1  # what a draft begins to serve when its first right answers come in


@dataclass(frozen=True)
class StepLine:
    """A step in the list. `state`: done, current, open, problem."""

    name: str
    number: int
    label: str
    href: str
    is_current: bool
    state: str

    @property
    def says(self) -> str:
        """The state in a word, for who does not see the sign."""
        return {"done": _("done"), "problem": _("something is wrong"), "open": _("open")}[self.state]


@dataclass(frozen=True)
class Price:
    """What the project costs as it stands, in whole cents; without tasks, what one task costs."""

    estimate: Estimate
    per_task: bool

    @property
    def most_micros(self) -> int:
        return cents_up(self.estimate.largest_micros)

    @property
    def likely_micros(self) -> int:
        return cents_up(self.estimate.expected_micros)

    @property
    def seconds(self) -> int | None:
        """Of work, all together."""
        return self.estimate.forecast.mid.seconds

    @property
    def fee_micros(self) -> int:
        """The fee in the largest cost."""
        fee_bp = Fraction(self.estimate.assumptions.fee_bp)
        return round(self.estimate.largest_micros * fee_bp / (10_000 + fee_bp))


def cents_up(micros: int) -> int:
    """In whole cents: an estimate need not be finer."""
    return -(-micros // CENT_MICROS) * CENT_MICROS


def _pay_of(file: ProjectFile) -> dict[str, Any]:
    return file.pay.model_dump(mode="json", exclude_none=True)


class Setup:
    """A draft on the pages on which it is set up."""

    def __init__(self, request: ActorRequest, frame: Frame, step: str) -> None:
        self.request, self.frame, self.step = request, frame, step
        self._usual: dict[str, int] = {}  # pay plan → what a task pays on average

    @property
    def project(self) -> ProjectView:
        return self.frame.project

    @cached_property
    def progress(self) -> Progress:
        return work.progress(self.project.id)

    @property
    def rows(self) -> int:
        """How many tasks there are, gold among them."""
        return self.progress.tasks + self.progress.gold_tasks

    @cached_property
    def file(self) -> dict[str, Any]:
        """The project's file as somebody would write it."""
        return plain_file(self.project.file)

    def url(self, step: str = "") -> str:
        """The address of a step; without one, of this."""
        return self.frame.url(f"setup_{step or self.step}")

    def price(self, as_if: ProjectView | None = None) -> Price:
        """What it costs as it stands, or as it is about to be."""
        project = as_if or self.project
        estimate = work.estimate(project.id, as_if=project)
        if estimate.tasks:
            return Price(estimate, per_task=False)
        one = work.most_price(project)
        return Price(
            replace(
                estimate, largest_micros=one * project.answers_max,
                assumptions=replace(estimate.assumptions, tasks=1, gold_bp=0),
            ),
            per_task=True,
        )  # fmt: skip

    def as_if(self, file: ProjectFile) -> ProjectView:
        """The project as this file would make it, for prices and audiences."""
        view = self._as_if(file)
        if view.measures and view.task_micros is None and self.rows:
            found = self._usual.get(str(_pay_of(file)))
            if found is None:
                found = work.estimate(view.id, as_if=view).costs.mean_micros
                self._usual[str(_pay_of(file))] = found
            view = replace(view, task_micros=found)
        return view

    def _as_if(self, file: ProjectFile) -> ProjectView:
        agreed, fee_bp = self.project.client_micros, self.project.fee_bp
        if agreed is not None and file.pay.reward_micros:
            fee_bp = rules.agreed_fee_bp(agreed, file.pay.reward_micros)
        return replace(
            self.project, fee_bp=fee_bp, file=file.model_dump(mode="json", by_alias=True, exclude_none=True), paid=file.paid,
            currency=file.pay.currency, reward_micros=file.pay.rate_micros,
            task_micros=self.project.task_micros if self.project.file.get("pay") == _pay_of(file) else None,
            budget_micros=file.budget_micros if file.paid else None, hour_guarantee=bool(file.pay.hour_guarantee),
            hour_micros=file.pay.hour_micros, most_seconds=file.pay.most_seconds,
            answers_min=file.answers.min, answers_max=file.answers.max, confidence=file.answers.confidence,
            gold_share_bp=file.gold_share_bp, estimate_seconds=file.pay.usual_seconds,
            sensitivity=file.sensitivity, audience=file.audience.model_dump(mode="json", exclude_none=True),
        )  # fmt: skip

    def with_parts(self, parts: Mapping[str, Any]) -> ProjectFile:
        """The file with some parts replaced (None: left out); ProjectFileError names what is wrong by its path."""
        changed = {**self.file, **parts}
        return project_file_of({name: value for name, value in changed.items() if value is not None})

    def keep(self, file: ProjectFile) -> None:
        """Save the file as a new version, and note that this step is done."""
        self.revise(file)
        self.note()

    def revise(self, file: ProjectFile) -> None:
        """Save the file as a new version."""
        work_actions.revise(actor=self.request.actor, project_id=self.project.id, file=file)

    def serve_gold(self, had: int) -> None:
        """Have gold served once the first right answers are there: without a share, nobody would ever get them."""
        gold = work.progress(self.project.id).gold_tasks
        project = projects_queries.project(self.project.id)
        if had or not gold or project.gold_share_bp:
            return
        file = plain_file(project.file)
        quality = {**(file.get("quality") or {}), "gold_share": GOLD_SHARE}
        self.revise(project_file_of({**file, "quality": quality}))
        text = _(
            "From now on, {share} of the tasks that somebody gets are gold. You can change that in “{step}”."
        )
        messages.info(self.request, text.format(share=percent_text(GOLD_SHARE), step=step_label("quality")))

    def note(self) -> None:
        """Note that this step is done."""
        projects.note_prepared(actor=self.request.actor, project_id=self.project.id, step=self.step)

    def go_on(self) -> HttpResponse:
        """To where the pressed button leads: out of the set-up for now, or to the step after this."""
        if self.request.POST.get("do") == "leave":
            messages.success(self.request, _("Saved. You find the draft here and can go on at any time."))
            return see_other("projects")
        if self.request.POST.get("do") == "gold":  # a page of its own, and back
            return see_other(self.url("gold"))
        if self.request.POST.get("do") == "rules":
            return see_other(self.frame.url("project_rules"))
        return see_other(self.url(rules.STEPS[rules.STEPS.index(self.step) + 1]))

    def lines(self, wrong: Mapping[str, Any]) -> list[StepLine]:
        """The list of steps; `wrong` has those with a problem."""
        has_data = self.rows or self.project.source_project_id is not None
        done = {*self.project.prepared} - {"data"} | ({"data"} if has_data else set())
        return [
            StepLine(
                name, number, _(label), self.url(name), name == self.step,
                "problem" if name in wrong else "done" if name in done else "open",
            )
            for number, (name, (label, _lead)) in enumerate(STEPS.items(), 1)
        ]  # fmt: skip

    def values(
        self, *, wrong: Mapping[str, Any] | None = None, price: Price | None = None, **more: Any
    ) -> dict[str, Any]:
        """What the templates below `_setup.html` need, and the step's own values."""
        label, lead = STEPS[self.step]
        lines = self.lines(wrong or {})
        place = rules.STEPS.index(self.step)
        return {
            "setup": self, "frame": self.frame, "project": self.project, "lines": lines,
            "step_label": _(label), "step_lead": _(lead), "price": price or self.price(),
            "before": lines[place - 1] if place else None, "following": lines[place + 1] if place + 1 < len(lines) else None,
            "number": place + 1,
            **more,
        }  # fmt: skip


StepPage = Callable[..., HttpResponseBase]


def setup_page(step: str) -> Callable[[StepPage], View]:
    """A step of setting a draft up; what is launched is not set up any more."""

    def guard(page: StepPage) -> View:
        @wraps(page)
        def guarded(request: ActorRequest, frame: Frame, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if frame.project.state is not State.DRAFT:
                return see_other(frame.url(OVERVIEW))
            return page(Setup(request, frame, step), *args, **kwargs)

        return project_page(Permission.PROJECT_MANAGE)(guarded)

    return guard


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def setup(request: ActorRequest, frame: Frame) -> HttpResponse:
    """Go on where the set-up was left."""
    if frame.project.state is not State.DRAFT:
        return see_other(frame.url(OVERVIEW))
    return see_other(
        frame.url(f"setup_{continue_at(frame.project, bool(work.progress(frame.project.id).tasks))}")
    )


def continue_at(project: ProjectView, has_tasks: bool) -> str:
    """The step at which a draft's set-up goes on."""
    has_tasks = has_tasks or project.source_project_id is not None  # or they come by themselves
    return rules.next_step(project.prepared, has_tasks=has_tasks)


def step_label(step: str) -> str:
    """The name of a step in the reader's language."""
    return _(STEPS[step][0])
