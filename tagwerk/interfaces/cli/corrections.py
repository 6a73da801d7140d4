"""tagwerk ledger …: find a transfer that was wrong, propose what puts it right, approve or refuse it."""

import argparse
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of, plain
from tagwerk.interfaces.cli.grammar import word, words_of
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table

CORRECTION = "its id (cor_…) in “tagwerk ledger correct list”"


def add_to(inner: Any) -> None:
    """Add these commands to those of `ledger`."""
    accounts = word(
        inner, "accounts", "List the accounts of a person or an organisation, and what each holds.", _accounts
    )
    accounts.add_argument("owner", help="an e-mail address, or the id of an organisation (org_…)")
    moves = word(
        inner,
        "movements",
        "List the newest movements of an account with the ids of their transfers.",
        _movements,
    )
    moves.add_argument("account", help="such as worker:12:available:EUR")
    correct = words_of(inner, "correct", "Put a wrong booking right by new transfers; that takes two people.")
    word(correct, "list", "List corrections, the newest first.", _list)
    propose = word(
        correct,
        "propose",
        "Propose a correction: the opposite of a transfer, or a transfer from one account to another. Nothing is booked yet.",
        _propose,
    )
    propose.add_argument("--opposite", metavar="TRANSFER", help="the id of the transfer that was wrong")
    propose.add_argument(
        "--whole-event",
        action="store_true",
        help="with all that was booked in one event with it, such as the fee",
    )
    propose.add_argument("--debit", metavar="ACCOUNT", help="the account that the amount leaves")
    propose.add_argument("--credit", metavar="ACCOUNT", help="the account that it reaches")
    propose.add_argument("--amount", help="in the currency of both accounts, such as 12.50")
    propose.add_argument(
        "--note",
        required=True,
        help="why; whose balance changes reads it, and it stays in the book: name no person",
    )
    propose.add_argument(
        "--key", default="", help="the same key again is the same proposal; default: made of all of this and of today’s date"
    )  # fmt: skip
    for name, text, handler in (
        ("show", "Say what a correction moves, and how it stands.", _show),
        ("approve", "Approve a correction and book it. Where there are two operators, one of them does it on a page.", _approve),
    ):  # fmt: skip
        word(correct, name, text, handler).add_argument("correction", help=CORRECTION)
    refuse = word(correct, "refuse", "Refuse a correction, or take it back; nothing is booked.", _refuse)
    refuse.add_argument("correction", help=CORRECTION)
    refuse.add_argument("--note", required=True, help="why not")


def _accounts(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import corrections

        if "@" in options.owner:
            found = corrections.accounts_of(CONSOLE, "worker", queries.person_id_of_email(options.owner))
        else:
            found = corrections.accounts_of(CONSOLE, "organisation", row_number("org", options.owner))
        rows = [[code, plain(micros)] for code, micros in found.items()]
    print(table(["account", "holds"], rows) if rows else "Nothing was booked for them yet.")
    return 0


def _movements(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import corrections

        rows = [
            [str(one.id), one.at.strftime("%Y-%m-%d %H:%M"), plain(one.amount_micros), one.code, one.other, one.memo[:40]]
            for one in corrections.movements_of(CONSOLE, options.account, limit=50)
        ]  # fmt: skip
    print(
        table(["transfer", "when", "amount", "what", "other account", ""], rows)
        if rows
        else "Nothing has moved in this account yet."
    )
    return 0


def _list(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import corrections

        rows = [
            [
                public_id("cor", one.id), one.proposed_at.strftime("%Y-%m-%d %H:%M"), one.state.value,
                plain(one.sum_micros), one.currency, "alone" if one.decided_alone else "", one.reason[:60],
            ]
            for one in corrections.corrections_page(CONSOLE, limit=100)
        ]  # fmt: skip
    print(
        table(["correction", "proposed", "state", "moves", "currency", "", "reason"], rows)
        if rows
        else "Nothing has been corrected yet."
    )
    return 0


def _propose(options: argparse.Namespace, machinery: Machinery) -> int:
    by_hand = (options.debit, options.credit, options.amount)
    if bool(options.opposite) == all(by_hand) or (options.opposite and any(by_hand)):
        raise Invalid(
            "correction_how",
            "Name a transfer with --opposite, or --debit, --credit and --amount: one of the two.",
        )
    with machinery.database():
        number = _proposed(options)
        _say(number)
    print("Nothing is booked yet. A second operator approves it on the page “Corrections”.")
    return 0


def _proposed(options: argparse.Namespace) -> int:
    from uuid import UUID

    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments import actions
    from tagwerk.domain.payments.rules.corrections import Line

    said: dict[str, Any] = {"actor": CONSOLE, "reason": options.note, "key": options.key or _key(options)}
    if not options.opposite:
        line = Line(options.debit, options.credit, micros_of(options.amount, path="amount"))
        return actions.propose_correction(lines=[line], **said)
    try:
        transfer = UUID(options.opposite)
    except ValueError:
        raise Invalid("transfer_unknown", "The book has no such transfer.", path="transfer") from None
    return actions.propose_opposite(transfer=transfer, whole_event=options.whole_event, **said)


def _key(options: argparse.Namespace) -> str:
    """The same typed twice is one proposal."""
    said = (
        options.opposite,
        str(options.whole_event),
        options.debit,
        options.credit,
        options.amount,
        options.note,
    )
    digest = sha256("\x1f".join(one or "" for one in said).encode()).hexdigest()
    return f"console-{datetime.now(UTC).date()}-{digest[:40]}"


def _show(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        _say(row_number("cor", options.correction))
    return 0


def _say(number: int) -> None:
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments.queries import corrections

    one = corrections.correction_for(CONSOLE, number)
    alone = ", by one person alone" if one.decided_alone else ""
    print(f"{public_id('cor', one.id)}: {one.state.value}{alone}: {one.reason}")
    for line in one.lines:
        undoes = f", undoes {line.opposite_of}" if line.opposite_of else ""
        print(f"  {plain(line.micros)} {one.currency} from {line.debit} to {line.credit}{undoes}")
    if one.words:
        print(f"  refused: {one.words}")


def _approve(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        number = row_number("cor", options.correction)
        actions.approve_correction(
            actor=CONSOLE, correction_id=number, now=datetime.now(UTC), with_second_factor=True
        )
        _say(number)
    return 0


def _refuse(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        number = row_number("cor", options.correction)
        actions.refuse_correction(
            actor=CONSOLE, correction_id=number, words=options.note, now=datetime.now(UTC)
        )
        _say(number)
    return 0
