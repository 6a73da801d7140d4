"""What others see of a person, and all that is kept about them."""

import json

import pytest
from allauth.mfa.models import Authenticator

from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.domain.work import hourly
from tests.interfaces.web.visiting import plain_files, proved, visitor, words
from tests.people import email_of, member, person
from tests.workshop import do_work, launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(settings) -> int:
    """A project in which Ben's two answers are approved."""
    settings.UNDO_SECONDS = 0
    made = launched([{"text": "a"}, {"text": "b"}])
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    work.feed_answers(project_id=made.id)
    ids = [one.assignment_id for one in queries.my_work(person("ben").id)]
    work.approve(project_id=made.id, assignment_ids=ids, actor_id=person("ada").id)
    return made.id


def test_the_name_that_a_requester_knows_and_an_answer_as_exported(worked: int) -> None:
    pseudonym = queries.enrolment(person("ben").id, worked).pseudonym
    page = words(visitor("ben").get("/settings/privacy/"))
    assert pseudonym in page
    assert '"sentiment": "positive"' in page
    assert "counted" not in page  # it would tell which tasks are gold
    assert pseudonym not in words(visitor("cyn").get("/settings/privacy/"))


def test_members_are_known_by_name(worked: int) -> None:
    from tests.people import organisation

    member("ben", organisation("acme"))
    page = words(visitor("ben").get("/settings/privacy/"))
    assert "Ben (your own name: you are a member)" in page
    assert "Members of your organisations see your name and address: acme." in page


def test_nothing_yet() -> None:
    page = words(visitor("ben").get("/settings/privacy/"))
    assert "nobody knows anything" in page
    assert "Once an answer of yours is approved" in page


def test_all_that_is_kept_in_one_file(worked: int) -> None:
    response = proved(visitor("ben"), "password").get("/settings/data/")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="tagwerk-')
    found = json.loads(b"".join(response.streaming_content))
    assert found["person"]["email"] == email_of("ben")
    assert found["person"]["languages"] == {"de": "native", "en": "C1"}
    assert found["person"]["consents"][0]["document"] == "terms"
    assert [one["answers"] for one in found["answers"]] == [{"sentiment": "positive"}] * 2
    assert {one["state"] for one in found["answers"]} == {"approved"}
    assert [one["amount_micros"] for one in found["movements"]] == [100_000] * 2
    assert found["known_as"][0]["answers"] == 2
    assert "gold" not in json.dumps(found)
    assert found["times"] == []
    empty = json.loads(b"".join(proved(visitor("cyn"), "password").get("/settings/data/").streaming_content))
    assert empty["answers"] == []


def test_the_time_of_tasks_by_the_hour_is_in_the_file(settings) -> None:
    settings.UNDO_SECONDS = 0
    project, ben = hourly.running(2), person("ben").id
    number = hourly.worked(ben, project, 600)
    hourly.correct(ben, project, number, 2_700, reason="I had to look it up.")
    hourly.timed(ben, project, 60)  # still in hand
    found = json.loads(b"".join(proved(visitor("ben"), "password").get("/settings/data/").streaming_content))
    held, done = found["times"]
    assert (held["title"], held["runs"][0]["ended_by"], held["requests"]) == ("Sentiment", "paused", [])
    assert (done["measured_seconds"], done["stated_seconds"], done["paid_seconds"]) == (600, 1_800, 1_800)
    assert done["runs"][0]["started_at"] and done["reason"] == "I had to look it up."
    (asked,) = done["requests"]
    assert (asked["seconds"], asked["state"], asked["reason"]) == (2_700, "asked", "I had to look it up.")
    assert "decided_by" not in json.dumps(found)
    other = json.loads(b"".join(proved(visitor("cyn"), "password").get("/settings/data/").streaming_content))
    assert other["times"] == []


def test_who_sits_at_an_open_browser_shows_first_that_it_is_them() -> None:
    ben = visitor("ben")
    reply = ben.get("/settings/data/")
    assert (
        reply.status_code == 303
        and "/reauthenticate/?next=%2Fsettings%2Fdata%2F" in reply.headers["Location"]
    )
    assert proved(ben, "password").get("/settings/data/").status_code == 200
    Authenticator.objects.create(user=person("ben"), type=Authenticator.Type.TOTP, data={})
    assert "mfa/reauthenticate" in ben.get("/settings/data/").headers["Location"].replace("2fa", "mfa")
    assert proved(ben, "mfa").get("/settings/data/").status_code == 200
