"""The activity log: who did what, without naming workers."""

import pytest

from tagwerk.base.events import Event, record
from tagwerk.base.ids import public_id
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.events import ProfileChanged
from tagwerk.interfaces.web.pages.requester.event_words import EVENTS
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import project
from tests.people import actor, member, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def url(path=""):
    return f"/organisation/{public_id('org', organisation())}/activity/{path}"


def test_every_fact_has_words():
    from tagwerk.config import reactions

    assert set(reactions.REACTIONS) <= set(Event.__subclasses__())  # all rooms' facts are known now
    assert {
        event.__name__ for event in Event.__subclasses__() if event.__module__.startswith("tagwerk.")
    } == set(EVENTS)


def test_who_did_what(django_assert_max_num_queries):
    org = organisation()
    member("cyn", org, "viewer")
    accounts.change_role(actor=actor("ada"), organisation_id=org, person_id=person("cyn").id, role="reviewer")
    project(title="Mood")
    client = visitor("ada")
    client.get(url())
    with django_assert_max_num_queries(12):
        page = words(client.get(url()))
    assert "Ada changed the role of a member Cyn (Reviewer)" in page
    assert "Cyn joined the organisation" in page
    assert "Ada created a project Mood" in page
    assert "somebody who is no member approved the organisation" not in page  # it was the console
    assert "the platform or a key approved the organisation" in page


def test_workers_are_not_named():
    org = organisation()
    number = academy.create_qualification(actor=actor("ada"), organisation_id=org, slug="q", title="Q")
    academy.grant_qualification(actor=actor("ada"), qualification_id=number, person_id=person("ben").id)
    page = visitor("ada").get(url())
    assert "granted a qualification" in words(page) and "Ben" not in page.content.decode()


def test_another_organisations_facts_are_not_there_and_the_log_has_pages():
    org = organisation()
    member("eve", organisation("other", "eve"), "owner")
    for _ in range(55):
        record(ProfileChanged(actor_id=person("ada").id, organisation_id=org, person_id=person("ada").id))
    client = visitor("ada")
    first = client.get(url())
    assert len(first.context["lines"]) == 50 and "Eve" not in words(first).replace("Everybody", "")
    second = client.get(first.context["page"].older)
    assert 5 <= len(second.context["lines"]) < 50


def test_the_log_by_person_and_by_project():
    org = organisation()
    member("max", org, "manager")
    made = project(title="Mood")
    accounts.change_role(actor=actor("ada"), organisation_id=org, person_id=person("max").id, role="viewer")
    client = visitor("ada")
    members = {one.name: public_id("mbr", one.id) for one in queries.members_page(actor("ada"), org)}
    assert "changed the role" in words(client.get(url(f"?by={members['Ada']}")))
    assert "has done nothing here" in words(client.get(url(f"?by={members['Max']}&project={made.public_id}")))
    only = words(client.get(url(f"?project={made.public_id}")))
    assert "created a project" in only and "changed the role" not in only
    assert "changed the role" in words(client.get(url("?by=mbr_nobody&project=prj_none")))
