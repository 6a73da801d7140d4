"""How a payout stands in the book: set aside, paid or given back, and what came back afterwards."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from tagwerk.domain.ledger.rules import (
    Account,
    Entry,
    TransferKind,
    available,
    bank,
    paypal,
    rail_fee,
    transfer_id,
)
from tagwerk.domain.payments.rules.rails import Rail


@dataclass(frozen=True, slots=True)
class Paying:
    """What the book needs to know about a payout."""

    ref: UUID
    run_id: int
    person_id: int
    rail: Rail
    currency: str
    amount_micros: int


def run_event(run_id: int) -> UUID:
    """Under which all that a run sets aside stands in the book."""
    return transfer_id("payout run", run_id)


def leaves_from(rail: Rail, currency: str) -> Account:
    """The account that a rail takes money from."""
    return paypal(currency) if rail is Rail.PAYPAL else bank(currency)


def set_aside(one: Paying) -> Entry:
    """The money is held for the rail; the worker cannot be paid it twice."""
    return _entry(one, "pending", "pending", one.amount_micros)


def paid(one: Paying) -> Entry:
    """The rail has paid it."""
    return _entry(one, "paid", "post", one.amount_micros)


def given_back(one: Paying) -> Entry:
    """It never left: it is in the worker's balance again."""
    return _entry(one, "void", "void", one.amount_micros)


def came_back(one: Paying) -> Entry:
    """It was paid and came back: into the worker's balance."""
    return _entry(one, "returned", "single", one.amount_micros, turned=True)


def fee(one: Paying, fee_micros: int) -> Entry:
    """What the rail took for it, borne by the operator."""
    source = leaves_from(one.rail, one.currency)
    return Entry(
        id=transfer_id("payout", one.ref, "fee"),
        event=run_event(one.run_id),
        kind="single",
        debit=rail_fee(one.currency).code,
        credit=source.code,
        amount_micros=fee_micros,
        currency=one.currency,
        code="rail_fee",
        ref_type="payout",
        ref_id=one.ref.hex,
    )


Step = Literal["pending", "paid", "void", "returned"]


def _entry(one: Paying, step: Step, kind: TransferKind, micros: int, *, turned: bool = False) -> Entry:
    sides = (available(one.person_id, one.currency).code, leaves_from(one.rail, one.currency).code)
    debit, credit = sides[::-1] if turned else sides
    return Entry(
        id=transfer_id("payout", one.ref, step),
        event=run_event(one.run_id),
        kind=kind,
        debit=debit,
        credit=credit,
        amount_micros=micros,
        currency=one.currency,
        code="payout_returned" if turned else "payout",
        pending_id=transfer_id("payout", one.ref, "pending") if kind in ("post", "void") else None,
        ref_type="payout",
        ref_id=one.ref.hex,
    )
