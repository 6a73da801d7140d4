"""The fee of an organisation's new projects, and how it came about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tagwerk.domain.accounts.models import OrganisationFee
from tagwerk.domain.accounts.queries.instance import instance
from tagwerk.domain.accounts.rules import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class FeeView:
    """In basis points of the workers' pay; `is_own`: agreed with the organisation, and not the instance's."""

    fee_bp: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class FeeChange:
    """One line of its history. `fee_bp` None: the instance's fee counts again from then on."""

    fee_bp: int | None
    note: str
    set_at: datetime


def fee_of(organisation_id: int) -> FeeView:
    """What new projects of an organisation are charged; those that exist keep theirs."""
    newest = OrganisationFee.objects.filter(organisation_id=organisation_id).order_by("-id")
    return _agreed(newest.values_list("fee_bp", flat=True).first())


def fees_of(organisation_ids: Collection[int]) -> dict[int, FeeView]:
    """The same for several, in as many questions as for one."""
    newest = OrganisationFee.objects.filter(organisation_id__in=organisation_ids)
    rows = newest.order_by("organisation_id", "-id").distinct("organisation_id")
    own = dict(rows.values_list("organisation_id", "fee_bp"))
    return {number: _agreed(own.get(number)) for number in organisation_ids}


def fee_by(history: Sequence[FeeChange]) -> FeeView:
    """The same, for who has its history already."""
    return _agreed(history[0].fee_bp if history else None)


def _agreed(own: int | None) -> FeeView:
    return FeeView(instance().fee_bp, is_own=False) if own is None else FeeView(own, is_own=True)


def fee_history(actor: Actor, organisation_id: int) -> list[FeeChange]:
    """For those who look after its money, and operators: what was agreed when and why, the newest first."""
    if not actor.is_operator:
        require(actor, organisation_id, Permission.MONEY_VIEW)
    rows = OrganisationFee.objects.filter(organisation_id=organisation_id).order_by("-id")[:100]
    return [FeeChange(row.fee_bp, row.note, row.set_at) for row in rows]
