"""How banks debit a file of payments: at once or singly, told before the statement or only there."""

import pytest

from tagwerk.domain.ledger.rules import suspense
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.simulation.bank import Habits, answer
from tests.domain.payments.test_bank import agrees, bring, meanings, of, paid_run, states
from tests.people import actor

pytestmark = pytest.mark.django_db
SINGLY = Habits(single_entries=True)


def doubts() -> list[str | None]:
    return [one.doubt for one in queries.bank_entries(actor("dan"), waiting=True)]


def test_single_debits_that_name_their_file_pay_each_its_payout() -> None:
    run, content = paid_run()
    bring(answer(content, seed=1, opening_cents=10_000, habits=SINGLY).booked)
    assert states(run) == ["paid"] * 4 and meanings() == ["payout"] * 4
    assert of(suspense("EUR")) == 0 and agrees()


@pytest.mark.parametrize(("single", "meaning"), [(True, "payout"), (False, "run")])
def test_a_file_of_one_payout_is_paid_however_it_is_debited(single: bool, meaning: str) -> None:
    run, content = paid_run("ben")
    bring(answer(content, seed=1, opening_cents=10_000, habits=Habits(single_entries=single)).booked)
    assert states(run) == ["paid"] and meanings() == [meaning] and agrees()


@pytest.mark.parametrize("order", [(False, True), (True, False)])
def test_what_is_debited_at_once_and_singly_is_doubted(order: tuple[bool, bool]) -> None:
    _run, content = paid_run("ben")
    first, second = (Habits(single_entries=single) for single in order)
    bring(answer(content, seed=1, opening_cents=10_000, habits=first).booked)
    bring(answer(content, seed=2, opening_cents=9_000, habits=second).booked)
    assert doubts() == ["twice"] and of(suspense("EUR")) == -10
