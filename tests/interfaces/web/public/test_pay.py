"""How pay and fees work here, with an example."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, bank, fee_income, rail_fee, transfer_id
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_the_example_is_computed_with_the_fee_of_this_instance():
    accounts.change_instance(actor=actor("dan"), fee_bp=1000)
    said = words(visitor().get("/pay/?amount=0.30&seconds=60&answers=1000"))
    assert "10% of the pay, which is 9.1% of the price" in said
    assert "The worker gets €0.30 €300.00" in said
    assert "The operator’s fee €0.03 €30.00" in said
    assert "The requester pays €0.33 €330.00" in said
    assert "€18.00 an hour" in said


def test_sums_are_exact_where_one_answer_has_a_part_of_a_cent():
    said = words(visitor().get("/pay/?amount=0,015&seconds=7&answers=1001"))
    assert "The operator’s fee €0.003 €3.003" in said
    assert "€7.71 an hour" in said  # rounded down: nobody is promised more than it is


@pytest.mark.parametrize("amount", ["", "much", "-1", "0", "1e9", "NaN", "0.0000001", "10000.01"])
def test_what_is_no_amount_is_said_at_its_field(amount):
    response = visitor().get("/pay/", {"amount": amount, "seconds": "60", "answers": "1"})
    assert response.status_code == 422
    assert b'id="id_amount_error"' in response.content and b"pay-sum" not in response.content


def test_the_page_names_this_instances_times(settings):
    settings.APPEAL_SECONDS, settings.UNDO_SECONDS = 3 * 86_400, 25
    said = words(visitor().get("/pay/"))
    assert "can object for 3 days" in said and "For 25 sec it can be taken back" in said


def test_every_euro_is_split_on_one_picture_with_vat_and_what_payouts_cost():
    said = words(visitor().get("/pay/?amount=1&seconds=60&answers=100&vat=19"))
    assert "Where each EUR goes" in said
    assert "Worker 70%" in said and "Operator 14%" in said and "VAT 16%" in said  # of 1.428
    assert "The requester pays €1.428 €142.80" in said
    assert "nobody has charged for one here yet" in said


def test_what_payouts_have_cost_is_taken_from_the_operators_part():
    for code, debit, credit, micros in (
        ("fee", bank("EUR"), fee_income("EUR"), 10_000_000),
        ("rail", rail_fee("EUR"), bank("EUR"), 1_000_000),
    ):
        booked = transfer_id("test", code)
        ledger.transfer(entries=[Entry(id=booked, event=booked, kind="single", debit=debit.code, credit=credit.code, amount_micros=micros, currency="EUR", code=code)])  # fmt: skip
    said = words(visitor().get("/pay/?amount=1&seconds=60&answers=100"))
    assert "Operator 15%" in said and "Banks and payment services 1.7%" in said  # a tenth of the fee
    assert "the share is what it has been here so far" in said


@pytest.mark.parametrize("vat", ["x", "-1", "101", "1e9"])
def test_what_is_no_vat_is_said_at_its_field(vat):
    assert (
        visitor().get("/pay/", {"amount": "1", "seconds": "60", "answers": "1", "vat": vat}).status_code
        == 422
    )


def test_an_organisation_sees_its_own_fee_with_its_history():
    made = organisation()
    sent = {"step": "fee", "fee_bp": "42,86", "note": "Pilot customer"}
    operator = visitor("dan")
    where = f"/operator/organisations/{public_id('org', made)}/"
    assert operator.post(where, sent).status_code == 303
    assert operator.post(where, sent | {"fee_bp": "1000"}).status_code == 422
    for page in (operator.get(where), visitor("ada").get(f"/organisation/{public_id('org', made)}/balance/")):
        said = words(page)
        assert "42.9% of the pay, which is 30% of the price" in said
        assert "Pilot customer" in said
