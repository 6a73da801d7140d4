from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import resolve

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.providers import provider
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.actions import running
from tagwerk.domain.payments.models import Payout, PayoutRun
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries import rail_files, receiving
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.payouts import PayoutState
from tagwerk.domain.payments.rules.profile import Address
from tagwerk.domain.payments.rules.rails import Rail
from tests.domain.payments.wages import (
    company,
    details,
    earn,
    locked_run,
    method_of,
    now,
    payee,
    payout_of,
    released_run,
    right_book,
    take,
    there,
)
from tests.people import OPERATORS, actor, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_paypal")]


@pytest.fixture
def with_paypal(settings: Any) -> Iterator[None]:
    """There is access to PayPal; nobody uses it here."""
    settings.PAYPAL_CLIENT_ID, settings.PAYPAL_SECRET = "client", "secret"
    provider.cache_clear()
    yield
    provider.cache_clear()


def second_operator(name: str = "olga") -> None:
    accounts.create_person(
        actor=CONSOLE, email=f"{name}@example.org", display_name=name.title(), is_operator=True
    )


def test_a_run_pays_everybody_to_the_cent_and_carries_the_rest() -> None:
    ben, eve = payee("ben"), payee("eve")
    earn(ben, 12.345678)
    earn(eve, 7)
    run = released_run()
    payments.mark_paid(refs=[payout_of(ben, run).ref, payout_of(eve, run).ref], now=now())
    run.refresh_from_db()
    assert (run.state, run.payouts, run.sum_micros) == ("done", 2, 19_340_000)
    assert there(ben) == pytest.approx(0.005678)
    assert book.balance("bank:EUR").posted == -19_340_000
    assert right_book()


def test_everybody_with_money_is_in_the_run_or_told_why_not() -> None:
    left_out = {
        "below_minimum": "amy",
        "profile_missing": "bob",
        "method_missing": "cleo",
        "fraud_review": "finn",
    }
    for name in left_out.values():
        person(name)
    payments.save_payout_profile(person_id=person("cleo").id, details=details(), now=now())
    payee("finn")
    payments.hold_payouts(
        actor=actor("dan"), person_id=person("finn").id, code=HoldCode.FRAUD_REVIEW, reason="Two of you?",
        until=now() + timedelta(days=3), now=now(),
    )  # fmt: skip
    for name in left_out.values():
        earn(person(name).id, 4.99 if name == "amy" else 20)
    run = locked_run()
    found = dict(Payout.objects.filter(run=run).values_list("person_id", "reason"))
    assert found == {person(name).id: reason for reason, name in left_out.items()}
    assert {row.state for row in Payout.objects.all()} == {"left_out"}
    assert there(person("bob").id) == 20


def test_a_changed_method_waits_three_days() -> None:
    ben = payee("ben")
    earn(ben, 30)
    payee("ben", Rail.PAYPAL, now=now())
    run = locked_run()
    assert payout_of(ben, run).reason == "payout_method_changed"


def test_money_of_a_currency_goes_only_by_rails_that_carry_it() -> None:
    ben, eve = payee("ben"), payee("eve", Rail.PAYPAL)
    for one in (ben, eve):
        earn(one, 5000.7, "JPY")
    run = locked_run("JPY")
    assert payout_of(ben, run).reason == "currency_not_carried"
    paid = payout_of(eve, run)
    assert (paid.amount_micros, paid.carried_micros) == (5_000_000_000, 700_000)


def test_three_decimals_are_paid_where_the_currency_has_them() -> None:
    ben = payee("ben", Rail.MANUAL)
    earn(ben, 12.3456, "KWD")
    assert payout_of(ben, locked_run("KWD")).amount_micros == 12_345_000


def test_who_was_shut_out_is_paid_to_the_last_cent() -> None:
    ben = payee("ben")
    earn(ben, 0.02)
    accounts.suspend_person(actor=actor("dan"), person_id=ben, reason="abuse", note="So it is.")
    assert payout_of(ben, locked_run()).amount_micros == 20_000


def test_a_run_is_for_a_week_that_is_over() -> None:
    with pytest.raises(Invalid, match="not over"):
        payments.make_run(actor=actor("dan"), currency="EUR", now=now(), cutoff_at=now() + timedelta(days=1))


def test_there_is_one_open_run_in_a_currency() -> None:
    earn(payee("ben"), 10)
    locked_run()
    with pytest.raises(Conflict, match="waits to be released"):
        locked_run()


def test_only_operators_make_runs() -> None:
    with pytest.raises(NotFound):
        payments.make_run(actor=actor("ben"), currency="EUR", now=now())


def test_who_made_a_run_does_not_release_it_where_there_is_somebody_else() -> None:
    earn(payee("ben"), 10)
    company()
    run = locked_run()
    second_operator()
    with pytest.raises(NotAllowed, match="another operator"):
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    payments.release_run(actor=_olga(), run_id=run.id, now=now(), with_second_factor=True)
    run.refresh_from_db()
    assert (run.state, run.released_alone) == ("released", False)


