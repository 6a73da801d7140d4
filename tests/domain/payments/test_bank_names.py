"""Names that a file for the bank cannot say: refused where they are given, and in nobody else's way."""

import pytest

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PayoutProfile, PayoutRun
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries.rail_files import sepa_file
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.wages import (
    company,
    details,
    earn,
    iban_of,
    locked_run,
    now,
    payee,
    payout_of,
    released_run,
    there,
)
from tests.people import actor, person

pytestmark = pytest.mark.django_db
NAME = "李小龍"


def from_before(person_id: int) -> None:
    """The worker has such a name from before names were looked at."""
    payments.save_payout_profile(person_id=person_id, details=details("Bruce"), now=now())
    sealed = sealed_as(NAME)
    newest = PayoutProfile.objects.filter(person_id=person_id).latest("id")
    PayoutProfile.objects.filter(id=newest.id).update(sealed=sealed, bank_name_fits=None)


def sealed_as(holder: str) -> str:
    """Details with this name, as the database keeps them."""
    other = person("somebody").id
    payments.save_payout_profile(person_id=other, details=details(holder), now=now())
    return str(PayoutProfile.objects.filter(person_id=other).latest("id").sealed)


def release(run: PayoutRun) -> None:
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)


def ask(person_id: int, rail: Rail, account: str) -> int:
    return payments.ask_payout_method(
        person_id=person_id, rail=rail, account=account, now=now(), recently_signed_in=True,
        with_second_factor=True,
    )  # fmt: skip


def test_a_name_that_no_bank_file_can_say_is_refused_where_it_is_given() -> None:
    ben = payee("ben")
    with pytest.raises(Invalid, match="Latin") as refusal:
        payments.save_payout_profile(person_id=ben, details=details(NAME), now=now())
    assert (refusal.value.code, refusal.value.path) == ("sepa_name", "holder")
    eve = person("eve").id
    payments.save_payout_profile(person_id=eve, details=details(NAME), now=now())  # PayPal takes it
    ask(eve, Rail.MANUAL, "cash, please")
    with pytest.raises(Invalid, match="Latin"):
        ask(eve, Rail.SEPA, iban_of(7))
    payments.save_payout_profile(person_id=eve, details=details("Eve"), now=now())
    ask(eve, Rail.SEPA, iban_of(7))
    with pytest.raises(Invalid, match="Latin"):
        payments.save_payout_profile(person_id=eve, details=details(NAME), now=now())


def test_whoever_has_one_already_is_left_out_and_told_and_all_others_are_paid() -> None:
    ben, eve = payee("ben"), payee("eve")
    for one in (ben, eve):
        earn(one, 10)
    from_before(ben)
    run = released_run()
    assert (payout_of(ben, run).reason, there(ben)) == ("name_unwritable", 10)
    assert b"<Nm>Eve</Nm>" in b"".join(sepa_file(actor("dan"), run.id).pieces)
    for _again in range(2):
        payments.tell_names_unwritable(run_id=run.id)
    assert [(one.person_id, one.kind) for one in Notice.objects.all()] == [(ben, "payout_name_unwritable")]
    waits = queries.next_payout(ben, available={"EUR": 10_000_000}, now=now())
    assert waits.obstacles == ("name_unwritable",)
    payments.save_payout_profile(person_id=ben, details=details("Bruce Lee"), now=now())
    assert payout_of(ben, locked_run()).state == "locked"


def test_nothing_is_released_that_no_file_can_say() -> None:
    ben, eve = payee("ben"), payee("eve")
    for one in (ben, eve):
        earn(one, 10)
    run = locked_run()
    company(name="株式会社")
    with pytest.raises(Invalid, match="Latin"):
        release(run)
    company()
    from_before(ben)
    with pytest.raises(Conflict, match="1 people, among them Ben") as refusal:
        release(run)
    assert refusal.value.code == "names_unwritable" and PayoutRun.objects.get(id=run.id).state == "locked"
    payments.withdraw_payouts(person_id=ben, reason="name_mismatch", now=now())
    release(run)
    assert payout_of(eve, run).state == "submitted"


def test_a_file_that_cannot_be_written_is_refused_before_its_first_byte() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    PayoutProfile.objects.filter(person_id=ben).update(sealed=sealed_as(NAME))
    with pytest.raises(Invalid, match="Latin"):
        sepa_file(actor("dan"), run.id)
