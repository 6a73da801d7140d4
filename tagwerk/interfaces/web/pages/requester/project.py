"""A project at a glance: what to do next, how far it is, how sure, what it costs; and its steps."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import JudgingProgress, QuestionProgress
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Estimate, Progress
from tagwerk.interfaces.web.formats import number_text, percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.checklist import checklist
from tagwerk.interfaces.web.pages.requester.frame import (
    OVERVIEW,
    Frame,
    framed,
    project_page,
    wants_fragment,
)
from tagwerk.interfaces.web.pages.requester.words import answer_text, tasks_text

SHOWN_VALUES = 12


@vary_on_headers("HX-Request")
@project_page(Permission.PROJECT_VIEW)
def project(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The overview of a project; htmx asks for its progress alone."""
    if wants_fragment(request):
        return render(request, "pages/requester/_progress.html", _progress(frame))
    return overview(request, frame)


def overview(
    request: ActorRequest, frame: Frame, *, refused: Refusal | None = None, step: str = ""
) -> HttpResponse:
    """The page; with a step that was refused, why, and what was filled in."""
    shown = _progress(frame)
    progress, judged = shown["progress"], shown["judged"]
    money = _money(frame)
    values = framed(
        frame, OVERVIEW,
        **shown,
        checklist=checklist(frame, progress, settled=judged.settled),
        questions=[_question(frame, one) for one in judged.questions],
        money=money,
        steps_open=_steps(frame, progress, money),
        refused=refusal_text(refused) if refused else "",
        refused_step=step,
        given=request.POST,
    )  # fmt: skip
    return render(request, "pages/requester/project.html", values, status=refused.status if refused else 200)


def _progress(frame: Frame) -> dict[str, Any]:
    """What moves while people work."""
    progress = work.progress(frame.project.id)
    judged = quality.progress(frame.project.id)
    live = frame.project.state is State.OPEN
    figures = _figures(progress, judged)
    poll_url = frame.url(OVERVIEW)
    return {"progress": progress, "judged": judged, "figures": figures, "live": live, "poll_url": poll_url}


def _figures(progress: Progress, judged: JudgingProgress) -> list[dict[str, str]]:
    figures = [
        {
            "label": _("Tasks with a result"),
            "value": number_text(judged.settled),
            "unit": _("of {count}").format(count=number_text(progress.tasks)),
            "basis": _("{count} not certain").format(count=number_text(judged.exhausted))
            if judged.exhausted
            else "",
        },
        {
            "label": _("Answers"),
            "value": number_text(progress.answers),
            "basis": _("{count} approved").format(count=number_text(progress.approved)),
        },
        {"label": _("People at work"), "value": number_text(progress.workers)},
    ]
    if judged.answers_per_task is not None:
        rounded = round(judged.answers_per_task, 2)
        figures.append({"label": _("Answers per task"), "value": number_text(rounded)})
    return figures


@dataclass(frozen=True)
class QuestionLine:
    """How a question does, in words."""

    label: str
    agreement: str
    agreement_basis: str
    gold: str
    gold_basis: str
    bars: list[dict[str, Any]]
    basis: str


def _question(frame: Frame, one: QuestionProgress) -> QuestionLine:
    question = frame.design.by_name[one.question]
    counted = sum(count for _value, count in one.values)
    bars = [
        {
            "label": answer_text(frame.design, question, value),
            "width": round(100 * count / counted, 1),
            "text": percent_text(count / counted),
        }
        for value, count in one.values[:SHOWN_VALUES]
    ]
    return QuestionLine(
        label=question.label,
        agreement="" if one.alpha is None else number_text(round(one.alpha, 2)),
        agreement_basis=_("on {tasks} with two answers or more").format(tasks=tasks_text(one.alpha_tasks)),
        gold=percent_text(one.gold_correct / one.gold_seen) if one.gold_seen else "",
        gold_basis=_("of {count} answers to gold").format(count=number_text(one.gold_seen)),
        bars=bars,
        basis=tasks_text(counted),
    )


@dataclass(frozen=True)
class Money:
    """What the project has cost and may cost; only for who may see it."""

    flows: payments.ProjectMoney
    fee_share: str  # on top of the pay
    take_share: str  # of the price
    budget_micros: int  # the present one: as agreed, or what was put in so far

    @property
    def spent_micros(self) -> int:
        return self.flows.pay_micros + self.flows.fee_micros


def _money(frame: Frame) -> Money | None:
    if not frame.shows_money:
        return None
    price = frame.project.price
    flows = payments.project_money(frame.project.id, frame.project.currency)
    budget = max(frame.project.budget_micros or 0, flows.put_in_micros)
    return Money(flows, percent_text(price.fee_bp / 10_000), percent_text(price.take_bp / 10_000), budget)


@dataclass(frozen=True)
class Steps:
    """What can be done with the project now."""

    launch: bool
    widen: bool  # a pilot can go on with the rest
    pause: bool
    resume: bool
    raise_budget: bool
    finish: bool
    archive: bool
    estimate: Estimate | None
    prepaid_micros: int
    most_budget_micros: int  # what the present budget can be raised to with the money that is there

    @property
    def least_micros(self) -> int:
        """The cost with as few answers as possible, in whole cents: an estimate need not be finer."""
        return _cents_up(self.estimate.expected_micros) if self.estimate else 0

    @property
    def most_micros(self) -> int:
        return _cents_up(self.estimate.largest_micros) if self.estimate else 0

    @property
    def missing_micros(self) -> int:
        """What the organisation lacks for the largest cost; 0: nothing."""
        if self.estimate is None:
            return 0
        needed = self.estimate.budget_micros or self.most_micros
        return max(0, needed - self.prepaid_micros)


def _cents_up(micros: int) -> int:
    return -(-micros // 10_000) * 10_000


def _steps(frame: Frame, progress: Progress, money: Money | None) -> Steps | None:
    project = frame.project
    if not frame.may_manage or project.state is State.ARCHIVED:
        return None
    at_work = project.state in (State.OPEN, State.PAUSED)
    launch = project.state is State.DRAFT
    widen = project.state is State.OPEN and project.open_limit is not None and progress.waiting > 0
    prepaid = payments.prepaid_micros(project.organisation_id, project.currency) if money else 0
    # Without a budget of its own, what is set aside grows with the tasks.
    raise_budget = bool(money and at_work and (project.budget_micros is not None or progress.waits_for_money))
    return Steps(
        launch=launch,
        widen=widen,
        pause=project.state is State.OPEN,
        resume=project.state is State.PAUSED,
        raise_budget=raise_budget,
        finish=at_work,
        archive=project.state in (State.DRAFT, State.FINISHED),
        estimate=work.estimate(project.id) if launch or widen or raise_budget else None,
        prepaid_micros=prepaid,
        most_budget_micros=prepaid + (money.budget_micros if money else 0),
    )
