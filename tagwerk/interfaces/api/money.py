"""What an organisation has, what moved, what a project cost."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.payments import queries
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["money"])
SEE = Key(Permission.MONEY_VIEW)


class BalanceOut(BaseModel):
    """Where an organisation's money of one currency is, without VAT: deposited + lent + corrected = refunded + available +
    reserved + spent."""

    currency: str
    deposited: Money
    refunded: Money
    available: Money = Field(description="Not yet reserved for a project")
    reserved: Money = Field(description="Set aside for projects")
    spent: Money
    lent: Money = Field(description="Lent and not paid back out of the balance; VAT given back by an invoice")
    corrected: Money = Field(description="Moved by corrections of the book, other than of pay")
    credit_limit: Money
    credit_left: Money = Field(description="What may still be lent")
    owed: Money = Field(description="What invoices ask for; the next deposit pays it first")


class BalancesOut(BaseModel):
    """An organisation's money, its own currency first."""

    balances: list[BalanceOut]


class MovementOut(BaseModel):
    """A transfer into or out of the organisation's prepaid money."""

    id: str
    at: datetime
    amount: Money = Field(description="Negative: it went out")
    kind: str
    project: str | None = None
    memo: str


class MovementPaging(Paging):
    """Which movements are asked for."""

    currency: str | None = Field(None, min_length=3, max_length=3)


class SpendingOut(BaseModel):
    """Where a project's money is: put_in = released + reserved + pay + fee."""

    put_in: Money
    released: Money
    reserved: Money
    pay: Money
    fee: Money
    bonuses: Money = Field(description="Of pay and fee, what bonuses cost")
    hour_guarantee: Money = Field(description="Of pay and fee, what guaranteed hours cost")
    hour_guarantee_waiting: Money = Field(description="What guaranteed hours cost that waits for money")


@router.get("/balance", auth=SEE, response=BalancesOut, operation_id="get_balance", summary="The balance")
def get_balance(request: HttpRequest) -> BalancesOut:
    """What the organisation has, by currency."""
    found = queries.organisation_money(asking(request), organisation_asking(request))
    return BalancesOut(balances=[_balance(line) for line in found])


@router.get(
    "/movements",
    auth=SEE,
    response=Page[MovementOut],
    operation_id="list_movements",
    summary="List movements",
)
def list_movements(request: HttpRequest, paging: Query[MovementPaging]) -> dict[str, Any]:
    """What moved into and out of the organisation's prepaid money, newest first."""
    found = queries.organisation_movements(
        asking(request),
        organisation_asking(request),
        currency=paging.currency,
        before=place_of(request, paging.cursor),
        limit=paging.limit,
    )
    places = [movement.seq for movement in found]
    return {"items": [_movement(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.get(
    "/projects/{project}/spending",
    auth=SEE,
    response=SpendingOut,
    operation_id="get_spending",
    summary="What a project cost",
)
def get_spending(request: HttpRequest, project: str) -> SpendingOut:
    """Where the project's money is, added up from its transfers."""
    view = project_of(request, project, Permission.MONEY_VIEW)
    found = queries.project_money(view.id, view.currency)
    names = ("put_in", "released", "reserved", "pay", "fee")
    beside = work.spending(view)
    return SpendingOut(
        **{name: money(getattr(found, f"{name}_micros"), found.currency) for name in names},
        bonuses=money(beside.bonus_micros, found.currency),
        hour_guarantee=money(beside.guarantee_micros, found.currency),
        hour_guarantee_waiting=money(beside.guarantee_waiting_micros, found.currency),
    )


def _balance(line: queries.OrganisationMoney) -> BalanceOut:
    return BalanceOut(
        currency=line.currency,
        deposited=money(line.deposited_micros, line.currency),
        refunded=money(line.refunded_micros, line.currency),
        available=money(line.prepaid_micros, line.currency),
        reserved=money(line.reserved_micros, line.currency),
        spent=money(line.spent_micros, line.currency),
        lent=money(line.lent_micros, line.currency),
        corrected=money(line.corrected_micros, line.currency),
        credit_limit=money(line.credit.limit_micros, line.currency),
        credit_left=money(line.credit.room_micros, line.currency),
        owed=money(line.credit.owed_micros, line.currency),
    )


def _movement(one: Movement) -> MovementOut:
    project = public_id("prj", int(one.ref_id)) if one.ref_type == "project" else None
    return MovementOut(
        id=str(one.id),
        at=one.at,
        amount=money(one.amount_micros, one.currency),
        kind=one.code,
        project=project,
        memo=one.memo,
    )
