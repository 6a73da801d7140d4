"""What an invoice asks for that was not paid in advance is booked when it is issued."""

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.queries import balance
from tagwerk.domain.ledger.rules import (
    Account,
    Entry,
    credit,
    owed,
    prepaid,
    rounding,
    transfer_id,
    vat_output,
)


def book_dues(
    *, invoice_id: int, organisation_id: int, currency: str, net_micros: int, vat_micros: int
) -> None:
    """What was lent becomes owed, with its VAT; VAT that was paid too much is prepaid money again.

    The caller holds the lock of the organisation's money. Less than nothing: the invoice before asked for more.
    """
    debt = owed(organisation_id, currency)
    moves: list[tuple[str, Account, Account, int]] = []
    if net_micros > 0:
        lent = min(net_micros, balance(credit(organisation_id, currency).code).posted)
        moves.append(("net", debt, credit(organisation_id, currency), lent))
        moves.append(("rounding", debt, rounding(currency), net_micros - lent))
    if vat_micros > 0:
        moves.append(("vat", debt, vat_output(currency), vat_micros))
    elif vat_micros < 0:
        still = min(-vat_micros, balance(debt.code).posted)
        moves.append(("vat", vat_output(currency), debt, still))
        moves.append(
            ("vat back", vat_output(currency), prepaid(organisation_id, currency), -vat_micros - still)
        )
    if net_micros < 0:
        raise Conflict(
            "invoice_paid",
            "This invoice asked for money that may have been paid already; book that back first.",
        )
    ledger.transfer(
        entries=[
            Entry(
                id=transfer_id("invoice", invoice_id, part), event=transfer_id("invoice", invoice_id), kind="single",
                debit=debit.code, credit=to.code, amount_micros=micros, currency=currency, code="invoice",
                ref_type="invoice", ref_id=str(invoice_id),
            )
            for part, debit, to, micros in moves
            if micros > 0
        ]
    )  # fmt: skip
