"""tagwerk bank …: what the bank says, and money of organisations."""

import argparse
from pathlib import Path
from typing import Any

from tagwerk.base.money import plain
from tagwerk.interfaces.cli import bank_entries, company, deposits
from tagwerk.interfaces.cli.files import existing_file, target_file
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    bank = words.add_parser("bank", help="Files of the bank, its entries, and money of organisations.")
    inner = bank.add_subparsers(dest="bank_word", metavar="word", required=True)
    text = (
        "Bring in statements and reports (camt.053, .052, .054, pain.002, or a ZIP of them) and say whether book and "
        "bank agree. Exit code 1 where they do not."
    )
    bring = inner.add_parser("import", help="Bring in files of the bank.", description=text)
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files of the bank")
    bring.set_defaults(handler=_import)
    text = "Write the file of a released run for the bank: SEPA credit transfers, the same bytes each time."
    file = inner.add_parser("file", help="Write the file of a run for the bank.", description=text)
    file.add_argument("run", type=int, help="its number in “tagwerk payout list”")
    file.add_argument("file", type=Path, help="where to")
    file.add_argument("--instant", action="store_true", help="as instant payments")
    file.add_argument("--single", action="store_true", help="with a debit for each payment")
    file.set_defaults(handler=_file)
    text = "Say whether book and bank agree, and what waits for a word. Exit code 1 where they do not agree."
    word(inner, "show", text, _show)
    for module in (bank_entries, deposits, company):
        module.add_to(inner)


def _file(options: argparse.Namespace, machinery: Machinery) -> int:
    target = target_file(options.file)
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries.rail_files import sepa_file

        found = sepa_file(CONSOLE, options.run, instant=options.instant, single=options.single)
        target.touch(mode=0o600)  # it holds the accounts of many people
        with target.open("wb") as out:
            for piece in found.pieces:
                out.write(piece)
    print(f"{target}: give it to the bank.")
    return 0


def _import(options: argparse.Namespace, machinery: Machinery) -> int:
    contents = [(file.name, existing_file(file).read_bytes()) for file in options.files]
    with machinery.database():
        from django.utils.timezone import now

        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        for name, content in contents:
            for file in actions.import_bank_file(actor=CONSOLE, name=name, content=content, now=now()):
                print(f"{file.name}: {f'{file.entries} new entries' if file.is_new else 'was here before'}")
        actions.settle_bank_entries(now=now())
        return _standing()


def _show(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        return _standing()


def _standing() -> int:
    from django.utils.timezone import now

    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments.queries import bank as queries

    waiting = queries.waiting_entries(CONSOLE)
    standings = queries.bank_standings(CONSOLE, now=now())
    if waiting:
        print(f"{waiting} entries wait for a word: tagwerk bank entries --waiting")
    for silence in queries.bank_silences(CONSOLE, now=now()):
        last = f"the newest is of {silence.newest_on}" if silence.newest_on else "there is none"
        print(f"No statement has {silence.payouts} payouts in {silence.currency} that left days ago; {last}.")
    if not standings:
        print("No statement was brought in yet: tagwerk bank import FILE")
    for one in standings:
        _say(one)
    return 1 if any(one.difference_micros for one in standings) else 0


def _say(one: Any) -> None:
    for gap in one.gaps:
        print(f"MISSING  a statement between {gap.after} and {gap.before}")
    differ = f"differ by {plain(one.difference_micros)}" if one.difference_micros else "agree"
    print(
        f"Book and bank {differ}: {plain(one.book_micros)} {one.currency} in the book, "
        f"{plain(one.closing_micros)} at the bank on {one.closing_on}, {plain(one.waiting_micros)} not on a statement yet."
    )
