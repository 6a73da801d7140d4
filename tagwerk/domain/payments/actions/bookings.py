"""An organisation's money comes in or goes back."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, currency_code, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.queries import balance
from tagwerk.domain.ledger.rules import Account, Entry, bank, owed, prepaid, transfer_id, vat_output
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments import queries, rules
from tagwerk.domain.payments.actions.credit import repayment
from tagwerk.domain.payments.actions.locks import lock_money_of
from tagwerk.domain.payments.events import MoneyDeposited, MoneyRefunded
from tagwerk.domain.payments.models import Booking
from tagwerk.domain.payments.rules import Direction
from tagwerk.domain.payments.rules.invoices import given_back
from tagwerk.domain.payments.rules.vat import tax_within


def book_deposit(
    *,
    actor: Actor,
    organisation_id: int,
    amount_micros: int,
    currency: str | None = None,
    reference: str,
    key: str,
) -> int:
    """An operator books a payment that arrived from an organisation; the same key again is the same booking."""
    return _book(Direction.DEPOSIT, actor, organisation_id, amount_micros, currency, reference, key)


def book_refund(
    *,
    actor: Actor,
    organisation_id: int,
    amount_micros: int,
    currency: str | None = None,
    reference: str,
    key: str,
) -> int:
    """An operator books unspent money that goes back to an organisation; the same key again is the same booking."""
    return _book(Direction.REFUND, actor, organisation_id, amount_micros, currency, reference, key)


@transaction.atomic
def tell_deposit(*, booking_id: int) -> int:
    """An organisation's money arrived: those who see its money are told; how many."""
    booking = Booking.objects.select_related("organisation").get(id=booking_id)
    return notices.tell_members(
        organisation_id=booking.organisation_id, permission=Permission.MONEY_VIEW, kind="deposit_booked",
        params={
            "amount": amount(booking.amount_micros, booking.currency), "organisation": booking.organisation.name,
        },
        link=f"/organisation/{public_id('org', booking.organisation_id)}/balance/", key=f"deposit/{booking_id}",
    )  # fmt: skip


@transaction.atomic
def _book(
    direction: Direction,
    actor: Actor,
    organisation_id: int,
    amount_micros: int,
    currency: str | None,
    reference: str,
    key: str,
) -> int:
    require_operator(actor)
    organisation = accounts.organisation(organisation_id)
    facts = {
        "organisation_id": organisation_id,
        "direction": direction.value,
        "amount_micros": rules.check_amount(amount_micros),
        "currency": currency_code(currency or organisation.currency),
        "reference": rules.check_reference(reference),
    }
    lock_money_of(organisation_id=organisation_id)
    known = Booking.objects.filter(key=rules.check_key(key)).first()
    if known is not None:
        _compare(known, facts, key)
        return known.id
    split = _deposit_split(facts) if direction is Direction.DEPOSIT else _refund_split(facts)
    booking, new = Booking.objects.get_or_create(
        key=key, defaults=facts | split | {"booked_by_id": actor.person_id}
    )
    _compare(booking, facts, key)  # somebody else may have used the key for another organisation meanwhile
    if new:
        ledger.transfer(entries=_entries(booking))
        fact = MoneyDeposited if direction is Direction.DEPOSIT else MoneyRefunded
        record(fact(actor_id=actor.person_id, organisation_id=organisation_id, booking_id=booking.id))
    return booking.id


def _compare(booking: Booking, facts: dict[str, Any], key: str) -> None:
    if any(getattr(booking, name) != value for name, value in facts.items()):
        raise Conflict(
            "booking_differs",
            "Under the key “{key}” another booking was made; give the new one a key of its own.",
            path="key",
            key=key,
        )


def _deposit_split(facts: dict[str, Any]) -> dict[str, Any]:
    """What invoices ask for is paid first. The rest is paid in advance, and VAT is due on that at once."""
    organisation_id, currency = facts["organisation_id"], facts["currency"]
    asked = balance(owed(organisation_id, currency).code).posted
    pays = min(asked, facts["amount_micros"])
    found = queries.treatment(organisation_id, queries.payer().day_of(timezone.now()))
    rate = found.rate_bp if found.on_deposits else 0
    vat = tax_within(facts["amount_micros"] - pays, rate, currency)
    return {"owed_micros": pays, "vat_case": found.case.value, "vat_rate_bp": rate, "vat_micros": vat}


def _refund_split(facts: dict[str, Any]) -> dict[str, Any]:
    """The newest deposits go back first, each with its VAT."""
    left = queries.advances_left(facts["organisation_id"], facts["currency"])
    parts = given_back(left, facts["amount_micros"], facts["currency"])
    return {
        "vat_micros": sum(part.vat_micros for part in parts),
        "parts": [[part.booking_id, part.net_micros, part.vat_micros, part.rate_bp] for part in parts],
    }


def _entries(booking: Booking) -> list[Entry]:
    organisation_id, currency = booking.organisation_id, booking.currency
    net = booking.amount_micros - booking.owed_micros - booking.vat_micros
    targets = (
        ("", prepaid(organisation_id, currency), net),
        (" vat", vat_output(currency), booking.vat_micros),
        (" owed", owed(organisation_id, currency), booking.owed_micros),
    )
    entries = [_entry(booking, part, account, micros) for part, account, micros in targets if micros]
    # Nobody gets lent money back: what is lent is repaid first, and the book refuses what is not there then.
    comes_in = booking.direction == Direction.DEPOSIT
    there = net if comes_in else balance(prepaid(organisation_id, currency).code).available
    return [*entries, *repayment(booking, there)]


def _entry(booking: Booking, part: str, account: Account, micros: int) -> Entry:
    sides = (bank(booking.currency).code, account.code)
    debit, credit = sides if booking.direction == Direction.DEPOSIT else sides[::-1]
    return Entry(
        id=transfer_id(f"booking{part}", booking.key),
        event=transfer_id("booking event", booking.key),
        kind="single",
        debit=debit,
        credit=credit,
        amount_micros=micros,
        currency=booking.currency,
        code=booking.direction,
        ref_type="booking",
        ref_id=str(booking.id),
    )
