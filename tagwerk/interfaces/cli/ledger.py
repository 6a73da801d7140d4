"""tagwerk ledger …: seal and check the book, write its journal, say what an account held."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import public_id
from tagwerk.base.money import plain
from tagwerk.interfaces.cli import corrections
from tagwerk.interfaces.cli.files import existing_file, target_file
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery

if TYPE_CHECKING:
    from tagwerk.domain.ledger.queries import Verification, WrongAccount, WrongSeal

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
        "Check the book: balances, debits against credits, every transfer and account against its seal, every account against the chart, corrections against their transfers. Exit code 1 where something is wrong.",
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
        from tagwerk.domain.payments.queries.booked_corrections import wrong_corrections

        found = queries.verify(published)
        corrections = [public_id("cor", each) for each in wrong_corrections()]
        stands_still = queries.unsealed_too_long(datetime.now(UTC)) is not None
    right = found.is_right and not corrections
    if options.json:
        print(json.dumps({"right": right, **asdict(found), "corrections": corrections}, default=str))
        return 0 if right else 1
    for words in _wrong(found):
        print(f"WRONG  {words}")
    for correction in corrections:
        print(f"WRONG  correction {correction} is not what the book has")
    newest = f"; the newest, {found.newest.number}, is {found.newest.hash}" if found.newest else ""
    print(
        f"{'The book is right' if right else 'The book is wrong'}: {found.seals} seals over {found.transfers} transfers, "
        f"{found.unsealed} not sealed yet{newest}."
    )
    if found.unsealed_since:
        print(
            f"The oldest transfer without a seal is of {found.unsealed_since.isoformat(timespec='seconds')}."
            + (" Sealing stands still: is a job process at work?" if stands_still else "")
        )
    return 0 if right else 1


def _wrong(found: "Verification") -> Iterator[str]:
    yield from (f"seal {one.number} {what_is_wrong(one)}" for one in found.wrong)
    yield from (f"account {one.account} {what_is_wrong(one)}" for one in found.accounts)
    yield from (f"seal {number} is not the one that was published" for number in found.differing)
    for each in found.drift:
        yield f"{each.account} differs from its transfers by {plain(each.drift_micros)}"
    for currency, total in found.imbalance.items():
        yield f"debits and credits in {currency} differ by {plain(total)}"


def what_is_wrong(found: "WrongSeal | WrongAccount") -> str:
    """What a seal or an account is or was, after its name."""
    from tagwerk.domain.ledger.queries import WrongSeal

    if not isinstance(found, WrongSeal):
        return {
            "changed": f"was changed: sealed as {found.sealed}, now {found.present}",
            "gone": f"is gone: sealed as {found.sealed}",
            "added": f"was added to what is sealed already: {found.present}",
        }.get(found.wrong, f"is not as the chart has it: {found.present}")
    if not found.last_seq:
        return "is gone"
    span = f"transfers {found.first_seq} to {found.last_seq}"
    rows = ", ".join(f"{row.seq} {row.wrong}" for row in found.rows)
    return (
        f"does not fit {span}: {rows}"
        if rows
        else f"over {span} does not fit: no transfer can be named, so it is the seal itself, the one before, or an account"
    )


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
