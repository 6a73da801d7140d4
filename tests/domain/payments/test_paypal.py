"""Payouts by PayPal, over real HTTP to a PayPal of our own that may do all that the real one does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import resolve

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.money import MICROS
from tagwerk.base.providers import provider
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import paypal as paypal_account
from tagwerk.domain.ledger.rules import rail_fee
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PaypalBatch, PaypalItem
from tagwerk.domain.payments.rules import paypal as rules
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.wages import earn, locked_run, now, payee, released_run, right_book, there
from tests.paypal_server import CLIENT, SECRET, WEBHOOK, FakePaypal, fake_paypal
from tests.people import actor

pytestmark = pytest.mark.django_db
PEOPLE = ("ben", "cyn", "fay")


@pytest.fixture
def world(settings: Any) -> Iterator[FakePaypal]:
    with fake_paypal() as made:
        settings.PAYPAL_URL, settings.PAYPAL_CLIENT_ID = made.url, CLIENT
        settings.PAYPAL_SECRET, settings.PAYPAL_WEBHOOK_ID = SECRET, WEBHOOK
        provider.cache_clear()
        yield made
    provider.cache_clear()


def run_for(*people: str, currency: str = "EUR", units: float = 10) -> Any:
    for number, name in enumerate(people or PEOPLE):
        earn(payee(name, Rail.PAYPAL), units + number, currency)
    return released_run(currency)


def states(run: Any) -> list[str]:
    return sorted(Payout.objects.filter(run=run).values_list("state", flat=True))


def of(account: Any) -> float:
    return book.balance(account.code).posted / MICROS


def sent_run(world: FakePaypal, *people: str) -> Any:
    run = run_for(*people)
    payments.send_paypal(now=now())
    return run


def look(after: timedelta = timedelta()) -> None:
    PaypalBatch.objects.update(look_after=now() - timedelta(seconds=5))
    payments.follow_paypal(now=now() + after)


def test_a_run_is_sent_and_paid_with_its_fee(world: FakePaypal) -> None:
    run = sent_run(world)
    (item,) = [one for one in world.items.values() if one.receiver == "ben@example.org"]
    assert (item.value, item.currency) == ("10.00", "EUR")
    look()
    assert states(run) == ["submitted"] * 3
    world.set_all("SUCCESS")
    look()
    assert states(run) == ["paid"] * 3 and set(Payout.objects.values_list("fee_micros", flat=True)) == {
        250_000
    }
    assert of(paypal_account("EUR")) == -33.75 and of(rail_fee("EUR")) == 0.75 and right_book()
    payments.send_paypal(now=now())
    assert len(world.batches) == 1 and world.tokens == 1


@pytest.mark.parametrize(
    ("state", "becomes", "back"),
    [
        ("PENDING", "submitted", 0), ("ONHOLD", "submitted", 0), ("SUCCESS", "paid", 0), ("UNCLAIMED", "unclaimed", 0),
        ("FAILED", "failed", 10), ("BLOCKED", "failed", 10), ("RETURNED", "failed", 10), ("REFUNDED", "returned", 10),
        ("REVERSED", "returned", 10),
    ],
)  # fmt: skip
def test_every_state_has_its_place(world: FakePaypal, state: str, becomes: str, back: int) -> None:
    run = sent_run(world, "ben")
    world.set_all(state)
    for _again in range(2):
        look()
    assert states(run) == [becomes] and there(Payout.objects.get().person_id) == back and right_book()


@pytest.mark.parametrize("later", ["REVERSED", "REFUNDED", "RETURNED"])
def test_what_succeeded_may_come_back(world: FakePaypal, later: str) -> None:
    run = sent_run(world, "ben")
    for state in ("SUCCESS", later, later):
        world.set_all(state)
        look()
    assert states(run) == ["returned"] and there(Payout.objects.get().person_id) == 10 and right_book()


@pytest.mark.parametrize("trouble", ["429", "500", "503", "garbage", "cut", "late"])
def test_no_trouble_pays_twice(world: FakePaypal, trouble: str) -> None:
    run = run_for()
    world.misbehave = [trouble, trouble]
    moment = now()
    for _try in range(4):
        payments.send_paypal(now=moment)
        moment += timedelta(hours=1)
    assert set(world.paid.values()) == {1} and len(world.paid) == 3
    world.set_all("SUCCESS")
    payments.follow_paypal(now=moment)
    assert states(run) == ["paid"] * 3 and right_book()
    assert PaypalBatch.objects.get().batch_id == "B1"


def test_one_waits_as_long_as_paypal_asks(world: FakePaypal) -> None:
    run_for("ben")
    world.misbehave = ["429"]
    moment = now()
    payments.send_paypal(now=moment)
    assert PaypalBatch.objects.get().try_after == moment + timedelta(seconds=7)
    payments.send_paypal(now=moment + timedelta(seconds=6))
    assert not world.items
    payments.send_paypal(now=moment + timedelta(seconds=7))
    assert len(world.items) == 1


def test_what_is_refused_waits_for_an_operator(world: FakePaypal) -> None:
    run_for()
    world.misbehave = ["INSUFFICIENT_FUNDS"]
    payments.send_paypal(now=now())
    batch = PaypalBatch.objects.get()
    assert (batch.state, batch.error) == ("refused", "INSUFFICIENT_FUNDS")
    for _again in range(2):
        payments.tell_paypal_refused(batch_id=batch.id)
    told = Notice.objects.get(kind="paypal_refused")
    assert told.person_id == actor("dan").person_id and told.params["people"] == 3
    payments.send_paypal(now=now() + timedelta(days=1))
    assert not world.items
    for stranger in ("ben", "ada"):
        with pytest.raises(NotFound):
            payments.retry_paypal_batch(actor=actor(stranger), batch_id=batch.id, now=now())
    payments.retry_paypal_batch(actor=actor("dan"), batch_id=batch.id, now=now())
    payments.send_paypal(now=now())
    assert len(world.items) == 3
    with pytest.raises(Conflict):
        payments.retry_paypal_batch(actor=actor("dan"), batch_id=batch.id, now=now())


def test_a_refusal_after_an_unanswered_try_does_not_offer_the_money_back(world: FakePaypal) -> None:
    run = run_for("ben")
    world.misbehave = ["late", "AUTHORIZATION_ERROR"]  # it was taken, and nobody heard it
    moment = now()
    payments.send_paypal(now=moment)
    payments.send_paypal(now=moment + timedelta(hours=2))
    batch = PaypalBatch.objects.get()
    assert (batch.state, batch.unsure, batch.error) == ("new", True, "AUTHORIZATION_ERROR")
    with pytest.raises(Conflict):
        payments.give_back_paypal_batch(actor=actor("dan"), batch_id=batch.id, now=now())
    payments.send_paypal(now=moment + timedelta(hours=4))
    batch.refresh_from_db()
    assert (batch.state, batch.unsure) == ("sent", False) and set(world.paid.values()) == {1}
    assert states(run) == ["submitted"]


def test_a_refusal_after_a_clear_no_is_one(world: FakePaypal) -> None:
    run_for("ben")
    world.misbehave = ["429", "INSUFFICIENT_FUNDS"]
    moment = now()
    payments.send_paypal(now=moment)
    payments.send_paypal(now=moment + timedelta(seconds=8))
    batch = PaypalBatch.objects.get()
    assert (batch.state, batch.unsure) == ("refused", False)


def test_where_paypal_is_not_set_up_nobody_is_paid_by_it(world: FakePaypal, settings: Any) -> None:
    ben = payee("ben", Rail.PAYPAL)
    earn(ben, 10)
    run = locked_run()
    settings.PAYPAL_SECRET = ""
    provider.cache_clear()
    with pytest.raises(Conflict, match="not set up any more"):
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    payments.cancel_run(actor=actor("dan"), run_id=run.id)
    payments.give_back_run(run_id=run.id, now=now())
    again = locked_run()
    assert Payout.objects.get(run=again).reason == "rail_not_set_up" and there(ben) == 10


def test_an_old_batch_is_never_sent_again(world: FakePaypal) -> None:
    """PayPal forgets ids after 30 days; the same one would pay once more."""
    run_for("ben")
    world.misbehave = ["500"] * 3
    moment = now()
    payments.send_paypal(now=moment)
    payments.send_paypal(now=moment + rules.SAFE_TO_REPEAT + timedelta(hours=1))
    batch = PaypalBatch.objects.get()
    assert (batch.state, batch.error) == ("refused", "TOO_OLD") and len(world.misbehave) == 2
    with pytest.raises(Conflict):
        payments.retry_paypal_batch(actor=actor("dan"), batch_id=batch.id, now=now())


def test_batches_hold_so_many_and_every_payout_is_in_one(world: FakePaypal, monkeypatch: Any) -> None:
    """paypal_batch_id_once paypal_batch_number_once paypal_batch_state_known paypal_item_id_once"""
    monkeypatch.setattr(rules, "MOST_ITEMS", 2)
    run = run_for(*PEOPLE, "gil", "hal")
    payments.send_paypal(now=now())
    assert [PaypalItem.objects.filter(batch=one).count() for one in PaypalBatch.objects.order_by("id")] == [
        2,
        2,
        1,
    ]
    assert len({one.sender_batch_id for one in PaypalBatch.objects.all()}) == 3
    world.page_size = 1
    world.set_all("SUCCESS")
    look()
    assert states(run) == ["paid"] * 5


def test_what_is_reversed_in_a_closed_batch_is_found_without_a_webhook(world: FakePaypal) -> None:
    run = sent_run(world)
    world.set_all("SUCCESS")
    world.closed.add("B1")
    look()
    batch = PaypalBatch.objects.get()
    assert batch.state == "closed" and batch.closed_at
    world.items["I1"].state = "REVERSED"
    asked = len(world.calls)
    payments.follow_paypal(now=batch.closed_at + timedelta(days=6))
    assert len(world.calls) == asked
    payments.follow_paypal(now=batch.closed_at + timedelta(days=7))
    assert states(run) == ["paid", "paid", "returned"] and right_book()
    assert PaypalBatch.objects.get().closed_at == batch.closed_at
    asked = len(world.calls)
    payments.follow_paypal(now=batch.closed_at + timedelta(days=181))
    assert len(world.calls) == asked


@pytest.mark.parametrize("said", ["", "PENDING", "ONHOLD", "UNCLAIMED"])
def test_a_batch_that_was_denied_gives_everything_back(world: FakePaypal, said: str) -> None:
    run = sent_run(world)
    if said:  # PayPal spoke of each payout before it denied the batch, or does so with the same answer
        world.set_all(said)
        look()
    world.states["B1"] = "DENIED"
    look()
    assert states(run) == ["failed"] * 3 and right_book()
    assert (
        there(Payout.objects.earliest("id").person_id) == 10 and PaypalBatch.objects.get().state == "closed"
    )
    run.refresh_from_db()
    assert run.state == "done"


def test_what_a_denied_batch_paid_before_stays_paid(world: FakePaypal) -> None:
    run = sent_run(world)
    world.items["I1"].state = "SUCCESS"
    world.states["B1"] = "DENIED"
    look()
    assert states(run) == ["failed", "failed", "paid"] and right_book()


def test_one_unknown_state_does_not_stop_the_batch(world: FakePaypal) -> None:
    run = sent_run(world)
    world.set_all("SUCCESS")
    world.items["I1"].state, world.items["I2"].state = "UNDER_REVIEW", "UNKNOWN"
    for _again in range(3):
        look()
    assert states(run) == ["paid", "submitted", "submitted"]
    told = Notice.objects.filter(kind="paypal_state_unknown", person_id=actor("dan").person_id)
    assert sorted(one.params["state"] for one in told) == ["UNDER_REVIEW", "UNKNOWN"]
    world.items["I1"].state = ""  # nothing that could be read
    world.items["I2"].state = "SUCCESS"
    look()
    assert states(run) == ["paid", "paid", "submitted"] and right_book()


def test_yen_have_no_decimals(world: FakePaypal) -> None:
    run = run_for("ben", currency="JPY", units=1234)
    payments.send_paypal(now=now())
    assert [one.value for one in world.items.values()] == ["1234"]
    world.set_all("SUCCESS")
    look()
    assert states(run) == ["paid"]


def test_a_token_that_ends_early_is_renewed(world: FakePaypal) -> None:
    sent_run(world)
    world.token_ends = True
    world.set_all("SUCCESS")
    look()
    assert world.tokens == 2 and set(Payout.objects.values_list("state", flat=True)) == {"paid"}


def test_nothing_happens_where_nothing_is_set_up(world: FakePaypal, settings: Any) -> None:
    settings.PAYPAL_CLIENT_ID = ""
    provider.cache_clear()
    earn(payee("ben", Rail.PAYPAL), 10)
    run = locked_run()
    assert (run.state, run.payouts, Payout.objects.get().reason) == ("done", 0, "rail_not_set_up")
    assert payments.send_paypal(now=now()) == 0 and not world.calls


def test_unclaimed_money_is_reminded_and_taken_back(world: FakePaypal) -> None:
    run = sent_run(world, "ben")
    world.set_all("UNCLAIMED")
    look()
    for days in (1, 8, 9):
        payments.tend_unclaimed(now=now() + timedelta(days=days))
    assert Notice.objects.filter(kind="payout_unclaimed").count() == 1 and states(run) == ["unclaimed"]
    assert resolve(Notice.objects.get(kind="payout_unclaimed").link).url_name == "payouts"
    payments.tend_unclaimed(now=now() + timedelta(days=26))
    assert states(run) == ["failed"] and there(Payout.objects.get().person_id) == 10 and right_book()
    assert next(iter(world.items.values())).state == "RETURNED"


def test_what_was_claimed_at_the_last_moment_is_not_taken_back(world: FakePaypal) -> None:
    run = sent_run(world, "ben")
    world.set_all("UNCLAIMED")
    look()
    world.set_all("SUCCESS")
    payments.tend_unclaimed(now=now() + timedelta(days=26))
    assert states(run) == ["paid"]


class Crash(BaseException):
    """The process dies here: nothing catches it on its way out."""


def dying(point: int) -> Any:
    """At this statement of the database."""
    steps = count(1)

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql and next(steps) == point:
            raise Crash
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def work(moment: datetime) -> None:
    payments.send_paypal(now=moment)
    payments.follow_paypal(now=moment)


def test_a_crash_at_any_statement_pays_nobody_twice(world: FakePaypal) -> None:
    run = run_for("ben", "cyn")
    for point in count(1):
        died = False
        with transaction.atomic():
            moment = now()
            try:
                with dying(point):
                    work(moment)
            except Crash:
                died = True
                transaction.set_rollback(False)  # the statement never reached the database
            for _again in range(3):
                world.set_all("SUCCESS")
                moment += timedelta(hours=2)
                work(moment)
            assert sorted(world.paid.values()) == [1, 1], point
            assert states(run) == ["paid", "paid"] and of(paypal_account("EUR")) == -21.5 and right_book(), (
                point
            )
            transaction.set_rollback(True)
        world.batches.clear()
        world.items.clear()
        world.states.clear()
        if not died:
            break
    assert point > 10


def test_what_is_refused_for_good_is_given_back(world: FakePaypal) -> None:
    run = run_for()
    world.misbehave = ["INSUFFICIENT_FUNDS"]
    payments.send_paypal(now=now())
    batch = PaypalBatch.objects.get()
    with pytest.raises(NotFound):
        payments.give_back_paypal_batch(actor=actor("ben"), batch_id=batch.id, now=now())
    PaypalBatch.objects.update(error=rules.GIVING_BACK)  # as if the process had died in the middle of it
    with pytest.raises(Conflict):
        payments.retry_paypal_batch(actor=actor("dan"), batch_id=batch.id, now=now())
    payments.send_paypal(now=now() + timedelta(days=1))
    assert states(run) == ["failed"] * 3 and not world.items and right_book()
    with pytest.raises(Conflict):
        payments.give_back_paypal_batch(actor=actor("dan"), batch_id=batch.id, now=now())
