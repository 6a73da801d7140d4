"""For operators: what was handed to PayPal and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.models import PaypalBatch, PaypalItem
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY
from tagwerk.domain.payments.rules.paypal import BatchState


@dataclass(frozen=True, slots=True)
class PaypalBatchView:
    """A batch: how many payouts, for how much, and how many of them are still on their way."""

    id: int
    run_id: int
    currency: str
    state: BatchState
    error: str
    batch_id: str
    payouts: int
    amount_micros: int
    on_their_way: int
    sent_at: datetime | None
    try_after: datetime


def paypal_batches(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[PaypalBatchView]:
    """The newest batches."""
    require_operator(actor)
    found = PaypalBatch.objects.select_related("run").order_by("-id")
    rows = list((found if before is None else found.filter(id__lt=before))[:limit])
    waiting = Count("payout_id", filter=Q(payout__state__in=[each.value for each in ON_ITS_WAY]))
    sums = {
        batch: (payouts, micros, on_their_way)
        for batch, payouts, micros, on_their_way in PaypalItem.objects.filter(batch__in=rows)
        .values("batch_id")
        .annotate(n=Count("payout_id"), s=Sum("payout__amount_micros"), w=waiting)
        .values_list("batch_id", "n", "s", "w")
    }
    return [
        PaypalBatchView(
            row.id, row.run_id, row.run.currency, BatchState(row.state), row.error, row.batch_id, *sums[row.id],
            row.sent_at, row.try_after,
        )
        for row in rows
    ]  # fmt: skip
