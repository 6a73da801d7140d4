"""What is asked about corrections of the book."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.ledger.rules import prepaid, reserved
from tagwerk.domain.payments.models import Correction
from tagwerk.domain.payments.rules.corrections import CorrectionState, Line, account, changes_of


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction as operators see it. `words`: why it was refused."""

    id: int
    currency: str
    lines: tuple[Line, ...]
    reason: str
    state: CorrectionState
    proposed_at: datetime
    proposed_by_id: int | None
    decided_at: datetime | None
    decided_by_id: int | None
    decided_alone: bool | None
    words: str

    @property
    def sum_micros(self) -> int:
        """All that is elsewhere afterwards; what only passes through an account is counted once."""
        return sum(micros for micros in changes_of(self.lines).values() if micros > 0)


def corrections_page(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[CorrectionView]:
    """For operators: all corrections, the newest first."""
    require_operator(actor)
    rows = Correction.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_view(row) for row in rows[:limit]]


def correction_for(actor: Actor, correction_id: int) -> CorrectionView:
    """The gate of operators to a correction."""
    require_operator(actor)
    row = Correction.objects.filter(id=correction_id).first()
    if row is None:
        raise NotFound("correction_not_found", "There is no such correction.")
    return _view(row)


def movements_of(actor: Actor, code: str, *, limit: int = 20) -> list[Movement]:
    """For operators: the newest movements of any account of the chart, to find the one that was wrong."""
    require_operator(actor)
    return book.movements(account(code, "account").code, limit=limit)


def accounts_of(actor: Actor, sort: str, number: int) -> dict[str, int]:
    """For operators: the accounts of a worker or an organisation that are open in the book, and what each holds (micros)."""
    require_operator(actor)
    return {code: one.posted for code, one in book.balances_under(f"{sort}:{number}:").items()}


def lines_of_row(row: Correction) -> list[Line]:
    """The transfers of a correction."""
    return [
        Line(debit, credit, micros, UUID(undone) if undone else None)
        for debit, credit, micros, undone in row.lines
    ]


def corrected_micros(organisation_id: int, currency: str) -> int:
    """What corrections brought into an organisation's balance, less what they took out of it. What its projects, its credit and
    its debt gave or got is not counted: invoices see that where it is."""
    code, found = prepaid(organisation_id, currency).code, 0
    approved = Correction.objects.filter(state=CorrectionState.APPROVED.value, currency=currency)
    for row in approved.filter(lines__contains=[[code]]):
        for line in lines_of_row(row):
            other = line.debit if line.credit == code else line.credit
            if code in (line.debit, line.credit) and not _ITS_OWN.match(other):
                found += line.micros if line.credit == code else -line.micros
    return found


_ITS_OWN = re.compile(r"project:|organisation:\d+:(credit|owed):")


def organisation_of_project(project_id: int, currency: str) -> int:
    """Whose money a project spends, as the book knows it: from whose balance it was set aside."""
    flows = book.flows(reserved(project_id, currency).code)
    (found,) = {int(flow.other.split(":")[1]) for flow in flows if flow.other.startswith("organisation:")}
    return found


def _view(row: Correction) -> CorrectionView:
    return CorrectionView(
        id=row.id, currency=row.currency, lines=tuple(lines_of_row(row)), reason=row.reason,
        state=CorrectionState(row.state), proposed_at=row.proposed_at, proposed_by_id=row.proposed_by_id,
        decided_at=row.decided_at, decided_by_id=row.decided_by_id, decided_alone=row.decided_alone, words=row.words,
    )  # fmt: skip
