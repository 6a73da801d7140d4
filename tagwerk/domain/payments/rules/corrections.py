"""Corrections of the book: what was booked wrongly stays, and new transfers put it right. Pure.

Source: TigerBeetle's data model, in which transfers never change and corrections are new ones.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import LARGEST_MICROS
from tagwerk.domain.ledger.rules import Account, Entry, JournalLine, account_of, prepaid, transfer_id

CODE = "correction"  # of the transfers
LONGEST_REASON, LONGEST_WORDS = 180, 300
MOST_LINES = 20  # of one correction: more cannot be looked at by a second person


class CorrectionState(StrEnum):
    """proposed → approved (and booked in the same moment) or refused."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """`micros` leave `debit` and reach `credit` (account codes). `opposite_of`: the transfer that it undoes."""

    debit: str
    credit: str
    micros: int
    opposite_of: UUID | None = None


def opposites(wrong: Sequence[JournalLine], organisations: Mapping[int, int]) -> list[Line]:
    """What undoes these transfers; what comes back to a project goes on into its organisation's balance (project →
    organisation), since what is set aside is what covers work and no more. Refuses what only holds money, and what has a
    way of its own."""
    lines = []
    for one in wrong:
        _require_no_own_way(one.ref_type)
        if one.kind != "single":
            raise Invalid(
                "correction_of_held", "This transfer only holds money, or ends that; it cannot be undone by itself.",
                path="transfer",
            )  # fmt: skip
        lines.append(Line(one.credit, one.debit, one.amount_micros, UUID(one.id)))
        sort, project = owner_of(one.debit)
        if sort == "project":
            target = prepaid(organisations[project], one.currency).code
            if target != one.credit:
                lines.append(Line(one.debit, target, one.amount_micros))
    return lines


def _require_no_own_way(ref_type: str) -> None:
    """Some facts are put right where they were said, with their papers and states, which the book alone would leave wrong."""
    if ref_type == "booking":
        raise Invalid(
            "correction_by_booking",
            "This is a deposit or a refund: book the other direction under Deposits, so that VAT and invoices follow.",
            path="transfer",
        )
    if ref_type == "payout":
        raise Invalid(
            "correction_by_payout",
            "This is of a payout: say on its run’s page that it came back, or take it out there.",
            path="transfer",
        )
    if ref_type == "invoice":
        raise Invalid(
            "correction_by_invoice",
            "This is of an invoice: cancel the invoice; it is issued anew.",
            path="transfer",
        )
    if ref_type == "project":
        raise Invalid(
            "correction_by_project",
            "This set money aside for a project, or gave it back: change the project’s budget, or finish it.",
            path="transfer",
        )


def currency_of(lines: Sequence[Line]) -> str:
    """The currency of a correction. Refuses accounts that the chart does not have, or of two currencies, and amounts that
    are none."""
    if not lines or len(lines) > MOST_LINES:
        raise Invalid(
            "correction_too_long",
            "A correction has from one to {most} transfers; make several.",
            most=MOST_LINES,
        )
    found = {
        account(code, path).currency
        for line in lines
        for path, code in (("debit", line.debit), ("credit", line.credit))
    }
    if len(found) > 1:
        raise Invalid("currency_differs", "Both accounts must be in the transfer's currency.", path="credit")
    for line in lines:
        if line.debit == line.credit:
            raise Invalid("same_account", "A transfer needs two different accounts.", path="credit")
        if not 1 <= line.micros <= LARGEST_MICROS:
            raise Invalid(
                "amount_out_of_range", "An amount must be more than nothing and at most a thousand million.", path="amount",
            )  # fmt: skip
    return found.pop()


def require_own_accounts(lines: Sequence[Line]) -> None:
    """Refuse to name a project's account by hand: what is set aside is what covers its work."""
    for line in lines:
        for path, code in (("debit", line.debit), ("credit", line.credit)):
            if owner_of(code)[0] == "project":
                raise Invalid(
                    "correction_of_reserved",
                    "What is set aside for a project is what covers its work, no more and no less. Take the organisation’s "
                    "balance instead, or undo a transfer of the project.",
                    path=path,
                )


def account(code: str, path: str) -> Account:
    """An account of the chart; `path`: which field named it."""
    found = account_of(code)
    if found is None:
        raise Invalid(
            "account_unknown", "The chart of accounts has no “{account}”.", path=path, account=code[:120]
        )
    return found


def owner_of(code: str) -> tuple[str, int]:
    """Whose account it is: ("worker", 12); of the operator's own accounts ("", 0)."""
    sort, _, rest = code.partition(":")
    return (sort, int(rest.partition(":")[0])) if sort in ("worker", "organisation", "project") else ("", 0)


def reason_given(text: str, names: Sequence[str]) -> str:
    """The reason, on one line. It stands in the book for ever, so it names nobody (`names`: whom it moves money of)."""
    found = " ".join(text.split())
    if not found:
        raise Invalid("correction_unreasoned", "Say why, in words.", path="reason")
    if len(found) > LONGEST_REASON:
        raise Invalid(
            "text_too_long", "This has at most {longest} characters.", path="reason", longest=LONGEST_REASON
        )
    if "@" in found or any(_names(found, name) for name in names if name):
        raise Invalid(
            "correction_names_somebody",
            "The reason stands in the book for ever, so it must not name a person: no name, no e-mail address.",
            path="reason",
        )
    return found


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text.casefold()) is not None


def entries_of(correction_id: int, lines: Sequence[Line], currency: str, reason: str) -> list[Entry]:
    """The transfers of a correction, under one event. What undoes a transfer has the id of that, so that nothing is undone
    twice, whatever is proposed how often."""
    return [
        Entry(
            id=transfer_id("opposite", line.opposite_of) if line.opposite_of else transfer_id(CODE, correction_id, place),
            event=transfer_id(CODE, correction_id), kind="single", debit=line.debit, credit=line.credit,
            amount_micros=line.micros, currency=currency, code=CODE, ref_type=CODE, ref_id=str(correction_id), memo=reason,
        )
        for place, line in enumerate(lines)
    ]  # fmt: skip


def undone_already() -> Conflict:
    """What is said where a transfer has its opposite."""
    return Conflict(
        "correction_made", "This transfer was undone before; look at the corrections.", path="transfer"
    )


def changes_of(lines: Sequence[Line]) -> dict[str, int]:
    """By account, what its owner has more (micros; less: below nothing) once the lines are booked. Debts of an organisation
    are its accounts too: a smaller debt is more."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.debit] = found.get(line.debit, 0) - line.micros
        found[line.credit] = found.get(line.credit, 0) + line.micros
    return found
