"""Operators shut people and organisations out with a reason, and let them in again."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.config.reactions import REACTIONS
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import events, queries
from tagwerk.domain.accounts.models import Suspension
from tagwerk.domain.notices.models import Letter, Notice
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.projects.rules import State
from tests import orders, workshop
from tests.people import actor, key_for, member, organisation, person

pytestmark = pytest.mark.django_db


def followed_up(name: str) -> StoredEvent:
    """The newest fact of a name, its reactions carried out as the jobs would."""
    stored = StoredEvent.objects.filter(name=name).latest("id")
    kind = getattr(events, name)
    fact = kind(actor_id=stored.actor_id, organisation_id=stored.organisation_id, **stored.facts)
    for _ in range(2):  # a reaction may be carried out again
        for reaction in REACTIONS[kind]:
            reaction.action(fact)
    return stored


def test_a_person_is_suspended_told_and_let_in_again():
    ben, key = person("ben"), key_for("ben")
    accounts.change_instance(actor=actor("dan"), contact_email="help@example.org")
    for note in ("You copied answers.", "again"):
        accounts.suspend_person(actor=actor("dan"), person_id=ben.id, reason="fraud", note=note)
    assert not queries.person(ben.id).is_active and queries.actor_of_key(key) is None
    standing = queries.open_suspension(person_id=ben.id)
    assert (standing.reason, standing.note, standing.begun_by) == ("fraud", "You copied answers.", "Dan")
    event = followed_up("PersonSuspended")
    assert (event.facts["reason"], event.facts["person_id"]) == ("fraud", ben.id)
    notice = Notice.objects.get(person=ben, kind="account_suspended")
    assert notice.params["note"] == "You copied answers." and notice.params["contact"] == "help@example.org"
    assert Letter.objects.filter(notice=notice).count() == 1  # mailed, although they are shut out
    accounts.lift_suspension_of_person(actor=actor("dan"), person_id=ben.id)
    followed_up("PersonSuspensionLifted")
    assert queries.actor_of_key(key) is not None and queries.open_suspension(person_id=ben.id) is None
    assert Notice.objects.filter(person=ben, kind="account_open_again").count() == 1
    [past] = queries.suspensions_of(person_id=ben.id)
    assert past.ended_by == "Dan"


def test_an_organisation_is_suspended_and_its_projects_stand_still():
    made = workshop.launched([{"text": "a"}])
    member("vic", organisation())
    draft = orders.project()
    accounts.suspend_organisation(actor=actor("dan"), organisation_id=organisation(), reason="payment")
    followed_up("OrganisationSuspended")
    assert project_queries.project(made.id).state is State.PAUSED
    told = Notice.objects.filter(kind="organisation_suspended")
    assert set(told.values_list("person__display_name", flat=True)) == {"Ada", "Vic"}
    for refused in (
        lambda: projects.resume_project(actor=actor("ada"), project_id=made.id),
        lambda: projects.mark_launched(actor=actor("ada"), project_id=draft.id, open_limit=None),
    ):
        with pytest.raises(NotAllowed, match="suspended"):
            refused()
    accounts.lift_suspension_of_organisation(actor=actor("dan"), organisation_id=organisation())
    followed_up("OrganisationSuspensionLifted")
    assert Notice.objects.filter(kind="organisation_open_again").count() == 2
    assert project_queries.project(made.id).state is State.PAUSED
    assert projects.resume_project(actor=actor("ada"), project_id=made.id).state is State.OPEN
    assert projects.pause_all(organisation_id=organisation()) == 0  # lifted meanwhile


def test_only_operators_suspend_and_only_with_a_reason_of_the_list():
    ben, acme = person("ben").id, organisation()
    for who in ("ada", "ben"):
        with pytest.raises(NotFound):
            accounts.suspend_person(actor=actor(who), person_id=ben, reason="other")
        with pytest.raises(NotFound):
            accounts.suspend_organisation(actor=actor(who), organisation_id=acme, reason="other")
        with pytest.raises(NotFound):
            accounts.lift_suspension_of_organisation(actor=actor(who), organisation_id=acme)
    with pytest.raises(Invalid) as refused:
        accounts.suspend_person(actor=actor("dan"), person_id=ben, reason="mood")
    assert refused.value.code == "suspension_reason_unknown"
    with pytest.raises(Invalid) as refused:
        accounts.suspend_person(actor=actor("dan"), person_id=ben, reason="other", note="x" * 1001)
    assert refused.value.code == "note_length"
    with pytest.raises(Conflict):
        accounts.suspend_person(actor=actor("dan"), person_id=person("dan").id, reason="other")


def test_the_database_keeps_suspensions_in_order():
    ben = person("ben")
    Suspension.objects.create(person=ben, reason="other", ended_at=timezone.now())
    Suspension.objects.create(person=ben, reason="other")
    for name, row in (
        ("suspension_open_once", {"person": ben, "reason": "other"}),
        ("suspension_of_one", {"reason": "other"}),
        ("suspension_reason_known", {"person": person("cyn"), "reason": "mood"}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Suspension.objects.create(**row)
