"""What a project will cost, how long it takes and how right it will be."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field, create_model

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import Measured
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Estimate
from tagwerk.domain.work.rules.comparing import Variant, Way, variants
from tagwerk.domain.work.rules.estimating import RANGES, Assumptions, Case, Source
from tagwerk.inference.sampling import Interval
from tagwerk.interfaces.api.projects import VIEW, PriceOut, price_out, project_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["estimates"])

SAYS = {
    "tasks": "Tasks without gold",
    "reward_micros": "Pay for an answer, in millionths of the currency's unit",
    "fee_bp": "The fee in basis points of the pay",
    "least": "Answers that every task gets",
    "most": "Answers that no task gets more of",
    "confidence_bp": "Certainty at which a task is done, in basis points",
    "seconds": "The typical (median) time of an answer",
    "accuracy_bp": "How often one answer is right, in basis points",
    "accuracy_spread_bp": "How far low and high are from that",
    "gold_bp": "Gold among what people get, in basis points",
    "review_bp": "Answers that members review, in basis points",
    "mean_bp": "The mean time by the typical one, in basis points",
    "time_spread_bp": "How far low and high are from the time, in basis points",
    "redo_bp": "Answers done again and paid again, in basis points",
    "worker_bp": "How many times the price people are paid on average, in basis points, where some are paid more than others",
    "worker_spread_bp": "How far low and high are from that",
    "guarantee_bp": "What guaranteed hours add to the pay, in basis points",
    "review_time_bp": "The time of a review by that of an answer, in basis points",
    "review_hourly_micros": "What an hour of a reviewer costs the organisation itself",
    "people": "People who work on it",
    "day_minutes": "Minutes a day that each of them works on it",
    "vat_bp": "VAT on top, in basis points",
    "expert_reward_micros": "Pay for an expert's answer",
    "expert_accuracy_bp": "How often that is right",
    "model_micros": "What a model's label costs",
    "model_accuracy_bp": "How often that is right",
    "asked_bp": "The share of tasks that people look at beside a model",
    "kept_accuracy_bp": "How often the model is right on the others",
}
GivenIn: Any = create_model(
    "GivenIn",
    __doc__="Assumptions to be replaced; what is left out stays as the project, measurement or a default has it.",
    **{  # type: ignore[call-overload]
        name: (int | None, Field(None, ge=low, le=high, description=SAYS[name]))
        for name, (low, high) in RANGES.items()
    },
)


class AssumptionOut(BaseModel):
    """A number that the estimate rests on; its unit is in its name."""

    name: str
    value: int | None
    source: Source = Field(description="file, measured, given or default")


class CaseOut(BaseModel):
    """One of three."""

    cost: Money = Field(description="Pay and fee")
    pay: Money
    fee: Money
    vat: Money | None = Field(description="On top of the cost; null: not known here")
    reviewing: Money = Field(description="What the organisation's own reviewers cost it; not paid here")
    answers: int = Field(description="All that are paid, gold and those done again too")
    answers_per_task: float
    right: float | None = Field(
        description="The share of results that are right; null where nobody can vote on them"
    )
    work_seconds: int | None
    review_seconds: int | None
    days: float | None
    hourly: Money | None = Field(description="What an hour of work pays at the mean time")
    per_right: Money | None = Field(
        description="What a right result costs; null where nobody can vote on them"
    )


class RangeOut(BaseModel):
    """A figure and where the true one probably lies."""

    low: float
    value: float
    high: float


class VoteOut(BaseModel):
    """How often a majority of so many answers to gold was right."""

    answers: int
    right: float
    gold_tasks: int


class MeasuredOut(BaseModel):
    """What the project itself has shown; null: too little to tell."""

    timed_answers: int
    people: int
    typical_seconds: RangeOut | None = Field(description="The median, 95 %, by order statistics")
    mean_seconds: RangeOut | None = Field(description="90 %, by drawing workers anew")
    right_on_gold: RangeOut | None = Field(description="Of single answers, 95 % (Wilson)")
    majorities: list[VoteOut]


class VariantOut(BaseModel):
    """A way of getting the tasks done."""

    way: Way
    cost: Money
    right: float
    per_right: Money | None = Field(description="What a right result costs")
    answers: int = Field(description="By people")
    days: float | None
    is_measured: bool = Field(description="Whether gold has shown how right so many answers are")
    rests_on: list[str] = Field(description="Assumptions beyond those of the plan")


class SuggestionOut(BaseModel):
    """A price at which most people should earn the minimum wage: 1.4 times that wage for the middle time of an answer."""

    reward: Money = Field(description="For one answer")
    seconds: float = Field(description="The middle time of an answer")
    measured: bool = Field(
        description="Whether that time is measured; else it is the estimate of the project file"
    )
    floor: Money = Field(description="The minimum wage for an hour")
    floor_country: str
    simulated_share: float = Field(
        description="How many people earned at least that in a simulation at this price"
    )
    present_per_hour: Money = Field(description="What an hour pays at the price of the project file")
    present_below_floor: bool
    present_simulated_share: float | None = Field(
        description="As above at that price; null below the minimum wage"
    )


class EstimateOut(BaseModel):
    """What a project costs. It promises nothing; what spending on answers stops at is `cap`."""

    tasks: int
    gold_tasks: int
    largest: Money = Field(
        description="If every task takes the most answers; launching reserves this or the budget"
    )
    cap: Money = Field(
        description="Spending on answers stops here: at the budget, or at the largest cost. Bonuses, and guaranteed hours "
        "beyond their part, come on top"
    )
    expected: Money
    guarantee: Money = Field(description="Of the largest, what is kept for the hour guarantee")
    price: PriceOut | None = Field(description="Of one answer; null where nothing is paid")
    most_answer: Money = Field(
        description="What one answer costs at most, by the worker who is paid most; where tasks differ, to one on average"
    )
    suggestion: SuggestionOut | None = Field(
        description="Null where nothing is paid, no time is known, or no minimum wage in this currency is"
    )
    low: CaseOut
    likely: CaseOut
    high: CaseOut
    assumptions: list[AssumptionOut]
    measured: MeasuredOut
    variants: list[VariantOut] = Field(
        description="Other ways of doing the same tasks, where answers can be voted on"
    )


@router.get(
    "/projects/{project}/estimate",
    auth=VIEW,
    response=EstimateOut,
    operation_id="estimate_project",
    summary="Estimate cost, time and accuracy",
)
def estimate_project(request: HttpRequest, project: str, given: Query[GivenIn]) -> EstimateOut:
    """What the project's tasks can cost at most, and what they will probably cost, take and bring; with other assumptions,
    what follows from those."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    asked = given.model_dump(exclude_none=True)
    measured = quality.measured_in(view)
    found = quality.estimate_of(view, given=asked, measured=measured)
    votes = (
        {k: share for k, share, _tasks in measured.gold.votes}
        if measured.gold and "accuracy_bp" not in asked
        else {}
    )
    low, likely, high = (_case(one, found) for one in found.forecast.cases)
    return EstimateOut(
        tasks=found.tasks, gold_tasks=found.gold_tasks, largest=money(found.largest_micros, found.currency),
        cap=money(found.cap_micros, found.currency), expected=_expected(found, asked), price=price_out(view),
        guarantee=money(found.guarantee_micros, found.currency), suggestion=_suggestion(view), most_answer=money(work.most_price(view), view.currency),
        low=low, likely=likely, high=high, assumptions=_assumptions(found.assumptions),
        measured=_measured(measured), variants=[_variant(one, found.currency) for one in variants(found.assumptions, votes)],
    )  # fmt: skip


