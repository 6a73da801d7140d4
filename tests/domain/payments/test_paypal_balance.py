"""The operator's own account at PayPal: what is moved to it, and whether the book and PayPal say the same."""

import pytest

from tagwerk.domain.ledger.rules import bank, capital, paypal, suspense
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tests.domain.payments.test_bank import assign, entry, of
from tests.domain.payments.wages import company, right_book

pytestmark = pytest.mark.django_db


def test_money_that_is_moved_to_paypal_is_in_the_book_there() -> None:
    company()
    assign(entry(-10_000, "PAYPAL (EUROPE) SARL"), Meaning.PAYPAL)
    assign(entry(2_500, "PAYPAL"), Meaning.PAYPAL)
    assert of(paypal("EUR")) == 75 and of(bank("EUR")) == -75 and of(capital("EUR")) == 0
    assert of(suspense("EUR")) == 0 and right_book()
