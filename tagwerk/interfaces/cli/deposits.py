"""tagwerk bank …: money of organisations that came in or went back, and what they may be lent."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of, plain
from tagwerk.interfaces.cli.grammar import Handler, word
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table

ORGANISATION = "its id (org_…) in “tagwerk bank organisations”"


def add_to(inner: Any) -> None:
    """Add these commands to those of `bank`."""
    listed = word(
        inner,
        "organisations",
        "List organisations and what they have paid in and not set aside.",
        _organisations,
    )
    listed.add_argument("--search", default="", metavar="TEXT", help="only those whose name contains this")
    for name, text, action in (
        ("deposit", "Book money that came in from an organisation. A statement that has it later changes nothing.", "book_deposit"),
        ("refund", "Book unspent money that went back to an organisation.", "book_refund"),
    ):  # fmt: skip
        one = word(inner, name, text, _book(action))
        one.add_argument("organisation", help=ORGANISATION)
        one.add_argument("amount", help="such as 1200.00")
        one.add_argument("reference", help="what the bank statement says")
        one.add_argument("--currency", help="default: the organisation’s")
        one.add_argument(
            "--key", default="", help="the same key again books nothing again; default: made of all of this and of today’s date"
        )  # fmt: skip
    bookings = word(
        inner, "bookings", "List what was booked of organisations’ money, the newest first.", _bookings
    )
    bookings.add_argument("--organisation", metavar="ID", help="only of this one (org_…)")
    credit = word(
        inner, "credit", "Say, or with --limit set, up to which sum an organisation is lent money.", _credit
    )
    credit.add_argument("organisation", help=ORGANISATION)
    credit.add_argument(
        "--limit", metavar="AMOUNT", help="in the organisation’s currency; 0 ends it, what is lent stays lent"
    )


def _organisations(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import queries as payments

        found = queries.organisations_page(CONSOLE, search=options.search, limit=200)
        there = payments.prepaid_of({one.id: one.currency for one in found})
        rows = [
            [public_id("org", one.id), one.name[:40], plain(there[one.id]), one.currency] for one in found
        ]
    print(table(["id", "name", "prepaid", "currency"], rows) if rows else "There is no such organisation.")
    return 0


def _book(action: str) -> Handler:
    def run(options: argparse.Namespace, machinery: Machinery) -> int:
        with machinery.database():
            from tagwerk.domain.accounts import queries
            from tagwerk.domain.accounts.rules import CONSOLE
            from tagwerk.domain.payments import actions
            from tagwerk.domain.payments import queries as payments

            view = queries.organisation(row_number("org", options.organisation))
            newest = payments.bookings_page(CONSOLE, limit=1)
            book: Callable[..., int] = getattr(actions, action)
            number = book(
                actor=CONSOLE, organisation_id=view.id, amount_micros=micros_of(options.amount, path="amount"),
                currency=options.currency, reference=options.reference, key=options.key or _key(action, options),
            )  # fmt: skip
            there = payments.prepaid_of({view.id: options.currency or view.currency})[view.id]
        if newest and number <= newest[0].id:
            print(f"This was booked before, as booking {number}; one more like it needs a --key of its own.")
        else:
            print(
                f"Booked as booking {number}; {view.name} has {plain(there)} {options.currency or view.currency} prepaid."
            )
        return 0

    return run


def _key(action: str, options: argparse.Namespace) -> str:
    """The same typed twice is one booking; the same amount with the same words is a new one tomorrow."""
    said = (action, options.organisation, options.amount, options.currency or "", options.reference)
    digest = sha256("\x1f".join(said).encode()).hexdigest()
    return f"console-{datetime.now(UTC).date()}-{digest[:40]}"


def _bookings(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import queries as payments

        only = row_number("org", options.organisation) if options.organisation else None
        found = payments.bookings_page(CONSOLE, organisation_id=only, limit=50)
        names = queries.organisation_names({one.organisation_id for one in found})
        rows = [
            [
                str(one.id), str(one.booked_at.date()), names[one.organisation_id][:40], one.direction.value,
                plain(one.amount_micros), one.currency, one.reference[:40],
            ]
            for one in found
        ]  # fmt: skip
    print(
        table(["booking", "day", "organisation", "kind", "amount", "currency", "reference"], rows)
        if rows
        else "Nothing was booked yet."
    )
    return 0


def _credit(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.payments import queries as payments

        view = queries.organisation(row_number("org", options.organisation))
        if options.limit is not None:
            actions.grant_credit(
                actor=CONSOLE, organisation_id=view.id, limit_micros=micros_of(options.limit, path="limit")
            )
        now = payments.credit_standing(view.id, view.currency)
    print(
        f"{view.name}: limit {plain(now.limit_micros)} {view.currency}, lent {plain(now.lent_micros)}, "
        f"owed on invoices {plain(now.owed_micros)}, {plain(now.room_micros)} can still be lent."
    )
    return 0
