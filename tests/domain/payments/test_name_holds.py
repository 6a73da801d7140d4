"""A hold for a name that does not fit its account ends with another name or another account, not with a click."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PayoutHold
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.simulation.bank import Habits, answer
from tests.domain.payments.test_bank import bring, paid_run
from tests.domain.payments.wages import ADDRESS, details, earn, iban_of, locked_run, now, payout_of
from tests.people import actor, person

pytestmark = pytest.mark.django_db


def held() -> int:
    """Ben, whose bank has his account under another name."""
    _run, content = paid_run("ben")
    bring(answer(content, seed=5, opening_cents=9_000, habits=Habits(other_names=1)).names)
    ben = person("ben").id
    assert is_held(ben)
    return ben


def is_held(person_id: int) -> bool:
    return PayoutHold.objects.filter(person_id=person_id, code="name_mismatch", ended_at=None).exists()


def save(person_id: int, holder: str = "Ben", **changes: object) -> None:
    payments.save_payout_profile(person_id=person_id, details=details(holder, **changes), now=now())


def new_account(person_id: int, account: str) -> None:
    method = payments.ask_payout_method(
        person_id=person_id, rail=Rail.SEPA, account=account, now=now(), recently_signed_in=True,
        with_second_factor=True,
    )  # fmt: skip
    assert is_held(person_id), "asked is not confirmed"
    payments.confirm_payout_method(actor=CONSOLE, method_id=method, now=now())


def take_out(person_id: int) -> None:
    payout = Payout.objects.get(person_id=person_id)
    payments.take_out_payout(actor=actor("dan"), payout_id=payout.id, now=now())


def test_the_same_name_again_ends_nothing_and_the_next_run_leaves_them_out() -> None:
    ben = held()
    for holder, changes in (
        ("Ben", {}),
        ("  BEN ", {}),
        ("Ben", {"address": replace(ADDRESS, building="9")}),
    ):
        save(ben, holder, **changes)
        assert is_held(ben), holder
    earn(ben, 20)
    assert payout_of(ben, locked_run()).reason == "name_mismatch"


def test_another_name_ends_it() -> None:
    ben = held()
    save(ben, "Benjamin Müller")
    assert not is_held(ben)


def test_another_account_ends_it_and_the_same_one_does_not() -> None:
    ben = held()
    take_out(ben)  # the account is out of use now
    save(ben)
    assert is_held(ben)
    new_account(ben, iban_of(ben))  # entered anew
    assert is_held(ben)
    new_account(ben, iban_of(4711))
    assert not is_held(ben)


def test_a_name_that_is_wrong_for_one_account_is_right_for_another() -> None:
    ben = held()
    take_out(ben)
    new_account(ben, iban_of(4711))
    assert not is_held(ben)
    payments.hold_payouts(
        actor=actor("dan"), person_id=ben, code=HoldCode.NAME_MISMATCH, reason="Is it you?",
        until=now() + timedelta(hours=1), now=now(),
    )  # fmt: skip
    save(ben, "Somebody Else")
    assert is_held(ben), "what an operator decided, an operator ends"
