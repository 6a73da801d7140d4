"""Qualifications: made, granted by page, key and list, taken away, asked about."""

from datetime import timedelta

import pytest
from django.urls import resolve
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.models import StoredEvent
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries, rules
from tagwerk.domain.academy.events import QualificationGranted
from tagwerk.domain.academy.models import Holding
from tagwerk.domain.notices import queries as notices
from tests.people import actor, key_actor, member, organisation, person

pytestmark = pytest.mark.django_db


def qualification(slug: str = "basics", *, by: str = "ada", of_instance: bool = False) -> int:
    owner = None if of_instance else organisation()
    return academy.create_qualification(
        actor=actor("dan" if of_instance else by), organisation_id=owner, slug=slug, title=slug.title()
    )


def told(name: str) -> list[dict]:
    return list(StoredEvent.objects.filter(name=name).order_by("id").values_list("facts", flat=True))


def test_who_is_granted_one_is_told_and_who_lost_it_meanwhile_is_not():
    own, ben = qualification(), person("ben")
    fact = QualificationGranted(person_id=ben.id, qualification_id=own)
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben.id, score=80)
    for _ in range(2):
        academy.tell_grant(fact=fact)
    (notice,) = notices.inbox(actor("ben"))
    assert notice.title == "You were granted a qualification: Basics" and "score is 80" in notice.body
    assert resolve(notice.link).url_name == "my_qualifications"
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben.id, score=90)
    academy.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=ben.id)
    academy.tell_grant(fact=fact)
    assert len(notices.inbox(actor("ben"))) == 1


def test_an_organisation_makes_its_own_and_an_operator_those_of_the_instance():
    own, common = qualification(), qualification("safety", of_instance=True)
    acme = organisation()
    assert [row.id for row in queries.qualifications_for(actor("ada"), acme)] == [own]
    assert [row.id for row in queries.qualifications_for(actor("dan"), None)] == [common]
    assert [row.slug for row in queries.qualifications_offered(acme)] == ["basics", "safety"]
    assert queries.qualification_for(actor("ada"), own).title == "Basics"


def test_a_slug_is_taken_once_per_owner():
    qualification()
    with pytest.raises(Conflict) as refusal:
        qualification()
    assert refusal.value.code == "slug_taken"
    qualification(of_instance=True)


def test_strangers_and_viewers_make_and_see_none():
    own = qualification()
    acme = organisation()
    attempts = (
        lambda who: academy.create_qualification(actor=who, organisation_id=acme, slug="x", title="X"),
        lambda who: academy.grant_qualification(actor=who, qualification_id=own, person_id=who.person_id),
        lambda who: academy.revoke_qualification(actor=who, qualification_id=own, person_id=who.person_id),
        lambda who: academy.retire_qualification(actor=who, qualification_id=own),
        lambda who: academy.update_qualification(actor=who, qualification_id=own, title="Mine"),
        lambda who: academy.grant_list(actor=who, qualification_id=own, rows=[]),
        lambda who: queries.qualifications_for(who, acme),
        lambda who: queries.qualification_for(who, own),
        lambda who: queries.holders_page(who, own),
        lambda who: queries.plan_of_test(who, own),
    )
    organisation("globex", owner="eve")
    member("cyn", acme, "viewer")
    for attempt in attempts:
        for stranger in ("ben", "eve", "dan"):
            with pytest.raises(NotFound):
                attempt(actor(stranger))
        with pytest.raises(NotAllowed):
            attempt(actor("cyn"))


def test_what_is_of_the_instance_is_the_operators():
    common = qualification(of_instance=True)
    for name in ("ada", "ben"):
        with pytest.raises(NotFound):
            academy.grant_qualification(
                actor=actor(name), qualification_id=common, person_id=person("ben").id
            )
        with pytest.raises(NotFound):
            academy.create_qualification(actor=actor(name), organisation_id=None, slug="x", title="X")
    academy.grant_qualification(
        actor=actor("dan"), qualification_id=common, person_id=person("ben").id, score=70
    )
    assert queries.scores_of(person("ben").id, None) == {"basics": 70}


def test_a_grant_is_held_and_told_once():
    own, ben = qualification(), person("ben").id
    for _ in range(2):
        academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben, score=80)
    assert queries.scores_of(ben, organisation()) == {"basics": 80}
    assert queries.holders_of(organisation(), "basics") == [ben]
    assert told("QualificationGranted") == [{"person_id": ben, "qualification_id": own}]
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben, score=60)
    assert queries.scores_of(ben, organisation()) == {"basics": 60}
    assert Holding.objects.count() == 2
    with pytest.raises(NotFound):
        academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=10**9)
    with pytest.raises(Invalid):
        academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben, score=101)


