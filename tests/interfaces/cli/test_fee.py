"""`tagwerk fee`, and the same by API."""

import pytest

from tagwerk.base.ids import public_id
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
