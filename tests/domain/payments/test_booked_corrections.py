"""A correction that was changed by force is not what the book has."""

import pytest
from django.utils.timezone import now

from tagwerk.base.ids import public_id
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Correction
from tagwerk.domain.payments.queries.booked_corrections import wrong_corrections
from tests.domain.payments.correcting import approve, moves, olga, propose
from tests.domain.payments.wages import payee

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "Something else"},
        {"currency": "USD"},
        {"lines": []},
        {"lines": ["nonsense"]},
        {"state": "proposed", "decided_at": None, "decided_alone": None},
        None,
    ],
)
def test_what_was_changed_by_force_is_named(change: dict[str, object] | None) -> None:
    ben = payee("ben")
    one, other = propose(moves(ben, 5)), propose(moves(ben, 6))
    approve(one, olga())
    assert wrong_corrections() == [] and payments.check_book(now=now())
    if change is None:
        Correction.objects.filter(id=one).delete()
    else:
        Correction.objects.filter(id=one).update(**change)
    assert wrong_corrections() == [one]
    assert not payments.check_book(now=now())
    assert not payments.check_book(now=now())
    told = Notice.objects.filter(kind="corrections_wrong")
    assert {each.params["corrections"] for each in told} == {public_id("cor", one)}
    assert len(told) == len({each.person_id for each in told})
    Correction.objects.filter(id=other).update(reason="Still open, so nothing is booked yet")
    assert wrong_corrections() == [one]
