"""What was paid out to a worker, and when it happens next."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.ids import public_id
from tagwerk.base.money import plain
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries.payouts import PayoutView
from tagwerk.domain.work.queries import earnings
from tagwerk.interfaces.api.asking import WORKER, worker_asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.shapes import Money, money

router = Router(tags=["my-payouts"])


class PayoutOut(BaseModel):
    """A payout of yours."""

    id: str
    until: datetime = Field(description="It paid what was approved before")
    amount: Money
    to: str = Field(description="The account, made unreadable")
    state: str = Field(
        description="locked (set aside), submitted (on its way), paid, unclaimed, failed, returned or withdrawn"
    )
    reason: str | None = Field(
        description="Why it came back: a code such as AC04; ONHOLD: PayPal holds it back for now"
    )
    settled_at: datetime | None


class NextPayoutOut(BaseModel):
    """When you are paid next."""

    run_at: datetime
    minimum: str = Field(description="Less than this is carried over, in the unit of each currency")
    obstacles: list[str] = Field(
        description="What is in the way, as codes such as method_missing; empty: nothing"
    )


@router.get(
    "/work/payouts",
    auth=WORKER,
    response=Page[PayoutOut],
    operation_id="list_my_payouts",
    summary="What was paid out to you",
)
def list_my_payouts(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Your payouts, the newest first. Where your pay goes is changed on the page only, with a second factor."""
    found = queries.payouts_of(
        worker_asking(request), before=place_of(request, paging.cursor), limit=paging.limit
    )
    return {
        "items": [_payout(one) for one in found],
        "next": next_cursor(request, [one.id for one in found], paging.limit),
    }


@router.get(
    "/work/payouts/next",
    auth=WORKER,
    response=NextPayoutOut,
    operation_id="get_next_payout",
    summary="When you are paid next",
)
def get_next_payout(request: HttpRequest) -> NextPayoutOut:
    """The next run, and what is in the way of your being paid by it."""
    person_id = worker_asking(request)
    there = {one.currency: one.available_micros for one in earnings(person_id)}
    found = queries.next_payout(person_id, available=there, now=timezone.now())
    return NextPayoutOut(
        run_at=found.run_at, minimum=plain(found.minimum_micros), obstacles=list(found.obstacles)
    )


def _payout(one: PayoutView) -> PayoutOut:
    return PayoutOut(
        id=public_id("pay", one.id),
        until=one.cutoff_at,
        amount=money(one.amount_micros, one.currency),
        to=one.shown,
        state=one.state.value,
        reason=one.reason or None,
        settled_at=one.settled_at,
    )
