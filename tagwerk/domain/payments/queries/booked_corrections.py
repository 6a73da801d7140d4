"""Whether corrections are what the book has."""

from tagwerk.domain.ledger import queries as book
from tagwerk.domain.payments.models import Correction
from tagwerk.domain.payments.queries.corrections import lines_of_row
from tagwerk.domain.payments.rules.corrections import CODE, CorrectionState, entries_of


def wrong_corrections() -> list[int]:
    """The numbers of corrections that were approved and are in the book otherwise or not at all, or are in the book and
    were not approved: none, or one of them was changed by force."""
    booked: dict[str, set[tuple[object, ...]]] = {}
    for line in book.lines_coded(CODE):
        facts = (line.id, line.debit, line.credit, line.amount_micros, line.currency, line.memo)
        booked.setdefault(line.ref_id, set()).add(facts)
    approved = {
        str(row.id): _expected(row) for row in Correction.objects.filter(state=CorrectionState.APPROVED.value)
    }
    return sorted(int(one) for one in booked.keys() | approved.keys() if booked.get(one) != approved.get(one))


def _expected(row: Correction) -> set[tuple[object, ...]]:
    try:
        entries = entries_of(row.id, lines_of_row(row), row.currency, row.reason)
    except (TypeError, ValueError):  # nobody but a hand from outside writes lines that are none
        return set()
    return {
        (str(one.id), one.debit, one.credit, one.amount_micros, one.currency, one.memo) for one in entries
    }
