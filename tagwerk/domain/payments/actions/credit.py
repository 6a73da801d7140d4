"""Money that an organisation is lent within its limit, and pays back before anything else."""

from tagwerk.domain.ledger.queries import balance
from tagwerk.domain.ledger.rules import Entry, credit, prepaid, transfer_id
from tagwerk.domain.payments.models import Booking


def repayment(booking: Booking, paid_in_micros: int) -> list[Entry]:
    """Out of what a deposit brings in, what was lent is paid back; the caller holds the lock of the money."""
    organisation_id, currency = booking.organisation_id, booking.currency
    lent = balance(credit(organisation_id, currency).code).posted
    back = min(lent, paid_in_micros)
    if back <= 0:
        return []
    return [
        Entry(
            id=transfer_id("booking repaid", booking.key),
            event=transfer_id("booking event", booking.key),
            kind="single",
            debit=prepaid(organisation_id, currency).code,
            credit=credit(organisation_id, currency).code,
            amount_micros=back,
            currency=currency,
            code="repay",
            ref_type="booking",
            ref_id=str(booking.id),
        )
    ]
