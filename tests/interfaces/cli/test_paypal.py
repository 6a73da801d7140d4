"""tagwerk payout paypal …"""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PaypalBatch
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tests.domain.payments.test_bank import assign, entry
from tests.domain.payments.test_paypal import sent_run, world
from tests.domain.payments.wages import company, now, right_book, there
from tests.paypal_server import FakePaypal
from tests.people import actor

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def test_what_paypal_refused_is_tried_again_or_given_back(command: Any, world: FakePaypal) -> None:
    assert "Nothing was handed to PayPal yet." in command("payout", "paypal", "show").out
    world.misbehave = ["INSUFFICIENT_FUNDS"]
    sent_run(world, "ben")
    batch = PaypalBatch.objects.get()
    one = public_id("ppb", batch.id)
    said = command("payout", "paypal", "show")
    assert said.code == 1 and one in said.out and "INSUFFICIENT_FUNDS" in said.out
    assert "asked again" in command("payout", "paypal", "retry", one).out
    assert command("payout", "paypal", "retry", one).code == 2
    world.misbehave = ["INSUFFICIENT_FUNDS"]
    payments.send_paypal(now=now())
    assert "back in the balances" in command("payout", "paypal", "give-back", one).out
    assert there(actor("ben").person_id or 0) == 10 and right_book()
    assert command("payout", "paypal", "give-back", "ppb_x").code == 2
    assert command("payout", "paypal", "show").code == 0


def test_a_balance_is_compared_and_settled(command: Any) -> None:
    assert "PayPal is not set up" in command("payout", "paypal", "show").out
    assert command("payout", "paypal", "balance", "1").code == 2
    company()
    assign(entry(-10_000), Meaning.PAYPAL)
    said = command("payout", "paypal", "settle", "own")
    assert (said.code, "not compared" in said.err) == (2, True)
    assert "agree" in command("payout", "paypal", "balance", "100").out
    said = command("payout", "paypal", "balance", "130")
    assert said.code == 1 and "differ by -30.00" in said.out
    assert "agree" not in command("payout", "paypal", "show").out
    assert "settled: own" in command("payout", "paypal", "settle", "own").out
    assert command("payout", "paypal", "settle", "own").code == 2 and right_book()
    assert command("payout", "paypal", "show").code == 0
