import re
from datetime import timedelta

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import PayoutHold, PayoutRun
from tests.domain.payments.wages import company, earn, now, payee, there
from tests.interfaces.web.visiting import plain_files, proved, visitor, words
from tests.people import person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def made(client) -> str:
    """The address of a run over all that there is, set aside."""
    address = client.post("/operator/payouts/", {"currency": "EUR", "until": "now"})["Location"]
    payments.lock_run(run_id=PayoutRun.objects.latest("id").id, now=now())
    return address


def test_a_run_from_making_to_releasing_by_two_people() -> None:
    ben = payee("ben")
    earn(ben, 12.5)
    earn(person("eve").id, 30)
    company()
    dan = visitor("dan")
    assert "2 workers" in words(dan.get("/operator/payouts/"))
    address = made(dan)
    person("olga", is_operator=True)
    said = words(dan.get(address))
    assert "Another operator has to look at it and release it" in said
    assert "€12.50" in said and "Your name and address for payouts are missing. 1 €30.00" in said
    assert dan.post(address, {"step": "release"}).status_code == 403
    olga = visitor("olga")
    assert "Set up a second factor" in words(olga.get(address))
    assert olga.post(address, {"step": "release"}).status_code == 403
    proved(olga, "mfa")
    assert "Release it" in words(olga.get(address))
    assert olga.post(address, {"step": "release"}).status_code == 303
    said = words(dan.get(f"{address}?state=submitted"))
    assert "on its way" in said and "Released by Olga" in said
    assert "Olga" in words(dan.get("/operator/payouts/"))


def test_the_only_operator_is_told_that_it_is_marked() -> None:
    earn(payee("ben"), 10)
    company()
    dan = proved(visitor("dan"), "mfa")
    address = made(dan)
    assert "That is marked" in words(dan.get(address))
    dan.post(address, {"step": "release"})
    assert "by one person" in words(dan.get(address))


def test_a_run_is_called_off_and_an_unknown_step_is_none() -> None:
    ben = payee("ben")
    earn(ben, 10)
    dan = visitor("dan")
    address = made(dan)
    assert dan.post(address, {"step": "x"}).status_code == 404
    dan.post(address, {"step": "cancel"})
    payments.give_back_run(run_id=PayoutRun.objects.get().id, now=now())
    assert "called off" in words(dan.get(address))
    assert there(ben) == 10


def test_a_second_run_is_refused_in_words() -> None:
    earn(payee("ben"), 10)
    dan = visitor("dan")
    made(dan)
    earn(person("ben").id, 10)
    said = dan.post("/operator/payouts/", {"currency": "EUR", "until": "now"})
    assert said.status_code == 422
    assert "waits to be released" in words(said)


def test_somebodys_payouts_are_held_with_words_and_an_end() -> None:
    payee("ben")
    dan = visitor("dan")
    address = f"/operator/people/{public_id('per', person('ben').id)}/payouts/"
    given = {"code": "fraud_review", "reason": "Two of you?", "until": "2000-01-01"}
    assert "within 14 days" in words(dan.post(address, given))
    until = (now() + timedelta(days=1)).date().isoformat()
    assert dan.post(address, given | {"until": until}).status_code == 303
    said = dan.get(address)
    assert "Two of you?" in words(said)
    assert "Two of you?" in words(dan.get("/operator/payouts/"))
    end = re.search(r'action="(/operator/payouts/holds/phd_\w+/end/)"', said.content.decode())[1]
    dan.post(end)
    assert PayoutHold.objects.get().ended_at is not None


def test_an_instance_without_wages_says_so() -> None:
    said = words(visitor("dan").get("/operator/payouts/"))
    assert "No worker has money that waits to be paid" in said
    assert "There was no run yet" in said
