"""Corrections of the book: proposed by one, approved by another, and what no correction can be."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import available, prepaid
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Correction
from tagwerk.domain.payments.queries.corrections import correction_for, corrections_page, movements_of
from tagwerk.domain.payments.rules.corrections import Line
from tests.domain.payments.books import approved, deposit
from tests.domain.payments.correcting import EURO, approve, moves, newest, olga, propose, undo
from tests.domain.payments.wages import earn, now, payee, payout_of, released_run, right_book, there
from tests.people import actor, key_actor, organisation, person

pytestmark = pytest.mark.django_db


def test_one_proposes_another_approves_and_the_book_has_it_with_its_reason() -> None:
    ben, second = person("ben").id, olga()
    number = propose(moves(ben, 12.5), "The answers of 3 March were not paid")
    assert there(ben) == 0
    approve(number, second)
    approve(number, second)  # the same click again
    assert there(ben) == 12.5 and right_book()
    (movement,) = book.movements(available(ben, "EUR").code)
    assert (movement.code, movement.memo) == ("correction", "The answers of 3 March were not paid")
    (line,) = [one for one in book.journal_lines() if one.code == "correction"]
    assert (line.ref_type, line.ref_id, line.memo) == ("correction", str(number), movement.memo)
    view = correction_for(actor("dan"), number)
    assert (view.state, view.decided_alone, view.sum_micros) == ("approved", False, 12_500_000)
    assert [one.id for one in corrections_page(second)] == [number]
    names = list(
        StoredEvent.objects.filter(name__startswith="Correction")
        .order_by("id")
        .values_list("name", "actor_id")
    )
    assert names == [("CorrectionProposed", actor("dan").person_id), ("CorrectionApproved", second.person_id)]


def test_nobody_approves_what_they_proposed_while_somebody_else_could() -> None:
    ben, second = person("ben").id, olga()
    number = propose(moves(ben, 5))
    for who, error in (
        (actor("dan"), NotAllowed),
        (CONSOLE, NotAllowed),
        (actor("ben"), NotFound),
        (actor("ada"), NotFound),
    ):
        with pytest.raises(error):
            approve(number, who)
    with pytest.raises(NotAllowed, match="second factor"):
        approve(number, second, factor=False)
    assert there(ben) == 0
    for stranger in ("ben", "ada"):
        with pytest.raises(NotFound):
            propose(moves(ben, 5), by=actor(stranger))
        with pytest.raises(NotFound):
            payments.refuse_correction(actor=actor(stranger), correction_id=number, words="x", now=now())
        with pytest.raises(NotFound):
            payments.confirm_correction(actor=actor(stranger), correction_id=number)
        with pytest.raises(NotFound):
            correction_for(actor(stranger), number)
        with pytest.raises(NotFound):
            corrections_page(actor(stranger))
        with pytest.raises(NotFound):
            movements_of(actor(stranger), available(ben, "EUR").code)


def test_no_key_of_an_operator_corrects_the_book() -> None:
    ben, key = person("ben").id, key_actor("dan")
    number = propose(moves(ben, 5))
    with pytest.raises(NotFound):
        propose(moves(ben, 5), by=key)
    with pytest.raises(NotFound):
        approve(number, key)


def test_the_only_operator_approves_alone_and_that_is_marked() -> None:
    ben = person("ben").id
    number = propose(moves(ben, 5))
    with pytest.raises(NotAllowed):
        approve(number, actor("dan"), factor=False)
    approve(number, actor("dan"))
    assert correction_for(actor("dan"), number).decided_alone is True and there(ben) == 5


def test_what_the_console_proposed_needs_two_people_as_well() -> None:
    ben, second = person("ben").id, olga()
    number = propose(moves(ben, 5), by=CONSOLE)
    for who in (actor("dan"), CONSOLE):
        with pytest.raises(NotAllowed):
            approve(number, who)
    payments.confirm_correction(actor=CONSOLE, correction_id=number)  # it is nobody, so nothing changes
    payments.confirm_correction(actor=actor("dan"), correction_id=number)
    payments.confirm_correction(actor=actor("dan"), correction_id=number)
    with pytest.raises(Conflict):
        payments.confirm_correction(actor=second, correction_id=number)
    with pytest.raises(NotAllowed):
        approve(number, actor("dan"))
    approve(number, second)
    assert there(ben) == 5 and correction_for(second, number).decided_alone is False


def test_nobody_decides_about_their_own_balance() -> None:
    second = olga()
    number = propose(moves(second.person_id, 5))
    with pytest.raises(NotAllowed, match="your own balance"):
        approve(number, second)
    payments.refuse_correction(actor=second, correction_id=number, words="I propose it myself", now=now())
    again = propose(moves(second.person_id, 5), by=second)
    approve(again, actor("dan"))
    assert there(second.person_id) == 5


def test_what_was_refused_is_never_booked() -> None:
    ben, second = person("ben").id, olga()
    number = propose(moves(ben, 5))
    for words in ("", "  ", "x" * 301):
        with pytest.raises(Invalid):
            payments.refuse_correction(actor=second, correction_id=number, words=words, now=now())
    payments.refuse_correction(actor=second, correction_id=number, words="It was paid", now=now())
    for step in (
        lambda: approve(number, second),
        lambda: payments.confirm_correction(actor=second, correction_id=number),
        lambda: payments.refuse_correction(actor=second, correction_id=number, words="x", now=now()),
    ):
        with pytest.raises(Conflict):
            step()
    view = correction_for(second, number)
    assert (view.state, view.words, view.decided_alone, there(ben)) == ("refused", "It was paid", None, 0)
    with pytest.raises(NotFound):
        approve(10**9, second)


def test_a_transfer_is_undone_once_whoever_proposes_it_how_often() -> None:
    ben, second = person("ben").id, olga()
    earn(ben, 10)
    wrong = newest(available(ben, "EUR").code)
    first = undo(wrong)
    with pytest.raises(Conflict, match="undone before"):
        undo(wrong)
    payments.refuse_correction(actor=actor("dan"), correction_id=first, words="Not sure", now=now())
    number = undo(wrong)
    row = Correction.objects.get(id=number)
    row.pk, row.key = None, "as if two had been proposed at the same moment"
    row.save()
    approve(number, second)
    assert there(ben) == 0
    with pytest.raises(Conflict, match="undone before"):
        approve(row.id, second)
    with pytest.raises(Conflict, match="undone before"):
        undo(wrong)
    assert there(ben) == 0 and right_book()
    back = undo(newest(available(ben, "EUR").code), "It was right after all")  # the opposite of the opposite
    approve(back, second)
    assert there(ben) == 10 and right_book()


def test_no_account_goes_below_nothing() -> None:
    ben, second = person("ben").id, olga()
    earn(ben, 5)
    number = propose(moves(ben, 6, back=True))
    with pytest.raises(Conflict, match="Not enough money"):
        approve(number, second)
    assert correction_for(second, number).state == "proposed" and there(ben) == 5


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line("expense:goodwill:EUR", "worker:999999:available:EUR", 1), "account_of_nobody"),
        (Line("expense:goodwill:EUR", "organisation:999999:prepaid:EUR", 1), "account_of_nobody"),
        (Line("expense:goodwill:EUR", "worker:1٣:available:EUR", 1), "account_unknown"),
        (Line("expense:goodwill:EUR", "worker:" + "9" * 40 + ":available:EUR", 1), "account_unknown"),
        (Line("expense:goodwill:EUR", "my:pocket:EUR", 1), "account_unknown"),
        (Line("expense:goodwill:EUR", "bank:USD", 1), "currency_differs"),
        (Line("bank:EUR", "bank:EUR", 1), "same_account"),
        (Line("expense:goodwill:EUR", "bank:EUR", 0), "amount_out_of_range"),
        (Line("expense:goodwill:EUR", "bank:EUR", -1), "amount_out_of_range"),
        (Line("expense:goodwill:EUR", "bank:EUR", 10**15 + 1), "amount_out_of_range"),
        (Line("project:1:reserved:EUR", "expense:goodwill:EUR", 1), "correction_of_reserved"),
        (Line("expense:goodwill:EUR", "project:1:reserved:EUR", 1), "correction_of_reserved"),
    ],
)  # fmt: skip
def test_what_no_correction_can_be(line: Line, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose([line])
    assert refused.value.code == code and not Correction.objects.exists()


def test_a_reason_is_given_and_names_nobody() -> None:
    ben = person("ben").id
    for reason in ("", " ", "x" * 181, "Paid to ben@example.org", "For BEN, who asked"):
        with pytest.raises(Invalid):
            propose(moves(ben, 1), reason)
    propose(moves(ben, 1), "The benchmark of batch 7 was paid twice")  # a part of a word is no name
    for lines in ([], moves(ben, 1) * 21):
        with pytest.raises(Invalid):
            propose(lines)


def test_the_same_form_sent_twice_is_one_proposal() -> None:
    ben = person("ben").id
    said: dict[str, Any] = {"actor": actor("dan"), "reason": "x", "key": "k"}
    first = payments.propose_correction(lines=moves(ben, 1), **said)
    assert payments.propose_correction(lines=moves(ben, 1), **said) == first
    with pytest.raises(Conflict):
        payments.propose_correction(lines=moves(ben, 2), **said)
    with pytest.raises(Invalid):
        payments.propose_correction(lines=moves(ben, 2), **(said | {"key": ""}))


def test_what_has_its_own_way_is_put_right_there() -> None:
    deposit(100, "d1")
    approved(EURO, 0, "a1")
    ben = payee("ben")
    earn(ben, 10)
    released = released_run()
    payments.mark_paid(refs=[payout_of(ben, released).ref], now=now())
    for code, refusal in (
        (prepaid(organisation(), "EUR").code, "correction_by_project"),
        ("bank:EUR", "correction_by_payout"),
    ):
        with pytest.raises(Invalid) as refused:
            undo(newest(code))
        assert refused.value.code == refusal
    (booked,) = [one for one in movements_of(actor("dan"), "bank:EUR") if one.ref_type == "booking"]
    with pytest.raises(Invalid) as refused:
        undo(booked.id)
    assert refused.value.code == "correction_by_booking"
    with pytest.raises(Invalid) as refused:
        undo(uuid4())
    assert refused.value.code == "transfer_unknown"
    held = next(one for one in book.journal_lines() if one.kind == "pending")
    with pytest.raises(Invalid):
        undo(UUID(held.id))
