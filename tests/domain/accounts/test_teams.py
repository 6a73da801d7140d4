"""Own teams of an organisation."""

import pytest

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.actions import teams
from tests.people import actor, member, organisation, person

pytestmark = pytest.mark.django_db


def made(slug="night", name="Night shift", by="ada", org=None):
    org = org or organisation()
    return accounts.create_team(actor=actor(by), organisation_id=org, slug=slug, name=name)


def change(slug="night", by="ada", **people):
    return accounts.change_team_members(actor=actor(by), organisation_id=organisation(), slug=slug, **people)


def inside(slug="night"):
    return queries.team_members(actor("ada"), organisation(), slug)


def told():
    return list(
        StoredEvent.objects.filter(name__startswith="Team").order_by("id").values_list("name", flat=True)
    )


def test_a_team_is_made_filled_renamed_and_deleted():
    acme = organisation()
    mia, rob = member("mia", acme).person_id, member("rob", acme, "reviewer").person_id
    made()
    assert change(add=[mia, rob]) == sorted([mia, rob])
    assert change(add=[mia]) == [] and change(remove=[person("cyn").id]) == []
    assert change(add=[mia], remove=[rob]) == [rob]
    assert inside() == {mia}
    accounts.rename_team(actor=actor("ada"), organisation_id=acme, slug="night", name="Nights")
    assert queries.teams_of(actor("mia"), acme) == [queries.TeamView("night", "Nights", 1)]
    accounts.delete_team(actor=actor("ada"), organisation_id=acme, slug="night")
    assert queries.teams_of(actor("ada"), acme) == []
    assert told() == ["TeamCreated", "TeamMembersChanged", "TeamMembersChanged", "TeamRenamed", "TeamDeleted"]


def test_only_members_of_the_organisation_come_into_its_team():
    made()
    with pytest.raises(NotFound):
        change(add=[person("cyn").id])
    assert inside() == set()


def test_another_organisation_may_use_the_same_name():
    made()
    made(by="eve", org=organisation("other", "eve"))
    assert queries.team_names(organisation()) == {"night": "Night shift"}


@pytest.mark.parametrize(
    ("slug", "code"),
    [("reviewers", "team_built_in"), ("Night", "team_slug_unreadable"), ("", "team_slug_unreadable")],
)
def test_a_slug_is_plain_and_not_built_in(slug, code):
    with pytest.raises(Invalid) as refusal:
        made(slug)
    assert (refusal.value.code, refusal.value.path) == (code, "slug")


def test_a_slug_is_taken_once_and_teams_have_a_bound(monkeypatch):
    made()
    with pytest.raises(Conflict, match="night"):
        made()
    monkeypatch.setattr(teams.rules, "MOST_TEAMS", 1)
    with pytest.raises(TooMany):
        made("day")


@pytest.mark.parametrize(("who", "refused"), [("max", NotAllowed), ("eve", NotFound), ("cyn", NotFound)])
def test_owners_make_teams(who, refused):
    acme = organisation()
    organisation("other", "eve")
    member("max", acme, "manager")
    made()
    for act in (
        lambda: made("day", by=who),
        lambda: change(by=who, add=[person("max").id]),
        lambda: accounts.rename_team(actor=actor(who), organisation_id=acme, slug="night", name="x"),
        lambda: accounts.delete_team(actor=actor(who), organisation_id=acme, slug="night"),
    ):
        with pytest.raises(refused):
            act()
    with pytest.raises(NotFound):
        queries.team_for(actor("ada"), acme, "day")
    if who != "max":
        with pytest.raises(NotFound):
            queries.teams_of(actor(who), acme)
        with pytest.raises(NotFound):
            queries.team_members(actor(who), acme, "night")
