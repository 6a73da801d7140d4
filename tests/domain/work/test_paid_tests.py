"""Entry tests that take long are paid: held when an attempt begins, paid or given back when it ends."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.domain.academy import actions as taking
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt, Holding
from tagwerk.domain.academy.rules import TestPay as Pay
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import available, credit, fee_income, prepaid
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Invoice
from tagwerk.domain.payments.queries.organisations import organisation_money
from tagwerk.domain.projects.queries import titles_of
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TestPay
from tests.domain.academy.test_entry_tests import design_of, entry_test, rows
from tests.domain.payments.books import NEXT_MONTH, buyer, company, deposit
from tests.people import actor, member, organisation, person

PAY = Pay(3_000_000, "EUR", 50, 2)


def paid_test(**changes) -> int:
    return entry_test(**({"minutes": 15, "pay": PAY, "retry_after_seconds": 0} | changes))


def finish(test_id: int, *moods: str, name: str = "ben") -> int:
    attempt_id = work.start_attempt(actor=actor(name), test_id=test_id)
    answer(attempt_id, *moods, name=name)
    work.finish_attempt(actor=actor(name), attempt_id=attempt_id)
    return attempt_id


def answer(attempt_id: int, *moods: str, name: str = "ben", took: timedelta = timedelta(minutes=15)) -> None:
    for task, mood in zip(academy.attempt_for(actor(name), attempt_id).tasks, moods, strict=True):
        taking.answer_attempt(
            actor=actor(name), attempt_id=attempt_id, task_id=task.id, answers={"mood": mood}
        )
    EntryTestAttempt.objects.filter(id=attempt_id).update(started_at=timezone.now() - took)


def money(name: str = "ben") -> tuple[int, int, int]:
    """(the worker's balance, what the organisation can still use, fees), in thousandths."""
    own = prepaid(organisation(), "EUR")
    found = [
        ledger.balance(available(person(name).id, "EUR").code).posted, ledger.balance(own.code).available,
        ledger.balance(fee_income("EUR").code).posted,
    ]  # fmt: skip
    return tuple(one // 1000 for one in found)


@pytest.mark.django_db
def test_a_passed_and_a_failed_attempt_are_paid_and_clicking_through_is_not():
    deposit(20, "d")
    test = paid_test(pay=Pay(3_000_000, "EUR", 50, 3))
    attempt = work.start_attempt(actor=actor("ben"), test_id=test)
    assert money() == (0, 16_400, 0)  # held, and not there yet
    assert work.start_attempt(actor=actor("ben"), test_id=test) == attempt and money() == (0, 16_400, 0)
    answer(attempt, "good", "good", "good")
    work.finish_attempt(actor=actor("ben"), attempt_id=attempt)
    work.finish_attempt(actor=actor("ben"), attempt_id=attempt)
    assert money() == (3_000, 16_400, 600)
    finish(test, "good", "good", "bad", name="fay")
    assert money("fay") == (3_000, 12_800, 1_200)
    through = finish(test, "bad", "bad", "good", name="gil")
    assert money("gil") == (0, 12_800, 1_200)
    assert queries.paid_for_test(person("gil").id, through) is None
    assert queries.paid_for_test(person("fay").id, attempt) is None  # it is ben's
    assert queries.paid_for_test(person("ben").id, attempt) == queries.PaidTest(3_000_000, "EUR")
    assert ledger.drift() == []


@pytest.mark.django_db
def test_another_attempt_is_paid_only_after_one_that_was_passed():
    deposit(20, "d")
    test = paid_test()
    finish(test, "good", "bad", "bad")
    assert academy.offered_tests(actor("ben"))[0].pay is None
    finish(test, "good", "good", "good")
    assert money()[0] == 0 and TestPay.objects.count() == 1
    deposit(1, "e")
    Holding.objects.update(
        granted_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1), ended_at=timezone.now()
    )  # fmt: skip
    assert academy.offered_tests(actor("ben"))[0].pay == PAY
    finish(test, "good", "good", "good")
    assert money()[0] == 3_000


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "paid"), [(179, 0), (181, 3_000)])
def test_who_ends_in_less_than_a_fifth_of_the_minutes_has_clicked_through(seconds, paid):
    deposit(20, "d")
    test = paid_test()
    assert academy.offered_tests(actor("ben"))[0].shortest_seconds == 180
    attempt = work.start_attempt(actor=actor("ben"), test_id=test)
    answer(attempt, "good", "good", "good", took=timedelta(seconds=seconds))
    work.finish_attempt(actor=actor("ben"), attempt_id=attempt)
    assert money()[0] == paid and TestPay.objects.get().ended_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "paid_from"),
    [
        ({}, 66),  # a coin gets three of three right once in eight times
        ({"draw": 20, "rows": rows(20)}, 65),
        ({"draw": 20, "rows": rows(20, strength=3)}, 33),  # of ten answers one is right
        ({"draw": 20, "pass_mark": 30, "rows": rows(20)}, 30),
    ],
)
def test_without_a_number_an_attempt_is_paid_from_where_few_come_by_guessing(changes, paid_from):
    test = paid_test(pay=Pay(3_000_000, "EUR", None, 2), **changes)
    assert EntryTest.objects.get(id=test).paid_from == paid_from