def _olga():
    OPERATORS.add("olga")
    try:
        return actor("olga")
    finally:
        OPERATORS.discard("olga")


def test_the_only_operator_releases_alone_and_that_is_marked() -> None:
    earn(payee("ben"), 10)
    assert released_run().released_alone is True


def test_nothing_leaves_without_a_second_factor() -> None:
    earn(payee("ben"), 10)
    run = locked_run()
    with pytest.raises(NotAllowed, match="second factor"):
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=False)


def test_a_run_of_the_schedule_needs_one_who_confirms_and_one_who_releases() -> None:
    earn(payee("ben"), 10)
    company()
    second_operator()
    tuesday = datetime(2027, 1, 5, 9, tzinfo=UTC)
    (run_id,) = payments.make_weekly_runs(now=tuesday)
    payments.lock_run(run_id=run_id, now=tuesday)
    with pytest.raises(NotAllowed, match="one operator confirms"):
        payments.release_run(actor=actor("dan"), run_id=run_id, now=tuesday, with_second_factor=True)
    payments.confirm_run(actor=actor("dan"), run_id=run_id)
    with pytest.raises(NotAllowed, match="another operator"):
        payments.release_run(actor=actor("dan"), run_id=run_id, now=tuesday, with_second_factor=True)
    payments.release_run(actor=_olga(), run_id=run_id, now=tuesday, with_second_factor=True)
    assert payments.make_weekly_runs(now=tuesday) == []


def test_the_schedule_makes_no_run_on_a_monday() -> None:
    earn(payee("ben"), 10)
    monday = datetime(2027, 1, 4, 9, tzinfo=UTC)
    assert payments.make_weekly_runs(now=monday) == []
    assert len(payments.make_weekly_runs(now=monday + timedelta(days=1))) == 1


def test_a_run_that_does_not_add_up_does_not_leave() -> None:
    earn(payee("ben"), 10)
    company()
    run = locked_run()
    Payout.objects.filter(run=run).update(amount_micros=11_000_000)
    with pytest.raises(Conflict, match=r"total is 10\.00.*add up to 11\.00.*holds 10\.00"):
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    assert PayoutRun.objects.get(id=run.id).state == "locked"


def test_a_file_for_the_bank_needs_the_operators_account() -> None:
    earn(payee("ben"), 10)
    run = locked_run()
    with pytest.raises(Conflict, match="name and IBAN"):
        payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)


def test_a_run_that_is_called_off_gives_everything_back() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = locked_run()
    assert there(ben) == 0
    payments.cancel_run(actor=actor("dan"), run_id=run.id)
    payments.give_back_run(run_id=run.id, now=now())
    assert there(ben) == 10
    assert payout_of(ben, run).state == "withdrawn"
    assert payout_of(ben, locked_run()).state == "locked"
    with pytest.raises(Conflict, match="released"):
        payments.cancel_run(actor=actor("dan"), run_id=_release_newest())


def _release_newest() -> int:
    company()
    run = PayoutRun.objects.latest("id")
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    return run.id


def test_a_hold_takes_a_payout_out_of_a_run_that_waits() -> None:
    ben, eve = payee("ben"), payee("eve")
    earn(ben, 10)
    earn(eve, 20)
    company()
    run = locked_run()
    payments.hold_payouts(
        actor=actor("dan"), person_id=ben, code=HoldCode.FRAUD_REVIEW, reason="Is it you?",
        until=now() + timedelta(days=2), now=now(),
    )  # fmt: skip
    assert (payout_of(ben, run).state, there(ben)) == ("withdrawn", 10)
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    assert payout_of(eve, run).state == "submitted"


def test_a_payout_that_comes_back_is_in_the_balance_and_its_account_is_not_used_again() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    ref = payout_of(ben, run).ref
    payments.mark_paid(refs=[ref], now=now())
    assert payments.mark_returned(ref=ref, reason="AC04", now=now())
    assert not payments.mark_returned(ref=ref, reason="AC04", now=now())
    assert (there(ben), payout_of(ben, run).state) == (10, "returned")
    assert method_of(ben).ended_because == "AC04"
    assert payout_of(ben, locked_run()).reason == "method_missing"
    assert right_book()


def test_a_return_may_be_heard_of_before_the_payment() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    ref = payout_of(ben, run).ref
    payments.mark_returned(ref=ref, reason="AC01", now=now())
    assert payments.mark_paid(refs=[ref], now=now()) == frozenset()
    assert (there(ben), payout_of(ben, run).state) == (10, "returned")
    assert right_book()


def test_what_fails_for_the_operators_fault_leaves_the_account_in_use() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    payments.mark_failed(ref=payout_of(ben, run).ref, reason="AM04", now=now())
    assert there(ben) == 10
    assert method_of(ben).ended_at is None
    assert PayoutRun.objects.get(id=run.id).state == "done"


