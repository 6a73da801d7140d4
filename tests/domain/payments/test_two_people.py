"""Two pairs of eyes stay two: nobody becomes alone, or two, by taking the operator's role away or giving it."""

from datetime import timedelta
from typing import Any

import pytest

from tagwerk.base.errors import NotAllowed
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.events import OperatorChanged
from tagwerk.domain.accounts.models import Person
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tests.domain.payments.correcting import olga
from tests.domain.payments.wages import company, earn, locked_run, now, payee
from tests.people import actor, person

pytestmark = pytest.mark.django_db
FOUR_DAYS = timedelta(days=4)


@pytest.fixture
def run() -> Any:
    """Made by Dan; there is somebody to be paid."""
    earn(payee("ben"), 10)
    company()
    return locked_run(maker="dan")


def release(run: Any, name: str, at: Any = None) -> None:
    payments.release_run(actor=actor(name), run_id=run.id, now=at or now(), with_second_factor=True)


def give(who: int, *, by: Any = None, is_operator: bool = True) -> None:
    accounts.make_operator(actor=by or actor("dan"), person_id=who, is_operator=is_operator)


def test_whoever_takes_the_second_ones_role_away_is_not_alone_for_three_days(run):
    second = olga().person_id
    for is_operator in (False, True):  # nor after giving it back at once
        give(second, is_operator=is_operator)
        with pytest.raises(NotAllowed) as refused:
            release(run, "dan")
        assert refused.value.code == "own_run"
    give(second, is_operator=False)
    release(run, "dan", now() + FOUR_DAYS)
    run.refresh_from_db()
    assert run.released_alone


def test_a_new_operator_is_no_second_pair_of_eyes_for_three_days(run):
    olga()
    give(person("eve").id)
    with pytest.raises(NotAllowed) as refused:
        release(run, "eve")
    assert refused.value.code == "operator_new"
    release(run, "eve", now() + FOUR_DAYS)
    run.refresh_from_db()
    assert run.released_at is not None and not run.released_alone


def test_who_is_too_new_to_release_is_too_new_to_stand_for_a_run(run):
    """The schedule's run: Dan makes an operator of his own, who stands for it, and releases it as if they were two."""
    olga()
    give(person("eve").id)
    run.made_by_id = None
    run.save()
    payments.confirm_run(actor=actor("eve"), run_id=run.id)
    with pytest.raises(NotAllowed) as refused:
        release(run, "dan")
    assert refused.value.code == "own_run"
    run.refresh_from_db()
    assert run.released_at is None


def test_the_only_operator_stays_able_to_pay_while_a_second_one_is_new(run):
    give(person("eve").id)
    release(run, "dan")
    run.refresh_from_db()
    assert run.released_alone


def test_what_the_console_says_counts_at_once(run):
    second = olga().person_id
    give(second, by=CONSOLE, is_operator=False)
    give(person("eve").id, by=CONSOLE)
    assert queries.second_operators(person("dan").id, now()) == {person("eve").id}
    release(run, "eve")
    run.refresh_from_db()
    assert not run.released_alone


def test_every_operator_is_told_who_came_and_who_went():
    second, dan = olga().person_id, person("dan").id
    for is_operator in (False, True):
        facts = {
            "actor_id": dan,
            "person_id": second,
            "is_operator": is_operator,
            "changed_at": str(is_operator),
        }
        give(second, is_operator=is_operator)
        for _twice in range(2):
            notices.tell_operators_changed(fact=OperatorChanged(**facts))
    told = Notice.objects.filter(kind__startswith="operator_").order_by("id")
    assert [(one.kind, one.person_id) for one in told] == [
        ("operator_ended", second),
        ("operator_made", second),
    ]
    assert Person.objects.get(id=second).operator_since is not None
