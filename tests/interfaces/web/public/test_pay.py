"""How pay and fees work here, with an example."""

import pytest

from tagwerk.domain.accounts import actions as accounts
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor

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
