"""The bank rejects what an operator had marked as paid: the bank is believed, its own entries before all."""

import pytest

from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.simulation.bank import Answer, Habits, answer
from tests.domain.payments.test_bank import agrees, assign, bring, entry, meanings, paid_run, states
from tests.domain.payments.test_bank_duplicates import rejected, remarks
from tests.domain.payments.test_by_hand import mark
from tests.domain.payments.wages import all_is_right, method_of, there
from tests.people import actor

pytestmark = pytest.mark.django_db


def marked(*people: str, rejects: int = 1) -> tuple[object, Answer, str]:
    """A run that an operator called paid, what its bank says, and what its file is called."""
    run, content = paid_run(*people)
    said = answer(content, seed=5, opening_cents=9_000, habits=Habits(rejected=rejects))
    mark(run, Rail.SEPA)
    name = content.split(b"<MsgId>")[1].split(b"<")[0].decode()
    return run, said, name


def told() -> list[dict[str, object]]:
    return [one.params for one in Notice.objects.filter(kind="bank_rejects_paid").order_by("id")]


def test_what_was_only_said_to_be_paid_is_given_back_and_told() -> None:
    run, said, name = marked("ben", "cyn")
    bring(said.status, said.status + b"\n")
    assert states(run) == ["failed", "paid"]
    back = Payout.objects.get(ref=said.rejected[0])
    assert there(back.person_id) == back.amount_micros / 1e6 and back.reason == "AC01"
    assert method_of(back.person_id).ended_because == "AC01"
    assert remarks() == [["rejected_after_paid", f"{name}: 1"]] and told() == [{"payouts": 1, "back": 1}]
    bring(said.booked)
    assert meanings() == ["run"] and states(run) == ["failed", "paid"] and agrees()
    earned = {one.person_id: one.amount_micros / 1e6 for one in Payout.objects.filter(run=run)}
    assert all_is_right(earned)


def test_a_whole_file_that_was_called_paid_is_given_back() -> None:
    run, said, name = marked("ben", "cyn", rejects=0)
    whole = rejected(said.status, "")
    bring(whole, whole + b"\n")
    assert states(run) == ["failed"] * 2 and {there(one.person_id) for one in Payout.objects.all()} == {
        10,
        11,
    }
    assert remarks()[:2] == [["file_rejected", "–"], ["rejected_after_paid", f"{name}: 2"]]
    assert told() == [{"payouts": 2, "back": 2}]
    assert method_of(actor("ben").person_id).ended_at is None, "nobody's account is at fault"


def test_what_a_statement_shows_as_paid_stays_paid_and_is_told() -> None:
    run, content = paid_run("ben", "cyn")
    bring(answer(content, seed=5, opening_cents=9_000).booked)
    said = answer(content, seed=5, opening_cents=9_000, habits=Habits(rejected=1)).status
    bring(said, said + b"\n")
    assert (
        states(run) == ["paid"] * 2 and [code for code, _about in remarks()] == ["rejected_though_paid"] * 2
    )
    assert told() == [{"payouts": 1, "back": 0}] and agrees()
    bring(rejected(answer(content, seed=5, opening_cents=0).status, "NARR"))
    assert states(run) == ["paid"] * 2 and remarks()[-1] == ["file_rejected_later", "NARR"]


def test_what_may_be_an_entry_that_an_operator_knew_is_not_given_back() -> None:
    run, said, _name = marked("ben", rejects=0)
    assign(entry(-1_000, "paid by hand"), Meaning.BY_HAND)
    bring(rejected(said.status, ""))
    assert states(run) == ["paid"]
    assert [code for code, _about in remarks()] == ["file_rejected", "rejected_though_paid"]


def test_what_came_back_already_is_not_given_back_again() -> None:
    run, said, _name = marked("ben")
    payout = Payout.objects.get(run=run)
    payments.say_payout_came_back(actor=actor("dan"), payout_id=payout.id, now=payout.submitted_at)
    bring(said.status)
    assert states(run) == ["returned"] and there(payout.person_id) == 10 and remarks() == []
