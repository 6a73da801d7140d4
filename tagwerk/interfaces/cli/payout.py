"""tagwerk payout …: runs that pay workers, and holds; the same actions as the operator's pages.

Whoever has a shell on the machine operates it. Nobody is named there, so the console releases a run only where no
second operator could.
"""

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import plain
from tagwerk.interfaces.cli import late, payments, paypal
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table

HOLD_CODES = ("identity_incomplete", "tax_data_missing", "name_mismatch", "sanctions_hit", "fraud_review")


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    inner = words.add_parser("payout", help="Pay workers: runs, and what holds payouts up.").add_subparsers(
        dest="payout_word", metavar="word", required=True
    )
    word(inner, "list", "List the runs, the newest first.", _list)
    make = word(
        inner,
        "make",
        "Make a run and set its payouts aside in the book; then it waits to be released.",
        _make,
    )
    make.add_argument("--currency", default="EUR", help="of the payouts; default: EUR")
    make.add_argument(
        "--until",
        choices=("week", "now"),
        default="week",
        help="pay what was approved until the end of last week (default), or until now",
    )
    for name, text, handler in (
        ("show", "Say whom a run pays, and whom it leaves out why.", _show),
        (
            "release",
            "Let the money of a run leave. Where there are two operators, one of them does it on a page.",
            _release,
        ),
        ("cancel", "Call a run off that was not released; its money goes back into the balances.", _cancel),
    ):
        word(inner, name, text, handler).add_argument(
            "run", type=int, help="its number in “tagwerk payout list”"
        )
    hold = word(inner, "hold", "Hold somebody’s payouts, with a reason that they read.", _hold)
    hold.add_argument("email", help="who")
    hold.add_argument("code", choices=HOLD_CODES, help="why, from the closed list")
    hold.add_argument("reason", help="why, in words for them")
    hold.add_argument("--days", type=int, default=7, help="until when at the latest; default: 7 days")
    free = word(inner, "free", "End all holds of somebody’s payouts.", _free)
    free.add_argument("email", help="who")
    word(inner, "holds", "List the holds in force, the newest first.", _holds)
    for module in (payments, late, paypal):
        module.add_to(inner)


def _list(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import payouts as queries

        found = queries.runs_page(CONSOLE)
    rows = [
        [
            str(one.id), one.cutoff_at.strftime("%Y-%m-%d %H:%M"), one.currency, one.state.value,
            "–" if one.payouts is None else str(one.payouts),
            "–" if one.sum_micros is None else plain(one.sum_micros),
            "alone" if one.released_alone else "",
        ]
        for one in found
    ]  # fmt: skip
    print(
        table(["run", "until", "currency", "state", "payouts", "sum", ""], rows)
        if rows
        else "There was no run yet."
    )
    return 0


def _make(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        now = datetime.now(UTC)
        run_id = actions.make_run(
            actor=CONSOLE, currency=options.currency, now=now, now_due=options.until == "now"
        )
        actions.lock_run(run_id=run_id, now=now)
        waits = _say(run_id).payouts
    if waits:
        print("It waits to be released: on the page “Payout runs”, or with “tagwerk payout release”.")
    else:
        print("It pays nobody, so it is done.")
    return 0


def _show(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        _say(options.run)
    return 0


def _say(run_id: int) -> Any:
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments.queries import payouts as queries
    from tagwerk.domain.payments.rules.reasons import LEFT_OUT_WORDS

    run, sums = queries.run_for(CONSOLE, run_id), queries.run_sums(CONSOLE, run_id)
    print(f"Run {run.id} in {run.currency} until {run.cutoff_at.isoformat()}: {run.state.value}")
    for rail, one in sums.by_rail.items():
        print(f"  {rail.value}: {one.payouts} payouts, {plain(one.micros)} {run.currency}")
    for code, one in sums.left_out.items():
        words = LEFT_OUT_WORDS.get(code, code)
        print(f"  left out: {one.payouts} with {plain(one.micros)} {run.currency}: {words}")
    return run


def _release(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        actions.release_run(actor=CONSOLE, run_id=options.run, now=datetime.now(UTC), with_second_factor=True)
        _say(options.run)
    return 0


def _cancel(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        actions.cancel_run(actor=CONSOLE, run_id=options.run)
        actions.give_back_run(run_id=options.run, now=datetime.now(UTC))
        _say(options.run)
    return 0


def _hold(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.payments.rules.holds import HoldCode

        now = datetime.now(UTC)
        if options.days < 1:
            raise Invalid("hold_too_short", "A hold lasts a day at least.", path="days")
        actions.hold_payouts(
            actor=CONSOLE, person_id=accounts.person_id_of_email(options.email), code=HoldCode(options.code),
            reason=options.reason, until=now + timedelta(days=options.days), now=now,
        )  # fmt: skip
    print(f"The payouts of {options.email} are held for {options.days} days at most; they are told why.")
    return 0


def _free(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.payments.queries import receiving

        now = datetime.now(UTC)
        held = receiving.holds_of(accounts.person_id_of_email(options.email), now)
        for hold in held:
            actions.end_hold(actor=CONSOLE, hold_id=hold.id, now=now)
    print(f"{len(held)} holds of {options.email} are over.")
    return 0


def _holds(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import receiving

        found = receiving.holds_page(CONSOLE, now=datetime.now(UTC), limit=200)
        names = accounts.names_of({one.person_id for one in found})
        rows = [
            [names.get(one.person_id, ""), one.code.value, one.until.strftime("%Y-%m-%d"), one.reason[:60]]
            for one in found
        ]
    print(table(["name", "why", "until", "in words"], rows) if rows else "Nobody’s payouts are held.")
    return 0
