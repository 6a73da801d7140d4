"""tagwerk invoice …: papers to organisations, issued and cancelled as on the operator's page."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Conflict
from tagwerk.base.ids import row_number
from tagwerk.base.money import plain
from tagwerk.interfaces.cli.files import target_file
from tagwerk.interfaces.cli.grammar import word, words_of
from tagwerk.interfaces.cli.machinery import Machinery
from tagwerk.interfaces.cli.tables import table


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    inner = words_of(words, "invoice", "Issue, cancel and save invoices to organisations.")
    listed = word(inner, "list", "List invoices, the newest first.", _list)
    listed.add_argument("--organisation", metavar="ID", help="only of this one (org_…)")
    issue = word(
        inner,
        "issue",
        "Issue what is due to an organisation: over its deposits, and over ended months.",
        _issue,
    )
    issue.add_argument("organisation", help="its id (org_…) in “tagwerk bank organisations”")
    cancel = word(inner, "cancel", "Cancel an invoice and issue it anew, with the details of today.", _cancel)
    cancel.add_argument("number", help="of the invoice")
    file = word(inner, "file", "Save an invoice as PDF.", _file)
    file.add_argument("number", help="of the invoice")
    file.add_argument("file", type=Path, help="where to")


def _list(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.looking():
        from tagwerk.domain.accounts import queries as accounts
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import queries

        only = row_number("org", options.organisation) if options.organisation else None
        found = queries.invoices_page(CONSOLE, organisation_id=only, limit=100)
        names = accounts.organisation_names({one.organisation_id for one in found})
        rows = [
            [
                one.label, str(one.issued_on), names[one.organisation_id][:40], one.kind.value, plain(one.gross_micros),
                one.currency, f"cancelled by {one.cancelled_by}" if one.cancelled_by else "",
            ]
            for one in found
        ]  # fmt: skip
    print(
        table(["number", "day", "organisation", "kind", "gross", "currency", ""], rows)
        if rows
        else "There is no invoice yet."
    )
    return 0


def _issue(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.projects import queries as projects

        labels = actions.issue_now(
            actor=CONSOLE, organisation_id=row_number("org", options.organisation), now=datetime.now(UTC),
            titles=projects.titles_of,
        )  # fmt: skip
    print(
        f"Issued: {', '.join(labels)}."
        if labels
        else "Nothing is due: all deposits and ended months have their invoices."
    )
    return 0


def _cancel(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions
        from tagwerk.domain.projects import queries as projects

        labels = actions.cancel_invoice(
            actor=CONSOLE, label=options.number, now=datetime.now(UTC), titles=projects.titles_of
        )
    print(f"Issued: {', '.join(labels)}.")
    return 0


def _file(options: argparse.Namespace, machinery: Machinery) -> int:
    target = target_file(options.file)
    with machinery.looking():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import queries

        paper = queries.open_paper(f"invoice/{queries.invoice_for(CONSOLE, options.number).id}")
        if paper is None:
            raise Conflict("paper_not_ready", "This paper is being made; try again in a moment.")
        with paper, target.open("wb") as out:
            out.write(paper.read())
    print(f"{options.number} is in {target}.")
    return 0
