"""What others see of a person, and all that is kept about them."""

import json

import pytest

from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
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
    response = visitor("ben").get("/settings/data/")
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
    empty = json.loads(b"".join(visitor("cyn").get("/settings/data/").streaming_content))
    assert empty["answers"] == []
