"""Health in words: good, look at it, act now; and growth by day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.base import backups
from tagwerk.base.events import record
from tagwerk.base.health import DatabaseState, database_state
from tagwerk.base.jobs import JobsState, jobs_state
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts.events import PersonSignedUp
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.notices.queries import MailState, mail_state
from tagwerk.domain.payments.queries.waiting import PayoutsState
from tagwerk.domain.work.events import AnswersApproved
from tagwerk.interfaces.web.pages.operator import growth, health
from tests.people import actor, person

NOW = timezone.now()
SOON, LONG_AGO = NOW - timedelta(seconds=5), NOW - timedelta(days=40)


@pytest.mark.parametrize(
    ("state", "tone", "says"),
    [
        (DatabaseState(180_001, 10**9, 14, 100, 3), "ok", "PostgreSQL 18.1"),
        (DatabaseState(180_001, 10**9, 80, 100, 3), "wait", "80 of 100"),
        (DatabaseState(180_001, 10**9, 95, 100, 3), "bad", "95 of 100"),
        (DatabaseState(180_001, 10**9, 14, 100, 700), "wait", "11 min"),
        (DatabaseState(180_001, 10**9, 14, 100, 4000), "bad", "1 h"),
    ],
)
def test_the_database(state, tone, says):
    found = health._database(state)
    assert found.tone == tone and says in found.words and bool(found.advice) == (tone != "ok")


@pytest.mark.parametrize(
    ("state", "tone", "says"),
    [
        (JobsState(3, 1, 0, 0, SOON), "ok", "3 wait or run"),
        (JobsState(3, 1, 2, 0, SOON), "wait", "2 failed"),
        (JobsState(900, 200, 0, 0, SOON), "wait", "faster than it is done"),
        (JobsState(900, 0, 0, 1000, SOON), "bad", "faster than it is done"),
        (JobsState(3, 1, 0, 0, LONG_AGO), "bad", "No job process is at work"),
        (
            JobsState(3, 1, 4, 0, None),
            "bad",
            "at work, so nothing is judged, paid or mailed: start “tagwerk serve” or “tagwerk jobs”. 4 failed",
        ),
    ],
)
def test_jobs(state, tone, says):
    found = health._jobs(state, NOW)
    assert found.tone == tone and says in f"{found.words} {found.advice}"


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (MailState(1, SOON, 0, SOON, ""), "ok"),
        (MailState(1, SOON, 2, SOON, "550 no"), "wait"),
        (MailState(9, LONG_AGO, 0, None, "refused"), "bad"),
    ],
)
def test_mail(settings, state, tone):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    found = health._mail(state, NOW)
    assert found.tone == tone and (state.error in found.advice or tone == "ok")


@pytest.mark.parametrize(
    ("state", "tone", "says"),
    [
        (PayoutsState(0, 0, 0, None, 0, 0), "ok", "0 runs wait to be released, 0 payouts on their way"),
        (PayoutsState(1, 0, 3, SOON, 0, 0), "ok", "1 run wait"),
        (PayoutsState(1, 1, 3, SOON, 0, 0), "bad", "A run has waited for a day"),
        (PayoutsState(0, 0, 3, LONG_AGO, 2, 0), "bad", "2 have not arrived for five days"),
        (PayoutsState(0, 0, 0, None, 0, 1), "bad", "PayPal has not taken a batch"),
    ],
)
def test_payouts(state, tone, says):
    found = health._payouts(state, NOW)
    assert (
        found.tone == tone and says in f"{found.words} {found.advice}" and bool(found.href) == (tone == "bad")
    )


def test_mail_without_a_server_is_worse_in_production(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    for settings.PRODUCTION, tone in ((False, "wait"), (True, "bad")):
        assert health._mail(MailState(0, None, 0, None, ""), NOW).tone == tone


def test_backups_and_drills_are_noted(settings, tmp_path):
    settings.DATA = tmp_path
    assert (health._backup(NOW).tone, health._drill(NOW).tone) == ("wait", "wait")
    archive = tmp_path / "b.tar"
    archive.write_bytes(b"x" * 2048)
    backups.note(tmp_path, backups.BACKUP, file=archive)
    backups.note(tmp_path, backups.DRILL, file=archive, error="the book is wrong")
    now = timezone.now()
    assert health._backup(now).tone == "ok" and "2.0\xa0KB" in health._backup(now).words
    assert health._drill(now).tone == "bad" and "the book is wrong" in health._drill(now).words
    assert health._backup(now + timedelta(days=3)).tone == "wait"
    assert health._backup(now + timedelta(days=8)).tone == "bad"
    assert (tmp_path / backups.NOTES).stat().st_mode & 0o77 == 0
    (tmp_path / backups.NOTES).write_text("{broken")
    assert backups.noted(tmp_path, backups.BACKUP) is None


@pytest.mark.django_db
def test_what_the_database_says_of_itself():
    found = database_state()
    assert found.version >= 150_000 and found.size_bytes > 0 and found.connections >= 1
    assert jobs_state().parked == 0
    record(PersonSignedUp(person_id=1))
    StoredEvent.objects.update(happened_at=timezone.now() - timedelta(minutes=5))
    assert jobs_state().unhandled_seconds >= 300
    notice = Notice.objects.create(person_id=person("ben").id, kind="x", params={})
    Letter.objects.create(notice=notice, key="a", error="refused", next_at=NOW - timedelta(hours=1))
    state = mail_state(actor("dan"))
    assert (state.waiting, state.error, state.failed) == (1, "refused", 0)
    assert state.overdue_since == NOW - timedelta(hours=1)


@pytest.mark.django_db
def test_growth_counts_people_answers_and_money_by_day(django_assert_max_num_queries):
    for days, answers, micros in ((1, 3, 300_000), (1, 2, 200_000), (100, 9, 900_000)):
        event = record(AnswersApproved(answers=answers, code="x", reward_micros=micros, currency="EUR"))
        StoredEvent.objects.filter(id=event.id).update(happened_at=timezone.now() - timedelta(days=days))
    person("ben")
    people, answers, money = growth.growth()
    assert (people.rows[-1][1].data, answers.rows[-2][1].data, money.rows[-2][1].data) == ("1", "5", "0.5")
    assert len(answers.rows) == 90 and sum(float(row[1].data) for row in answers.rows) == 5
    with django_assert_max_num_queries(1):
        growth.growth()
