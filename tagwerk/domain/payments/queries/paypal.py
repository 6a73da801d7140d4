"""For operators: what was handed to PayPal and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, Sum

from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import paypal as account
from tagwerk.domain.payments.models import BankEntry, Payout, PaypalBalance, PaypalBatch, PaypalItem
from tagwerk.domain.payments.rules import paypal as rules
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY, PayoutState
from tagwerk.domain.payments.rules.paypal import BatchState, Settled
from tagwerk.domain.payments.rules.rails import Rail


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


@dataclass(frozen=True, slots=True)
class PaypalStanding:
    """Book and PayPal of one currency when they were last compared, in micros. `difference` is what the book has more
    than PayPal, beyond what may be on its way; nobody has said yet what it is, unless `settled_as` does."""

    id: int
    currency: str
    amount_micros: int
    at: datetime
    entered_by_id: int | None
    book_micros: int
    less_micros: int
    more_micros: int
    difference_micros: int
    settled_as: Settled


@dataclass(frozen=True, slots=True)
class AtPaypal:
    """What the book has at PayPal, and what PayPal may have less or more at the moment, since news take a while."""

    book_micros: int
    less_micros: int
    more_micros: int


def paypal_standings(actor: Actor) -> list[PaypalStanding]:
    """For operators: the newest comparison of each currency."""
    require_operator(actor)
    return [
        PaypalStanding(
            row.id, row.currency, row.amount_micros, row.at, row.entered_by_id, row.book_micros, row.less_micros,
            row.more_micros, row.difference_micros, Settled(row.settled_as),
        )
        for row in newest_balances()
    ]  # fmt: skip


def newest_balances() -> list[PaypalBalance]:
    """The newest balance of each currency."""
    return list(PaypalBalance.objects.order_by("currency", "-id").distinct("currency"))


def paypal_currencies() -> list[str]:
    """The currencies that the book has at PayPal."""
    return [code.rpartition(":")[2] for code in ledger.balances_under("paypal:")]


def on_its_way_at(currency: str, now: datetime) -> AtPaypal:
    """What the book has at PayPal, and by how much PayPal may rightly say something else."""
    lately = now - rules.NEWS_TAKES
    ours = Payout.objects.filter(run__currency=currency, rail=Rail.PAYPAL.value)
    sums = ours.aggregate(
        n=Count("id", filter=_in(*ON_ITS_WAY)),
        waits=Sum("amount_micros", filter=_in(*ON_ITS_WAY)),
        back=Sum("amount_micros", filter=_in(PayoutState.FAILED, PayoutState.RETURNED) & Q(settled_at__gte=lately)),
        paid=Sum(F("amount_micros") + F("fee_micros"), filter=_in(PayoutState.PAID) & Q(settled_at__gte=lately)),
    )  # fmt: skip
    moved = BankEntry.objects.filter(
        currency=currency, meaning=Meaning.PAYPAL.value, amount_micros__lt=0,
        booked_on__gte=(now - rules.TRANSFER_TAKES).date(),
    ).aggregate(sum=Sum("amount_micros"))  # fmt: skip
    waits = sums["waits"] or 0
    less = waits + rules.fees_at_most(sums["n"], waits) + (sums["back"] or 0) - (moved["sum"] or 0)
    return AtPaypal(ledger.balance(account(currency).code).posted, less, sums["paid"] or 0)


def _in(*states: PayoutState) -> Q:
    return Q(state__in=[each.value for each in states])
