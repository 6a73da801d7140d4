"""Every operator hears of a book that is wrong, and gets its newest seal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PayoutRun
from tests.domain.ledger.entries import deposit
from tests.domain.ledger.test_seals import by_force
from tests.domain.payments.wages import company, earn, locked_run, payee
from tests.people import actor

pytestmark = [pytest.mark.usefixtures("by_superuser"), pytest.mark.django_db]


def exchange(one: int, other: int) -> None:
    """By force, what one worker has becomes what the other has, and the other way round."""
    codes = [available(each, "EUR").code for each in (one, other)]
    for before, after in ((codes[0], "x"), (codes[1], codes[0]), ("x", codes[1])):
        by_force(f"UPDATE ledger_account SET code = '{after}' WHERE code = '{before}'")


def test_a_wrong_book_is_told_to_every_operator_once_a_day() -> None:
    operator = actor("dan").person_id
    deposit(100)
    ledger.seal()
    assert payments.check_book(now=now())
    assert not Notice.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_transfer SET amount_micros = 99")
    assert not payments.check_book(now=now())
    assert not payments.check_book(now=now())
    told = Notice.objects.get()
    assert (told.person_id, told.kind) == (operator, "book_wrong")
    assert told.params == {"seals": 1, "accounts": 2, "currencies": 0}
    assert Letter.objects.filter(notice=told).exists()


def test_two_accounts_that_were_exchanged_are_told_though_all_sums_are_right() -> None:
    ben, cem = payee("ben"), payee("cem")
    earn(ben, 10)
    earn(cem, 20)
    ledger.seal()
    assert payments.check_book(now=now())
    exchange(ben, cem)
    assert queries.drift_micros() == 0
    actor("dan")
    assert not payments.check_book(now=now())
    assert Notice.objects.get(kind="book_wrong").params == {"seals": 1, "accounts": 2, "currencies": 0}


def test_sealing_that_stands_still_is_told_to_every_operator_once_a_day() -> None:
    operator = actor("dan").person_id
    deposit(100)
    assert payments.check_book(now=now() + timedelta(hours=23))
    assert not Notice.objects.exists()
    late = now() + timedelta(days=1, minutes=1)
    for _again in range(2):
        assert payments.check_book(now=late)
    told = Notice.objects.get()
    assert (told.person_id, told.kind) == (operator, "book_unsealed")
    assert told.params == {"transfers": 1, "since": {"date": now().date().isoformat()}}
    assert Letter.objects.filter(notice=told).exists()
    ledger.seal()
    assert payments.check_book(now=late + timedelta(days=1))
    assert Notice.objects.count() == 1


def test_the_newest_seal_leaves_the_house() -> None:
    actor("dan")
    payments.publish_seal(now=now())
    assert not Notice.objects.exists()
    deposit(100)
    ledger.seal()
    for _again in range(2):
        payments.publish_seal(now=now())
    newest = queries.latest_seal()
    assert newest is not None
    assert Notice.objects.get().params["hash"] == newest.hash


def test_nothing_is_released_while_the_book_is_wrong() -> None:
    ben = payee("ben")
    earn(ben, 10)
    company()
    run = locked_run()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_transfer SET amount_micros = amount_micros - 1 WHERE kind = 'single'")
    with pytest.raises(Conflict) as refusal:
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    assert refusal.value.code == "book_wrong"
    assert PayoutRun.objects.get(id=run.id).state == "locked"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_transfer SET amount_micros = amount_micros + 1 WHERE kind = 'single'")
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)


@pytest.mark.parametrize("change", ["guard = 'none'", "code = 'worker:999999:available:EUR'"])
def test_nothing_is_released_while_an_account_is_not_as_it_was_sealed(change: str) -> None:
    ben = payee("ben")
    earn(ben, 10)
    company()
    run = locked_run()
    ledger.seal()
    code = available(ben, "EUR").code
    by_force(f"UPDATE ledger_account SET {change} WHERE code = '{code}'")
    with pytest.raises(Conflict) as refusal:
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    assert refusal.value.code == "book_wrong"
    assert PayoutRun.objects.get(id=run.id).state == "locked"
