"""What happens when money comes into the house or goes back."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, currency_code, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.ledger.rules import Entry, bank, prepaid, transfer_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments import rules
from tagwerk.domain.payments.events import MoneyDeposited, MoneyRefunded
from tagwerk.domain.payments.models import Booking
from tagwerk.domain.payments.rules import Direction

log = logging.getLogger(__name__)


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


def check_book(*, now: datetime) -> bool:
    """Check all of the book; where something is wrong, every operator is told, once a day. Whether it is right."""
    found = ledger_queries.verify()
    if found.is_right:
        return True
    wrong = {
        "seals": len(found.wrong),
        "accounts": len(found.drift),
        "currencies": len(found.imbalance),
    }
    log.critical("The book is wrong; see “tagwerk ledger verify”: %s", wrong)
    _tell_operators(kind="book_wrong", params=wrong, key=f"book-wrong/{now.date()}")
    return False


def publish_seal(*, now: datetime) -> None:
    """Tell every operator the newest seal, once a week: a mail is out of reach of who might change the book later."""
    newest = ledger_queries.latest_seal()
    if newest is not None:
        params = {"number": newest.number, "last": newest.last_seq, "hash": newest.hash}
        year, week, _day = now.isocalendar()
        _tell_operators(kind="book_sealed", params=params, key=f"seal/{year}-{week}")


@transaction.atomic
def _tell_operators(*, kind: str, params: dict[str, Any], key: str) -> None:
    for person_id in accounts.operator_ids():
        notices.tell(person_id=person_id, kind=kind, params=params, link="/operator/", key=key)


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
