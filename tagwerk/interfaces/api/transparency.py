"""What everybody may know: figures that are counted once a day and rest on ten people or more."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.queries import Counted
from tagwerk.domain.quality.rules.openness import Deciding, OrganisationFigures, Wage, threshold_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["money"])


class DecidingOut(BaseModel):
    """How answers are decided about, within the last year."""

    answers: int
    workers: int
    rejection_rate: float
    late_rate: float = Field(
        description="The share decided later than was promised; what is approved is paid at once"
    )
    median_seconds: int = Field(description="From handing in to the decision")
    p90_seconds: int


class HourOut(BaseModel):
    """What an hour of active work has brought, with the time of rejected answers and without their pay."""

    workers: int
    median: Money = Field(description="Half of the workers earned at least this an hour")
    p10: Money = Field(description="Nine of ten earned at least this")
    country: str | None = Field(description="Where they live (ISO 3166); null: anywhere")
    floor: Money | None = Field(description="The minimum wage there; null: not known here")
    reached: int | None = Field(description="How many of these workers earned the minimum wage or more")


class CountedOut(BaseModel):
    """Of the last year; parts that would rest on fewer than ten people are left out."""

    counted_at: datetime
    deciding: DecidingOut | None
    wages: list[HourOut]


class WeekOut(BaseModel):
    """Payouts of a week."""

    monday: date
    amount: Money | None = Field(description="Null: fewer than ten people were paid")
    currency: str


class ThresholdFactOut(BaseModel):
    """Something that was counted about a threshold of Fairwork, within the last year and of ten people or more."""

    threshold: str
    name: str = Field(
        description="weeks, unpaid_time, entry_tests, guaranteed_weeks, sensitive_answers, stopped_tasks, terms, returned_tasks, rejections, appeals, objections, holds, audiences, countries:DE …, questions"
    )
    people: int
    count: int = Field(description="How many of it there were; of unpaid_time all time in milliseconds")
    parts: dict[str, int] = Field(
        description="Parts of it by name; those in _seconds are medians, those in _ms sums"
    )


class InstanceOut(BaseModel):
    """Of the whole instance."""

    year: CountedOut | None = Field(description="Null: not counted yet")
    countries: list[HourOut]
    weeks: list[WeekOut]
    runs_released: int = Field(description="Payout runs of the last year")
    runs_released_alone: int = Field(description="Of them, by the person who had made them")
    appeals: int | None = Field(
        description="Objections to rejections; null: fewer than ten people have made any"
    )
    appeals_won: int | None
    appeals_not_in_time: int | None
    evidence: list[ThresholdFactOut]
    fairwork: dict[str, dict[str, str]] = Field(
        description="Threshold → language → what the operator says about it, in Markdown"
    )


@router.get(
    "/transparency",
    auth=None,
    response=InstanceOut,
    operation_id="get_transparency",
    summary="How fair the instance is",
)
def get_transparency(request: HttpRequest) -> InstanceOut:
    """Public figures of the instance: payouts by week, wages by country, and what the operator says about Fairwork."""
    found = queries.public_figures()
    said = {number: dict(texts) for number, texts in accounts.instance().fairwork.items()}
    if found is None:
        return InstanceOut(
            year=None, countries=[], weeks=[], runs_released=0, runs_released_alone=0, appeals=None, appeals_won=None,
            appeals_not_in_time=None, evidence=[], fairwork=said,
        )  # fmt: skip
    one = found.figures
    appeals = one.evidence.get("appeals")
    return InstanceOut(
        year=CountedOut(counted_at=found.at, deciding=_deciding(one.deciding), wages=[_wage(each) for each in one.wages]),
        countries=[_wage(each) for each in one.countries],
        weeks=[
            WeekOut(monday=date.fromisoformat(week.monday), currency=week.currency,
                    amount=None if week.amount_micros is None else money(week.amount_micros, week.currency))
            for week in one.weeks
        ],
        runs_released=one.released, runs_released_alone=one.alone, appeals=appeals.count if appeals else None,
        appeals_won=appeals.parts["granted"] + appeals.parts["lapsed"] if appeals else None,
        appeals_not_in_time=appeals.parts["lapsed"] if appeals else None,
        evidence=[
            ThresholdFactOut(threshold=threshold_of(name), name=name, people=fact.people, count=fact.count, parts=dict(fact.parts))
            for name, fact in one.evidence.items()
        ],
        fairwork=said,
    )  # fmt: skip


def figures_out(found: Counted[OrganisationFigures]) -> CountedOut:
    """An organisation's figures as the API shows them."""
    one = found.figures
    return CountedOut(
        counted_at=found.at, deciding=_deciding(one.deciding), wages=[_wage(each) for each in one.wages]
    )


def _deciding(one: Deciding | None) -> DecidingOut | None:
    if one is None:
        return None
    return DecidingOut(
        answers=one.answers, workers=one.workers, rejection_rate=round(one.rejection_rate, 4), late_rate=round(one.late_rate, 4),
        median_seconds=one.median_seconds, p90_seconds=one.p90_seconds,
    )  # fmt: skip


def _wage(one: Wage) -> HourOut:
    return HourOut(
        workers=one.workers, median=money(one.median_micros, one.currency), p10=money(one.p10_micros, one.currency),
        country=one.country or None, floor=None if one.floor_micros is None else money(one.floor_micros, one.currency),
        reached=one.reached,
    )  # fmt: skip
