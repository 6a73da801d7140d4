"""Corrections of the book on pages: found, proposed, looked at, approved or refused."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger.rules import available, prepaid
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Correction
from tests.domain.payments.books import approved, deposit
from tests.domain.payments.correcting import approve, moves, newest, propose
from tests.domain.payments.wages import earn, there
from tests.interfaces.web.visiting import plain_files, proved, visitor, words
from tests.people import actor, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
LIST = "/operator/corrections/"


def sent(transfer: str, **changes: str) -> dict[str, str]:
    return {"step": "undo", "transfer": transfer, "reason": "Booked twice", "key": "k"} | changes


def moved(debit: str, credit: str, amount: str) -> dict[str, str]:
    facts = {"debit": debit, "credit": credit, "amount": amount, "reason": "Forgotten", "key": "k"}
    return {"step": "move"} | {f"move-{name}": text for name, text in facts.items()}


def test_two_people_put_a_transfer_right() -> None:
    ben = person("ben").id
    earn(ben, 10)
    account = available(ben, "EUR").code
    dan = visitor("dan")
    person("olga", is_operator=True)
    assert "Nothing has been corrected yet." in words(dan.get(LIST))
    person_page = dan.get(f"/operator/people/{public_id('per', ben)}/payouts/").content.decode()
    assert f"{LIST}?account={account}#find" in person_page.replace("%3A", ":")
    transfer = str(newest(account))
    assert transfer in dan.get(f"{LIST}?account={account}").content.decode()
    assert f'value="{transfer}"' in dan.get(f"{LIST}?opposite={transfer}").content.decode()
    assert dan.get(f"{LIST}?account=my:pocket:EUR").status_code == 422
    address = dan.post(LIST, sent(transfer))["Location"]
    assert dan.post(LIST, sent(transfer))["Location"] == address
    said = words(dan.get(address))
    assert "Another operator has to look at it" in said and "Ben €10.00 -€10.00" in said
    assert "expense:goodwill:EUR – €10.00 -€10.00" in said  # less was spent
    assert dan.post(address, {"step": "approve"}).status_code == 403
    olga = visitor("olga")
    assert "Set up a second factor" in words(olga.get(address))
    assert olga.post(address, {"step": "approve"}).status_code == 403
    proved(olga, "mfa")
    assert "Approve and book it" in words(olga.get(address))
    assert olga.post(address, {"step": "approve"}).status_code == 303 and there(ben) == 0
    said = words(dan.get(LIST))
    assert "in the book" in said and "by one person" not in said and "Olga" in said
    assert dan.post(address, {"step": "dance"}).status_code == 404
    earnings = words(visitor("ben").get("/work/earnings/"))
    assert "Correction Booked twice" in earnings


def test_the_only_operator_is_told_that_it_is_marked() -> None:
    ben = person("ben").id
    dan = proved(visitor("dan"), "mfa")
    address = dan.post(LIST, moved("expense:goodwill:EUR", available(ben, "EUR").code, "12,50"))["Location"]
    assert "That is marked" in words(dan.get(address))
    dan.post(address, {"step": "approve"})
    assert "by one person" in words(dan.get(address)) and there(ben) == 12.5
    assert "by one person" in words(dan.get(LIST))


def test_what_the_console_proposed_is_stood_for_first() -> None:
    person("olga", is_operator=True)
    number = propose(moves(person("ben").id, 5), by=CONSOLE)
    address = f"{LIST}{public_id('cor', number)}/"
    dan = visitor("dan")
    assert "proposed at the console" in words(dan.get(address))
    assert dan.post(address, {"step": "confirm"}).status_code == 303
    assert "Another operator has to look at it" in words(dan.get(address))
    olga = proved(visitor("olga"), "mfa")
    assert olga.post(address, {"step": "approve"}).status_code == 303


def test_a_refusal_has_words_and_what_is_wrong_stays_in_the_form() -> None:
    dan = visitor("dan")
    number = propose(moves(person("ben").id, 5))
    address = f"{LIST}{public_id('cor', number)}/"
    assert dan.post(address, {"step": "refuse", "words": ""}).status_code == 422
    assert dan.post(address, {"step": "refuse", "words": "It was paid"}).status_code == 303
    assert "It was paid" in words(dan.get(address))
    for wrong in (
        sent("x"), sent(""), sent("x", reason=""), moved("bank:EUR", "bank:USD", "1"), moved("", "", ""),
        moved("bank:EUR", "capital:EUR", "much"), moved("my:pocket:EUR", "bank:EUR", "1"),
    ):  # fmt: skip
        assert dan.post(LIST, wrong).status_code == 422
    assert dan.post(LIST, sent("x", step="dance")).status_code == 404
    assert Correction.objects.count() == 1


def test_an_organisation_sees_the_reason_beside_the_movement() -> None:
    deposit(100, "d1")
    approved(6_000_000, 1_000_000, "a1")
    person("olga", is_operator=True)
    ben, mine = person("ben").id, organisation()
    number = payments.propose_opposite(
        actor=actor("dan"),
        transfer=newest(available(ben, "EUR").code),
        whole_event=True,
        reason="Paid twice",
        key="k",
    )
    approve(number, actor("olga"))
    ada, org = visitor("ada"), public_id("org", mine)
    assert "Correction Paid twice" in words(ada.get(f"/organisation/{org}/balance/"))
    page = visitor("dan").get(f"/operator/organisations/{org}/").content.decode()
    assert prepaid(mine, "EUR").code in page.replace("%3A", ":")
