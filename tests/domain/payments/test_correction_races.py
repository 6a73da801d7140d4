"""Corrections under many hands, and what the database itself refuses."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tagwerk.base.errors import Refusal
from tagwerk.base.models import StoredEvent
from tagwerk.domain.ledger.rules import available
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Correction
from tagwerk.domain.payments.queries.corrections import correction_for
from tests.domain.payments.correcting import approve, moves, newest, olga, propose, undo
from tests.domain.payments.wages import earn, now, right_book, there
from tests.people import actor, person

one_database = pytest.mark.django_db
with_threads = pytest.mark.django_db(transaction=True)
THREADS = 6


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"state": "lost", "decided_at": now()}, "correction_state_known"),
        ({"currency": "eur"}, "correction_currency_shape"),
        ({"reason": ""}, "correction_says_why"),
        ({"key": ""}, "correction_key_given"),
        ({"decided_at": now()}, "correction_decision_dated"),
        ({"state": "refused", "decided_at": now()}, "correction_refusal_says_why"),
        ({"state": "approved", "decided_at": now()}, "correction_approval_marked"),
        ({"state": "approved", "decided_at": now(), "decided_alone": False}, "correction_two_people"),
    ],
)  # fmt: skip
@one_database
def test_corrections_are_of_a_known_sort(facts: dict[str, Any], name: str) -> None:
    usual: dict[str, Any] = {"currency": "EUR", "lines": [], "reason": "x", "key": "k"}
    with pytest.raises(IntegrityError, match=name):
        Correction.objects.create(**(usual | facts))


@one_database
def test_a_key_is_of_one_correction_and_two_people_are_two() -> None:
    usual: dict[str, Any] = {"currency": "EUR", "lines": [], "reason": "x", "key": "k"}
    Correction.objects.create(**usual)
    with pytest.raises(IntegrityError, match="correction_key_once"), transaction.atomic():
        Correction.objects.create(**usual)
    same = {
        "proposed_by": person("dan"),
        "decided_by": person("dan"),
        "state": "approved",
        "decided_at": now(),
    }
    with pytest.raises(IntegrityError, match="correction_two_people"):
        Correction.objects.create(**(usual | same | {"key": "l", "decided_alone": False}))


def at_once(*steps: Callable[[], object]) -> list[str]:
    """What each of these says when all of them begin together: "done", or the code of its refusal."""
    start = threading.Barrier(len(steps))

    def go(step: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            step()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(go, steps))


@with_threads
def test_many_clicks_at_once_book_one_correction_once() -> None:
    ben, others = person("ben").id, [olga()]
    for name in ("otto", "orla"):
        person(name, is_operator=True)
        others.append(actor(name))
    number = propose(moves(ben, 5))
    said = at_once(*[lambda who=others[place % 3]: approve(number, who) for place in range(THREADS)])
    assert said.count("done") >= 1 and set(said) <= {"done", "correction_decided"}
    assert there(ben) == 5 and right_book()
    assert StoredEvent.objects.filter(name="CorrectionApproved").count() == 1


@with_threads
def test_approved_and_refused_at_once_is_one_of_the_two() -> None:
    ben, dan, second = person("ben").id, actor("dan"), olga()
    for turn in range(3):
        before, number = there(ben), propose(moves(ben, 5))
        said = at_once(
            lambda number=number: approve(number, second),
            lambda number=number: payments.refuse_correction(
                actor=dan, correction_id=number, words="No", now=now()
            ),
        )
        assert said == ["correction_decided", "done"], turn
        booked = correction_for(dan, number).state == "approved"
        assert there(ben) == before + (5 if booked else 0) and right_book()


@with_threads
def test_two_proposals_against_one_transfer_at_once_undo_it_once() -> None:
    ben, dan, second = person("ben").id, actor("dan"), olga()
    earn(ben, 10)
    earn(ben, 10)  # so that the guard of the balance is not what stops the second one
    wrong = newest(available(ben, "EUR").code)
    at_once(*[lambda: undo(wrong, by=dan) for _ in range(THREADS)])
    numbers = list(Correction.objects.values_list("id", flat=True))
    assert numbers
    said = at_once(*[lambda number=number: approve(number, second) for number in numbers])
    assert said.count("done") == 1 and set(said) <= {"done", "correction_made"}
    assert there(ben) == 10 and right_book()