def _expected(found: Estimate, asked: dict[str, int]) -> Money:
    micros = found.forecast.mid.net_micros if asked else found.expected_micros
    return money(micros, found.currency)


def _assumptions(given: Assumptions) -> list[AssumptionOut]:
    return [AssumptionOut(name=name, value=given.shown(name), source=given.source(name)) for name in RANGES]


def _variant(one: Variant, currency: str) -> VariantOut:
    return VariantOut(
        way=one.way, cost=money(one.net_micros, currency), right=round(one.accuracy, 4), answers=one.answers,
        per_right=None if one.per_right_micros is None else money(one.per_right_micros, currency),
        days=None if one.days is None else round(one.days, 2), rests_on=list(one.rests_on), is_measured=one.is_measured,
    )  # fmt: skip


def _measured(known: Measured) -> MeasuredOut:
    times, gold = known.times, known.gold
    return MeasuredOut(
        timed_answers=times.answers if times else 0, people=times.people if times else 0,
        typical_seconds=_range(times.median) if times else None, mean_seconds=_range(times.mean) if times else None,
        right_on_gold=RangeOut(low=round(gold.range[0], 4), value=round(gold.share, 4), high=round(gold.range[1], 4)) if gold else None,
        majorities=[VoteOut(answers=k, right=round(share, 4), gold_tasks=tasks) for k, share, tasks in gold.votes] if gold else [],
    )  # fmt: skip


def _range(one: Interval | None) -> RangeOut | None:
    return (
        RangeOut(low=round(one.low, 2), value=round(one.value, 2), high=round(one.high, 2)) if one else None
    )


def _case(one: Case, found: Estimate) -> CaseOut:
    currency, per_right = found.currency, one.per_right_micros(found.assumptions.tasks)
    return CaseOut(
        cost=money(one.net_micros, currency), pay=money(one.pay_micros, currency), fee=money(one.fee_micros, currency),
        vat=None if one.vat_micros is None else money(one.vat_micros, currency),
        reviewing=money(one.review_micros, currency), answers=one.answers, answers_per_task=one.answers_per_task,
        right=None if one.accuracy is None else round(one.accuracy, 4), work_seconds=one.seconds,
        review_seconds=one.review_seconds, days=None if one.days is None else round(one.days, 2),
        hourly=None if one.hourly_micros is None else money(one.hourly_micros, currency),
        per_right=None if per_right is None else money(per_right, currency),
    )  # fmt: skip


def _suggestion(view: ProjectView) -> SuggestionOut | None:
    found = work.suggestion(view, on=timezone.localdate())
    if found is None:
        return None
    return SuggestionOut(
        reward=money(found.reward_micros, view.currency),
        seconds=found.answer_ms / 1000,
        measured=found.measured,
        floor=money(found.floor.per_hour_micros, view.currency),
        floor_country=found.floor.country,
        simulated_share=found.suggested_share,
        present_per_hour=money(found.present_micros, view.currency),
        present_below_floor=found.is_below,
        present_simulated_share=found.share,
    )
