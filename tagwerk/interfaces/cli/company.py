"""tagwerk bank company: who pays, as papers and files for the bank say it."""

import argparse
from datetime import date
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of, plain
from tagwerk.interfaces.cli.grammar import word
from tagwerk.interfaces.cli.machinery import Machinery

TEXTS = {
    "name": "as the bank has it", "street": "of the address", "building": "house number", "postcode": "of the address",
    "town": "of the address", "country": "two letters, such as DE", "register_number": "such as HRB 12345, Amtsgericht Hamburg",
    "tax_number": "of the tax office", "vat_id": "such as DE136695976", "iban": "of the account that payouts leave from",
    "bic": "needed only where the bank asks for it", "time_zone": "in which weeks and months begin and end, such as Europe/Berlin",
}  # fmt: skip


def add_to(inner: Any) -> None:
    """Add this command to those of `bank`."""
    text = "Say what papers and files for the bank say about the company, and what is missing; change what is given."
    company = word(inner, "company", text, _company)
    for name, about in TEXTS.items():
        company.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=about)
    company.add_argument("--minimum", metavar="AMOUNT", help="the smallest payout, from 0 to 10 euros")
    company.add_argument(
        "--vat-scheme", choices=("none", "small_business", "standard"), help="what papers say about VAT"
    )
    company.add_argument(
        "--contract-model",
        choices=("principal", "agent"),
        help="who owes whom; agent needs a licence in the EU and elsewhere",
    )
    company.add_argument(
        "--asks-tax-data", choices=("yes", "no"), help="whether workers in the EU are asked for tax data before their first payout"
    )  # fmt: skip
    company.add_argument(
        "--vat-rate", nargs=2, metavar=("DAY", "PER-CENT"), help="a rate of the country that the program does not know, from a day on"
    )  # fmt: skip


def _company(options: argparse.Namespace, machinery: Machinery) -> int:
    rate = _rate(*options.vat_rate) if options.vat_rate else None
    changes = _changes(options)
    with machinery.database():
        from tagwerk.domain.accounts.rules import CONSOLE
        from tagwerk.domain.payments import actions, queries

        if changes:
            actions.change_payer(actor=CONSOLE, **changes)
        if rate:
            actions.add_vat_rate(actor=CONSOLE, since=rate[0], basis_points=rate[1])
        _say(queries.payer())
    return 0


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    names = (*TEXTS, "vat_scheme", "contract_model")
    changes = {name: value for name in names if (value := getattr(options, name)) is not None}
    if options.minimum is not None:
        changes["minimum_micros"] = micros_of(options.minimum, path="minimum")
    if options.asks_tax_data is not None:
        changes["asks_tax_data"] = options.asks_tax_data == "yes"
    return changes


def _rate(day: str, per_cent: str) -> tuple[date, int]:
    micros = micros_of(per_cent, path="vat_rate")
    try:
        since = date.fromisoformat(day)
    except ValueError:
        raise Invalid(
            "vat_rate_day", "“{day}” is no day such as 2027-01-01.", path="vat_rate", day=day[:20]
        ) from None
    if micros % 10_000:
        raise Invalid("vat_rate_fine", "A VAT rate has at most two decimals.", path="vat_rate")
    return since, micros // 10_000


def _say(payer: Any) -> None:
    for name in TEXTS:
        print(f"{name.replace('_', ' ')}: {getattr(payer, name) or '–'}")
    print(f"smallest payout: {plain(payer.minimum_micros)}")
    print(
        f"VAT: {payer.vat_scheme.value}; contracts: {payer.contract_model.value}; asks for tax data: {'yes' if payer.asks_tax_data else 'no'}"
    )
    for rate in payer.own_rates:
        print(f"VAT rate from {rate.since} on: {rate.basis_points / 100:g} %")
    for what, missing in (
        ("invoices", payer.missing_for_invoices),
        ("files for the bank", payer.missing_for_payouts),
    ):
        if missing:
            print(f"For {what} these are missing: {', '.join(missing).replace('_', ' ')}.")
