"""Entries of the operator's bank account: which is which, what each is for, and whether book and bank agree."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from stdnum import iso11649
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from tagwerk.domain.payments.rules.bank_files import BankLine

_PREFIX, _DIGITS = "TW", 8
_REFERENCE = re.compile(rf"RF\d\d{_PREFIX}\d{{{_DIGITS}}}")


class Meaning(StrEnum):
    """What an entry is for. Everything is counted once; what nobody knows waits in `suspense`."""

    NEW = ""  # read, not yet looked at
    RUN = "run"  # one debit for all payouts of a run's file
    PAYOUT = "payout"  # the debit for one payout
    RETURNED = "returned"  # a payout that came back
    DEPOSIT = "deposit"  # of an organisation; booked by the program
    BOOKING = "booking"  # a deposit or a refund that an operator had booked by hand
    BY_HAND = "by_hand"  # payouts that an operator had marked as paid
    FEE = "fee"  # of the bank
    OWN = "own"  # the operator's own money, put in or taken out
    PAYPAL = "paypal"  # the operator's own money, moved to PayPal or back from there
    UNKNOWN = "unknown"  # waits for an operator
    SPLIT = "split"  # its parts are entries of their own


ASSIGNABLE = (
    Meaning.RETURNED, Meaning.DEPOSIT, Meaning.BOOKING, Meaning.BY_HAND, Meaning.FEE, Meaning.OWN, Meaning.PAYPAL,
)  # fmt: skip
PAYOUTS = (Meaning.RUN, Meaning.PAYOUT, Meaning.RETURNED, Meaning.BY_HAND)  # the book has them already


class Remark(StrEnum):
    """What of a file needs an operator's eye; each has words in every language of the pages."""

    OTHER_ACCOUNT = "other_account"  # a report of an account that is not the company's
    DOES_NOT_ADD_UP = "does_not_add_up"  # its entries do not lead from the opening to the closing balance
    LINES_ALIKE = "lines_alike"  # like lines of another statement, and perhaps not the same ones
    MESSAGE_UNKNOWN = "message_unknown"  # a status of a file that is not ours
    FILE_REJECTED = "file_rejected"  # the bank took nothing of a file of ours
    FILE_DUPLICATE = "file_duplicate"  # the bank has this file of ours already
    FILE_REJECTED_LATER = "file_rejected_later"  # the bank had accepted it before
    PAYMENTS_DUPLICATE = "payments_duplicate"  # the bank has these payments already
    REJECTED_AFTER_PAID = "rejected_after_paid"  # only an operator had said that they were paid: given back
    REJECTED_THOUGH_PAID = "rejected_though_paid"  # the bank's own entries show them: not given back
    PAYMENT_UNKNOWN = "payment_unknown"  # a status of a payment that is not ours


class Doubt(StrEnum):
    """Why an entry that seems to be ours was not matched."""

    SUM_DIFFERS = "sum_differs"
    AMOUNT_DIFFERS = "amount_differs"
    TWICE = "twice"  # there was one such entry before
    GIVEN_BACK = "given_back"  # the payout had failed, and the worker has the money again
    SEVERAL_REFERENCES = "several_references"
    LIKE_A_BOOKING = "like_a_booking"  # the same amount was booked by hand: is it this one?


def creditor_reference(organisation_id: int) -> str:
    """What an organisation writes on its transfers: RF18TW00000042. Source: ISO 11649."""
    body = f"{_PREFIX}{organisation_id:0{_DIGITS}d}"
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def organisations_named(text: str) -> set[int]:
    """The organisations whose references stand anywhere in a text, whatever spaces, signs and case."""
    dense = re.sub(r"[^A-Z0-9]", "", text.upper())
    found = {match for start in range(len(dense)) if (match := _reference_at(dense, start))}
    return {int(reference[-_DIGITS:]) for reference in found}


