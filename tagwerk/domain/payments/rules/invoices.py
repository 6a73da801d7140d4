"""What an invoice comes to: lines, VAT, what was paid in advance, what is due. Pure; all amounts are micros."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tagwerk.domain.payments.rules.vat import cent_micros, rounded, tax_on, tax_within, whole_units

SERIES = "RE"  # one row of numbers for all papers to organisations
MOST_LINES = 200  # projects on one paper; what is more stands in one line
ENTRY_TESTS = -1  # stands where a project's number does
VAT_BACK = -1  # stands where a booking's number does: VAT that invoices gave back to the balance
CORRECTED = -2  # the same: money that corrections of the book brought into the balance


class InvoiceKind(StrEnum):
    """What a paper to an organisation is."""

    ADVANCE = "advance"  # over a deposit, since VAT is due on it
    MONTHLY = "monthly"  # over approved work
    CORRECTION = "correction"  # over a refund of what was invoiced in advance
    CANCELLATION = "cancellation"  # of one of the others


def label_of(series: str, year: int, number: int) -> str:
    """The number as papers show it: RE-2026-00042."""
    return f"{series}-{year}-{number:05d}"


@dataclass(frozen=True, slots=True)
class Advance:
    """What is left of a deposit, or of VAT that came back, that no invoice has taken into account yet."""

    booking_id: int  # or VAT_BACK, or CORRECTED
    label: str  # of its advance invoice; empty where it had none
    net_micros: int
    vat_micros: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One project's pay or fee, exact."""

    kind: str  # "pay", "fee", "other"
    project_id: int
    title: str
    quantity: int  # answers
    exact_micros: int
    micros: int = 0  # in whole cents, so that all lines add up to the net sum


@dataclass(frozen=True, slots=True)
class Figures:
    """What an invoice comes to. net + vat = gross = advances + due."""

    lines: tuple[WorkLine, ...]
    net_micros: int
    vat_micros: int
    advances: tuple[Advance, ...]
    due_net_micros: int
    due_vat_micros: int
    carry_micros: int  # parts of a cent that the next invoice has to add

    @property
    def gross_micros(self) -> int:
        """What the sale costs, VAT included."""
        return self.net_micros + self.vat_micros

    @property
    def due_micros(self) -> int:
        """What is still to be paid; negative: too much was paid in advance."""
        return self.due_net_micros + self.due_vat_micros


def taken(advances: Iterable[Advance], net_micros: int, currency: str) -> tuple[list[Advance], int]:
    """(what is taken of each deposit, the oldest first; what no deposit covers)."""
    found, left = [], net_micros
    for one in advances:
        part = min(left, one.net_micros)
        if part > 0:
            vat = one.vat_micros if part == one.net_micros else tax_on(part, one.rate_bp, currency)
            found.append(Advance(one.booking_id, one.label, part, vat, one.rate_bp))
            left -= part
    return found, left


def without(advances: Sequence[Advance], net_micros: int, currency: str) -> list[Advance]:
    """Deposits after a correction took so much out of the balance: of the newest first."""
    left, found = net_micros, list[Advance]()
    for one in reversed(advances):
        rest = max(0, one.net_micros - left)
        left -= one.net_micros - rest
        if rest:
            vat = one.vat_micros if rest == one.net_micros else tax_on(rest, one.rate_bp, currency)
            found.append(Advance(one.booking_id, one.label, rest, vat, one.rate_bp))
    return found[::-1]


def given_back(advances: Sequence[Advance], gross_micros: int, currency: str) -> list[Advance]:
    """Which parts of deposits a refund gives back, the newest first. More than there is has no VAT in it."""
    found, left = [], gross_micros
    for one in reversed(advances):
        whole = one.net_micros + one.vat_micros
        if left >= whole > 0:
            found.append(one)
            left -= whole
        elif left > 0 < whole:
            vat = tax_within(left, one.rate_bp, currency)
            found.append(Advance(one.booking_id, one.label, left - vat, vat, one.rate_bp))
            left = 0
    return found


def figures(
    *,
    lines: Sequence[WorkLine],
    carry_micros: int,
    advances: Iterable[Advance],
    rate_bp: int,
    currency: str,
    paid_from_balance: bool = True,
) -> Figures:
    """Sum the micros, round once, take off what was paid in advance.

    What rounding leaves is carried to the next invoice, so no sum of invoices is ever further than half a cent from the
    book. Lines are whole cents that add up to the net sum. `paid_from_balance` false: the work was no sale of the
    operator's (they are an agent), so deposits were none for it; the balance paid it all the same.
    """
    unit = cent_micros(currency)
    exact = sum(line.exact_micros for line in lines) + carry_micros
    net = rounded(exact, unit) if lines else 0  # half a unit carried is no invoice of its own
    parts = whole_units([line.exact_micros for line in lines], net, unit) if lines else []
    shown = tuple(
        WorkLine(line.kind, line.project_id, line.title, line.quantity, line.exact_micros, micros)
        for line, micros in zip(lines, parts, strict=True)
    )
    vat = tax_on(net, rate_bp, currency)
    if not paid_from_balance:
        return Figures(shown, net, vat, (Advance(0, "", net, 0, 0),) if net else (), 0, vat, exact - net)
    used, due_net = taken(advances, net, currency)
    if not due_net and {one.rate_bp for one in used} == {rate_bp}:
        used = _fitted(used, vat)
    due_vat = vat - sum(one.vat_micros for one in used)
    return Figures(shown, net, vat, tuple(used), due_net, due_vat, exact - net)


def _fitted(used: list[Advance], vat_micros: int) -> list[Advance]:
    """VAT was rounded for each deposit, and is once for the invoice: all was paid, so the last part takes the cent."""
    *rest, last = used
    vat = vat_micros - sum(one.vat_micros for one in rest)
    return [*rest, Advance(last.booking_id, last.label, last.net_micros, vat, last.rate_bp)]
