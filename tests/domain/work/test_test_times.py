"""How long entry tests take: what takes long is paid, or shut."""

from datetime import UTC, datetime, timedelta

import pytest

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.domain.academy import actions as taking
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt
from tagwerk.domain.academy.rules import TestPay as Pay
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.domain.academy.test_entry_tests import design_of, entry_test, rows
from tests.domain.work.scene import running, worker
from tests.domain.work.test_paid_tests import paid_test
from tests.people import actor, organisation, person


def take_long(test_id: int, number: int, minutes: int = 12) -> None:
    """So many attempts that took so many minutes."""
    began = datetime(2026, 11, 1, tzinfo=UTC)
    for _ in range(number):
        row = EntryTestAttempt.objects.create(
            test_id=test_id, person=person("hal"), task_ids=[1], finished_at=began + timedelta(minutes=minutes), score=0,
            passed=False,
        )  # fmt: skip
        EntryTestAttempt.objects.filter(id=row.id).update(started_at=began)


@pytest.mark.django_db
def test_what_takes_longer_than_ten_minutes_is_paid():
    with pytest.raises(Invalid) as refusal:
        entry_test(minutes=11)
    assert (refusal.value.code, refusal.value.path) == ("test_unpaid", "pay")
    for wrong, path in (
        ({"minutes": 601}, "minutes"), ({"pay": Pay(0, "EUR", 0, 1)}, "pay"), ({"pay": Pay(1, "EUR", 0, 0)}, "paid_attempts"),
        ({"pay": Pay(1, "EUR", 67, 1)}, "paid_from"), ({"pay": Pay(1_001_000_000, "EUR", 0, 1)}, "pay"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            entry_test(**wrong)
        assert refusal.value.path == path
    entry_test(minutes=10)
    entry_test(minutes=60, pay=Pay(10_320_000_000, "KRW", 0, 1))  # what the minimum wage is there


@pytest.mark.django_db
def test_an_unpaid_test_that_turns_out_to_be_long_is_begun_no_more():
    test = entry_test(minutes=5, retry_after_seconds=0)
    take_long(test, 9)
    work.start_attempt(actor=actor("fay"), test_id=test)
    assert not academy.offered_tests(actor("ben"))[0].has_to_pay and taking.tell_shut_tests() == 0
    take_long(test, 1)
    with pytest.raises(Conflict) as refusal:
        work.start_attempt(actor=actor("ben"), test_id=test)
    assert refusal.value.code == "test_has_to_be_paid"
    assert work.start_attempt(actor=actor("fay"), test_id=test)  # who has begun may end
    own = EntryTest.objects.get(id=test).qualification_id
    assert academy.plan_of_test(actor("ada"), own).measured_minutes == 12
    assert academy.offered_tests(actor("ben"))[0].has_to_pay
    assert not academy.offered_tests(actor("fay"))[0].has_to_pay
    assert taking.tell_shut_tests() == taking.tell_shut_tests() == 1
    told = Notice.objects.get(kind="test_has_to_be_paid")
    assert told.person == person("ada") and "/qualifications/qlf_" in told.link
    taking.close_entry_test(actor=actor("ada"), qualification_id=own)
    assert taking.tell_shut_tests() == 0


@pytest.mark.django_db
def test_a_test_of_hours_is_measured_in_hours():
    test = paid_test(minutes=120)
    take_long(test, 10, minutes=190)
    own = EntryTest.objects.get(id=test).qualification_id
    assert academy.plan_of_test(actor("ada"), own).measured_minutes == 190
    take_long(test, 50, minutes=900)  # open over night
    assert academy.plan_of_test(actor("ada"), own).measured_minutes == 240
    long_ago = datetime(2026, 10, 1, tzinfo=UTC)
    assert academy.tested_ms(person("hal").id, "EUR", since=long_ago) == (10 * 190 + 50 * 240) * 60_000


@pytest.mark.django_db
def test_the_time_of_an_attempt_counts_in_one_currency():
    long_ago, hal = datetime(2026, 10, 1, tzinfo=UTC), person("hal").id
    take_long(paid_test(pay=Pay(3_000_000, "USD", 50, 2)), 1, minutes=12)
    take_long(entry_test(), 1, minutes=20)  # unpaid: of an organisation that pays in euros
    own = taking.create_qualification(actor=actor("dan"), organisation_id=None, slug="basics", title="Basics")
    ours = taking.define_entry_test(
        actor=actor("dan"),
        qualification_id=own,
        design_id=design_of(organisation()),
        rows=rows(),
        draw=3,
        pass_mark=66,
    )
    take_long(ours, 1, minutes=30)
    found = {one: academy.tested_ms(hal, one, since=long_ago) // 60_000 for one in ("EUR", "USD", "GBP")}
    assert found == {"EUR": 50, "USD": 12, "GBP": 0}


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "begins"), [(None, True), (5, False)])
def test_who_is_paused_until_they_pass_a_test_from_before_may_begin_it(minutes, begins):
    test = entry_test(minutes=minutes)
    take_long(test, 10)
    rule = {
        "collector": "gold",
        "answers": 10,
        "share_below": 0.7,
        "action": "pause",
        "until": "test",
        "qualification": "basics",
    }
    project = running(1, quality={"rules": [rule]})
    worker("ben", project)
    with pytest.raises(Conflict):
        work.start_attempt(actor=actor("ben"), test_id=test)
    work.pause_worker(project_id=project.id, worker_id=person("ben").id, reason="rule_gold")
    [offered] = queries.tests_for(actor("ben"))
    assert offered.has_to_pay is not begins
    if begins:
        assert work.start_attempt(actor=actor("ben"), test_id=test)
    else:
        with pytest.raises(Conflict):
            work.start_attempt(actor=actor("ben"), test_id=test)
    assert queries.tests_for(actor("fay"))[0].has_to_pay
