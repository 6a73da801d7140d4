"""Pay that stands still is told to operators, once a day, whatever mail they take."""

from datetime import timedelta

import pytest

from tagwerk.domain.accounts.models import Person
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.notices.rules.catalogue import KINDS
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.queries.waiting import payouts_state
from tests.domain.payments.test_paypal import look, run_for, sent_run, world
from tests.domain.payments.wages import earn, locked_run, now, payee, released_run
from tests.paypal_server import FakePaypal
from tests.people import actor

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def watch(after: timedelta) -> bool:
    return payments.watch_payouts(now=now() + after)


def told() -> dict[str, int]:
    (one,) = Notice.objects.filter(kind="pay_stands_still")
    assert one.person_id == actor("dan").person_id
    return dict(one.params)


def test_a_run_that_nobody_releases_is_told_once_a_day() -> None:
    earn(payee("ben"), 10)
    locked_run()
    assert watch(timedelta(hours=20)) and not Notice.objects.filter(kind="pay_stands_still").exists()
    for _again in range(2):
        assert not watch(timedelta(hours=25))
    assert told() == {"runs": 1, "payouts": 0, "batches": 0}
    assert not watch(timedelta(hours=49)) and Notice.objects.filter(kind="pay_stands_still").count() == 2


def test_a_payout_that_does_not_arrive_is_told() -> None:
    earn(payee("ben"), 10)
    run = released_run()
    assert watch(timedelta(days=4))
    assert not watch(timedelta(days=5, hours=1)) and told() == {"runs": 0, "payouts": 1, "batches": 0}
    state = payouts_state(actor("dan"), now=now())
    assert (state.on_their_way, state.is_late, state.oldest_at) == (1, False, run.released_at)


@pytest.mark.parametrize("trouble", ["500", "INSUFFICIENT_FUNDS", ""])
def test_a_batch_that_paypal_does_not_take_is_told(world: FakePaypal, trouble: str) -> None:
    run_for("ben")
    world.misbehave = [trouble] if trouble else []
    payments.send_paypal(now=now())
    assert watch(timedelta(minutes=30))
    assert watch(timedelta(hours=2)) is (trouble == "")
    if trouble:
        assert told() == {"runs": 0, "payouts": 0, "batches": 1}


def test_what_its_worker_does_not_claim_is_not_late(world: FakePaypal) -> None:
    sent_run(world, "ben")
    world.set_all("UNCLAIMED")
    look()
    assert watch(timedelta(days=20))


@pytest.mark.parametrize(
    "kind",
    ["book_wrong", "book_unsealed", "corrections_wrong", "bank_differs", "paypal_differs", "paypal_refused", "paypal_state_unknown", "pay_stands_still",
     "payout_paid_after_all", "payout_run_waits"],
)  # fmt: skip
def test_alarms_are_mailed_whatever_an_operator_chose(kind: str) -> None:
    Person.objects.filter(id=actor("dan").person_id).update(mail_level="none")
    notices.tell(
        person_id=actor("dan").person_id or 0, kind=kind, params=dict.fromkeys(KINDS[kind].places, 1)
    )
    assert Letter.objects.filter(notice__kind=kind).count() == 1
