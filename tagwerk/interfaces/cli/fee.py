"""tagwerk fee: what is agreed with one organisation, by who runs the instance."""

import argparse
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of
from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add this command to the grammar."""
    text = (
        "The fee of one organisation's new projects: said, or agreed anew. Projects that exist keep theirs."
    )
    fee = words.add_parser("fee", help="Say or agree the fee of an organisation.", description=text)
    fee.add_argument("organisation", help="its id (org_…)")
    fee.add_argument(
        "--per-cent", metavar="N", help="agree another: per cent of the workers' pay; “instance”: the one that everybody has"
    )  # fmt: skip
    fee.add_argument("--note", default="", help="why; the organisation reads it")
    fee.set_defaults(handler=_run)


def _run(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.base.ids import row_number
        from tagwerk.domain.accounts import actions, queries
        from tagwerk.domain.accounts.rules import CONSOLE

        view = queries.organisation(row_number("org", options.organisation))
        if options.per_cent is not None:
            actions.set_organisation_fee(
                actor=CONSOLE, organisation_id=view.id, fee_bp=_bp(options.per_cent), note=options.note
            )
        fee = queries.fee_of(view.id)
        of_price = 100 * fee.fee_bp / (10_000 + fee.fee_bp)
        whose = "agreed with it" if fee.is_own else "the instance's"
        print(f"{view.name}: {fee.fee_bp / 100:g} % of the pay, {of_price:.1f} % of the price ({whose}).")
        for line in queries.fee_history(CONSOLE, view.id):
            said = "the instance's" if line.fee_bp is None else f"{line.fee_bp / 100:g} %"
            print(f"{line.set_at.date()}  {said}  {line.note}")
    return 0


def _bp(text: str) -> int | None:
    if text == "instance":
        return None
    micros = micros_of(text, path="per_cent")
    if micros % 10_000:
        raise Invalid("fee_range", "The fee is a share from 0 to 100 per cent.", path="fee_bp")
    return micros // 10_000
