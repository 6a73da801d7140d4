"""The search finds what somebody may see, and nothing else."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.work import queries as work
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
ROWS = [{"_id": f"review-{n}", "text": f"Text {n}"} for n in range(3)]


def found(who: str | None, text: str) -> str:
    """What the page says of it."""
    return words(visitor(who).get("/search/", {"q": text}))


def test_members_find_projects_by_a_part_of_the_title_and_others_do_not():
    made = launched(ROWS, title="Mood of reviews")
    member("vic", made.organisation_id, "viewer")
    assert "Mood of reviews" in found("ada", "  mood   of REV ")
    assert "Mood of reviews" in found("vic", made.public_id)
    assert "Mood of reviews" in found("dan", made.public_id)
    for stranger in ("cyn", "eve"):
        for text in ("Mood", made.public_id):
            assert "Nothing was found" in found(stranger, text)
    assert "Nothing was found" in found("ada", "50% of_")


def test_members_find_a_task_by_its_own_id_and_by_its_public_one():
    made = launched(ROWS, title="Mood of reviews")
    [task] = work.tasks_found(actor("ada"), "review-1")
    for text in ("review-1", public_id("tsk", task.id)):
        assert "review-1 Mood of reviews" in found("ada", text)
        assert "Nothing was found" in found("cyn", text)
    assert work.tasks_found(actor("ada"), "review") == []
    assert work.tasks_found(actor("dan"), "review-1") == []
    organisation("other", "eve")
    assert work.tasks_found(actor("eve"), "review-1") == []
    assert made.public_id in visitor("ada").get("/search/?q=review-1").content.decode()


def test_who_works_on_a_project_of_their_organisation_finds_none_of_its_tasks():
    made = launched(ROWS)
    vic = member("vic", made.organisation_id, "viewer")
    assert len(work.tasks_found(vic, "review-0")) == 1
    do_work(made.id, "vic", lambda data: {"sentiment": "positive"}, most=1)
    assert work.tasks_found(vic, "review-0") == []


def test_members_find_one_another_and_operators_find_everybody():
    org = organisation()
    member("cyn", org, "reviewer")
    person("ben")
    assert "cyn@example.org" in found("ada", "cyn")
    assert "ben@example.org" not in found("ada", "ben@")
    assert "Nothing was found" in found("ben", "ada@")
    assert "ben@example.org" in found("dan", "ben@")
    assert "acme" in found("dan", "acm")
    assert "acme" not in found("eve", "acm")
    at = public_id("org", org)
    for who, way in (("dan", f"/operator/organisations/{at}/"), ("cyn", f"/organisation/{at}/")):
        palette = visitor(who).get("/search/", {"q": "acm"}, headers={"X-Palette": "1"})
        assert f'href="{way}"' in palette.content.decode()


def test_pages_are_found_by_their_name_and_only_those_one_has():
    assert "Earnings Work" in found("ben", "earn")
    assert "Deposits" in found("dan", "depos")
    assert "Deposits" not in found("ben", "depos")
    assert "Earnings" in found("ben", "")


def test_each_kind_is_asked_for_once_and_the_palette_gets_only_the_list(django_assert_max_num_queries):
    launched(ROWS)
    client = visitor("ada")
    client.get("/search/")
    with django_assert_max_num_queries(9):  # who asks, then one for each kind
        reply = client.get("/search/", {"q": "re"}, headers={"X-Palette": "1"})
    page = reply.content.decode()
    assert page.startswith("<div data-words")
    assert "<html" not in page


def test_who_is_not_signed_in_is_sent_to_do_so():
    assert visitor().get("/search/?q=x").headers["Location"].startswith("/accounts/login/")
