"""Teams of an organisation, through the pages; projects for one of them."""

import re

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import project
from tests.people import actor, member, organisation
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def url(path=""):
    return f"/organisation/{public_id('org', organisation())}/teams/{path}"


def membership(name):
    members = queries.members_page(actor("ada"), organisation())
    return public_id("mbr", next(one.id for one in members if one.name == name.title()))


def save(client, *inside, shown=("ada", "mia", "rob")):
    ids = {name: membership(name) for name in shown}
    sent = {"what": "members", "shown": list(ids.values()), "inside": [ids[one] for one in inside]}
    return client.post(url("night-shift/"), sent, follow=True)


@pytest.fixture
def ada():
    for name in ("mia", "rob"):
        member(name, organisation())
    client = visitor("ada")
    assert "No own teams yet" in words(client.get(url()))
    made = client.post(url(), {"name": "Night shift", "slug": ""}, follow=True)
    assert made.redirect_chain[-1][0] == url("night-shift/")
    return client


def inside():
    names = queries.names_of(queries.team_members(actor("ada"), organisation(), "night-shift"))
    return set(names.values())


def test_an_owner_makes_a_team_and_chooses_who_is_in_it(ada, django_assert_max_num_queries):
    assert "It counts from the next task on" in words(save(ada, "mia", "rob"))
    assert inside() == {"Mia", "Rob"}
    save(ada, shown=("rob",))
    assert inside() == {"Mia"}, "who is not on the page stays"
    assert "Nothing was changed" in words(save(ada, "mia"))
    assert "Night shift team: night-shift 1" in words(ada.get(url()))
    with django_assert_max_num_queries(20):
        page = ada.get(url("night-shift/")).content.decode()
    assert re.search(rf'value="{membership("mia")}" checked', page)
    assert "Mia" in words(visitor("rob").get(url("night-shift/")))


def test_a_name_that_is_taken_or_built_in_is_refused_at_its_field(ada):
    for slug, said in (
        ("night-shift", "There is a team"),
        ("owners", "follows from the roles"),
        ("Ä", "small letters"),
    ):
        page = ada.post(url(), {"name": "Other", "slug": slug})
        assert page.status_code == 422 and said in words(page)


def test_who_is_put_in_works_at_the_next_claim_and_who_is_taken_out_does_not(ada):
    save(ada, "mia")
    made = launched([{"text": f"Text {n}"} for n in range(3)], audience={"team": "night-shift"})
    mia, rob = actor("mia").person_id, actor("rob").person_id
    work.enrol(person_id=mia, project_id=made.id)
    assert isinstance(work.claim(person_id=mia, project_id=made.id, channel=1), work_queries.Held)
    save(ada, "rob")
    assert work_queries.enrolment(mia, made.id).reasons == ("team:night-shift",)
    work.enrol(person_id=rob, project_id=made.id)
    assert isinstance(work.claim(person_id=rob, project_id=made.id, channel=1), work_queries.Held)


def test_a_deleted_team_comes_back_with_its_members(ada):
    save(ada, "mia")
    ada.post(url("night-shift/"), {"what": "rename", "name": "Nights"})
    page = ada.post(url("night-shift/"), {"what": "delete"}, follow=True).content.decode()
    assert "is deleted" in page and queries.team_names(organisation()) == {}
    [token] = re.findall(r'name="restore" value="([^"]+)"', page)
    assert visitor("rob").post(url(), {"restore": token}).status_code == 403
    ada.post(url(), {"restore": token})
    assert queries.team_names(organisation()) == {"night-shift": "Nights"} and inside() == {"Mia"}
    assert ada.post(url(), {"restore": token[:-1]}).status_code == 404


def test_a_team_that_a_project_is_for_is_not_deleted(ada):
    project(title="Night texts", audience={"team": "night-shift"})
    page = ada.post(url("night-shift/"), {"what": "delete"})
    assert page.status_code == 422 and "Night texts" in words(page)
    assert "night-shift" in queries.team_names(organisation())


def test_the_people_step_offers_own_teams(ada):
    draft = project()
    step = f"/projects/{draft.public_id}/setup/people/"
    assert '<option value="night-shift">Night shift</option>' in ada.get(step).content.decode()
    ada.post(step, {"do": "go", "who": "team", "team": "night-shift", "sensitivity": "0"})
    page = words(ada.get(step))
    assert "Only people of the team “Night shift” of your organisation" in page
