"""`tagwerk fee`, and the same by API."""

import pytest

from tagwerk.base.ids import public_id
from tests import orders
from tests.interfaces.api.calling import call
from tests.people import key_for, organisation

pytestmark = pytest.mark.django_db


def test_a_fee_is_agreed_at_the_console_and_read_by_api(command):
    made = organisation()
    org = public_id("org", made)
    assert "20 % of the pay, 16.7 % of the price (the instance's)" in command("fee", org).out
    said = command("fee", org, "--per-cent", "42.86", "--note", "Pilot customer")
    assert said.code == 0 and "42.86 % of the pay, 30.0 % of the price (agreed with it)" in said.out
    told = call("GET", "/fee", key_for("ada", made, scopes=["money:read"])).value
    assert (told["fee_bp"], told["take_bp"], told["is_own"]) == (4_286, 3_000, True)
    assert [one["note"] for one in told["history"]] == ["Pilot customer"]
    assert command("fee", org, "--per-cent", "instance", "--note", "Over").code == 0


@pytest.mark.parametrize("wrong", ["101", "much", "0.001", "-1"])
def test_what_is_no_fee_is_refused(command, wrong):
    assert command("fee", public_id("org", organisation()), f"--per-cent={wrong}", "--note", "x").code == 2


def test_a_price_is_agreed_for_a_draft_at_the_console_and_read_by_api(command):
    draft = orders.project(pay={"amount": "0.33"})
    said = command("fee", draft.public_id, "--price", "0.50")
    assert said.code == 0
    assert "Agreed: 0.50 EUR for one answer, of which 0.33 EUR pay and 0.17 EUR fee." in said.out
    key = key_for("ada", draft.organisation_id, scopes=["projects:read"])
    price = call("GET", f"/projects/{draft.public_id}", key).value["price"]
    assert price["agreed"] == price["total"] == {"amount": "0.50", "currency": "EUR"}
    assert (price["fee"]["amount"], price["fee_bp"], price["take_bp"]) == ("0.17", 5_152, 3_400)
    assert "fee 20 % of the pay" in command("fee", draft.public_id, "--price", "none").out
    assert call("GET", f"/projects/{draft.public_id}", key).value["price"]["agreed"] is None


def test_a_price_is_of_a_project_and_a_fee_of_an_organisation(command):
    draft = orders.project(pay={"amount": "0.33"})
    org = public_id("org", draft.organisation_id)
    assert "write --price" in command("fee", draft.public_id, "--per-cent", "20", "--note", "x").err
    assert "name one (prj_…)" in command("fee", org, "--price", "0.50").err
    assert "between 0.33 EUR" in command("fee", draft.public_id, "--price", "0.20").err
    assert command("fee", draft.public_id, "--price", "much").code == 2
    assert command("fee", "prj_00000000000000000000000000", "--price", "1").code != 0
