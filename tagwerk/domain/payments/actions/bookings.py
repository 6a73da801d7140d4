"""An organisation's money comes in or goes back."""

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, currency_code, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, bank, prepaid, transfer_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments import rules
from tagwerk.domain.payments.events import MoneyDeposited, MoneyRefunded
from tagwerk.domain.payments.models import Booking
from tagwerk.domain.payments.rules import Direction


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
    booking, new = Booking.objects.get_or_create(
        key=rules.check_key(key), defaults=facts | {"booked_by_id": actor.person_id}
    )
    if any(getattr(booking, name) != value for name, value in facts.items()):
        raise Conflict(
            "booking_differs",
            "Under the key “{key}” another booking was made; give the new one a key of its own.",
            path="key",
            key=key,
        )
    if new:
        ledger.transfer(entries=[_entry(booking)])
        fact = MoneyDeposited if direction is Direction.DEPOSIT else MoneyRefunded
        record(fact(actor_id=actor.person_id, organisation_id=organisation_id, booking_id=booking.id))
    return booking.id


def _entry(booking: Booking) -> Entry:
    sides = (bank(booking.currency).code, prepaid(booking.organisation_id, booking.currency).code)
    debit, credit = sides if booking.direction == Direction.DEPOSIT else sides[::-1]
    return Entry(
        id=transfer_id("booking", booking.key),
        event=transfer_id("booking event", booking.key),
        kind="single",
        debit=debit,
        credit=credit,
        amount_micros=booking.amount_micros,
        currency=booking.currency,
        code=booking.direction,
        ref_type="booking",
        ref_id=str(booking.id),
    )
