"""Released payouts are handed to PayPal: in batches, each under an id that is given once and for ever.

Whatever is killed when: a batch is written down before it is sent, and sending it again under the same id finds out
what happened to it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.events import record
from tagwerk.base.providers import provider
from tagwerk.base.secrecy import keyed_digest
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.actions.following import mark_failed
from tagwerk.domain.payments.events import PaypalBatchGivenBack, PaypalBatchRefused, PaypalBatchRetried
from tagwerk.domain.payments.models import Payout, PayoutRun, PaypalBatch, PaypalItem
from tagwerk.domain.payments.provider import Item, PayoutRail, RailBusy, RailRefused, RailUnsure
from tagwerk.domain.payments.queries.receiving import targets_of
from tagwerk.domain.payments.rules import paypal as rules
from tagwerk.domain.payments.rules.payouts import PayoutState, RunState
from tagwerk.domain.payments.rules.paypal import BatchState
from tagwerk.domain.payments.rules.rails import Rail, written


def paypal() -> PayoutRail:
    """The rail, as the settings name it."""
    rail: PayoutRail = provider("paypal")
    return rail


def send_paypal(*, now: datetime) -> int:
    """Hand over what was released and what waits to be tried again; how many batches were tried."""
    for batch in PaypalBatch.objects.filter(state=BatchState.REFUSED.value, error=rules.GIVING_BACK):
        _give_back(batch, now)
    if not paypal().is_set_up:
        return 0
    waiting = Payout.objects.filter(
        rail=Rail.PAYPAL.value, state=PayoutState.SUBMITTED.value, run__state=RunState.RELEASED
    )
    for run_id in (
        waiting.exclude(id__in=PaypalItem.objects.values("payout_id"))
        .values_list("run_id", flat=True)
        .distinct()
    ):
        _plan(run_id, now)
    due = PaypalBatch.objects.filter(state=BatchState.NEW.value, try_after__lte=now).order_by("id")
    return sum(_send(batch_id, now) for batch_id in list(due.values_list("id", flat=True)))


@transaction.atomic
def retry_paypal_batch(*, actor: Actor, batch_id: int, now: datetime) -> None:
    """An operator has PayPal asked again for a batch that it refused: the same one, under the same id."""
    require_operator(actor)
    batch = PaypalBatch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise NotFound("paypal_batch_not_found", "There is no such batch.")
    if batch.state != BatchState.REFUSED or batch.error in (rules.TOO_OLD, rules.GIVING_BACK):
        raise Conflict("paypal_batch_not_refused", "This batch cannot be tried again.")
    batch.state, batch.try_after, batch.error = BatchState.NEW.value, now, ""
    batch.save(update_fields=["state", "try_after", "error"])
    record(PaypalBatchRetried(actor_id=actor.person_id, batch_id=batch.id))


def give_back_paypal_batch(*, actor: Actor, batch_id: int, now: datetime) -> None:
    """An operator gives up a batch that PayPal refused: its money is back in the balances, and it is never sent again."""
    require_operator(actor)
    with transaction.atomic():
        batch = PaypalBatch.objects.select_for_update().filter(id=batch_id).first()
        if batch is None:
            raise NotFound("paypal_batch_not_found", "There is no such batch.")
        if batch.state != BatchState.REFUSED:
            raise Conflict("paypal_batch_not_refused", "Only a batch that PayPal refused can be given back.")
        batch.error = rules.GIVING_BACK
        batch.save(update_fields=["error"])
        record(PaypalBatchGivenBack(actor_id=actor.person_id, batch_id=batch.id, run_id=batch.run_id))
    _give_back(batch, now)


def _give_back(batch: PaypalBatch, now: datetime) -> None:
    """One payout after the other; what dies in between is taken up by the job."""
    for ref in PaypalItem.objects.filter(batch=batch).values_list("payout__ref", flat=True):
        mark_failed(ref=ref, reason="not_handed_over", now=now)
    PaypalBatch.objects.filter(id=batch.id).update(state=BatchState.CLOSED.value, closed_at=now)


@transaction.atomic
def _plan(run_id: int, now: datetime) -> None:
    """Write down which payouts go together; the run's row is locked, so that nobody else does at the same time."""
    run = PayoutRun.objects.select_for_update().get(id=run_id)
    taken = PaypalItem.objects.filter(payout__run=run).values("payout_id")
    payouts = Payout.objects.filter(
        run=run, rail=Rail.PAYPAL.value, state=PayoutState.SUBMITTED.value
    ).exclude(id__in=taken)
    ids = list(payouts.order_by("id").values_list("id", flat=True))
    number = PaypalBatch.objects.filter(run=run).count()
    for start in range(0, len(ids), rules.MOST_ITEMS):
        number += 1
        batch = PaypalBatch.objects.create(
            run=run, number=number, sender_batch_id=_sender_batch_id(run, number), try_after=now
        )
        chosen = ids[start : start + rules.MOST_ITEMS]
        PaypalItem.objects.bulk_create(
            [PaypalItem(payout_id=id, batch=batch) for id in chosen], batch_size=2_000
        )


