"""Several job processes at once: each message is called once at a time, and none is left."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.core import mail
from django.db import connection

from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Delivery, Letter
from tests.domain.notices.hooks import hook, later, queue
from tests.people import actor, person
from tests.providers.http.receivers import Receiver

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 4
T = TypeVar("T")


def at_once(act: Callable[[], T]) -> list[T]:
    start = threading.Barrier(PROCESSES)

    def run(_: int) -> T:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(run, range(PROCESSES)))


def test_each_message_is_sent_once_whoever_delivers(receiver: Receiver) -> None:
    for _ in range(3):
        hook(receiver)
    for number in range(40):
        queue(number)
    now = later()
    assert sum(at_once(lambda: notices.deliver_due(now=now))) == 120
    ids = [got.headers["webhook-id"] for got in receiver.requests]
    assert len(ids) == len(set(ids)) == 120
    assert not Delivery.objects.exclude(state="delivered").exists()


def test_each_letter_is_sent_once_whoever_sends() -> None:
    ben = person("ben").id
    for number in range(40):
        params = {"project": "Moods", "reason": str(number)}
        notices.tell(person_id=ben, kind="answer_rejected", params=params)
    now = later()
    assert sum(at_once(lambda: notices.send_due_mail(now=now))) == 40
    assert len({letter.body for letter in mail.outbox}) == len(mail.outbox) == 40
    assert not Letter.objects.exclude(state="sent").exists()


def test_a_fact_that_is_told_from_all_sides_is_told_once(receiver: Receiver) -> None:
    hook(receiver)
    ben = person("ben").id

    def tell() -> None:
        notices.tell(
            person_id=ben, kind="organisation_approved", params={"organisation": "a"}, key="approved:1"
        )
        queue(key="result:1")

    at_once(tell)
    assert queries.unread_count(actor("ben")) == 1
    assert (Letter.objects.count(), Delivery.objects.count()) == (1, 1)
