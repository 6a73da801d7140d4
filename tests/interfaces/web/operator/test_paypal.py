"""The page about PayPal: what is in the account, and what an operator says of it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.money import MICROS
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PaypalBalance
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tests.domain.payments.test_bank import assign, entry
from tests.domain.payments.wages import company
from tests.interfaces.web.visiting import plain_files, visitor
from tests.people import actor

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
ADDRESS = "/operator/paypal/"


def test_a_balance_is_entered_and_a_difference_explained() -> None:
    company()
    dan = visitor("dan")
    assert "Enter a balance" not in dan.get(ADDRESS).content.decode()
    found = entry(-10_000)
    address = dan.get("/operator/bank/").content.decode().split('href="/operator/bank/bke_')[1].split('"')[0]
    assert "Moved to our PayPal account" in dan.get(f"/operator/bank/bke_{address}").content.decode()
    assign(found, Meaning.PAYPAL)
    assert dan.post(ADDRESS, {"currency": "EUR", "amount": "much"}).status_code == 422
    assert dan.post(ADDRESS, {"currency": "USD", "amount": "1"}).status_code == 422
    dan.post(ADDRESS, {"currency": "EUR", "amount": "100,00"})
    payments.enter_paypal_balance(
        actor=actor("dan"), currency="EUR", amount_micros=90 * MICROS, now=now() + timedelta(days=6)
    )
    page = dan.get(ADDRESS).content.decode()
    assert "Book and PayPal differ by €10.00" in page
    newest = PaypalBalance.objects.latest("id")
    said = dan.post(ADDRESS, {"step": "fee", "balance": str(newest.id)}, follow=True).content.decode()
    assert "The difference is in the book." in said and "differ by" not in said
    for wrong in ("", "x", "9" * 30, "٣"):
        assert dan.post(ADDRESS, {"step": "own", "balance": wrong}).status_code == 404
