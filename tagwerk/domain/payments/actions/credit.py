"""Money that an organisation is lent within its limit, and pays back before anything else.

Lending is a transfer into prepaid money, so the guard of the book holds as it is: nobody sets aside what is not there.
"""

from django.db import transaction
from django.db.models.functions import Now

from tagwerk.base.errors import Invalid
from tagwerk.base.events import record
from tagwerk.base.money import LARGEST_MICROS
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, currency_code, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.queries import balance
from tagwerk.domain.ledger.rules import Entry, credit, prepaid, transfer_id
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.actions.locks import lock_money_of
from tagwerk.domain.payments.events import CreditGranted
from tagwerk.domain.payments.models import Booking, CreditLimit


@transaction.atomic
def grant_credit(
    *, actor: Actor, organisation_id: int, limit_micros: int, currency: str | None = None
) -> None:
    """An operator says up to which sum an organisation may be lent money; 0 ends it. What is lent stays lent."""
    require_operator(actor)
    code = currency_code(currency or accounts.organisation(organisation_id).currency)
    if not 0 <= limit_micros <= LARGEST_MICROS:
        raise Invalid("credit_limit_range", "A credit limit is from 0 to a thousand million.", path="limit")
    lock_money_of(organisation_id=organisation_id)
    row, _new = CreditLimit.objects.get_or_create(organisation_id=organisation_id, currency=code)
    if row.limit_micros == limit_micros:
        return
    row.limit_micros, row.granted_by_id, row.granted_at = limit_micros, actor.person_id, Now()
    row.save(update_fields=["limit_micros", "granted_by_id", "granted_at"])
    record(
        CreditGranted(
            actor_id=actor.person_id,
            organisation_id=organisation_id,
            amount_micros=limit_micros,
            currency=code,
        )
    )


@transaction.atomic
def lend(*, organisation_id: int, currency: str, needed_micros: int, key: str) -> int:
    """Lend what is missing of a sum that is about to be set aside, all of it or nothing; how much was lent.

    `key`: of what it is for; the same again lends nothing more. The caller sets the sum aside in the same transaction.
    """
    lock_money_of(organisation_id=organisation_id)
    source, target = credit(organisation_id, currency), prepaid(organisation_id, currency)
    missing = needed_micros - balance(target.code).available
    if missing <= 0 or missing > queries.credit_room(organisation_id, currency):
        return 0
    entry = Entry(
        id=transfer_id("lend", organisation_id, key), event=transfer_id("lend", organisation_id, key), kind="single",
        debit=source.code, credit=target.code, amount_micros=missing, currency=currency, code="lend",
    )  # fmt: skip
    ledger.transfer(entries=[entry])
    return missing


@transaction.atomic
def repay(*, organisation_id: int, currency: str, key: str) -> int:
    """Pay back what was lent, as far as prepaid money reaches; how much was."""
    lock_money_of(organisation_id=organisation_id)
    entries = _repaid(
        organisation_id, currency, balance(prepaid(organisation_id, currency).code).available, key
    )
    ledger.transfer(entries=entries)
    return sum(entry.amount_micros for entry in entries)


def repayment(booking: Booking, there_micros: int) -> list[Entry]:
    """Out of what is there, what was lent is paid back; the caller holds the lock of the money."""
    return _repaid(booking.organisation_id, booking.currency, there_micros, f"booking {booking.key}")


def _repaid(organisation_id: int, currency: str, there_micros: int, key: str) -> list[Entry]:
    back = min(balance(credit(organisation_id, currency).code).posted, there_micros)
    if back <= 0:
        return []
    return [
        Entry(
            id=transfer_id("repay", organisation_id, key), event=transfer_id("repay", organisation_id, key),
            kind="single", debit=prepaid(organisation_id, currency).code,
            credit=credit(organisation_id, currency).code, amount_micros=back, currency=currency, code="repay",
        )
    ]  # fmt: skip
