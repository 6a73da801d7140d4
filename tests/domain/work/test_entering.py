"""Which projects exist for a worker: the one gate behind pages and API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagwerk.base.errors import NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.config.reactions import REACTIONS
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.events import TeamMembersChanged
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import Enrolment
from tests import orders
from tests.domain.work import scene
from tests.people import actor, member, organisation, person

pytestmark = pytest.mark.django_db


def sees(person_id: int, project) -> bool:
    """Whether the project exists for them; the list says the same as the gate."""
    listed = project.id in [one.project.id for one in queries.available_projects(person_id)]
    try:
        queries.project_for_worker(person_id, project.id)
    except NotFound:
        assert not listed
        return False
    return True


def revise(project, **changes):
    file = orders.project_file(**changes)
    return projects.revise_project(
        actor=actor("ada"), project_id=project.id, file=file, has_answers=queries.has_answers(project.id)
    )


@pytest.mark.parametrize("audience", [{"team": "reviewers"}, {"invited": ["mia@example.org"]}])
def test_a_private_project_exists_for_those_it_names(audience):
    project = scene.running(1, audience=audience)
    member("mia", project.organisation_id, "reviewer")
    ben, mia = scene.worker("ben"), person("mia").id
    assert not sees(ben, project) and sees(mia, project)
    for way in (work.enrol, work.consent, lambda **mine: work.claim(**mine, channel=1)):
        with pytest.raises(NotFound) as refusal:
            way(person_id=ben, project_id=project.id)
        assert refusal.value.code == "project_not_found"
    assert not Enrolment.objects.exists()
    assert isinstance(scene.claim(mia, project), queries.Held)


def test_a_project_that_is_not_open_takes_in_nobody_new():
    project = scene.running(1, launch=False)
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    for enter in (work.enrol, queries.project_for_worker):
        with pytest.raises(NotFound):
            enter(person_id=ben, project_id=project.id)
    assert not Enrolment.objects.exists()
    work.launch(actor=actor("ada"), project_id=project.id)
    work.enrol(person_id=cyn, project_id=project.id)
    projects.pause_project(actor=actor("ada"), project_id=project.id)
    assert not sees(ben, project)
    assert sees(cyn, project), "who takes part is told that it is paused"
    assert scene.claim(cyn, project) == queries.NoTask("project_paused")


def test_who_has_worked_keeps_seeing_what_became_private():
    project = scene.running(2)
    ben, cyn = scene.worker("ben", project), scene.worker("cyn", project)
    scene.done(ben, project)
    revise(project, audience={"team": "members"})
    work.refresh_enrolments(project_id=project.id)
    assert sees(ben, project)
    assert not sees(cyn, project), "a row alone opens nothing"


def test_who_is_let_in_meanwhile_can_enrol_at_once():
    project = scene.running(1)
    mia = scene.worker("mia", project)
    revise(project, audience={"team": "members"})
    work.refresh_enrolments(project_id=project.id)
    member("mia", project.organisation_id)
    assert sees(mia, project)
    assert scene.claim(mia, project) == queries.NoTask("not_eligible")
    assert work.enrol(person_id=mia, project_id=project.id).eligible
    assert isinstance(scene.claim(mia, project), queries.Held)


def test_who_comes_into_a_team_works_on_its_projects_until_they_leave_it():
    acme = organisation()
    mia = member("mia", acme)
    team = {"actor": actor("ada"), "organisation_id": acme, "slug": "night"}
    accounts.create_team(**team, name="Night shift")
    project = scene.running(3, audience={"team": "night"})
    assert not sees(mia.person_id, project)
    accounts.change_team_members(**team, add=[mia.person_id])
    assert sees(mia.person_id, project)
    scene.done(mia.person_id, project)
    for change, held in (({"remove": [mia.person_id]}, False), ({"add": [mia.person_id]}, True)):
        changed = accounts.change_team_members(**team, **change)
        fact = TeamMembersChanged(**StoredEvent.objects.filter(name="TeamMembersChanged").latest("id").facts)
        assert [*fact.added, *fact.removed] == changed == [mia.person_id]
        for reaction in REACTIONS[TeamMembersChanged]:
            reaction.action(fact)
        assert isinstance(scene.claim(mia.person_id, project), queries.Held) is held


def test_who_leaves_the_organisation_leaves_its_teams():
    acme = organisation()
    mia = member("mia", acme)
    team = {"actor": actor("ada"), "organisation_id": acme, "slug": "night"}
    accounts.create_team(**team, name="Night shift")
    accounts.change_team_members(**team, add=[mia.person_id])
    project = scene.running(1, audience={"team": "night"})
    work.enrol(person_id=mia.person_id, project_id=project.id)
    accounts.remove_member(actor=actor("ada"), organisation_id=acme, person_id=mia.person_id)
    work.refresh_enrolments(person_id=mia.person_id)
    assert scene.claim(mia.person_id, project) == queries.NoTask("not_eligible")
    member("mia", acme)
    assert not sees(mia.person_id, project), "who comes again is in no team"


def test_consent_is_asked_again_where_a_project_shows_worse_than_was_warned_of():
    pay = {"per": "answer", "amount": "0.10", "multipliers": {"sensitivity": "1.5"}}  # at any level
    project = scene.running(3, sensitivity=2, pay=pay)
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    for one in (ben, cyn):
        work.consent(person_id=one, project_id=project.id)
    revise(project, sensitivity=4, pay=pay)
    assert work.ask_consent_again(project_id=project.id) == 2
    assert work.ask_consent_again(project_id=project.id) == 0
    assert scene.claim(ben, project) == queries.NoTask("consent_missing")
    assert queries.project_for_worker(ben, project.id).needs_consent
    work.consent(person_id=ben, project_id=project.id)
    for level in (3, 4):
        revise(project, sensitivity=level, pay=pay)
        assert work.ask_consent_again(project_id=project.id) == 0, "they were warned of worse"
    assert isinstance(scene.claim(ben, project), queries.Held)


def test_the_list_is_complete_page_by_page_and_newest_first():
    made = [scene.running(0, title=f"P{n}", budget="1.00").id for n in range(5)]
    scene.running(0, audience={"team": "members"}, budget="1.00")
    ben, seen, before = scene.worker("ben"), [], None
    while page := queries.available_projects(ben, before=before, limit=2):
        seen += [one.project.id for one in page]
        before = seen[-1]
    assert seen == made[::-1]


def test_the_number_of_queries_does_not_grow_with_the_number_of_projects():
    ben = scene.worker("ben")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_asked:
            queries.available_projects(ben)
        return len(queries_asked)

    projects_of = [("acme", "ada"), ("other", "eve"), ("third", "cyn")]
    counts = []
    for name, owner in projects_of:
        orders.deposit(10_000_000, owner=owner, name=name)
        for language in ("de", "fr"):
            made = orders.project(owner, name, audience={"languages": {language: "B1"}})
            work.import_tasks(project_id=made.id, rows=scene.rows(1))
            work.launch(actor=actor(owner), project_id=made.id)
        work.enrol(person_id=ben, project_id=made.id)
        counts.append(asked())
    assert len(queries.available_projects(ben)) == 6
    assert counts[0] == counts[1] == counts[2] <= 10, counts
