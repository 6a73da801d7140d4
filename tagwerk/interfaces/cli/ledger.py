"""tagwerk ledger …: seal and check the book, write its journal, say what an account held."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import plain
from tagwerk.interfaces.cli import corrections
from tagwerk.interfaces.cli.files import existing_file, target_file
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery

ENDINGS = {".beancount": "beancount", ".csv": "csv", ".jsonl": "jsonl"}
FIRST_DAY = date(1970, 1, 1)


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    ledger = words.add_parser("ledger", help="Seal and check the book, write its journal.")
    inner = ledger.add_subparsers(dest="ledger_word", metavar="word", required=True)
    seal = word(
        inner, "seal", "Seal what was booked since the last seal, and say the hash of the newest.", _seal
    )
    seal.add_argument(
        "--append",
        type=Path,
        metavar="FILE",
        help="add it as a line to this file, kept where who keeps the book cannot write",
    )
    verify = word(
        inner,
        "verify",
        "Check the book: balances, debits against credits, every transfer against its seal. Exit code 1 where something is wrong.",
        _verify,
    )
    verify.add_argument(
        "--published",
        type=Path,
        metavar="FILE",
        help="lines that “seal --append” wrote: each has to be the seal that is in the book",
    )
    verify.add_argument("--json", action="store_true", help="say it as one object")
    export = word(
        inner, "export", "Write the journal: .beancount (what was posted), .csv or .jsonl (all).", _export
    )
    export.add_argument("file", type=Path, help="where to; - writes to standard output")
    export.add_argument(
        "--format", choices=sorted(ENDINGS.values()), help="instead of what the ending of the name says"
    )
    export.add_argument(
        "--since", type=_day, metavar="DATE", help="from this day on (UTC); before it, balances"
    )
    export.add_argument("--until", type=_day, metavar="DATE", help="up to this day, which is not part of it")
    statement = word(
        inner,
        "statement",
        "Say what an account held at any moment, added up from transfers alone.",
        _statement,
    )
    statement.add_argument("account", help="such as worker:12:available:EUR")
    statement.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="a moment, such as 2026-11-29T18:00+01:00, or the end of a day (UTC); without it, now",
    )
    corrections.add_to(inner)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day such as 2026-11-29") from None


def _moment(text: str) -> datetime:
    try:
        if len(text) <= len("2026-11-29"):
            return _begin(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is neither a day such as 2026-11-29 nor a moment such as 2026-11-29T18:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _seal(options: argparse.Namespace, machinery: Machinery) -> int:
    if options.append:
        target_file(options.append)
    with machinery.database():
        from tagwerk.domain.ledger import actions, queries

        made, newest = actions.seal(), queries.latest_seal()
    if newest is None:
        print("Nothing was booked yet, so there is nothing to seal.")
        return 0
    print(f"{made} new; the newest is seal {newest.number}, up to transfer {newest.last_seq}: {newest.hash}")
    if options.append:
        with options.append.open("a", encoding="utf-8") as file:
            file.write(f"{newest.number}\t{newest.last_seq}\t{newest.at.isoformat()}\t{newest.hash}\n")
    return 0


def _published(file: Path) -> dict[int, str]:
    found = {}
    for number, line in enumerate(existing_file(file).read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split("\t")
        if len(parts) != 4 or not parts[0].isdecimal():
            raise Invalid(
                "seal_line_unreadable", "Line {number} of {file} is not one that “tagwerk ledger seal --append” wrote.",
                number=number, file=str(file),
            )  # fmt: skip
        found[int(parts[0])] = parts[3]
    return found


def _verify(options: argparse.Namespace, machinery: Machinery) -> int:
    published = _published(options.published) if options.published else None
    with machinery.looking():
        from tagwerk.domain.ledger import queries

        found = queries.verify(published)
    if options.json:
        print(json.dumps({"right": found.is_right, **asdict(found)}, default=str))
        return 0 if found.is_right else 1
    for one in found.wrong:
        rows = ", ".join(f"{row.seq} {row.wrong}" for row in one.rows)
        which = f": {rows}" if rows else ", of which none can be named"
        print(f"WRONG  seal {one.number} does not fit transfers {one.first_seq} to {one.last_seq}{which}")
    for number in found.differing:
        print(f"WRONG  seal {number} is not the one that was published")
    for each in found.drift:
        print(f"WRONG  {each.account} differs from its transfers by {plain(each.drift_micros)}")
    for currency, total in found.imbalance.items():
        print(f"WRONG  debits and credits in {currency} differ by {plain(total)}")
    newest = f"; the newest, {found.newest.number}, is {found.newest.hash}" if found.newest else ""
    print(
        f"{'The book is right' if found.is_right else 'The book is wrong'}: {found.seals} seals over {found.transfers} transfers, "
        f"{found.unsealed} not sealed yet{newest}."
    )
    return 0 if found.is_right else 1


def _export(options: argparse.Namespace, machinery: Machinery) -> int:
    form = options.format or ENDINGS.get(options.file.suffix)
    if form is None:
        raise Invalid(
            "format_unknown", "Name the format of {file}: --format beancount, csv or jsonl.", file=str(options.file)
        )  # fmt: skip
    with machinery.looking(), _target(options.file) as out:
        from tagwerk.domain.ledger import queries
        from tagwerk.domain.ledger.rules import written

        since = _begin(options.since) if options.since else None
        openings = queries.openings(since) if since else []
        lines = queries.journal_lines(since=since, until=_begin(options.until) if options.until else None)
        for piece in written(form, openings, lines, options.since or FIRST_DAY):
            out.write(piece)
    return 0


@contextlib.contextmanager
def _target(file: Path) -> Iterator[IO[str]]:
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        with target_file(file).open("x", encoding="utf-8") as out:
            yield out
    except FileExistsError:
        raise Invalid(
            "file_exists", "{file} is there already; choose another name.", file=str(file)
        ) from None


def _statement(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.ledger import queries
        from tagwerk.domain.ledger.rules import account_of

        account = account_of(options.account)
        if account is None:
            raise Invalid(
                "account_unknown", "The chart of accounts has no “{account}”.", account=options.account
            )
        found = queries.statement(options.account, options.at or datetime.now(UTC))
    print(f"{found.account} at {found.at.isoformat()}")
    print(f"{plain(found.balance.posted)} {account.currency}, from {found.transfers} transfers")
    if found.balance.pending:
        print(
            f"{plain(found.balance.pending)} of it held on its way out, {plain(found.balance.available)} free"
        )
    return 0