def _sender_batch_id(run: PayoutRun, number: int) -> str:
    """Two instances that share an account at PayPal must not take each other's batches for their own."""
    instance = keyed_digest("paypal", "batch").hex()[:8]
    return f"tagwerk-{instance}-{run.id}-{run.currency}-{number}"


def _send(batch_id: int, now: datetime) -> bool:
    mine = PaypalBatch.objects.filter(id=batch_id, state=BatchState.NEW.value, try_after__lte=now)
    before = mine.values_list("unsure", flat=True).first()
    if before is None or not mine.update(try_after=now + rules.LEASE, tries=F("tries") + 1):
        return False
    batch = PaypalBatch.objects.select_related("run").get(id=batch_id)
    if batch.first_tried_at is None:
        _save(batch, first_tried_at=now)
    elif now - batch.first_tried_at > rules.SAFE_TO_REPEAT:
        _refuse(batch, rules.TOO_OLD)
        return False
    _save(batch, unsure=True)  # until an answer is there: whoever dies in between has perhaps been heard
    _hand_over(batch, now, heard_before=before)
    return True


def _hand_over(batch: PaypalBatch, now: datetime, *, heard_before: bool) -> None:
    """Send it and write down the answer. `heard_before`: an earlier try had none, so that PayPal may have it."""
    run = batch.run
    subject = f"Payout / Auszahlung {run.cutoff_at:%Y-%m-%d}"
    try:
        found = paypal().send(batch.sender_batch_id, run.currency, _items(batch), subject)
    except RailBusy as busy:
        _save(batch, try_after=now + timedelta(seconds=busy.seconds), error="BUSY", unsure=heard_before)
    except RailUnsure as unsure:
        _save(batch, try_after=now + rules.pause(batch.tries), error=f"UNSURE {unsure}"[:60])
    except RailRefused as refused:
        if heard_before:  # this try was refused, the earlier one perhaps taken: only asking again can tell
            _save(batch, try_after=now + rules.pause(batch.tries), error=refused.code)
        else:
            _save(batch, unsure=False)
            _refuse(batch, refused.code)
    else:
        _save(
            batch, state=BatchState.SENT.value, batch_id=found, error="", unsure=False, sent_at=now,
            look_after=now,
        )  # fmt: skip


def _save(batch: PaypalBatch, **facts: object) -> None:
    PaypalBatch.objects.filter(id=batch.id, state=BatchState.NEW.value).update(**facts)


@transaction.atomic
def _refuse(batch: PaypalBatch, code: str) -> None:
    _save(batch, state=BatchState.REFUSED.value, error=code)
    record(PaypalBatchRefused(batch_id=batch.id, run_id=batch.run_id))


def _items(batch: PaypalBatch) -> Sequence[Item]:
    rows = PaypalItem.objects.filter(batch=batch).select_related("payout").order_by("payout_id")
    payouts = [row.payout for row in rows]
    targets = targets_of([one.method_id for one in payouts if one.method_id])
    return [
        Item(
            ref=one.ref.hex,
            receiver=targets[one.method_id or 0].account,
            amount=written(one.amount_micros, Rail.PAYPAL, batch.run.currency),
            note=f"Payout {batch.run.cutoff_at:%Y-%m-%d}, {one.ref.hex}",
        )
        for one in payouts
    ]
