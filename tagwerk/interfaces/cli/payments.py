"""tagwerk payout …: single payouts of a run, and what operators say of those that leave by a file or by hand."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import plain
from tagwerk.interfaces.cli.files import target_file, text_file
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table

PAGE = 500
STATES = (
    "planned",
    "left_out",
    "locked",
    "submitted",
    "unclaimed",
    "paid",
    "failed",
    "returned",
    "withdrawn",
)
RUN = "its number in “tagwerk payout list”"
REFERENCE = "its reference, as “tagwerk payout payments”, lists and bank statements say it"


def add_to(inner: Any) -> None:
    """Add these commands to those of `payout`."""
    listed = word(inner, "payments", "List the payouts of a run with their references.", _payments)
    listed.add_argument("run", type=int, help=RUN)
    listed.add_argument("--state", choices=STATES, help="only those in this state")
    sheet = word(inner, "csv", "Write whom a released run pays by hand, as CSV.", _csv)
    sheet.add_argument("run", type=int, help=RUN)
    sheet.add_argument("file", type=Path, help="where to")
    text = "Say that payouts are paid which leave by a file or by hand: all of a kind, or some. Said again, it changes nothing."
    paid = word(inner, "paid", text, _paid)
    paid.add_argument("run", type=int, help=RUN)
    which = paid.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--all", choices=("sepa", "manual"), help="all of the run that leave by the bank’s file or by hand"
    )
    which.add_argument("--ref", nargs="+", metavar="REFERENCE", help="these payouts")
    which.add_argument(
        "--file", type=Path, help="those of a CSV with the column reference; a column amount is compared. One wrong line and none is marked"
    )  # fmt: skip
    for name, text, handler in (
        ("take-out", "Take a payout out of its run before it is carried out; the money is back in the balance.", _take_out),
        ("came-back", "Say that a paid payout came back; the money is back in the balance.", _came_back),
    ):  # fmt: skip
        word(inner, name, text, handler).add_argument("reference", help=REFERENCE)


def _payments(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.payments.rules.reasons import LEFT_OUT_WORDS

        found = list(_payouts(options.run, options.state))
        names = accounts.names_of({one.person_id for one in found})
        rows = [
            [
                one.ref.hex, names.get(one.person_id, ""), one.rail.value if one.rail else "–", one.state.value,
                plain(one.amount_micros or one.carried_micros), LEFT_OUT_WORDS.get(one.reason, one.reason),
            ]
            for one in found
        ]  # fmt: skip
    print(
        table(["reference", "name", "way", "state", "amount", ""], rows)
        if rows
        else "There is no such payout in this run."
    )
    return 0


def _payouts(run_id: int, state: str | None) -> Iterator[Any]:
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments.queries import payouts as queries
    from tagwerk.domain.payments.rules.payouts import PayoutState

    run = queries.run_for(CONSOLE, run_id)
    states = frozenset({PayoutState(state)}) if state else None
    after: int | None = 0
    while after is not None:
        page = queries.payouts_of_run(CONSOLE, run.id, states=states, after=after, limit=PAGE)
        yield from page
        after = page[-1].id if len(page) == PAGE else None


def _csv(options: argparse.Namespace, machinery: Machinery) -> int:
    target = target_file(options.file)
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries.rail_files import manual_file

        found = manual_file(CONSOLE, options.run)
        target.touch(mode=0o600)  # it holds the accounts of many people
        with target.open("wb") as out:
            out.writelines(found.pieces)
    print(f"{target}: pay, then say so with “tagwerk payout paid {options.run} --file {target}”.")
    return 0


def _paid(options: argparse.Namespace, machinery: Machinery) -> int:
    text = text_file(options.file) if options.file else ""
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import payouts as queries
        from tagwerk.domain.payments.rules.by_hand import PaidLine, paid_lines
        from tagwerk.domain.payments.rules.payouts import PayoutState
        from tagwerk.domain.payments.rules.rails import Rail

        run = queries.run_for(CONSOLE, options.run)
        if options.all:
            print(f"{_mark(run.id, Rail(options.all), None)} payouts are marked as paid.")
            return 0
        lines = paid_lines(text) if options.file else [PaidLine(0, one, None) for one in options.ref]
        found = queries.payouts_by_reference(CONSOLE, [one.reference for one in lines])
        for line in lines:
            _require_payable(run.id, line, found[line.reference])
        new = [one for one in found.values() if one.state is not PayoutState.PAID]
        marked = sum(
            _mark(run.id, rail, [one.id for one in new if one.rail is rail])
            for rail in (Rail.SEPA, Rail.MANUAL)
            if any(one.rail is rail for one in new)
        )
    before = len({one.id for one in found.values()}) - len({one.id for one in new})
    print(f"{marked} payouts are marked as paid{f'; {before} were before' if before else ''}.")
    return 0


def _mark(run_id: int, rail: Any, payout_ids: Sequence[int] | None) -> int:
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments import actions

    return actions.mark_paid_by_hand(
        actor=CONSOLE, run_id=run_id, rail=rail, payout_ids=payout_ids, now=datetime.now(UTC)
    )


def _require_payable(run_id: int, line: Any, payout: Any) -> None:
    """All of a list is looked at before any of it is marked."""
    from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY, PayoutState
    from tagwerk.domain.payments.rules.rails import Rail

    if payout.run_id != run_id:
        raise Invalid(
            "payout_of_other_run", "Nothing is marked: {reference} belongs to run {run}.", reference=line.reference, run=payout.run_id,
        )  # fmt: skip
    if payout.rail is Rail.PAYPAL:
        raise Invalid(
            "payout_by_paypal", "Nothing is marked: {reference} leaves by PayPal, which says itself what it paid.", reference=line.reference,
        )  # fmt: skip
    if payout.state not in (*ON_ITS_WAY, PayoutState.PAID):
        raise Conflict(
            "payout_not_on_its_way",
            "Nothing is marked: {reference} is {state}, so it is not on its way. If it was paid all the same, hold the payouts of that person and ask for the money.",
            reference=line.reference, state=payout.state.value,
        )  # fmt: skip
    if line.amount_micros not in (None, payout.amount_micros):
        raise Invalid(
            "paid_amount_differs",
            "Nothing is marked: line {line} says {said} for {reference}, and {due} {currency} are due.",
            line=line.line, said=plain(line.amount_micros), reference=line.reference, due=plain(payout.amount_micros),
            currency=payout.currency,
        )  # fmt: skip


def _take_out(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        payout = _payout(options.reference)
        actions.take_out_payout(actor=CONSOLE, payout_id=payout.id, now=datetime.now(UTC))
    print(
        f"{plain(payout.amount_micros)} {payout.currency} are in the balance again. A file of the run that you have "
        "already names this payout still: write it anew."
    )
    return 0


def _came_back(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        payout = _payout(options.reference)
        actions.say_payout_came_back(actor=CONSOLE, payout_id=payout.id, now=datetime.now(UTC))
    print(f"{plain(payout.amount_micros)} {payout.currency} are in the balance again; they are told.")
    return 0


def _payout(reference: str) -> Any:
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments.queries import payouts as queries

    return queries.payouts_by_reference(CONSOLE, [reference])[reference]
