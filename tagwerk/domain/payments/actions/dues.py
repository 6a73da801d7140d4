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
from tagwerk.domain.payments.rules.vat import cent_micros


def vat_back(organisation_id: int, currency: str, vat_micros: int) -> int:
    """How much of VAT that was paid too much gets back into the balance: what pays no debt first."""
    return max(0, -vat_micros - balance(owed(organisation_id, currency).code).posted)


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
        if net_micros - lent > cent_micros(currency):
            raise Conflict(
                "invoice_uncovered",
                "This invoice would ask for money that was neither paid in nor lent; look at the organisation's movements first.",
            )
        moves.append(("net", debt, credit(organisation_id, currency), lent))
        moves.append(("rounding", debt, rounding(currency), net_micros - lent))
    if vat_micros > 0:
        moves.append(("vat", debt, vat_output(currency), vat_micros))
    elif vat_micros < 0:
        back = vat_back(organisation_id, currency, vat_micros)
        moves.append(("vat", vat_output(currency), debt, -vat_micros - back))
        moves.append(("vat back", vat_output(currency), prepaid(organisation_id, currency), back))
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
