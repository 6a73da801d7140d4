"""tagwerk fee: what is agreed with one organisation, or for one project, by who runs the instance."""

import argparse
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of, plain
from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add this command to the grammar."""
    text = (
        "The fee of one organisation's new projects: said, or agreed anew. Projects that exist keep theirs. Of a draft project: "
        "the price that its organisation pays for what a worker is paid an amount for; the fee is the difference."
    )
    fee = words.add_parser(
        "fee", help="Say or agree the fee of an organisation, or the price of a project.", description=text
    )
    fee.add_argument("of", metavar="id", help="an organisation's id (org_…) or a project's (prj_…)")
    fee.add_argument(
        "--per-cent", metavar="N", help="agree another: per cent of the workers' pay; “instance”: the one that everybody has"
    )  # fmt: skip
    fee.add_argument(
        "--price", metavar="AMOUNT", help="of a draft project: agree what one unit of its pay plan costs; “none”: the organisation's fee counts again"
    )  # fmt: skip
    fee.add_argument("--note", default="", help="why; the organisation reads it")
    fee.set_defaults(handler=_run)


def _run(options: argparse.Namespace, machinery: Machinery) -> int:
    of_project = str(options.of).startswith("prj_")
    if of_project and options.per_cent is not None:
        raise Invalid(
            "fee_of_project", "A project has a price: write --price. --per-cent is an organisation's."
        )
    if options.price is not None and not of_project:
        raise Invalid("price_of_project", "--price is for a project: name one (prj_…).")
    return _project(options, machinery) if of_project else _organisation(options, machinery)


def _project(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE, Permission
        from tagwerk.domain.projects import queries
        from tagwerk.domain.work import actions

        view = queries.project_for(CONSOLE, str(options.of), Permission.PROJECT_VIEW)
        if options.price is not None:
            micros = None if options.price == "none" else micros_of(options.price, path="price")
            view = actions.agree_price(actor=CONSOLE, project_id=view.id, price_micros=micros)
        one = view.unit_price
        print(f"{view.title}: fee {100 * one.fee_micros / max(one.reward_micros, 1):.4g} % of the pay.")
        if view.client_micros is not None:
            pay, fee = view.amount_micros, view.client_micros - view.amount_micros
            print(
                f"Agreed: {plain(view.client_micros)} {view.currency} for one {view.pay_per.replace('_', ' ')}, of which "
                f"{plain(pay)} {view.currency} pay and {plain(fee)} {view.currency} fee."
            )
    return 0


def _organisation(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database():
        from tagwerk.base.ids import row_number
        from tagwerk.domain.accounts import actions, queries
        from tagwerk.domain.accounts.rules import CONSOLE

        view = queries.organisation(row_number("org", options.of))
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
