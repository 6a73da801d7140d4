"""The database is the last judge of people, organisations and keys."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.models import (
    ApiKey,
    Consent,
    Invitation,
    Membership,
    Organisation,
    Person,
    PersonLanguage,
    Team,
    TeamMember,
)
from tests.people import actor, key_for, organisation, person, simulated

pytestmark = pytest.mark.django_db


def invitation() -> Invitation:
    acme = organisation()
    made = accounts.invite_member(
        actor=actor("ada"), organisation_id=acme, email="ben@example.org", role="viewer"
    )
    return Invitation.objects.get(id=made)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("person_uuid_once", lambda: {"uuid": person("cyn").uuid}),
        ("person_email_once", lambda: {"email": person("cyn").email}),
        ("person_email_lower_case", lambda: {"email": "Ben@example.org"}),
        ("person_kind_known", lambda: {"kind": "robot"}),
        ("person_country_shape", lambda: {"country": "de"}),
        ("person_mail_level_known", lambda: {"mail_level": "some"}),
    ],
)
def test_a_person_is_well_formed(name, change):
    ben = person("ben")
    with pytest.raises(IntegrityError, match=name):
        Person.objects.filter(id=ben.id).update(**change())


def test_no_machine_operates():
    machine = simulated().person_id
    with pytest.raises(IntegrityError, match="person_operator_is_human"):
        Person.objects.filter(id=machine).update(is_operator=True)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("person_language_once", {"tag": "de", "level": "A1"}),
        ("person_language_level_known", {"tag": "fr", "level": "D1"}),
        ("person_language_tag_shape", {"tag": "FR", "level": "A1"}),
    ],
)
def test_a_language_is_well_formed(name, row):
    with pytest.raises(IntegrityError, match=name):
        PersonLanguage.objects.create(person=person("ben"), **row)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("organisation_currency_shape", {"currency": "eur"}),
        ("organisation_country_shape", {"country": "D"}),
        ("organisation_approver_has_date", {"approved_at": None, "approved_by_id": 1}),
    ],
)
def test_an_organisation_is_well_formed(name, change):
    acme = organisation()
    if "approved_by_id" in change:
        change = change | {"approved_by_id": person("dan").id}
    with pytest.raises(IntegrityError, match=name):
        Organisation.objects.filter(id=acme).update(**change)


def test_a_person_is_a_member_once():
    with pytest.raises(IntegrityError, match="membership_once"):
        Membership.objects.create(organisation_id=organisation(), person=person("ada"), role="viewer")


def test_a_member_has_a_known_role():
    with pytest.raises(IntegrityError, match="membership_role_known"):
        Membership.objects.create(organisation_id=organisation(), person=person("ben"), role="king")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("invitation_email_lower_case", {"email": "Ben@example.org"}),
        ("invitation_role_fits", {"role": "king"}),
        ("invitation_role_fits", {"organisation": None}),
        ("invitation_one_end", {"accepted_at": timezone.now()}),
    ],
)
def test_an_invitation_is_well_formed(name, change):
    row = invitation()
    with pytest.raises(IntegrityError, match=name):
        Invitation.objects.filter(id=row.id).update(**change)


def test_an_invitation_is_open_once_per_address():
    row = invitation()
    row.pk, row.token_digest = None, b"1" * 32
    with pytest.raises(IntegrityError, match="invitation_open_once"):
        row.save()


def test_a_token_opens_one_invitation():
    row = invitation()
    row.pk, row.email = None, "cyn@example.org"
    with pytest.raises(IntegrityError, match="invitation_token_once"):
        row.save()


def test_consent_is_kept_once():
    Consent.objects.create(person=person("ben"), document="terms", version="1")
    with pytest.raises(IntegrityError, match="consent_once"):
        Consent.objects.create(person=person("ben"), document="terms", version="1")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("api_key_one_owner", lambda: {"person": person("ada")}),
        ("api_key_one_owner", lambda: {"organisation": None}),
        ("api_key_scopes_fit_owner", lambda: {"scopes": []}),
        ("api_key_scopes_fit_owner", lambda: {"scopes": ["work"]}),
        ("api_key_scopes_fit_owner", lambda: {"scopes": ["projects:read", "everything"]}),
        ("api_key_expires_later", lambda: {"expires_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_a_key_is_well_formed(name, change):
    key_for("ada", organisation())
    with pytest.raises(IntegrityError, match=name):
        ApiKey.objects.update(**change())


def test_a_worker_has_keys_for_work_only():
    key_for("ben")
    with pytest.raises(IntegrityError, match="api_key_scopes_fit_owner"):
        ApiKey.objects.update(scopes=["projects:read"])


def test_a_digest_belongs_to_one_key():
    key_for("ada")
    row = ApiKey.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="api_key_digest_once"):
        row.save()


@pytest.mark.parametrize(
    ("name", "slug"),
    [("team_slug_once", "night"), ("team_slug_shape", "Night Shift"), ("team_not_built_in", "reviewers")],
)
def test_teams_are_named_once_and_not_like_the_built_in_ones(name, slug):
    acme = organisation()
    Team.objects.create(organisation_id=acme, slug="night", name="Night")
    with pytest.raises(IntegrityError, match=name):
        Team.objects.create(organisation_id=acme, slug=slug, name="Other")


def test_nobody_is_in_a_team_twice():
    team = Team.objects.create(organisation_id=organisation(), slug="night", name="Night")
    ada = Membership.objects.get(organisation_id=team.organisation_id)
    TeamMember.objects.create(team=team, membership=ada)
    with pytest.raises(IntegrityError, match="team_member_once"):
        TeamMember.objects.create(team=team, membership=ada)
