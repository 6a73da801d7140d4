"""What became of payouts at PayPal. A webhook is a hint; what PayPal says when it is asked is what counts."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tagwerk.base.errors import Invalid
from tagwerk.base.events import record
from tagwerk.base.secrecy import encrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments.actions.following import mark_failed, mark_paid, mark_returned, mark_unclaimed
from tagwerk.domain.payments.actions.paypal_sending import paypal
from tagwerk.domain.payments.actions.telling import PAYOUTS_PATH
from tagwerk.domain.payments.events import PaypalEventReceived
from tagwerk.domain.payments.models import Payout, PaypalBatch, PaypalEvent, PaypalItem
from tagwerk.domain.payments.provider import ItemState, ItemStatus, RailBusy, RailRefused, RailUnsure
from tagwerk.domain.payments.rules import paypal as rules
from tagwerk.domain.payments.rules.bank_entries import payout_named
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY
from tagwerk.domain.payments.rules.paypal import BatchState

log = logging.getLogger(__name__)
LARGEST_EVENT = 64_000  # bytes
WEBHOOKS = "PAYMENT.PAYOUTS"


def follow_paypal(*, now: datetime) -> int:
    """Look at every batch whose time has come: until PayPal has closed it, and as long as it may be reversed; how many."""
    sent = Q(state=BatchState.SENT.value)
    closed = Q(state=BatchState.CLOSED.value, sent_at__gt=now - rules.REVERSED_WITHIN)
    due = PaypalBatch.objects.filter(sent | closed, look_after__lte=now).order_by("id")
    return sum(_look(batch, now) for batch in due)


def tend_unclaimed(*, now: datetime) -> int:
    """Remind who has no account at PayPal after a week; take back after 25 days what nobody claimed. How many."""
    old = PaypalItem.objects.filter(state=ItemState.UNCLAIMED.value, state_at__lte=now - rules.REMIND_AFTER)
    done = 0
    for item in old.select_related("payout__run", "batch").order_by("payout_id"):
        assert item.state_at is not None
        if item.state_at <= now - rules.TAKE_BACK_AFTER:
            done += _take_back(item, now)
        elif item.reminded_at is None:
            _remind(item, now)
            done += 1
    return done


def take_paypal_event(*, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """A webhook came in. Refuses what PayPal does not say is its own; the same event again is no news."""
    event = _event(body)
    if PaypalEvent.objects.filter(event_id=event["id"]).exists():
        return False
    if not paypal().is_genuine(headers, body):
        raise _not_genuine()
    resource = event.get("resource")
    facts = resource if isinstance(resource, dict) else {}
    header = facts.get("batch_header")
    about = facts.get("payout_item_id") or (header.get("payout_batch_id") if isinstance(header, dict) else "")
    with transaction.atomic():
        row, is_new = PaypalEvent.objects.get_or_create(
            event_id=event["id"],
            defaults={
                "kind": event["event_type"], "about": about if isinstance(about, str) and len(about) <= 40 else "",
                "sealed_body": encrypted(body.decode()), "received_at": now,
            },
        )  # fmt: skip
        if is_new:
            record(PaypalEventReceived(event_row_id=row.id))
    return is_new


def follow_paypal_event(*, event_row_id: int, now: datetime) -> bool:
    """Ask PayPal about the payout or the batch that a webhook named; whether it is ours."""
    about = PaypalEvent.objects.get(id=event_row_id).about
    if PaypalItem.objects.filter(item_id=about).exclude(item_id="").exists():
        return _follow(paypal().item(about), now)
    batch = (
        PaypalBatch.objects.filter(batch_id=about, state=BatchState.SENT.value).exclude(batch_id="").first()
    )
    if batch is not None:
        _look(batch, now)
        return True
    # A payout whose number we have not learnt yet: its batch is looked at soon in any case.
    return bool(about) and not about.isspace() and _follow_unknown(about, now)


def _follow_unknown(item_id: str, now: datetime) -> bool:
    try:
        return _follow(paypal().item(item_id), now)
    except RailRefused:
        return False


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body.decode()) if len(body) <= LARGEST_EVENT else None
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise _not_genuine()
    name, kind = event.get("id"), event.get("event_type")
    good = isinstance(name, str) and 0 < len(name) <= 80 and name.isascii() and name.isprintable()
    if not good or not isinstance(kind, str) or not kind.startswith(WEBHOOKS) or len(kind) > 60:
        raise _not_genuine()
    return event


def _not_genuine() -> Invalid:
    return Invalid("webhook_not_genuine", "This is no webhook that PayPal sent about payouts.")


def _look(batch: PaypalBatch, now: datetime) -> bool:
    """All pages of a batch, and each payout on them."""
    page, pages, closed, state = 1, 1, False, ""
    try:
        while page <= pages:
            found = paypal().batch(batch.batch_id, page)
            pages, closed, state = found.pages, found.closed, found.state
            for status in found.items:
                _follow(status, now)
            page += 1
    except (RailBusy, RailUnsure, RailRefused) as error:
        log.warning("PayPal batch %s cannot be looked at: %s", batch.id, error)
        soon = rules.pause(3) if batch.state == BatchState.SENT else timedelta(days=1)
        PaypalBatch.objects.filter(id=batch.id).update(look_after=now + soon)
        return False
    if state in ("DENIED", "CANCELED"):
        _give_back(batch, now)
    assert batch.sent_at is not None
    PaypalBatch.objects.filter(id=batch.id).update(
        look_after=now + rules.look_again(batch.sent_at, now, closed=closed),
        **({"state": BatchState.CLOSED.value, "closed_at": batch.closed_at or now} if closed else {}),
    )
    return True


def _give_back(batch: PaypalBatch, now: datetime) -> None:
    """PayPal carries out nothing more of a batch: what is on its way, whatever was said of it, is back in the balances."""
    waiting = PaypalItem.objects.filter(batch=batch, payout__state__in=[each.value for each in ON_ITS_WAY])
    for ref in waiting.order_by("payout_id").values_list("payout__ref", flat=True):
        mark_failed(ref=ref, reason="not_handed_over", now=now)


def _follow(status: ItemStatus, now: datetime) -> bool:
    """Carry out what PayPal says of a payout; whether it is one of ours."""
    ref = payout_named(status.ref)
    item = (
        PaypalItem.objects.select_related("payout__run", "batch").filter(payout__ref=ref).first()
        if ref
        else None
    )
    if item is None or status.batch_ref not in ("", item.batch.sender_batch_id):
        log.warning("PayPal speaks of a payout that is not ours: %s", status.item_id)
        return False
    if status.state is ItemState.UNKNOWN:  # what was said before still counts
        _tell_unknown(item, status.error)
        return True
    if (item.item_id, item.state) != (status.item_id, status.state.value):
        _CARRY_OUT[status.state](item.payout, status, now)
        item.item_id, item.state, item.state_at = status.item_id, status.state.value, now
        item.save(update_fields=["item_id", "state", "state_at"])
    return True


def _succeed(payout: Payout, status: ItemStatus, now: datetime) -> None:
    fee = status.fee_micros if status.fee_currency == payout.run.currency else 0
    mark_paid(refs=[payout.ref], now=now, rail_ref=status.item_id, fee_micros=fee)


def _fail(payout: Payout, status: ItemStatus, now: datetime) -> None:
    _back(payout.ref, status.error or status.state.value.lower(), now)


def _come_back(payout: Payout, status: ItemStatus, now: datetime) -> None:
    """Nobody claimed it in time, or it was taken back: it never reached anybody, unless PayPal had said so before."""
    _back(payout.ref, "unclaimed", now)


def _reverse(payout: Payout, status: ItemStatus, now: datetime) -> None:
    mark_returned(ref=payout.ref, reason=status.error or status.state.value.lower(), now=now)


def _back(ref: UUID, reason: str, now: datetime) -> None:
    if not mark_failed(ref=ref, reason=reason, now=now):
        mark_returned(ref=ref, reason=reason, now=now)


def _unclaimed(payout: Payout, status: ItemStatus, now: datetime) -> None:
    mark_unclaimed(ref=payout.ref, now=now, rail_ref=status.item_id)


def _wait(payout: Payout, status: ItemStatus, now: datetime) -> None:
    """On its way, or held by PayPal for a review."""


_CARRY_OUT: dict[ItemState, Callable[[Payout, ItemStatus, datetime], None]] = {
    ItemState.PENDING: _wait, ItemState.ONHOLD: _wait, ItemState.SUCCESS: _succeed, ItemState.FAILED: _fail,
    ItemState.BLOCKED: _fail, ItemState.RETURNED: _come_back, ItemState.REFUNDED: _reverse,
    ItemState.REVERSED: _reverse,
    ItemState.UNCLAIMED: _unclaimed,
}  # fmt: skip


def _take_back(item: PaypalItem, now: datetime) -> bool:
    try:
        try:
            _follow(paypal().cancel(item.item_id), now)
        except RailRefused:  # claimed or sent back in the meantime
            _follow_unknown(item.item_id, now)
    except (RailBusy, RailUnsure):  # the next round asks again; the others have their turn now
        return False
    return True


@transaction.atomic
def _remind(item: PaypalItem, now: datetime) -> None:
    payout = item.payout
    params = {"amount": amount(payout.amount_micros, payout.run.currency), "days": rules.CLAIM_DAYS}
    notices.tell(
        person_id=payout.person_id, kind="payout_unclaimed", params=params, link=PAYOUTS_PATH,
        key=f"unclaimed/{payout.id}",
    )  # fmt: skip
    item.reminded_at = now
    item.save(update_fields=["reminded_at"])


@transaction.atomic
def _tell_unknown(item: PaypalItem, state: str) -> None:
    """Operators hear once for each batch that PayPal speaks of a payout in a word that nobody knows."""
    payout = item.payout
    params = {"state": state, "amount": amount(payout.amount_micros, payout.run.currency)}
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="paypal_state_unknown", params=params, link="/operator/paypal/",
            key=f"paypal-state/{item.batch_id}/{state}",
        )  # fmt: skip


def tell_paypal_refused(*, batch_id: int) -> None:
    """Operators hear that PayPal did not take a batch, and why."""
    batch = PaypalBatch.objects.select_related("run").get(id=batch_id)
    sums = [
        one.payout.amount_micros for one in PaypalItem.objects.filter(batch=batch).select_related("payout")
    ]
    params = {"reason": batch.error, "people": len(sums), "amount": amount(sum(sums), batch.run.currency)}
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="paypal_refused", params=params, link="/operator/paypal/",
            key=f"paypal-refused/{batch_id}/{batch.tries}",
        )  # fmt: skip
