"""tagwerk payout paypal …: what was handed to PayPal, what it refused, and whether the book and PayPal agree."""

import argparse
from datetime import UTC, datetime
from typing import Any

from tagwerk.base.errors import Conflict
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of, plain
from tagwerk.interfaces.cli.grammar import word, words_of
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table

SHOWN = 50


def add_to(inner: Any) -> None:
    """Add these commands to those of `payout`."""
    paypal = words_of(inner, "paypal", "What PayPal was handed, and whether book and PayPal agree.")
    text = "List the newest batches and say whether book and PayPal agree. Exit code 1 where a difference or a refused batch waits for a word."
    word(paypal, "show", text, _show)
    for name, text, handler, said in (
        ("retry", "Ask PayPal again for a batch that it refused, under the same id.", _retry, "PayPal is asked again within a minute."),
        ("give-back", "Give up a batch that PayPal refused: its money is back in the balances.", _give_back, "The money is back in the balances."),
    ):  # fmt: skip
        one = word(paypal, name, text, handler)
        one.add_argument("batch", help="its id (ppb_…) in “tagwerk payout paypal show”")
        one.set_defaults(said=said)
    balance = word(
        paypal, "balance", "Say what is in the account at PayPal, to compare it with the book.", _balance
    )
    balance.add_argument("amount", help="all that is there now, such as 1200.00")
    balance.add_argument("--currency", default="EUR", help="default: EUR")
    settle = word(
        paypal,
        "settle",
        "Say what the difference between book and PayPal is; the book has it from then on.",
        _settle,
    )
    settle.add_argument(
        "what", choices=("own", "fee"), help="your own money that was moved there or back, or a fee of PayPal"
    )
    settle.add_argument("--currency", default="EUR", help="default: EUR")


def _show(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.base.providers import provider
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments.queries import paypal as queries
        from tagwerk.domain.payments.rules.paypal import BatchState

        batches = queries.paypal_batches(CONSOLE, limit=SHOWN)
        standings = queries.paypal_standings(CONSOLE)
        is_set_up = provider("paypal").is_set_up
        rows = [
            [
                public_id("ppb", one.id), str(one.run_id), one.state.value, str(one.payouts), plain(one.amount_micros),
                one.currency, str(one.on_their_way), one.error,
            ]
            for one in batches
        ]  # fmt: skip
        refused = any(one.state is BatchState.REFUSED for one in batches)
    print(
        table(["batch", "run", "state", "payouts", "sum", "currency", "on their way", ""], rows)
        if rows
        else "Nothing was handed to PayPal yet."
    )
    if not is_set_up:
        print("PayPal is not set up: TAGWERK_PAYPAL_CLIENT_ID and TAGWERK_PAYPAL_SECRET are missing.")
    for one in standings:
        _say(one)
    return 1 if refused or any(one.difference_micros and not one.settled_as for one in standings) else 0


def _say(one: Any) -> None:
    differ = "agree"
    if one.difference_micros:
        settled = f" (settled: {one.settled_as.value})" if one.settled_as else ""
        differ = f"differ by {plain(one.difference_micros)}{settled}"
    print(
        f"Book and PayPal {differ}: {plain(one.book_micros)} {one.currency} in the book, {plain(one.amount_micros)} at "
        f"PayPal on {one.at:%Y-%m-%d %H:%M}."
    )


def _retry(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        actions.retry_paypal_batch(
            actor=CONSOLE, batch_id=row_number("ppb", options.batch), now=datetime.now(UTC)
        )
    print(options.said)
    return 0


def _give_back(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        actions.give_back_paypal_batch(
            actor=CONSOLE, batch_id=row_number("ppb", options.batch), now=datetime.now(UTC)
        )
    print(options.said)
    return 0


def _balance(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions

        actions.enter_paypal_balance(
            actor=CONSOLE, currency=options.currency, now=datetime.now(UTC),
            amount_micros=micros_of(options.amount, path="amount"),
        )  # fmt: skip
        one = _standing(options.currency)
        _say(one)
    return 1 if one.difference_micros and not one.settled_as else 0


def _settle(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.payments.rules.paypal import Settled

        actions.settle_paypal_difference(
            actor=CONSOLE, balance_id=_standing(options.currency).id, settled=Settled(options.what), now=datetime.now(UTC),
        )  # fmt: skip
        _say(_standing(options.currency))
    return 0


def _standing(currency: str) -> Any:
    from tagwerk.domain.accounts.rules import CONSOLE
    from tagwerk.domain.payments.queries import paypal as queries

    found = [one for one in queries.paypal_standings(CONSOLE) if one.currency == currency]
    if not found:
        raise Conflict(
            "paypal_not_compared", "Book and PayPal were not compared in {currency} yet; say the balance first.", currency=currency,
        )  # fmt: skip
    return found[0]
