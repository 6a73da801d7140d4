"""Webhooks of PayPal: hints, whoever sends them, how often and in whatever order."""

import json
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PaypalEvent
from tagwerk.domain.payments.provider import RailUnsure
from tagwerk.providers.payouts import paypal as rail
from tests.domain.payments.test_paypal import sent_run, states, world
from tests.domain.payments.wages import now, right_book, there
from tests.paypal_server import FakePaypal, signed

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def take(headers: dict[str, str], body: bytes) -> bool:
    """A webhook, and what follows from it."""
    is_new = payments.take_paypal_event(headers=headers, body=body, now=now())
    if is_new:
        payments.follow_paypal_event(event_row_id=PaypalEvent.objects.latest("id").id, now=now())
    return is_new


def test_the_same_webhook_a_hundred_times_is_one(world: FakePaypal) -> None:
    """paypal_event_once"""
    run = sent_run(world, "ben")
    world.set_all("SUCCESS")
    (item,) = world.items.values()
    assert [take(*world.webhook(item)) for _again in range(100)].count(True) == 1
    assert states(run) == ["paid"] and right_book() and PaypalEvent.objects.count() == 1
    assert b"payout_item_id" not in PaypalEvent.objects.get().sealed_body.encode()
    assert len([call for call in world.calls if "verify" in call]) == 1


@pytest.mark.parametrize("order", list(permutations(["UNCLAIMED", "SUCCEEDED", "RETURNED"])))
def test_webhooks_in_any_order_end_as_paypal_says(world: FakePaypal, order: tuple[str, ...]) -> None:
    run = sent_run(world, "ben")
    (item,) = world.items.values()
    for now_is in (
        "UNCLAIMED",
        "SUCCESS",
    ):  # what happened at PayPal; the webhooks about it come in any order
        item.state = now_is
    hooks = {kind: world.webhook(item, number, kind) for number, kind in enumerate(order)}
    for kind in order:
        take(*hooks[kind])
    assert states(run) == ["paid"]
    item.state = "REVERSED"
    for number in range(3):
        take(*world.webhook(item, 10 + number, "REFUNDED"))
    assert states(run) == ["returned"] and there(Payout.objects.get().person_id) == 10 and right_book()


def hostile(world: FakePaypal) -> Iterator[tuple[dict[str, str], bytes]]:
    (item,) = world.items.values()
    headers, body = world.webhook(item)
    for address in (
        "http://api.paypal.com/c", "https://paypal.com.evil.example/c", "https://evil.example/.paypal.com",
        "https://api.paypal.com@evil.example/c", "https://evilpaypal.com/c", "//api.paypal.com/c", "https://[", "x",
    ):  # fmt: skip
        yield headers | {"paypal-cert-url": address}, body
    yield headers, body.replace(b"1.0", b"1")
    yield headers | {"paypal-transmission-sig": "forged"}, body
    yield {}, body
    yield {**headers, "paypal-cert-url": ""}, body
    for bad in (
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b"[" * 50_000,
        b"{}",
        b'{"id": 1, "event_type": "PAYMENT.PAYOUTS"}',
    ):
        yield signed(bad), bad
    event = json.loads(body)
    for changes in (
        {"id": ""},
        {"id": "x" * 81},
        {"id": "a\x00"},
        {"event_type": "PAYMENT.CAPTURE.COMPLETED"},
        {"event_type": None},
    ):
        changed = json.dumps(event | changes).encode()
        yield signed(changed), changed
    long = json.dumps(event | {"padding": "x" * 70_000}).encode()
    yield signed(long), long


def test_hostile_webhooks_are_refused(world: FakePaypal) -> None:
    run = sent_run(world, "ben")
    world.set_all("SUCCESS")
    for headers, body in hostile(world):
        with pytest.raises(Invalid) as refusal:
            take(headers, body)
        assert refusal.value.code == "webhook_not_genuine"
    assert states(run) == ["submitted"] and not PaypalEvent.objects.exists()
    # Asked is only where everything looks genuine: a forged signature, and a body that was changed.
    assert len([call for call in world.calls if "verify" in call]) == 2


def test_a_slow_check_is_given_up(world: FakePaypal, monkeypatch: Any) -> None:
    sent_run(world, "ben")
    (item,) = world.items.values()
    monkeypatch.setattr(rail, "CHECK_SECONDS", 0.05)
    world.slow = 0.5
    with pytest.raises(RailUnsure):
        take(*world.webhook(item))
    assert not PaypalEvent.objects.exists()


@pytest.mark.parametrize("resource", [None, "x", [], {"payout_item_id": "I999"}, {"payout_item_id": "../../v1"}, {"payout_item_id": 7},
                                      {"batch_header": {"payout_batch_id": "B1"}}, {"batch_header": []}, {"payout_item_id": "x" * 99}])  # fmt: skip
def test_genuine_webhooks_about_anything_do_no_harm(world: FakePaypal, resource: Any) -> None:
    run = sent_run(world, "ben")
    (item,) = world.items.values()
    _headers, body = world.webhook(item)
    changed = json.dumps(json.loads(body) | {"resource": resource}).encode()
    take(signed(changed), changed)
    assert states(run) == ["submitted"]


def test_payouts_of_others_on_the_same_account_are_left_alone(world: FakePaypal) -> None:
    run = sent_run(world, "ben")
    (item,) = world.items.values()
    world.batches["somebody-else-1"] = "B9"
    item.batch, item.state = "B9", "FAILED"
    assert take(*world.webhook(item))
    assert states(run) == ["submitted"]
