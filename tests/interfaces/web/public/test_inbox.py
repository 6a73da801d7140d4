"""The inbox: one's own notices only."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Notice
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def tell(name="ben", organisation="acme", link="/profile/"):
    params = {"organisation": organisation}
    return notices.tell(person_id=person(name).id, kind="organisation_approved", params=params, link=link)


def test_an_empty_inbox_says_what_comes_here():
    assert "Nothing here yet" in words(visitor("ben").get("/inbox/"))


def test_notices_are_listed_and_counted_in_the_head():
    tell(), tell(organisation="<b>other</b>")
    response = visitor("ben").get("/inbox/")
    text = response.content.decode()
    assert "acme was approved" in words(response)
    assert "<b>other</b>" not in text
    assert '<span class="account-unread">2<' in text


def test_opening_a_notice_reads_it_and_leads_to_what_it_is_about():
    number = tell()
    response = visitor("ben").get(f"/inbox/{public_id('ntc', number)}/")
    assert (response.status_code, response.headers["Location"]) == (303, "/profile/")
    assert queries.unread_count(actor("ben")) == 0


def test_all_up_to_the_newest_seen_are_marked_as_read():
    first, second = tell(), tell()
    response = visitor("ben").post("/inbox/read/", {"newest": public_id("ntc", first)})
    assert response.status_code == 303
    assert [one.id for one in queries.inbox(actor("ben"), unread=True)] == [second]
    assert "acme" in words(visitor("ben").get("/inbox/?show=unread"))
    visitor("ben").post("/inbox/read/", {"newest": public_id("ntc", second)})
    assert "Everything is read" in words(visitor("ben").get("/inbox/?show=unread"))


def test_notices_stand_under_their_day_and_topic():
    tell()
    project = {"project": "Breakfast"}
    notices.tell(person_id=person("ben").id, kind="project_paused", params=project)
    old = notices.tell(person_id=person("ben").id, kind="enrolment_resumed", params=project)
    Notice.objects.filter(id=old).update(told_at="2026-01-02T12:00:00Z")
    page = words(visitor("ben").get("/inbox/?topic=work"))
    assert page.index("2 Jan 2026") < page.index("You can go on with Breakfast") < page.index("Today")
    assert "Breakfast is paused" in page and "acme" not in page
    assert "Nothing about this yet" in words(visitor("ben").get("/inbox/?topic=messages"))
    assert "acme was approved" in words(visitor("ben").get("/inbox/?topic=orders"))


def test_one_is_read_where_it_stands():
    first, second = tell(), tell()
    assert visitor("ben").post(f"/inbox/{public_id('ntc', second)}/read/").status_code == 303
    assert [one.id for one in queries.inbox(actor("ben"), unread=True)] == [first]


def test_another_persons_notice_does_not_exist():
    number = public_id("ntc", tell("ada"))
    assert visitor("ben").get(f"/inbox/{number}/").status_code == 404
    assert queries.unread_count(actor("ada")) == 1
    assert "acme" not in words(visitor("ben").get("/inbox/"))


def test_nobody_signed_in_is_sent_to_sign_in():
    response = visitor().get("/inbox/")
    assert response.headers["Location"] == "/accounts/login/?next=/inbox/"


def test_long_inboxes_have_pages_and_few_queries(django_assert_max_num_queries):
    for number in range(32):
        tell(organisation=f"org{number:02}")
    client = visitor("ben")
    client.get("/inbox/")  # the first page of a session also asks whether the terms are agreed to
    with django_assert_max_num_queries(7):
        first = client.get("/inbox/")
    assert "org31" in words(first) and "org01" not in words(first)
    older = first.context["page"].older
    second = client.get(older)
    assert "org01 was approved" in words(second) and "org02" not in words(second)
    assert second.context["page"].newer == "/inbox/"
    assert client.get("/inbox/?before=nonsense").status_code == 404
