"""An account that the bank says is no good is not paid again, whatever run waits already."""

import pytest
from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.actions import releasing
from tagwerk.domain.payments.models import PayoutMethod, PayoutRun
from tagwerk.domain.payments.queries.rail_files import sepa_file
from tests.domain.payments.wages import (
    earn,
    iban_of,
    locked_run,
    method_of,
    now,
    payee,
    payout_of,
    released_run,
    right_book,
    there,
    with_method,
)
from tests.people import actor

pytestmark = pytest.mark.django_db


def release(run: PayoutRun) -> PayoutRun:
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    return PayoutRun.objects.get(id=run.id)


def paid_once(*people: str) -> list[int]:
    """Each was paid 10 by a run that is over, has earned 20 since, and their numbers."""
    ids = [payee(name) for name in people]
    for one in ids:
        earn(one, 10)
    first = released_run()
    payments.mark_paid(refs=[payout_of(one, first).ref for one in ids], now=now())
    for one in ids:
        earn(one, 20)
    return ids


def came_back(person_id: int, reason: str) -> None:
    first = PayoutRun.objects.earliest("id")
    assert payments.mark_returned(ref=payout_of(person_id, first).ref, reason=reason, now=now())


def test_a_run_that_waits_leaves_out_whose_account_is_closed() -> None:
    ben, eve = paid_once("ben", "eve")
    run = locked_run()
    came_back(ben, "AC04")
    release(run)
    assert method_of(ben).ended_because == "AC04"
    assert (payout_of(ben, run).state, payout_of(ben, run).reason) == ("withdrawn", "AC04")
    assert payout_of(eve, run).state == "submitted" and there(ben) == 30 and right_book()
    assert iban_of(ben) not in b"".join(sepa_file(actor("dan"), run.id).pieces).decode()
    with_method(ben, "ben", account=iban_of(77), now=now())
    run.refresh_from_db()
    payments.mark_paid(refs=[payout_of(eve, run).ref], now=now())
    assert payout_of(ben, locked_run()).reason == "payout_method_changed", "and three days pass as ever"


@pytest.mark.parametrize("reason", ["AC01", "MD07", "RVMC", ""])
def test_the_job_takes_it_out_before_anybody_releases(reason: str) -> None:
    (ben,) = paid_once("ben")
    run = locked_run()
    came_back(ben, reason)
    for _again in range(2):
        payments.tend_runs(now=now())
    run.refresh_from_db()
    assert (payout_of(ben, run).state, run.state) == ("withdrawn", "done") and there(ben) == 30
    assert payout_of(ben, run).reason == (reason or "returned") and right_book()


def test_a_run_that_is_being_made_leaves_it_out_as_well() -> None:
    (ben,) = paid_once("ben")
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), now_due=True)
    came_back(ben, "AC06")
    payments.tend_runs(now=now())
    run = PayoutRun.objects.get(id=run_id)
    assert (payout_of(ben, run).state, payout_of(ben, run).reason) == ("left_out", "AC06")
    assert run.state == "done" and right_book()


@pytest.mark.parametrize("reason", ["AM04", "AB05"])
def test_what_was_not_the_accounts_fault_changes_nothing(reason: str) -> None:
    (ben,) = paid_once("ben")
    run = locked_run()
    came_back(ben, reason)
    assert payout_of(ben, release(run)).state == "submitted"


def test_an_account_that_ends_in_the_middle_of_a_release_stops_it() -> None:
    (ben,) = paid_once("ben")
    run = locked_run()
    PayoutMethod.objects.filter(person_id=ben).update(ended_at=now(), ended_because="AC04")
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        releasing._release(actor("dan"), run.id, now(), True)
    assert refusal.value.code == "run_not_ready"
    run.refresh_from_db()
    assert run.state == "locked"
