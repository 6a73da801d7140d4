"""The page of the operator's company: what is missing, what is saved, what is refused."""

from datetime import date

import pytest

from tagwerk.base.ids import public_id
from tagwerk.base.models import StoredEvent
from tagwerk.domain.payments import actions, queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
AT = "/operator/company/"
COMPANY = {
    "what": "company", "name": "Nordlicht GmbH", "street": "Hafenstraße", "building": "5", "postcode": "20457",
    "town": "Hamburg", "country": "DE", "register_number": "HRB 1",
}  # fmt: skip
TAX = {"what": "tax", "vat_scheme": "standard", "vat_id": "DE 136 695 976", "contract_model": "principal"}
BANK = {
    "what": "bank",
    "iban": "DE89 3704 0044 0532 0130 00",
    "time_zone": "Europe/Berlin",
    "minimum": "7,50",
}


def test_what_is_missing_is_named_until_nothing_is(django_assert_max_num_queries):
    dan = visitor("dan")
    page = words(dan.get(AT))
    assert "Name of the company, Street, Postcode, Town, Country" in page
    for sent in (COMPANY, TAX, BANK):
        assert dan.post(AT, sent).status_code == 303
    payer = queries.payer()
    assert (payer.missing_for_invoices, payer.missing_for_payouts) == ([], [])
    assert (payer.vat_id, payer.iban) == ("DE136695976", "DE89370400440532013000")
    assert payer.minimum_micros == 7_500_000
    with django_assert_max_num_queries(20):
        page = words(dan.get(AT))
    assert "missing" not in page.split("Nothing here is legal")[0].replace("What is missing", "")


@pytest.mark.parametrize(
    ("form", "field", "value", "code"),
    [
        (BANK, "iban", "DE88370400440532013000", "not an IBAN"),
        (BANK, "minimum", "10.01", "from 0 to 10"),
        (TAX, "vat_id", "DE136695975", "not a VAT id"),
        (TAX, "tax_number", "12", "not a tax number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(form, field, value, code):
    dan = visitor("dan")
    dan.post(AT, COMPANY)
    reply = dan.post(AT, form | {field: value})
    assert reply.status_code == 422
    assert code in words(reply)
    assert getattr(queries.payer(), field, "") != value


def test_a_change_is_in_the_log_with_what_was_before():
    actions.change_payer(actor=actor("dan"), name="Nordlicht GmbH")
    actions.change_payer(actor=actor("dan"), name="Nordlicht GmbH")
    events = StoredEvent.objects.filter(name="PayerChanged")
    assert [event.facts["changes"] for event in events] == [{"name": ["", "Nordlicht GmbH"]}]
    assert "changed what papers say about the company" in words(visitor("dan").get("/operator/log/"))


def test_a_rate_of_the_operator_counts_before_the_shipped_one():
    dan = visitor("dan")
    dan.post(AT, COMPANY)
    assert queries.payer().rate_on(date(2026, 11, 1)) == 1900
    assert dan.post(AT, {"what": "rate", "since": "2027-01-01", "rate": "20,5"}).status_code == 303
    assert [queries.payer().rate_on(date(year, 12, 1)) for year in (2026, 2027)] == [1900, 2050]
    assert "20.5" in words(dan.get(AT))


def test_a_credit_limit_is_granted_on_the_page_of_the_organisation():
    number = organisation()
    at = f"/operator/organisations/{public_id('org', number)}/"
    dan, ada = visitor("dan"), visitor("ada")
    assert dan.post(at, {"step": "credit", "limit": "250,00"}).status_code == 303
    page = words(dan.get(at))
    assert "May still be lent €250.00" in page
    assert dan.post(at, {"step": "credit", "limit": "x"}).status_code == 422
    assert "Lent €0.00 of a credit limit of €250.00" in words(
        ada.get(f"/organisation/{public_id('org', number)}/balance/")
    )
