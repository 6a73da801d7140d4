"""What works now: the page, and the same for monitors."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tagwerk.base import health
from tagwerk.domain.notices import actions as notices
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def told():
    return visitor().get("/status/", headers=JSON).json()


def beat(seconds_ago: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def due(minutes_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, scheduled_at)"
            " values ('default', 'x', now() - make_interval(mins => %s))",
            [minutes_ago],
        )


def test_all_is_well_while_jobs_are_done_and_nothing_waits():
    beat()
    due(-5)  # of the schedule: its time is still to come
    assert told()["state"] == "ok"
    assert told()["parts"]["jobs"] == {"state": "ok", "waiting_seconds": 0}
    response = visitor().get("/status/")
    assert "Everything works." in words(response) and "no-store" in response["Cache-Control"]


def test_without_a_job_process_background_work_stands_still():
    assert told()["parts"]["jobs"]["state"] == "down"
    beat(600)
    assert told()["parts"]["jobs"]["state"] == "down"
    assert "Background work" in words(visitor().get("/status/")) and "stands still" in words(
        visitor().get("/status/")
    )


def test_a_job_that_waits_long_is_said():
    beat()
    due(30)
    assert told()["state"] == "slow"
    assert told()["parts"]["jobs"]["waiting_seconds"] >= 1800
    assert "The oldest job has been due for 30 min" in words(visitor().get("/status/"))


def test_mail_that_cannot_leave_is_said_and_not_to_whom(settings):
    beat()
    notices.tell(person_id=person("ben").id, kind="organisation_approved", params={"organisation": "acme"})
    settings.EMAIL_BACKEND = "tests.domain.notices.test_mail.Broken"
    notices.send_due_mail(now=timezone.now() + timedelta(minutes=1))
    assert told()["parts"]["mail"]["state"] == "slow"
    page = words(visitor().get("/status/"))
    assert "could not be sent at once" in page and "ben" not in page


def test_a_database_that_is_gone_is_said_without_it(monkeypatch):
    def gone(question):
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "one", gone)
    response = visitor().get("/status/")
    assert response.status_code == 503 and b"The database does not answer" in response.content
    assert visitor().get("/status/", headers=JSON).json()["state"] == "down"
    assert b"refused" not in response.content


def test_the_page_costs_little(django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        visitor().get("/status/")
