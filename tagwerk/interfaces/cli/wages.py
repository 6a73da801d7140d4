"""tagwerk wages …: the table of minimum wages by country and day."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from tagwerk.interfaces.cli.files import target_file, text_file
from tagwerk.interfaces.cli.grammar import word, words_of
from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    inner = words_of(words, "wages", "Read and change the table of minimum wages.")
    export = word(
        inner, "export", "Write the whole table as CSV, to be changed and brought in again.", _export
    )
    export.add_argument("file", type=Path, help="where to")
    text = "Bring lines in; one takes the place of that of the same country and day. If one is wrong, none counts."
    word(inner, "import", text, _import).add_argument("file", type=Path, help="a CSV, as “export” writes it")
    text = "Take a line of your own out; one that came along and lay under it holds again."
    remove = word(inner, "remove", text, _remove)
    remove.add_argument("country", help="two letters, such as DE")
    remove.add_argument("day", type=_day, help="from which it held, such as 2027-01-01")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day such as 2027-01-01") from None


def _export(options: argparse.Namespace, machinery: Machinery) -> int:
    target = target_file(options.file)
    with machinery.looking():
        from tagwerk.domain.accounts import queries
        from tagwerk.domain.accounts.rules import csv_of_wages

        lines = queries.wage_lines()
        target.write_text(csv_of_wages(line.wage for line in lines), encoding="utf-8")
    print(f"{len(lines)} lines are in {target}.")
    return 0


def _import(options: argparse.Namespace, machinery: Machinery) -> int:
    text = text_file(options.file)
    with machinery.database():
        from tagwerk.domain.accounts import actions
        from tagwerk.domain.accounts.rules import CONSOLE, wages_of_csv

        changed = actions.put_wages(actor=CONSOLE, wages=wages_of_csv(text))
    print(f"Lines that are new or other than before: {changed}.")
    return 0


def _remove(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts import actions
        from tagwerk.domain.accounts.rules import CONSOLE

        actions.remove_wage(actor=CONSOLE, country=options.country.upper(), valid_from=options.day)
    print("The line is taken out.")
    return 0
