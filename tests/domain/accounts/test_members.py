"""Organisations, invitations, roles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.actions import members, organisations
from tagwerk.domain.accounts.models import Invitation, Membership, Person
from tagwerk.domain.accounts.rules import CONSOLE, Permission, Role
from tests.people import actor, key_actor, member, organisation, person, simulated

pytestmark = pytest.mark.django_db


def told(name: str) -> int:
    return StoredEvent.objects.filter(name=name).count()


def invite(name: str = "ben", role: str = "reviewer", by: str = "ada") -> int:
    acme = organisation()
    return accounts.invite_member(actor=actor(by), organisation_id=acme, email=person(name).email, role=role)


# Organisations


def test_an_organisation_waits_for_approval():
    acme = organisation(approved=False)
    assert queries.organisation(acme).approved_at is None
    assert [row.id for row in queries.organisations_page(actor("dan"), state="waiting")] == [acme]
    accounts.approve_organisation(actor=actor("dan"), organisation_id=acme)
    accounts.approve_organisation(actor=actor("dan"), organisation_id=acme)
    assert queries.organisation(acme).approved_at is not None
    assert queries.organisations_page(actor("dan"), state="waiting") == []
    assert [row.id for row in queries.organisations_page(actor("dan"), before=acme + 1)] == [acme]
    assert told("OrganisationApproved") == 1


def test_nobody_approves_their_own():
    acme = organisation(approved=False)
    with pytest.raises(NotFound):
        accounts.approve_organisation(actor=actor("ada"), organisation_id=acme)
    with pytest.raises(NotFound):
        accounts.approve_organisation(actor=actor("dan"), organisation_id=10**9)


def test_an_operators_organisation_is_approved_at_once(settings):
    settings.CURRENCY = "CHF"
    made = queries.organisation(accounts.found_organisation(actor=actor("dan"), name="Local"))
    assert made.approved_at is not None and made.currency == "CHF"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": " "}, "name_length"),
        ({"name": "X", "currency": "XYZ"}, "currency_unknown"),
        ({"name": "X", "country": "ZZ"}, "country_unknown"),
    ],
)
def test_an_organisation_needs_a_name_and_a_currency(facts, code):
    with pytest.raises(Invalid) as refusal:
        accounts.found_organisation(actor=actor("ada"), **facts)
    assert refusal.value.code == code


def test_organisations_are_founded_by_people_and_few_at_a_time():
    for number in range(organisations.MOST_PENDING):
        accounts.found_organisation(actor=actor("cyn"), name=f"Company {number}")
    with pytest.raises(TooMany) as refusal:
        accounts.found_organisation(actor=actor("cyn"), name="One more")
    assert refusal.value.code == "organisations_pending"
    for machine in (key_actor("ada", organisation()), simulated()):
        with pytest.raises(NotAllowed):
            accounts.found_organisation(actor=machine, name="Robots")


def test_an_organisation_is_renamed_by_its_owner():
    acme = organisation()
    accounts.update_organisation(actor=actor("ada"), organisation_id=acme, name="ACME  GmbH", country="at")
    assert queries.organisation(acme).name == "ACME GmbH"
    assert queries.organisation(acme).country == "AT"
    with pytest.raises(NotAllowed):
        accounts.update_organisation(actor=member("ben", acme, "manager"), organisation_id=acme, name="Mine")
    with pytest.raises(NotFound):
        accounts.update_organisation(actor=actor("cyn"), organisation_id=acme, name="Mine")


def test_an_organisation_is_found_through_the_gate():
    acme, globex = organisation(), organisation("globex", owner="eve")
    assert queries.organisation_for(actor("ada"), acme, Permission.MEMBER_MANAGE).name == "acme"
    assert [row.id for row in queries.organisations_of(actor("ada"))] == [acme]
    with pytest.raises(NotFound):
        queries.organisation_for(actor("ada"), globex, Permission.PROJECT_VIEW)
    with pytest.raises(NotFound):
        queries.organisation(10**9)


# Invitations


def test_an_invited_person_joins():
    invitation_id = invite("ben", "finance")
    accounts.accept_invitation(actor=actor("ben"), invitation_id=invitation_id, agrees_to_name=True)
    accounts.accept_invitation(actor=actor("ben"), invitation_id=invitation_id, agrees_to_name=True)
    acme = organisation()
    assert actor("ben").roles == {acme: Role.FINANCE}
    assert queries.roles_of(person("ben").id).get(acme) is Role.FINANCE
    assert queries.roles_of(person("cyn").id).get(acme) is None
    assert [(row.name, row.role) for row in queries.members_page(actor("ben"), acme)] == [
        ("Ada", "owner"),
        ("Ben", "finance"),
    ]
    assert (told("MemberInvited"), told("MemberJoined")) == (1, 1)
    assert queries.invitations_of(actor("ada"), acme) == []


def test_who_joins_agrees_to_be_seen_by_name():
    invitation_id = invite()
    with pytest.raises(Invalid) as refusal:
        accounts.accept_invitation(actor=actor("ben"), invitation_id=invitation_id, agrees_to_name=False)
    assert refusal.value.code == "name_consent_needed"
    assert actor("ben").roles == {}


def test_an_invitation_is_of_the_invited_address_only():
    invitation_id = invite("ben")
    with pytest.raises(NotFound):
        accounts.accept_invitation(actor=actor("cyn"), invitation_id=invitation_id, agrees_to_name=True)
    with pytest.raises(NotFound):
        accounts.decline_invitation(actor=actor("cyn"), invitation_id=invitation_id)
    Person.objects.filter(id=person("ben").id).update(email_verified_at=None)
    assert queries.invitations_for(actor("ben")) == []
    with pytest.raises(NotFound):
        accounts.accept_invitation(actor=actor("ben"), invitation_id=invitation_id, agrees_to_name=True)


def test_a_key_answers_no_invitation():
    invitation_id = invite("ben")
    with pytest.raises(NotAllowed):
        accounts.accept_invitation(actor=key_actor("ben"), invitation_id=invitation_id, agrees_to_name=True)
    assert queries.invitations_for(key_actor("ada", organisation())) == []


def test_inviting_again_changes_the_role_but_sends_no_second_mail_at_once(monkeypatch):
    first = invite("ben", "viewer")
    assert invite("ben", "manager") == first
    assert told("MemberInvited") == 1
    monkeypatch.setattr(members, "SEND_AGAIN_SECONDS", -1)
    invite("ben", "manager")
    assert told("MemberInvited") == 2
    assert Invitation.objects.get().role == "manager"


def test_members_and_strange_roles_are_not_invited():
    acme = organisation()
    member("ben", acme)
    with pytest.raises(Conflict) as refusal:
        invite("ben")
    assert refusal.value.code == "member_already"
    with pytest.raises(Invalid) as refusal_of_role:
        invite("cyn", "king")
    assert refusal_of_role.value.code == "role_unknown"
    with pytest.raises(NotAllowed):
        invite("cyn", "viewer", by="ben")


def test_invitations_are_limited(monkeypatch):
    monkeypatch.setattr(members, "MOST_OPEN", 1)
    invite("ben")
    with pytest.raises(TooMany):
        invite("cyn")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"withdrawn_at": timezone.now()}, "invitation_withdrawn"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "invitation_expired"),
    ],
)
def test_an_invitation_ends(change, code):
    invitation_id = invite()
    Invitation.objects.filter(id=invitation_id).update(**change)
    with pytest.raises(Conflict) as refusal:
        accounts.accept_invitation(actor=actor("ben"), invitation_id=invitation_id, agrees_to_name=True)
    assert refusal.value.code == code
    assert queries.invitations_for(actor("ben")) == []


def test_an_invitation_is_withdrawn_by_the_organisation():
    invitation_id = invite()
    for stranger in ("cyn", "eve"):
        organisation("globex", owner="eve")
        with pytest.raises(NotFound):
            accounts.withdraw_invitation(actor=actor(stranger), invitation_id=invitation_id)
    accounts.withdraw_invitation(actor=actor("ada"), invitation_id=invitation_id)
    accounts.withdraw_invitation(actor=actor("ada"), invitation_id=invitation_id)
    assert told("InvitationWithdrawn") == 1
    with pytest.raises(NotFound):
        accounts.withdraw_invitation(actor=actor("ada"), invitation_id=10**9)


def test_an_invitation_is_declined():
    invitation_id = invite()
    accounts.decline_invitation(actor=actor("ben"), invitation_id=invitation_id)
    assert queries.invitations_of(actor("ada"), organisation()) == []
    assert invite("ben") != invitation_id


def test_an_accepted_invitation_is_over():
    invitation_id = invite()
    accounts.accept_invitation(actor=actor("ben"), invitation_id=invitation_id, agrees_to_name=True)
    for attempt in (
        lambda: accounts.withdraw_invitation(actor=actor("ada"), invitation_id=invitation_id),
        lambda: accounts.decline_invitation(actor=actor("ben"), invitation_id=invitation_id),
    ):
        with pytest.raises(Conflict) as refusal:
            attempt()
        assert refusal.value.code == "invitation_used"


def test_who_is_a_member_by_another_address_keeps_the_role():
    """Ada invites an address of her own as viewer and takes it over: the last owner stays owner."""
    acme = organisation()
    invitation_id = accounts.invite_member(
        actor=actor("ada"), organisation_id=acme, email="ada.new@example.org", role="viewer"
    )
    ada = person("ada").id
    accounts.confirm_email(person_id=ada, email="ada.new@example.org")
    accounts.accept_invitation(
        actor=queries.actor_of_person(ada), invitation_id=invitation_id, agrees_to_name=True
    )
    assert queries.actor_of_person(ada).roles == {acme: Role.OWNER}


def test_the_mail_of_an_invitation_has_a_token_that_no_table_has():
    invitation_id = invite()
    mail = queries.invitation_mail(invitation_id)
    assert mail is not None and mail.invitation.organisation_name == "acme"
    assert queries.invitation_of_token(mail.token).id == invitation_id
    row = Invitation.objects.get()
    assert mail.token.encode() not in bytes(row.token_digest) and mail.token not in str(row.seed)
    accounts.withdraw_invitation(actor=actor("ada"), invitation_id=invitation_id)
    assert queries.invitation_mail(invitation_id) is None
    for token in (mail.token, "", "x" * 52):
        with pytest.raises(NotFound):
            queries.invitation_of_token(token)


def test_an_operator_invites_a_worker_to_the_instance():
    invitation_id = accounts.invite_worker(actor=CONSOLE, email="Gus@example.org")
    assert queries.is_invited("gus@EXAMPLE.org") and not queries.is_invited("ben@example.org")
    mail = queries.invitation_mail(invitation_id)
    assert mail is not None and (mail.invitation.organisation_id, mail.invitation.role) == (None, "")
    with pytest.raises(Conflict):
        accounts.invite_worker(actor=CONSOLE, email=person("ben").email)
    with pytest.raises(NotFound):
        accounts.withdraw_invitation(actor=actor("ada"), invitation_id=invitation_id)
    accounts.withdraw_invitation(actor=actor("dan"), invitation_id=invitation_id)
    assert not queries.is_invited("gus@example.org")


def test_only_who_manages_members_sees_invitations():
    invite()
    acme = organisation()
    assert [row.email for row in queries.invitations_of(actor("ada"), acme)] == ["ben@example.org"]
    with pytest.raises(NotAllowed):
        queries.invitations_of(member("cyn", acme, "manager"), acme)
    assert [row.organisation_name for row in queries.invitations_for(actor("ben"))] == ["acme"]


# Roles


def test_a_role_changes():
    acme = organisation()
    ben = member("ben", acme, "viewer")
    for _ in range(2):
        accounts.change_role(
            actor=actor("ada"), organisation_id=acme, person_id=ben.person_id, role="manager"
        )
    assert actor("ben").roles[acme] is Role.MANAGER
    assert told("MemberRoleChanged") == 1
    with pytest.raises(NotAllowed):
        accounts.change_role(actor=actor("ben"), organisation_id=acme, person_id=ben.person_id, role="owner")
    with pytest.raises(NotFound):
        accounts.change_role(
            actor=actor("ada"), organisation_id=acme, person_id=person("cyn").id, role="owner"
        )


def test_the_last_owner_stays():
    acme = organisation()
    ada = person("ada").id
    with pytest.raises(Conflict) as refusal:
        accounts.change_role(actor=actor("ada"), organisation_id=acme, person_id=ada, role="viewer")
    assert refusal.value.code == "last_owner"
    with pytest.raises(Conflict):
        accounts.remove_member(actor=actor("ada"), organisation_id=acme, person_id=ada)
    member("ben", acme, "owner")
    accounts.change_role(actor=actor("ben"), organisation_id=acme, person_id=ada, role="viewer")
    assert actor("ada").roles[acme] is Role.VIEWER


def test_members_leave_or_are_removed():
    acme = organisation()
    ben, cyn = member("ben", acme), member("cyn", acme)
    with pytest.raises(NotAllowed):
        accounts.remove_member(actor=ben, organisation_id=acme, person_id=cyn.person_id)
    accounts.remove_member(actor=ben, organisation_id=acme, person_id=ben.person_id)
    accounts.remove_member(actor=actor("ada"), organisation_id=acme, person_id=cyn.person_id)
    assert Membership.objects.filter(organisation_id=acme).count() == 1
    assert told("MemberRemoved") == 2
    with pytest.raises(NotFound):
        accounts.remove_member(actor=actor("ada"), organisation_id=acme, person_id=cyn.person_id)
    with pytest.raises(NotFound):
        accounts.remove_member(actor=actor("cyn"), organisation_id=acme, person_id=cyn.person_id)


def test_members_come_in_pages_and_strangers_see_none():
    acme = organisation()
    member("ben", acme)
    first = queries.members_page(actor("ada"), acme, limit=1)
    second = queries.members_page(actor("ada"), acme, after=first[-1].id, limit=1)
    assert [row.name for row in first + second] == ["Ada", "Ben"]
    with pytest.raises(NotFound):
        queries.members_page(actor("cyn"), acme)


def test_it_is_known_whom_to_tell():
    acme = organisation()
    member("ben", acme, "finance")
    member("cyn", acme, "viewer")
    assert queries.members_with(acme, Permission.MONEY_VIEW) == [person("ada").id, person("ben").id]
