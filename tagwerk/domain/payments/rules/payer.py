"""What is right about the operator's company."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tagwerk.base.errors import Invalid

LARGEST_MINIMUM_MICROS = 10_000_000  # 10.00: more would keep people's wages back


class ContractModel(StrEnum):
    """Who owes whom. Principal: the operator buys work and sells results; agent: it passes money on, which is a
    payment service and needs a licence or a licensed partner in the EU (in Germany § 1 (1) no. 6 ZAG)."""

    PRINCIPAL = "principal"
    AGENT = "agent"


def minimum_in_range(micros: int) -> int:
    """The smallest payout, in micros."""
    if not 0 <= micros <= LARGEST_MINIMUM_MICROS:
        raise Invalid(
            "minimum_out_of_range", "The smallest payout is from 0 to 10: more would keep people's wages back.",
            path="minimum",
        )  # fmt: skip
    return micros


def line(text: str, longest: int, path: str) -> str:
    """A text on one line, perhaps empty."""
    found = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(found) > longest:
        raise Invalid("text_too_long", "This has at most {longest} characters.", path=path, longest=longest)
    return found


def missing_for_invoices(company: Mapping[str, Any]) -> list[str]:
    """The fields without which no invoice can be issued: who sells, where they are, and under which tax number."""
    missing = [name for name in ("name", "street", "postcode", "town", "country") if not company[name]]
    if company["vat_scheme"] != "none" and not (company["tax_number"] or company["vat_id"]):
        missing.append("tax_number")
    return missing


def missing_for_payouts(company: Mapping[str, Any]) -> list[str]:
    """The fields without which no file for the bank can be written: whose account, which, and in which town."""
    return [name for name in ("name", "town", "country", "iban") if not company[name]]