def test_a_grant_by_key_says_so():
    own, acme = qualification(), organisation()
    key = key_actor("ada", acme, scopes=["projects:write"])
    academy.grant_qualification(actor=key, qualification_id=own, person_id=person("ben").id)
    held = Holding.objects.get()
    assert (held.source, held.granted_by_id) == ("api", None)
    with pytest.raises(NotAllowed):
        academy.grant_qualification(
            actor=key_actor("ada", acme, scopes=["projects:read"]),
            qualification_id=own,
            person_id=person("ben").id,
        )


def test_one_organisations_grant_is_nothing_to_another():
    own, ben = qualification(), person("ben").id
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
    globex = organisation("globex", owner="eve")
    assert queries.scores_of(ben, globex) == {}
    assert queries.scores_of(ben, None) == {}


def test_an_organisations_own_stands_in_front_of_the_instances():
    common, ben, acme = qualification(of_instance=True), person("ben").id, organisation()
    academy.grant_qualification(actor=actor("dan"), qualification_id=common, person_id=ben, score=90)
    assert queries.scores_of(ben, acme) == {"basics": 90}
    own = qualification()
    assert queries.scores_of(ben, acme) == {}
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben, score=10)
    assert queries.scores_of(ben, acme) == {"basics": 10}


def test_titles_are_those_that_a_project_of_the_organisation_means():
    acme, other = organisation("acme"), organisation("other", "eve")
    academy.create_qualification(actor=actor("dan"), organisation_id=None, slug="basics", title="Of all")
    academy.create_qualification(actor=actor("ada"), organisation_id=acme, slug="basics", title="Of Acme")
    found = queries.titles_of([acme, other], ["basics", "unknown"])
    assert found == {(acme, "basics"): "Of Acme", (other, "basics"): "Of all"}


def test_what_is_revoked_is_gone_until_granted_again():
    own, ben = qualification(), person("ben").id
    with pytest.raises(NotFound) as refusal:
        academy.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
    assert refusal.value.code == "holding_not_found"
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
    for _ in range(2):
        academy.revoke_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
    assert queries.scores_of(ben, organisation()) == {}
    assert len(told("QualificationRevoked")) == 1
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
    assert queries.scores_of(ben, organisation()) == {"basics": 100}


def test_a_line_of_the_list_can_be_revoked():
    own, ben = qualification(), person("ben").id
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben)
    line = queries.holders_page(actor("ada"), own)[0]
    organisation("globex", owner="eve")
    with pytest.raises(NotFound):
        academy.revoke_holding(actor=actor("eve"), holding_id=line.id)
    academy.revoke_holding(actor=actor("ada"), holding_id=line.id)
    assert queries.holders_page(actor("ada"), own) == []
    with pytest.raises(NotFound):
        academy.revoke_holding(actor=actor("ada"), holding_id=10**9)


def test_what_expires_is_gone_and_told():
    own, ben, now = qualification(), person("ben").id, timezone.now()
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=own, person_id=ben, expires_at=now + timedelta(days=1)
    )
    assert academy.end_expired_holdings(now=now) == 0
    assert queries.scores_of(ben, organisation()) == {"basics": 100}
    Holding.objects.update(granted_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    assert queries.scores_of(ben, organisation()) == {}
    assert queries.own_holdings(ben) == []
    assert academy.end_expired_holdings(now=now) == 1
    assert academy.end_expired_holdings(now=now) == 0
    assert told("QualificationExpired") == [{"person_id": ben, "qualification_id": own}]
    with pytest.raises(Invalid) as refusal:
        academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=ben, expires_at=now)
    assert refusal.value.code == "expiry_past"


def test_a_list_grants_what_it_can_and_reports_the_rest():
    own, acme = qualification(), organisation()
    member("cyn", acme)
    ben = person("ben")
    rows = rules.grants_of_csv(
        "worker,score,expires\n"
        f"{ben.uuid},80,2099-01-31\n"
        f"{str(person('eve').uuid).upper()},90,\n"
        "CYN@example.org,70,\n"
        "ben@example.org,70,\n"  # exists, but the organisation does not know this person by name
        "nobody@example.org,70,\n"
        f"{ben.uuid},eighty,\n"
        f"{ben.uuid},80,2000-01-01\n"
        f"{ben.uuid},80,2099-01-31\n"
    )
    report = academy.grant_list(actor=actor("ada"), qualification_id=own, rows=rows)
    assert (report.granted, report.unchanged) == (3, 1)
    assert [(line.number, line.reason.code) for line in report.bad] == [
        (4, "worker_unknown"),
        (5, "worker_unknown"),
        (6, "score_out_of_range"),
        (7, "expiry_past"),
    ]
    assert queries.scores_of(person("cyn").id, acme) == {"basics": 70}
    assert {held.source for held in Holding.objects.all()} == {"csv"}


