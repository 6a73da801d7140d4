"""Every operator hears of a book that is wrong, and gets its newest seal."""

import pytest
from django.db import connection
from django.utils.timezone import now

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PayoutRun
from tests.domain.ledger.entries import deposit
from tests.domain.payments.wages import company, earn, locked_run, payee
from tests.people import actor

pytestmark = [pytest.mark.usefixtures("by_superuser"), pytest.mark.django_db]


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
