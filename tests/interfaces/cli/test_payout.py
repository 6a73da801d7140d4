"""tagwerk payout …, as an operator types it."""

from typing import Any

import pytest

from tagwerk.domain.payments.models import PayoutHold, PayoutRun
from tests.domain.payments.wages import company, earn, payee, payout_of, there
from tests.people import email_of, person

pytestmark = pytest.mark.django_db


def test_a_run_is_made_shown_and_released(command: Any) -> None:
    assert "no run yet" in command("payout", "list").out
    ben = payee("ben")
    earn(ben, 10)
    earn(person("eve").id, 20)
    said = command("payout", "make", "--until", "now")
    assert said.code == 0
    assert "sepa: 1 payouts, 10.00 EUR" in said.out
    assert "left out: 1 with 20.00 EUR: Your name and address" in said.out
    run = PayoutRun.objects.get()
    assert command("payout", "make", "--until", "now").code == 2
    assert "locked" in command("payout", "list").out
    said = command("payout", "release", str(run.id))
    assert (said.code, "name and IBAN" in said.err) == (2, True)
    company()
    assert "released" in command("payout", "release", str(run.id)).out
    assert payout_of(ben, run).state == "submitted"
    assert command("payout", "show", "999").code == 2


def test_the_console_releases_nothing_that_an_operator_could(command: Any) -> None:
    person("dan")
    earn(payee("ben"), 10)
    company()
    command("payout", "make", "--until", "now")
    said = command("payout", "release", str(PayoutRun.objects.get().id))
    assert (said.code, "another operator" in said.err) == (2, True)


def test_a_run_is_called_off(command: Any) -> None:
    ben = payee("ben")
    earn(ben, 10)
    command("payout", "make", "--until", "now")
    assert "cancelled" in command("payout", "cancel", str(PayoutRun.objects.get().id)).out
    assert there(ben) == 10


def test_holds_begin_and_end(command: Any) -> None:
    payee("ben")
    said = command("payout", "hold", email_of("ben"), "fraud_review", "Is it you?", "--days", "3")
    assert said.code == 0 and PayoutHold.objects.get().reason == "Is it you?"
    assert command("payout", "hold", email_of("ben"), "fraud_review", "Again").code == 2
    assert command("payout", "hold", email_of("ben"), "sanctions_hit", "x", "--days", "99").code == 2
    assert "1 holds" in command("payout", "free", email_of("ben")).out
    assert command("payout", "free", "nobody@example.org").code == 2
