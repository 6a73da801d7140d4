"""Bonuses: on top of what answers pay, by a list or by a rule."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import Refusal, bad_lines
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality_actions
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.queries import RuleLine
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import BonusView
from tagwerk.domain.work.rules.bonuses import MOST_LINES, BonusRule, GiftLine, gift_line
from tagwerk.domain.work.rules.extras import BonusSource
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Money, money

router = Router(tags=["workers"])
MANAGE = Key(Permission.PROJECT_MANAGE)


class BonusIn(Body):
    """A bonus for a worker, or for an answer and so for whoever gave it."""

    worker: str = Field("", description="The name under which the project knows them")
    answer: str = Field("", description="An answer of theirs")
    amount: str = Field(examples=["0.50"])
    reason: str = Field(description="The worker reads it")


class BonusesIn(Body):
    """Bonuses, all of them or none."""

    key: str = Field(min_length=1, max_length=80, description="The same key again gives nothing again")
    bonuses: list[BonusIn] = Field(min_length=1, max_length=MOST_LINES)
    sure: bool = Field(False, description="Needed for a bonus of more than 20 times what an answer pays")


class GivenOut(BaseModel):
    """What became of it."""

    given: int = Field(description="How many bonuses are new")


class BonusOut(BaseModel):
    """A bonus that was given."""

    id: str
    worker: str
    answer: str | None
    amount: Money
    fee: Money
    reason: str
    source: str = Field(description="hand, file or rule")
    given_at: datetime


class BonusRuleIn(Body):
    """Who is right often enough gets a share of what they earned since a rule rewarded them last."""

    accuracy: float = Field(
        gt=0, le=1, description="On gold, where a worker met any; else against the results"
    )
    answers: int = Field(ge=1, le=10_000, description="Over at least so many measured answers")
    share: float = Field(gt=0, le=2, description="Of what they earned", examples=[0.1])
    reason: str = Field("", max_length=500, description="The workers read it; needed to pay")
    pay: bool = Field(False, description="false: only say what it would give")
    sure: bool = False


class RuleLineOut(BaseModel):
    """What the rule gives a worker."""

    worker: str
    accuracy: float | None
    answers: int = Field(description="By which they were measured")
    earned: Money
    bonus: Money


class RuleOut(BaseModel):
    """What the rule gives, or has given."""

    given: int
    lines: list[RuleLineOut]


@router.get(
    "/projects/{project}/bonuses",
    auth=MANAGE,
    response=Page[BonusOut],
    operation_id="list_bonuses",
    summary="List bonuses",
)
def list_bonuses(request: HttpRequest, project: str, paging: Query[Paging]) -> dict[str, Any]:
    """What was given in the project, the newest first."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    found = queries.bonuses_page(view.id, before=place_of(request, paging.cursor), limit=paging.limit)
    places = [one.id for one in found]
    items = [_bonus(view, one) for one in found]
    return {"items": items, "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/projects/{project}/bonuses",
    auth=MANAGE,
    response=GivenOut,
    operation_id="give_bonuses",
    summary="Give bonuses",
)
def give_bonuses(request: HttpRequest, project: str, data: BonusesIn) -> GivenOut:
    """Pay bonuses at once, all of them or none: from money that the project has free, else from the organisation's."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    gifts = queries.gifts_of(view.id, _lines(data.bonuses), key=data.key)
    given = actions.give_bonuses(
        actor=asking(request), project_id=view.id, gifts=gifts, source=BonusSource.FILE, sure=data.sure, now=timezone.now()
    )  # fmt: skip
    return GivenOut(given=given)


@router.post(
    "/projects/{project}/bonuses/rule",
    auth=MANAGE,
    response=RuleOut,
    operation_id="give_bonuses_by_rule",
    summary="Give bonuses by a rule",
)
def give_bonuses_by_rule(request: HttpRequest, project: str, data: BonusRuleIn) -> RuleOut:
    """Say whom a rule gives what, and with `pay` give it. What a rule has rewarded once it does not reward again."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    rule = BonusRule(accuracy=data.accuracy, answers=data.answers, share=data.share)
    if not data.pay:
        return RuleOut(given=0, lines=[_rule_line(view, one) for one in quality.bonuses_by(view, rule)])
    found = quality_actions.give_bonuses_by_rule(
        actor=asking(request), project_id=view.id, rule=rule, reason=data.reason, sure=data.sure, now=timezone.now()
    )  # fmt: skip
    return RuleOut(given=found.given, lines=[_rule_line(view, one) for one in found.lines])


def _lines(bonuses: list[BonusIn]) -> list[GiftLine]:
    lines, wrong = [], dict[int, Refusal]()
    for number, one in enumerate(bonuses, start=1):
        try:
            lines.append(gift_line(number, one.model_dump()))
        except Refusal as refusal:
            wrong[number] = refusal
    if wrong:
        raise bad_lines(wrong)
    return lines


def _bonus(view: ProjectView, one: BonusView) -> BonusOut:
    return BonusOut(
        id=public_id("bns", one.id), worker=one.pseudonym,
        answer=public_id("asg", one.assignment_id) if one.assignment_id else None,
        amount=money(one.reward_micros, view.currency), fee=money(one.fee_micros, view.currency),
        reason=one.reason, source=one.source, given_at=one.given_at,
    )  # fmt: skip


def _rule_line(view: ProjectView, one: RuleLine) -> RuleLineOut:
    return RuleLineOut(
        worker=one.pseudonym, accuracy=one.accuracy.share if one.accuracy else None,
        answers=one.accuracy.seen if one.accuracy else 0, earned=money(one.earned_micros, view.currency),
        bonus=money(one.bonus_micros, view.currency),
    )  # fmt: skip
