"""What a run can pay to whom: what was there at its cut-off, and what was on its way then and is back."""

from datetime import datetime, timedelta

from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.rules.payouts import PayoutState

_LAST = 2**63 - 1  # no transfer has a higher number
_CLOCKS = timedelta(days=1)  # more than clocks differ: what follows goes by the book


def due_micros(currency: str, *, through_seq: int, cutoff_at: datetime) -> dict[int, int]:
    """What each worker can be paid (person → micros, above 0).

    What failed since the cut-off never left, and the book counts it already. What was paid and returned is a payment out
    and one in: it was earned before the cut-off all the same, and waits no week more.
    """
    due = ledger.worker_balances(currency, through_seq)
    returned = Payout.objects.filter(
        run__currency=currency, run__through_seq__lte=through_seq, state=PayoutState.RETURNED.value,
        settled_at__gte=cutoff_at - _CLOCKS,
    )  # fmt: skip
    for person_id in returned.order_by().values_list("person_id", flat=True).distinct():
        if back := _back(person_id, currency, through_seq, cutoff_at):
            there = ledger.balance(available(person_id, currency).code).available
            due[person_id] = min(there, due.get(person_id, 0) + back)
    return {person_id: due[person_id] for person_id in sorted(due) if due[person_id] > 0}


def _back(person_id: int, currency: str, through_seq: int, cutoff_at: datetime) -> int:
    """Of what was on its way at the cut-off: what has been returned since."""
    mine = Payout.objects.filter(person_id=person_id, run__currency=currency).values_list("ref", flat=True)
    moved = ledger.moved_between(
        person_id, currency, after=through_seq, through=_LAST, without=[ref.hex for ref in mine]
    )
    returned = sum(one.micros for one in moved if one.code == "payout_back")
    return min(returned, ledger.statement(available(person_id, currency).code, cutoff_at).balance.pending)
