"""A project at a glance: what to do next, how far it is, how sure, what it costs; and its steps."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from tagwerk.base.errors import Refusal
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Estimate
from tagwerk.interfaces.web.formats import percent_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.checklist import checklist
from tagwerk.interfaces.web.pages.requester.experts import source_of
from tagwerk.interfaces.web.pages.requester.frame import (
    OVERVIEW,
    Frame,
    framed,
    project_page,
)
from tagwerk.interfaces.web.pages.requester.project_panels import panel_of, panels_of


@project_page(Permission.PROJECT_VIEW)
def project(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The overview of a project; its panels look again by themselves."""
    return overview(request, frame)


def overview(
    request: ActorRequest, frame: Frame, *, refused: Refusal | None = None, step: str = ""
) -> HttpResponse:
    """The page; with a step that was refused, why, and what was filled in."""
    money = _money(frame)
    begun = frame.project.launched_at is not None
    values = framed(
        frame, OVERVIEW,
        checklist=checklist(frame),
        progress=panel_of(frame, "progress") if begun else None,
        panels=panels_of(frame) if begun else [],
        source=source_of(frame.project),
        money=money,
        steps_open=_steps(frame, money),
        opened=frame.figures.opened,
        refused=refusal_text(refused) if refused else "",
        refused_step=step,
        given=request.POST,
    )  # fmt: skip
    return render(request, "pages/requester/project.html", values, status=refused.status if refused else 200)


@dataclass(frozen=True)
class Money:
    """What the steps say about money; only for who may see it."""

    spending: work.Spending
    fee_share: str  # on top of the pay
    take_share: str  # of the price
    budget_micros: int  # the present one: as agreed, or what was put in so far


def _money(frame: Frame) -> Money | None:
    if not frame.shows_money:
        return None
    price = frame.project.price
    spending = frame.spending
    budget = max(frame.project.budget_micros or 0, spending.put_in_micros)
    return Money(spending, percent_text(price.fee_bp / 10_000), percent_text(price.take_bp / 10_000), budget)


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


def _steps(frame: Frame, money: Money | None) -> Steps | None:
    project = frame.project
    if not frame.may_manage or project.state is State.ARCHIVED:
        return None
    at_work = project.state in (State.OPEN, State.PAUSED)
    launch = project.state is State.DRAFT
    widen = project.state is State.OPEN and project.open_limit is not None and frame.figures.waiting > 0
    # Without a budget of its own, what is set aside grows with the tasks.
    raise_budget = bool(
        money and at_work and (project.budget_micros is not None or frame.figures.waits_for_money)
    )
    asks_for_money = launch or widen or raise_budget
    prepaid = (
        payments.prepaid_micros(project.organisation_id, project.currency) if money and asks_for_money else 0
    )
    return Steps(
        launch=launch,
        widen=widen,
        pause=project.state is State.OPEN,
        resume=project.state is State.PAUSED,
        raise_budget=raise_budget,
        finish=at_work,
        archive=project.state in (State.DRAFT, State.FINISHED),
        estimate=work.estimate(project.id, as_if=project) if asks_for_money else None,
        prepaid_micros=prepaid,
        most_budget_micros=prepaid + (money.budget_micros if money else 0),
    )