def test_who_is_held_while_a_run_is_made_is_left_out_of_its_total(monkeypatch: pytest.MonkeyPatch) -> None:
    ben, eve = payee("ben"), payee("eve")
    for one in (ben, eve):
        earn(one, 10)
    company()
    monkeypatch.setattr(running, "CHUNK", 1)
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), now_due=True)
    assert running._lock_next(run_id, now()) == 1
    payments.hold_payouts(
        actor=actor("dan"), person_id=ben, code=HoldCode.FRAUD_REVIEW, reason="Is it you?",
        until=now() + timedelta(days=2), now=now() + timedelta(hours=1),
    )  # fmt: skip
    payments.lock_run(run_id=run_id, now=now())
    run = PayoutRun.objects.get(id=run_id)
    assert (payout_of(ben, run).state, there(ben)) == ("left_out", 10)
    payments.release_run(actor=actor("dan"), run_id=run_id, now=now(), with_second_factor=True)
    assert payout_of(eve, run).state == "submitted"


def test_news_of_a_payment_that_was_given_back_is_doubted_not_booked() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    ref = payout_of(ben, run).ref
    payments.mark_failed(ref=ref, reason="AM04", now=now())
    assert payments.mark_paid(refs=[ref], now=now()) == {ref}
    payments.tell_paid_after_all(payout_id=payout_of(ben, run).id)
    told = Notice.objects.get(kind="payout_paid_after_all")
    assert told.person_id == person("dan").id and resolve(told.link).url_name == "operator_person_payouts"
    assert (there(ben), payout_of(ben, run).state) == (10, "failed")


def test_the_rails_fee_is_the_operators() -> None:
    ben = payee("ben", Rail.PAYPAL)
    earn(ben, 10)
    run = released_run()
    ref = payout_of(ben, run).ref
    payments.mark_unclaimed(ref=ref, now=now(), rail_ref="item-1")
    for _again in range(3):
        payments.mark_paid(refs=[ref], now=now(), fee_micros=200_000)
    assert book.balance("expense:rail_fee:EUR").posted == 200_000
    assert book.balance("paypal:EUR").posted == -10_200_000
    assert Payout.objects.get(ref=ref).state == PayoutState.PAID


def test_whoever_has_less_by_then_is_left_out_and_nobody_else() -> None:
    people = [payee(name) for name in ("ben", "eve", "gus", "hal")]
    for one in people:
        earn(one, 10)
    run_id = payments.make_run(actor=actor("dan"), currency="EUR", now=now(), now_due=True)
    take(people[2], 3)
    payments.lock_run(run_id=run_id, now=now())
    states = dict(Payout.objects.filter(run_id=run_id).values_list("person_id", "state"))
    assert [states[one] for one in people] == ["locked", "locked", "left_out", "locked"]
    assert PayoutRun.objects.get(id=run_id).sum_micros == 30_000_000


def test_a_statement_begins_where_the_one_before_ended() -> None:
    ben = payee("ben")
    earn(ben, 10)
    first = released_run()
    payments.mark_paid(refs=[payout_of(ben, first).ref], now=now())
    earn(ben, 6)
    second = released_run()
    assert payout_of(ben, second).from_seq == first.through_seq
    assert payout_of(ben, second).amount_micros == 6_000_000


def test_a_file_says_what_was_true_when_its_run_was_released() -> None:
    ben = payee("ben")
    earn(ben, 10)
    run = released_run()
    file = b"".join(rail_files.sepa_file(actor("dan"), run.id).pieces)
    assert b"<Nm>Ben</Nm>" in file
    later = now() + timedelta(hours=1)
    payments.save_payout_profile(person_id=ben, details=details("Benjamin Anders"), now=later)
    assert b"".join(rail_files.sepa_file(actor("dan"), run.id).pieces) == file
    assert receiving.payout_details(ben).holder == "Benjamin Anders"


def test_who_lives_in_the_eu_gives_tax_data_before_money_leaves() -> None:
    ben, eve = payee("ben"), payee("eve")
    for one in (ben, eve):
        earn(one, 10)
    payments.save_payout_profile(person_id=ben, details=details(born_on=None), now=now())
    abroad = Address("Main Street", "7", "10115", "Springfield", "US")
    payments.save_payout_profile(person_id=eve, details=details(born_on=None, address=abroad), now=now())
    waits = queries.next_payout(ben, available={"EUR": 10_000_000}, now=now())
    assert waits.obstacles == ("tax_data_missing",)
    run = locked_run()
    assert (payout_of(ben, run).reason, payout_of(eve, run).state) == ("tax_data_missing", "locked")
    payments.cancel_run(actor=actor("dan"), run_id=run.id)
    payments.give_back_run(run_id=run.id, now=now())
    company(asks_tax_data=False)
    assert payout_of(ben, locked_run()).state == "locked"