@pytest.mark.django_db
def test_what_is_revoked_during_a_test_takes_no_pay_away():
    deposit(20, "d")
    test = paid_test()
    attempt = work.start_attempt(actor=actor("ben"), test_id=test)
    own = EntryTest.objects.get(id=test).qualification_id
    taking.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    taking.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    assert work.start_attempt(actor=actor("ben"), test_id=test) == attempt
    answer(attempt, "good", "good", "good")
    assert work.finish_attempt(actor=actor("ben"), attempt_id=attempt).revoked
    assert money()[0] == 3_000 and academy.scores_of(person("ben").id, organisation()) == {}


@pytest.mark.django_db
def test_who_belongs_to_the_owner_of_a_test_is_not_paid():
    deposit(20, "d")
    test = paid_test()
    finish(test, "good", "good", "bad", name="ada")
    member("fay", organisation())
    [offered] = academy.offered_tests(actor("fay"))
    assert offered.pay is None and offered.unpaid_to_own
    attempt = work.start_attempt(actor=actor("fay"), test_id=test)
    assert TestPay.objects.count() == 0
    answer(attempt, "good", "good", "good", name="fay")
    work.finish_attempt(actor=actor("fay"), attempt_id=attempt)
    assert money("fay")[0] == money("ada")[0] == 0
    [offered] = academy.offered_tests(actor("ben"))
    assert offered.pay == PAY and not offered.unpaid_to_own
    own = taking.create_qualification(actor=actor("dan"), organisation_id=None, slug="basics", title="Basics")
    test = taking.define_entry_test(
        actor=actor("dan"), qualification_id=own, design_id=design_of(organisation()), rows=rows(), draw=3,
        pass_mark=66, minutes=20, pay=Pay(4_000_000, "EUR", 0, 5),
    )  # fmt: skip
    finish(test, "good", "good", "good", name="dan")
    assert TestPay.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["replaced", "closed", "retired", "suspended"])
def test_an_attempt_at_a_test_that_is_offered_no_more_is_ended_and_paid(end):
    deposit(20, "d")
    old = paid_test()
    attempt = work.start_attempt(actor=actor("ben"), test_id=old)
    own = EntryTest.objects.get(id=old).qualification_id
    new = None
    if end == "replaced":
        new = paid_test(pay=Pay(3_000_000, "EUR", 50, 9))
    elif end == "closed":
        taking.close_entry_test(actor=actor("ada"), qualification_id=own)
    elif end == "suspended":
        accounts.suspend_organisation(actor=actor("dan"), organisation_id=organisation(), reason="abuse")
    else:
        taking.retire_qualification(actor=actor("ada"), qualification_id=own)
    offered = {one.id: one for one in academy.offered_tests(actor("ben"))}
    assert offered.keys() == ({old, new} if new else {old}) and offered[old].attempt_id == attempt
    if new:
        assert offered[new].pay is None  # it is not ben's first attempt
        work.start_attempt(actor=actor("ben"), test_id=new)
        assert TestPay.objects.count() == 1
    assert work.start_attempt(actor=actor("ben"), test_id=old) == attempt
    answer(attempt, "good", "good", "good")
    work.finish_attempt(actor=actor("ben"), attempt_id=attempt)
    assert money()[0] == 3_000
    with pytest.raises(NotFound):
        work.start_attempt(actor=actor("fay"), test_id=old)
    EntryTestAttempt.objects.update(finished_at=None, score=None, passed=None)
    assert old in {one.id for one in academy.offered_tests(actor("ben"))}
    EntryTestAttempt.objects.update(started_at=timezone.now() - timedelta(days=8))
    assert old not in {one.id for one in academy.offered_tests(actor("ben"))}


@pytest.mark.django_db
def test_no_more_attempts_than_the_test_pays_are_begun():
    deposit(20, "d")
    test = paid_test()
    finish(test, "bad", "bad", "bad", name="gil")  # not paid: it takes nobody's place
    work.start_attempt(actor=actor("ben"), test_id=test)
    work.start_attempt(actor=actor("fay"), test_id=test)
    with pytest.raises(Conflict) as refusal:
        work.start_attempt(actor=actor("hal"), test_id=test)
    assert refusal.value.code == "test_pay_used_up"
    assert not EntryTestAttempt.objects.filter(person=person("hal")).exists()


