"""The list of projects: own ones only, by organisation, archived apart, page by page, with few queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagwerk.base.ids import public_id
from tagwerk.domain.projects import actions
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import sql
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.orders import project
from tests.people import actor, member, organisation
from tests.workshop import launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def listed(query: str = "", name: str = "ada") -> str:
    return text_of(visitor(name).get(f"/projects/{query}"))


def test_without_projects_it_says_what_to_do() -> None:
    organisation("acme")
    assert "Make the first project" in listed()


def test_state_tasks_and_spending_are_shown() -> None:
    launched([{"text": "x"}])
    page = listed()
    assert "Sentiment" in page and "running" in page
    assert "Spent" in page and "€0.00" in page


def test_unpaid_projects_show_nothing_about_money() -> None:
    project(pay={"per": "none"}, audience={"team": "members"})
    page = listed()
    assert "Sentiment" in page
    assert "Spent" not in page and "€" not in page


def test_who_may_not_see_money_sees_none() -> None:
    made = launched([{"text": "x"}])
    member("vic", made.organisation_id, "viewer")
    page = listed(name="vic")
    assert "Sentiment" in page
    assert "Spent" not in page and "€" not in page


def test_only_who_may_see_money_reads_that_it_is_missing() -> None:
    made = launched([{"text": "x"}])
    member("vic", made.organisation_id, "viewer")
    sql.write("UPDATE opening SET waits_for_money = true WHERE project_id = %s", [made.id])
    assert "needs money" in listed()
    assert "needs money" not in listed(name="vic")


def test_archived_projects_stand_apart() -> None:
    made = project(title="Old one")
    actions.archive_project(actor=actor("ada"), project_id=made.id)
    assert "Old one" not in listed()
    assert "Old one" in listed("?show=archived")


def test_one_of_several_organisations_can_be_chosen() -> None:
    project(title="First")
    project(name="bcme", title="Second")
    assert "First" in listed() and "Second" in listed() and "bcme" in listed()
    only = listed(f"?organisation={public_id('org', organisation('bcme'))}")
    assert "Second" in only and "First" not in only


def test_projects_of_others_are_not_listed_and_cannot_be_asked_for() -> None:
    organisation("acme")
    foreign = project("eve", "other", title="Foreign")
    assert "Foreign" not in listed()
    for query in (
        f"?organisation={public_id('org', foreign.organisation_id)}",
        "?organisation=org_x",
        "?before=7",
    ):
        assert visitor("ada").get(f"/projects/{query}").status_code == 404, query


def test_the_list_goes_on_by_keyset() -> None:
    for number in range(21):
        project(title=f"Number {number}.")
    first = visitor("ada").get("/projects/")
    assert "Number 20." in text_of(first) and "Number 0." not in text_of(first)
    older = first.context["older"]
    assert "prj_" in older
    assert "Number 0." in listed(older) and "Number 20." not in listed(older)


def test_an_organisation_that_waits_for_approval_is_told() -> None:
    organisation("new", approved=False)
    assert "still has to be approved" in listed()


def test_more_projects_ask_the_database_no_more(django_assert_num_queries: Any) -> None:
    launched([{"text": "x"}])
    client = visitor("ada")
    client.get("/projects/")
    with CaptureQueriesContext(connection) as one:
        client.get("/projects/")
    for number in range(3):
        project(title=f"More {number}")
    launched([{"text": "x"}, {"text": "y"}], title="Two tasks")
    with django_assert_num_queries(len(one)):
        page = text_of(client.get("/projects/"))
    assert "More 2" in page and "Two tasks" in page


def test_each_project_has_its_own_figures() -> None:
    few, many = launched([{"text": "x"}]), launched([{"text": "x"}, {"text": "y"}])
    draft = project(pay={"per": "none"}, audience={"team": "members"})
    found = work.progress_of([many.id, draft.id, few.id])
    assert {number: one.tasks for number, one in found.items()} == {few.id: 1, many.id: 2, draft.id: 0}
    assert found[few.id] == work.progress(few.id)
    assert found[many.id].reserved_micros == 2 * found[few.id].reserved_micros > 0
    assert found[draft.id].reserved_micros == 0
    assert work.progress_of([]) == {}