def _reference_at(text: str, start: int) -> str | None:
    match = _REFERENCE.match(text, start)
    if match is None:
        return None
    try:
        return str(iso11649.validate(match[0]))
    except ValidationError:
        return None


def batch_id(run_id: int, cutoff: date) -> str:
    """What a run's file for the bank is called, and by which its debit is known: TAGWERK-2026-11-23-7."""
    return f"TAGWERK-{cutoff}-{run_id}"


def run_of_batch(text: str) -> int | None:
    """The run that a file of ours was for."""
    found = re.fullmatch(r"TAGWERK-\d{4}-\d\d-\d\d-([1-9]\d{0,17})", text)
    return int(found[1]) if found else None


def payout_named(end_to_end: str) -> UUID | None:
    """The payout whose reference this may be."""
    return UUID(hex=end_to_end) if re.fullmatch(r"[0-9a-fA-F]{32}", end_to_end) else None


def keys_of(lines: Sequence[BankLine]) -> list[str]:
    """A name for each line of a report, the same in every file that has it.

    Made of the bank's own number, amount and day; without such a number, of all that the line says, and counted where
    a report has lines that are alike. Lines of two statements that are alike have the same name until the balances say
    that they are two movements.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        facts = [line.ref, str(line.amount_micros), line.currency, str(line.booked_on)]
        if not line.ref:
            facts += [line.batch, *(f"{part.end_to_end}|{part.name}|{part.text}" for part in line.parts)]
        digest = hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:40]
        keys.append(f"{digest}-{seen[digest]}")
        seen[digest] += 1
    return keys


@dataclass(frozen=True, slots=True)
class Stretch:
    """A statement's span: its balances and their days."""

    opening_micros: int
    opening_on: date
    closing_micros: int
    closing_on: date


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two statements: the later one does not begin with what any earlier one ended with."""

    after: date
    closing_micros: int
    before: date
    opening_micros: int


def in_order(statements: Iterable[Stretch]) -> list[Stretch]:
    """The statements as they follow one another; those of one day by how their balances join."""
    return sorted(statements, key=lambda one: (one.closing_on, one.opening_on))


def oldest(statements: Iterable[Stretch]) -> Stretch | None:
    """The statement with which what is known of the account begins; of several of one day, the one that continues none."""
    ordered = sorted(statements, key=lambda one: one.opening_on)
    first = [one for one in ordered if one.opening_on == ordered[0].opening_on]
    closings = {one.closing_micros for one in first if one.opening_micros != one.closing_micros}
    return next((one for one in first if one.opening_micros not in closings), first[0] if first else None)


def newest(statements: Iterable[Stretch]) -> Stretch | None:
    """The statement that says where the account stands last."""
    ordered = in_order(statements)
    if not ordered:
        return None
    last = [one for one in ordered if one.closing_on == ordered[-1].closing_on]
    openings = {one.opening_micros for one in last if one.opening_micros != one.closing_micros}
    ends = [one for one in last if one.closing_micros not in openings]
    return (ends or last)[-1]


def gaps(statements: Iterable[Stretch]) -> list[Gap]:
    """Where a statement is missing. Overlapping ones and several of one day are none."""
    ordered = in_order(statements)
    found = []
    for one in ordered:
        earlier = [
            x
            for x in ordered
            if x is not one and x.closing_on <= one.opening_on and x.opening_on <= one.opening_on
        ]
        covered = any(
            x is not one
            and x.opening_on <= one.opening_on
            and x.closing_on >= one.closing_on
            and _span(x) > _span(one)
            for x in ordered
        )
        before = [x for x in earlier if x.opening_on < one.opening_on or x.closing_on < one.closing_on]
        if covered or not before or any(x.closing_micros == one.opening_micros for x in earlier):
            continue
        last = max(before, key=lambda x: x.closing_on)
        found.append(Gap(last.closing_on, last.closing_micros, one.opening_on, one.opening_micros))
    return found


def _span(one: Stretch) -> int:
    return (one.closing_on - one.opening_on).days
