"""The fee of an organisation's new projects."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.rules import price
from tagwerk.interfaces.api.asking import Key, asking, organisation_asking

router = Router(tags=["money"])


class FeeChangeOut(BaseModel):
    """What was agreed, and since when."""

    fee_bp: int | None = Field(description="Null: the instance's fee counts again")
    note: str
    since: datetime


class FeeOut(BaseModel):
    """One number on both bases."""

    fee_bp: int = Field(description="In basis points of the workers' pay")
    take_bp: int = Field(description="The same in basis points of the price")
    is_own: bool = Field(description="Whether it was agreed with the organisation; else it is the instance's")
    history: list[FeeChangeOut] = Field(description="The newest first")


@router.get(
    "/fee", auth=Key(Permission.MONEY_VIEW), response=FeeOut, operation_id="get_fee", summary="The fee"
)
def get_fee(request: HttpRequest) -> FeeOut:
    """What new projects of the organisation are charged. Projects that exist keep the fee that they were made with."""
    organisation_id = organisation_asking(request)
    fee = accounts.fee_of(organisation_id)
    one = price(reward_micros=1_000_000, fee_bp=fee.fee_bp, currency="EUR")
    return FeeOut(
        fee_bp=one.fee_bp, take_bp=one.take_bp, is_own=fee.is_own,
        history=[
            FeeChangeOut(fee_bp=line.fee_bp, note=line.note, since=line.set_at)
            for line in accounts.fee_history(asking(request), organisation_id)
        ],
    )  # fmt: skip
