"""A process is killed before every single statement of a payout, and another one takes up what it left."""

import contextlib
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.db import connection, connections

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout, PayoutRun
from tagwerk.domain.payments.rules.payouts import PayoutState, RunState
from tests.domain.payments.wages import company, earn, now, payee, right_book, there
from tests.people import actor, person

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("ben", "eve", "gus")


def pay_round() -> None:
    """Make a run, set it aside, release it; one payout is paid, one fails, one is paid and comes back."""
    dan = actor("dan")
    if not PayoutRun.objects.exclude(state__in=[RunState.DONE, RunState.CANCELLED]).exists():
        _make(dan)
    payments.tend_runs(now=now())
    for run in PayoutRun.objects.filter(state=RunState.LOCKED):
        payments.release_run(actor=dan, run_id=run.id, now=now(), with_second_factor=True)
    for payout in Payout.objects.filter(run__state=RunState.RELEASED).order_by("person_id"):
        _news(payout)
    payments.end_settled_runs(now=now())


def _make(dan: Any) -> None:
    """Unless nobody has money, which is so where a round begins where the one before was killed at its end."""
    if any(there(person(name).id) >= 5 for name in NAMES):
        payments.make_run(actor=dan, currency="EUR", now=now(), now_due=True)


def _news(payout: Payout) -> None:
    """The rail's news, told again and again as rails do."""
    place = NAMES.index(payout.person.display_name.lower())
    if place == 0:
        payments.mark_paid(refs=[payout.ref], now=now(), fee_micros=10_000)
    elif place == 1:
        payments.mark_failed(ref=payout.ref, reason="AM04", now=now())
    else:
        payments.mark_paid(refs=[payout.ref], now=now())
        payments.mark_returned(ref=payout.ref, reason="AM05", now=now())


def killed_at(statement: int, act: Callable[[], None]) -> bool:
    """Do it in a process of its own that is killed before that statement; whether it got that far."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _act_until(statement, act)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status)


def _act_until(statement: int, act: Callable[[], None]) -> None:
    numbers = count(1)

    def kill(execute: Any, *given: Any) -> Any:
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*given)

    try:
        with connection.execute_wrapper(kill):
            act()
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def owed() -> dict[str, int]:
    """What was paid to whom, by the payouts and by the book."""
    return {
        name: sum(
            Payout.objects.filter(person=person(name), state=PayoutState.PAID).values_list(
                "amount_micros", flat=True
            )
        )
        for name in NAMES
    }


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.long)])
def test_killed_before_any_statement_nobody_is_forgotten_or_paid_twice(every: int) -> None:
    company()
    people = [payee(name) for name in NAMES]
    earned = 0
    for statement in count(1, every):
        for one in people:
            earn(one, 10)
        earned += 10_000_000
        was_killed = killed_at(statement, pay_round)
        for _again in range(2):
            pay_round()
        _all_is_right(people, earned)
        if not was_killed:
            break
    assert statement > 60, "the round has become so short that little was killed"


def _all_is_right(people: list[int], earned: int) -> None:
    assert right_book()
    assert not PayoutRun.objects.exclude(state=RunState.DONE).exists()
    for one in people:
        posted = book.balance(available(one, "EUR").code)
        paid = sum(
            Payout.objects.filter(person_id=one, state=PayoutState.PAID).values_list(
                "amount_micros", flat=True
            )
        )
        assert posted.pending == 0
        assert posted.posted + paid == earned, "what is there and what was paid is what was earned"
    ben = book.balance(available(people[0], "EUR").code)
    assert ben.posted == 0, "whom nothing stands in the way of is paid all of it"
    fees = Payout.objects.filter(person_id=people[0], state=PayoutState.PAID).count() * 10_000
    assert book.balance("expense:rail_fee:EUR").posted == fees
    paid_in_all = sum(owed().values())
    assert book.balance("bank:EUR").posted == -(paid_in_all + fees)


def test_a_run_that_is_called_off_and_killed_is_called_off() -> None:
    company()
    ben = payee("ben")
    earn(ben, 10)
    for statement in range(1, 40, 3):
        run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=datetime.now(UTC), now_due=True)
        payments.lock_run(run_id=run_id, now=now())
        payments.cancel_run(actor=actor("dan"), run_id=run_id)
        killed_at(statement, lambda: payments.tend_runs(now=now()))
        payments.tend_runs(now=now())
        assert PayoutRun.objects.get(id=run_id).state == RunState.CANCELLED
        assert there(ben) == 10
    assert right_book()


def test_two_processes_that_make_a_run_at_once_make_one() -> None:
    earn(payee("ben"), 10)
    connections.close_all()
    cutoff = now()

    def make() -> None:
        with contextlib.suppress(Conflict):
            payments.make_run(actor=actor("dan"), currency="EUR", now=cutoff, cutoff_at=cutoff)

    actor("dan")
    connections.close_all()
    children = []
    for _one in range(4):
        child = os.fork()
        if child == 0:
            _act_until(0, make)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert PayoutRun.objects.count() == 1
    assert Payout.objects.count() == 1