def test_a_list_takes_away_where_it_says_so():
    own, acme = qualification(), organisation()
    ben, eve = person("ben"), person("eve")
    for one in (ben, eve):
        academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=one.id, score=80)
    rows = rules.grants_of_csv(
        "worker,score,revoke\n"
        f"{ben.uuid},,Yes\n"
        f"{ben.uuid},,yes\n"  # holds nothing any more
        f"{person('fay').uuid},,yes\n"
        f"{eve.uuid},80,no\n"
        f"{eve.uuid},,\n"  # a forgotten score takes nothing away
        f"{eve.uuid},80,perhaps\n"
    )
    report = academy.grant_list(actor=actor("ada"), qualification_id=own, rows=rows)
    assert (report.granted, report.revoked, report.unchanged) == (0, 1, 3)
    assert [(line.number, line.reason.code) for line in report.bad] == [
        (5, "score_out_of_range"),
        (6, "revoke_unreadable"),
    ]
    assert queries.scores_of(ben.id, acme) == {}
    assert queries.scores_of(eve.id, acme) == {"basics": 80}
    revoked = Holding.objects.get(person=ben)
    assert (revoked.revoked, revoked.revoked_by_id) == (True, person("ada").id)
    assert StoredEvent.objects.filter(name="QualificationRevoked").count() == 1


def test_an_operators_list_knows_everybody_by_address():
    common = qualification(of_instance=True)
    person("ben")
    rows = [rules.GrantRow(1, "Ben@example.org", 55)]
    assert academy.grant_list(actor=actor("dan"), qualification_id=common, rows=rows).granted == 1


def test_a_list_has_an_end(monkeypatch):
    own = qualification()
    monkeypatch.setattr(rules, "MOST_ROWS", 0)
    with pytest.raises(TooMany):
        academy.grant_list(actor=actor("ada"), qualification_id=own, rows=[rules.GrantRow(1, "x", 1)])


def test_holders_are_named_only_where_they_are_staff():
    own, acme = qualification(), organisation()
    member("cyn", acme)
    ben = person("ben")
    for name in ("ben", "cyn"):
        academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=person(name).id)
    assert [line.worker for line in queries.holders_page(actor("ada"), own)] == ["Cyn", str(ben.uuid)]
    first = queries.holders_page(actor("ada"), own, limit=1)
    assert [line.worker for line in queries.holders_page(actor("ada"), own, before=first[0].id)] == [
        str(ben.uuid)
    ]
    Holding.objects.filter(person=ben).update(source="test")
    assert [line.worker for line in queries.holders_page(actor("ada"), own)] == ["Cyn", ""]
    assert queries.qualification_for(actor("ada"), own).holders == 2


def test_unknown_and_retired_ones_cannot_be_required():
    own, acme = qualification(), organisation()
    qualification("safety", of_instance=True)
    wanted = ["safety", "basics", "nonsense", "nonsense"]
    assert queries.unknown_qualifications(acme, wanted) == ["nonsense"]
    assert queries.unknown_qualifications(organisation("globex", owner="eve"), wanted) == [
        "basics",
        "nonsense",
    ]
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    for _ in range(2):
        academy.retire_qualification(actor=actor("ada"), qualification_id=own)
    assert queries.unknown_qualifications(acme, ["basics"]) == ["basics"]
    assert queries.scores_of(person("ben").id, acme) == {"basics": 100}
    assert len(told("QualificationRetired")) == 1
    with pytest.raises(Conflict):
        qualification()


def test_a_description_changes_and_the_slug_stays():
    own = qualification()
    academy.update_qualification(
        actor=actor("ada"), qualification_id=own, title="The basics", description=" Of all "
    )
    view = queries.qualification_for(actor("ada"), own)
    assert (view.slug, view.title, view.description) == ("basics", "The basics", "Of all")
    with pytest.raises(Invalid):
        academy.update_qualification(actor=actor("ada"), qualification_id=own, description="x" * 2001)


def test_a_worker_sees_what_they_hold():
    own = qualification()
    academy.grant_qualification(
        actor=actor("ada"), qualification_id=own, person_id=person("ben").id, score=42
    )
    assert [
        (line.slug, line.organisation_name, line.score) for line in queries.own_holdings(person("ben").id)
    ] == [("basics", "acme", 42)]
