"""tagwerk doctor: what is configured, reachable and missing, in words."""

import argparse
import os
import shutil
from datetime import UTC, datetime
from typing import Any

from tagwerk.interfaces.cli.machinery import Machinery

Finding = tuple[bool, str]


def add_to(words: Any) -> None:
    """Add this command to the grammar."""
    text = "Say what is configured, reachable and missing; exit code 1 if something has to be done."
    doctor = words.add_parser("doctor", help=text, description=text)
    doctor.set_defaults(handler=_doctor)


def _doctor(options: argparse.Namespace, machinery: Machinery) -> int:
    findings = [_mode(machinery.environment), _folder(machinery.environment), _mail(machinery.environment)]
    for good, words in findings:
        _say(good, words)
    try:
        with machinery.looking():
            from tagwerk.interfaces.cli import outside

            inside = [*_inside(), *outside.findings(machinery.environment)]
    except (SystemExit, Exception) as error:
        inside = [(False, f"{error}")]
    for good, words in inside:
        _say(good, words)
    return 0 if all(good for good, _ in [*findings, *inside]) else 1


def _inside() -> list[Finding]:
    """What the database says; where its tables are missing, only that."""
    tables = _tables()
    others = (_jobs, _waiting, _parked, _book, _accounts, _sealed, _covered, _operators) if tables[0] else ()
    return [_database(), tables, *(check() for check in others)]


def _say(good: bool, words: str) -> None:
    print(f"{'ok  ' if good else 'MEND'}  {words}")


def _mode(environment: dict[str, Any]) -> Finding:
    url = environment["TAGWERK_URL"]
    return (
        True,
        f"Mode: {environment['TAGWERK_MODE']}; pages at {url}, uploaded files at {environment['TAGWERK_MEDIA_URL']}.",
    )


def _folder(environment: dict[str, Any]) -> Finding:
    folder = environment["TAGWERK_DATA"]
    there = folder if folder.exists() else folder.parent
    while not there.exists():
        there = there.parent
    if not os.access(there, os.W_OK):
        return False, f"The data folder {folder} cannot be written; set TAGWERK_DATA to one that can."
    free = shutil.disk_usage(there).free // 10**9
    return free >= 1, f"Data folder: {folder} ({free} GB free)."


def _mail(environment: dict[str, Any]) -> Finding:
    target = environment["TAGWERK_EMAIL_URL"]
    if not target and environment["TAGWERK_MODE"] == "production":
        return False, "No e-mail leaves this machine: set TAGWERK_EMAIL_URL."
    return True, f"E-mail goes to {target.partition('@')[2] or target or 'files in the data folder'}."


def _query(text: str) -> Any:
    from tagwerk.base.health import one

    return one(text)


def _database() -> Finding:
    version = int(_query("show server_version_num"))
    return version >= 150000, f"PostgreSQL {version // 10000}.{version % 10000} answers" + (
        "." if version >= 150000 else ", but 15 or newer is needed."
    )


def _tables() -> Finding:
    there = _query("select to_regclass('public.secret_mark') is not null")
    return bool(
        there
    ), "The tables are there." if there else "The tables are missing: “tagwerk serve” makes them."


def _jobs() -> Finding:
    alive = _query(
        "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '30 seconds'"
    )
    return (
        True,
        ("1 job process is at work." if alive == 1 else f"{alive} job processes are at work.")
        if alive
        else "No job process is at work now: `tagwerk serve` or `tagwerk jobs` starts one.",
    )


def _waiting() -> Finding:
    oldest = _query(
        "select coalesce(max(extract(epoch from now() - happened_at)), 0)::int from event where handled_at is null"
    )
    return (
        oldest < 60,
        "Nothing that happened waits to be followed up."
        if oldest < 60
        else f"What happened {oldest} seconds ago has not been followed up yet: is a job process at work?",
    )


def _parked() -> Finding:
    from tagwerk.base.jobs import parked_jobs

    parked = parked_jobs()
    return (
        not parked,
        f"Parked after failing again and again: {len(parked)}. See Operator → Jobs."
        if parked
        else "No job is parked.",
    )


def _book() -> Finding:
    from tagwerk.domain.ledger import queries

    drift = queries.drift_micros()
    return (
        drift == 0,
        "The book balances: drift 0."
        if drift == 0
        else f"The book has drifted by {drift} micros: stop, and compare ledger_drift.",
    )


def _accounts() -> Finding:
    from tagwerk.domain.ledger import queries

    wrong = ", ".join(each.account for each in queries.wrong_accounts())
    return (
        not wrong,
        f"Accounts of the book are not as they were sealed, or not in the chart: {wrong}. Stop, and run “tagwerk ledger verify”."
        if wrong
        else "The accounts of the book are as they were sealed.",
    )


def _sealed() -> Finding:
    from tagwerk.domain.ledger import queries

    since = queries.unsealed_too_long(datetime.now(UTC))
    return (
        since is None,
        f"The book has not been sealed since {since:%Y-%m-%d %H:%M} UTC: is a job process at work? “tagwerk ledger seal” seals at once."
        if since
        else "The book is sealed.",
    )


def _covered() -> Finding:
    from tagwerk.base.money import plain
    from tagwerk.domain.work import queries

    short = [
        f"“{project.title}” ({project.public_id}) lacks {plain(cover.missing_micros)} {project.currency}"
        for project, cover in queries.uncovered()
    ]
    return (
        not short,
        f"Too little is set aside for what can still be owed: {'; '.join(short)}. Pause what is named, and look into it."
        if short
        else "What is set aside for each project covers all that it can still cost.",
    )


def _operators() -> Finding:
    count = _query("select count(*) from person where is_operator and is_active")
    return (
        bool(count),
        ("1 operator." if count == 1 else f"{count} operators.")
        if count
        else "Nobody operates this instance: tagwerk user create you@example.org --operator",
    )