@pytest.mark.django_db
def test_without_money_nobody_begins_and_what_is_lent_is_paid_back():
    test = paid_test()
    with pytest.raises(Conflict) as refusal:
        work.start_attempt(actor=actor("ben"), test_id=test)
    assert refusal.value.code == "test_money_missing" and not EntryTestAttempt.objects.exists()
    payments.grant_credit(actor=actor("dan"), organisation_id=organisation(), limit_micros=5_000_000)
    attempt = work.start_attempt(actor=actor("ben"), test_id=test)
    lent = credit(organisation(), "EUR").code
    assert ledger.balance(lent).posted == 3_600_000
    assert work.free_held_test_pay(now=timezone.now() + timedelta(hours=23)) == 0
    assert work.free_held_test_pay(now=timezone.now() + timedelta(hours=25)) == 1
    assert work.free_held_test_pay(now=timezone.now() + timedelta(hours=25)) == 0
    assert ledger.balance(lent).posted == 0
    answer(attempt, "good", "good", "good")
    assert work.finish_attempt(actor=actor("ben"), attempt_id=attempt).passed
    assert money()[0] == 0
    assert ledger.drift() == []


@pytest.mark.django_db
def test_held_pay_is_given_back_one_by_one():
    deposit(20, "d")
    test = paid_test()
    for name in ("ben", "fay"):
        work.start_attempt(actor=actor(name), test_id=test)
    TestPay.objects.filter(worker=person("ben")).update(currency="USD")  # nothing is held in it
    with pytest.raises(ExceptionGroup):
        work.free_held_test_pay(now=timezone.now() + timedelta(hours=25))
    assert [one.worker.display_name for one in TestPay.objects.exclude(ended_at=None)] == ["Fay"]
    assert money()[1] == 16_400


@pytest.mark.django_db
def test_the_operator_pays_for_the_tests_of_the_instance():
    own = taking.create_qualification(actor=actor("dan"), organisation_id=None, slug="basics", title="Basics")
    test = taking.define_entry_test(
        actor=actor("dan"), qualification_id=own, design_id=design_of(organisation()), rows=rows(), draw=3,
        pass_mark=66, minutes=20, pay=Pay(4_000_000, "EUR", 0, 5),
    )  # fmt: skip
    finish(test, "bad", "bad", "bad")
    assert money() == (4_000, 0, 0)
    assert ledger.balance("expense:training:EUR").posted == 4_000_000


@pytest.mark.django_db
def test_what_tests_cost_is_on_the_invoice_and_in_the_organisations_money():
    company()
    number = buyer()
    deposit(119, "d")
    finish(paid_test(), "good", "good", "good")
    [mine] = organisation_money(actor("ada"), number)
    assert (mine.spent_micros, mine.prepaid_micros, mine.lent_micros) == (3_600_000, 96_400_000, 0)
    payments.issue_due_invoices(now=NEXT_MONTH, titles=titles_of)
    paper = Invoice.objects.get(kind="monthly")
    lines = [
        (line["kind"], line["project_id"], line["quantity"], line["micros"]) for line in paper.facts["lines"]
    ]
    assert lines == [("pay", -1, 0, 3_000_000), ("fee", -1, 0, 600_000)]
    assert paper.due_net_micros == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "change"),
    [("test_pay_positive", {"reward_micros": 0}), ("test_pay_paid_has_end", {"paid": True})],
)
def test_held_pay_is_well_formed(name, change):
    deposit(20, "d")
    work.start_attempt(actor=actor("ben"), test_id=paid_test())
    with pytest.raises(IntegrityError, match=name):
        TestPay.objects.update(**change)


@pytest.mark.django_db
def test_attempts_are_of_their_person_alone():
    deposit(20, "d")
    attempt = work.start_attempt(actor=actor("ben"), test_id=paid_test())
    with pytest.raises(NotFound):
        work.finish_attempt(actor=actor("fay"), attempt_id=attempt)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_begin_at_once_as_many_are_held_for_as_are_paid():
    deposit(100, "d")
    test = paid_test()
    people = [actor(f"worker{number}") for number in range(6)]
    together, refused = Barrier(6), []

    def begin(who):
        try:
            together.wait()
            work.start_attempt(actor=who, test_id=test)
        except Conflict as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=begin, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["test_pay_used_up"] * 4
    assert TestPay.objects.count() == EntryTestAttempt.objects.count() == 2
    assert money("worker0")[1] == 100_000 - 7_200
