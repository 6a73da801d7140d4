"""What a statement to a worker comes to: what was earned, what was paid, what is carried. Pure; all amounts are micros."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tagwerk.domain.payments.rules.corrections import CODE
from tagwerk.domain.payments.rules.profile import PayoutDetails, VatTreatment
from tagwerk.domain.payments.rules.vat import tax_within

STATEMENTS, SELF_BILLS = "ST", "GS"  # two rows of numbers: payment statements, and self-billing invoices


ENTRY_TEST = "test_pay"  # paid by an organisation, or by the operator, for an attempt
BESIDE_ANSWERS = ("bonus", "hour_guarantee")  # paid by a project, and for no single answer


class LineKind(StrEnum):
    """What a line of a statement is about."""

    WORK = "work"
    BONUS = "bonus"  # and guarantees
    TEST = "test"  # entry tests
    OTHER = "other"  # what the operator paid out of its own pocket, guarantees
    CORRECTION = "correction"
    CAME_BACK = "came_back"  # an earlier payout that failed or was returned


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A sum of movements of one sort, of one project where it is work. The title of a correction is its reason."""

    kind: LineKind
    project_id: int
    title: str
    count: int
    micros: int


@dataclass(frozen=True, slots=True)
class Statement:
    """opening + lines = paid + carried. `billed`: what of the payout is for work and not money that came back;
    `vat_micros`: the VAT inside of it, where the worker charges some."""

    opening_micros: int
    lines: tuple[StatementLine, ...]
    paid_micros: int
    billed_micros: int
    vat_micros: int

    @property
    def carried_micros(self) -> int:
        """What stays in the balance."""
        return self.opening_micros + sum(line.micros for line in self.lines) - self.paid_micros


def line_kind(other: str, code: str, micros: int) -> LineKind:
    """What a movement is, by the account on the other side and its code."""
    if code == "payout_back":
        return LineKind.CAME_BACK
    if micros < 0 or code == CODE:
        return LineKind.CORRECTION
    if code == ENTRY_TEST:
        return LineKind.TEST
    if code in BESIDE_ANSWERS:
        return LineKind.BONUS
    return LineKind.WORK if other.startswith("project:") else LineKind.OTHER


def lines_of(
    moved: Iterable[tuple[str, str, int, int, str]], titles: Mapping[int, str]
) -> tuple[StatementLine, ...]:
    """Movements (other account, code, micros, count, why) as lines: one for each project, then the rest; a correction for
    each reason."""
    sums: dict[tuple[LineKind, int, str], list[int]] = {}
    for other, code, micros, count, why in moved:
        kind = line_kind(other, code, micros)
        project = int(other.split(":")[1]) if other.startswith("project:") else 0
        line = sums.setdefault((kind, project, why), [0, 0])
        line[0] += micros
        line[1] += count
    order = list(LineKind)
    return tuple(
        StatementLine(kind, project, why or titles.get(project, ""), count, micros)
        for (kind, project, why), (micros, count) in sorted(
            sums.items(), key=lambda one: (order.index(one[0][0]), *one[0][1:])
        )
        if micros
    )


def statement_of(
    *,
    opening_micros: int,
    lines: tuple[StatementLine, ...],
    paid_micros: int,
    treatment: VatTreatment,
    rate_bp: int,
    currency: str,
) -> Statement:
    """The statement; a worker who charges VAT is paid it inside of the price that they were offered."""
    came_back = sum(line.micros for line in lines if line.kind is LineKind.CAME_BACK)
    billed = max(0, paid_micros - came_back)
    vat = tax_within(billed, rate_bp, currency) if treatment is VatTreatment.STANDARD else 0
    return Statement(opening_micros, lines, paid_micros, billed, vat)


def worker_on_papers(details: PayoutDetails | None, name: str) -> dict[str, Any]:
    """Who a worker is on a paper; their account's name where they have not said more."""
    if details is None:
        empty = dict.fromkeys(
            ("street", "building", "postcode", "town", "country", "vat_id", "tax_number"), ""
        )
        return {"name": name, "vat_treatment": VatTreatment.PRIVATE.value, **empty}
    tax_number = next(iter(details.tax_numbers.values()), "") if not details.vat_id else ""
    private = details.vat_treatment is VatTreatment.PRIVATE
    return {
        "name": details.holder, "vat_treatment": details.vat_treatment.value, "vat_id": details.vat_id,
        "tax_number": "" if private else tax_number, **asdict(details.address),
    }  # fmt: skip
