"""tagwerk bank …: entries of the account, and what an operator says of those that nobody knew."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import plain
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table

SHOWN = 50
MEANINGS: Mapping[str, str] = {
    "returned": "a payout that came back (--payout)",
    "deposit": "a deposit of an organisation (--organisation)",
    "booking": "what was booked by hand already (--booking)",
    "by_hand": "payouts that were marked as paid by hand",
    "fee": "a fee of the bank",
    "own": "our own money: put in, or taken out",
    "paypal": "moved to our PayPal account, or back from it",
}


def add_to(inner: Any) -> None:
    """Add these commands to those of `bank`."""
    entries = word(inner, "entries", "List entries of the account, the newest first.", _entries)
    entries.add_argument(
        "--waiting", action="store_true", help="only those that wait for a word, what is odd first"
    )
    show = word(inner, "entry", "Say what is known of an entry, and what it can be.", _entry)
    show.add_argument("entry", help="its id (bke_…) in “tagwerk bank entries”")
    assign = word(
        inner, "assign", "Say what an entry is for that nobody knew; it gets its place in the book.", _assign
    )
    assign.add_argument("entry", help="its id (bke_…) in “tagwerk bank entries --waiting”")
    assign.add_argument(
        "meaning", choices=tuple(MEANINGS), help="; ".join(f"{one}: {text}" for one, text in MEANINGS.items())
    )
    assign.add_argument("--organisation", metavar="ID", help="of a deposit: whose (org_…)")
    assign.add_argument(
        "--booking", type=int, metavar="NUMBER", help="which booking, as “tagwerk bank entry” says it"
    )
    assign.add_argument("--payout", metavar="REFERENCE", help="of one that came back: whose")


def _entries(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import bank as queries

        found = queries.bank_entries(CONSOLE, waiting=options.waiting, limit=SHOWN)
        rows = [
            [
                public_id("bke", one.id), str(one.booked_on or "–"), plain(one.amount_micros), one.currency,
                one.meaning.value or "new", one.name[:30], one.text[:40],
            ]
            for one in found
        ]  # fmt: skip
    empty = (
        "No entry waits for a word." if options.waiting else "There is no entry yet: tagwerk bank import FILE"
    )
    print(table(["entry", "day", "amount", "currency", "is", "name", "text"], rows) if rows else empty)
    return 0


def _entry(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import bank as queries

        one = queries.bank_entry(CONSOLE, row_number("bke", options.entry))
        print(f"{one.booked_on or '–'}  {plain(one.amount_micros)} {one.currency}  {one.name}: {one.text}")
        print(f"It is: {one.meaning.value or 'new'}{f' ({one.doubt.value})' if one.doubt else ''}")
        bookings = queries.bookings_for(CONSOLE, one.id)
        payouts = queries.payouts_for(CONSOLE, one.id, limit=SHOWN)
        whose = accounts.organisation_names({each.organisation_id for each in bookings})
        people = accounts.names_of({each.person_id for each in payouts})
        if one.meaning.value != "unknown":
            return 0
        for booking in bookings:
            print(
                f"  booking --booking {booking.id}: {whose[booking.organisation_id]}, "
                f"{booking.booked_at.date()}: {booking.reference}"
            )
        for payout in payouts:
            print(
                f"  returned --payout {payout.ref.hex}: {people[payout.person_id]}, {plain(payout.amount_micros)} "
                f"{payout.currency}, run until {payout.cutoff_at.date()}"
            )
        print(f"Say what it is: tagwerk bank assign {options.entry} MEANING")
    return 0


def _assign(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.payments.queries import bank as queries
        from tagwerk.domain.payments.queries import payouts
        from tagwerk.domain.payments.rules.bank_entries import Meaning

        number, payout = row_number("bke", options.entry), options.payout
        actions.assign_bank_entry(
            actor=CONSOLE, entry_id=number, meaning=Meaning(options.meaning),
            organisation_id=row_number("org", options.organisation) if options.organisation else None,
            booking_id=options.booking,
            payout_id=payouts.payouts_by_reference(CONSOLE, [payout])[payout].id if payout else None,
            now=datetime.now(UTC),
        )  # fmt: skip
        waiting = queries.waiting_entries(CONSOLE)
    print(f"The entry has its place in the book; {waiting} more wait for a word.")
    return 0
