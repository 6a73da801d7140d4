"""Approving much at once is done piece by piece: what is done is done, and nobody waits for a transaction of all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from tagwerk.base.ids import public_id
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tests import people
from tests.interfaces.api.calling import call
from tests.people import organisation
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [{"text": f"text {number}"} for number in range(5)]


@pytest.fixture
def project(settings, monkeypatch) -> Any:
    """Five answers that wait, and a batch of two."""
    settings.UNDO_SECONDS = 0
    monkeypatch.setattr("tagwerk.domain.work.actions.booking.BATCH", 2)
    made = launched(ROWS, quality={"answers": {"min": 1, "max": 1, "confidence": 0.8}})
    assert do_work(made.id, "ben", lambda data: {"sentiment": "neutral"}) == 5
    work.feed_answers(project_id=made.id)
    return made


@contextmanager
def pieces() -> Iterator[list[int]]:
    """How many approved answers others see at the beginning of each piece."""
    seen: list[int] = []

    def look() -> None:
        seen.append(sql.value("SELECT count(*) FROM assignment WHERE state = 2"))
        connection.close()

    def watch(execute: Any, statement: str, *rest: Any) -> Any:
        if "FROM assignment" in statement and "FOR UPDATE" in statement:
            other = threading.Thread(target=look)
            other.start()
            other.join()
        return execute(statement, *rest)

    with connection.execute_wrapper(watch):
        yield seen


def test_all_answers_are_approved_in_several_transactions_whatever_key_the_request_has(project):
    key = people.key_for("ada", organisation())
    where = f"/projects/{project.public_id}/answers/approve-all"
    with pieces() as seen:
        assert call("POST", where, key, Idempotency_Key="a").value == {"approved": 5}
    assert seen == [0, 2, 4]
    again = call("POST", where, key, Idempotency_Key="a")
    assert again.value == {"approved": 0}
    assert "Idempotency-Replayed" not in again.headers


def test_many_named_answers_are_approved_in_several_transactions(project):
    key = people.key_for("ada", organisation())
    ids = [number for (number,) in sql.rows("SELECT id FROM assignment ORDER BY id")]
    names = [public_id("asg", number) for number in ids]
    where = f"/projects/{project.public_id}/answers/approve"
    with pieces() as seen:
        assert call("POST", where, key, {"answers": names}).value == {"approved": 5}
    assert seen == [0, 2, 4]
    assert call("POST", where, key, {"answers": names}).value == {"approved": 0}
    refused = call("POST", where, key, {"answers": names * 401})
    assert (refused.status, refused.value["path"]) == (422, "answers")
