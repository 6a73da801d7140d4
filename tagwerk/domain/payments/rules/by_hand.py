"""The list of people whom an operator pays by hand, and the list of whom they have paid."""

import csv
import io
from dataclasses import dataclass
from uuid import UUID

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of

COLUMNS = ("reference", "name", "account", "amount", "currency", "state")


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A payout that somebody has paid. `amount_micros`: how much, where the list says so."""

    line: int
    reference: str
    amount_micros: int | None


def safe_cell(text: str) -> str:
    """A cell that no program takes for a formula. Source: OWASP, CSV injection."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"'{plain}" if plain.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") else plain


def reference_of(text: str) -> UUID | None:
    """What a payout's reference means, with or without hyphens; None where it is none."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def paid_lines(text: str) -> list[PaidLine]:
    """A list of what was paid: CSV with the column `reference`, and `amount` where it is to be compared; commas or
    semicolons. Refuses one without references, and a payout that stands in it twice."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    rows = csv.DictReader(
        io.StringIO(text.lstrip("\ufeff")), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    if "reference" not in (rows.fieldnames or ()):
        raise Invalid(
            "paid_list_unreadable",
            "The list needs a first line with the name of the column “reference”, as “tagwerk payout csv” writes it.",
        )
    found: dict[UUID | str, PaidLine] = {}
    for row in rows:
        reference = (row["reference"] or "").strip()
        if not reference:
            continue
        key = reference_of(reference) or reference
        if key in found:
            raise Invalid(
                "paid_list_twice",
                "Line {line}: the payout {reference} stands in line {before} already.",
                line=rows.line_num, before=found[key].line, reference=reference[:40],
            )  # fmt: skip
        found[key] = PaidLine(rows.line_num, reference, _amount(row.get("amount"), rows.line_num))
    if not found:
        raise Invalid("paid_list_empty", "The list names no payout.")
    return list(found.values())


def _amount(text: str | None, line: int) -> int | None:
    if not text or not text.strip():
        return None
    plain = text.strip()
    try:
        return micros_of(plain.replace(",", ".") if "." not in plain else plain, path="amount")
    except Invalid:
        raise Invalid(
            "paid_list_amount", "Line {line}: “{text}” is not an amount.", line=line, text=plain[:40]
        ) from None
