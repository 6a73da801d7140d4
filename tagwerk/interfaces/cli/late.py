"""tagwerk payout …: answers that came too late to count, paid out of goodwill where the delay was ours."""

import argparse
from datetime import UTC, datetime
from typing import Any

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import plain
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table


def add_to(inner: Any) -> None:
    """Add these commands to those of `payout`."""
    word(
        inner, "late", "List answers of the last weeks that came too late to count, the newest first.", _late
    )
    pay = word(inner, "pay-late", "Pay a late answer out of goodwill, where the delay was ours.", _pay)
    pay.add_argument("project", help="its id (prj_…) in “tagwerk payout late”")
    pay.add_argument("assignment", help="its id (asg_…) there")


def _late(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.work import queries

        found = queries.late_answers(CONSOLE, datetime.now(UTC), limit=100)
        names = accounts.names_of({one.worker_id for one in found})
        rows = [
            [
                public_id("prj", one.project_id), public_id("asg", one.assignment_id), names.get(one.worker_id, ""),
                plain(one.reward_micros), one.currency, one.submitted_at.strftime("%Y-%m-%d %H:%M"), "paid" if one.paid_at else "",
            ]
            for one in found
        ]  # fmt: skip
    print(
        table(["project", "assignment", "name", "pay", "currency", "handed in", ""], rows)
        if rows
        else "No answer of the last weeks was late."
    )
    return 0


def _pay(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.work import actions

        actions.pay_late(
            actor=CONSOLE, project_id=row_number("prj", options.project),
            assignment_id=row_number("asg", options.assignment),
        )  # fmt: skip
    print("The answer is paid out of goodwill.")
    return 0
