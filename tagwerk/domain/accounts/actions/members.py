"""Invitations by e-mail, and who is what in an organisation."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries, rules
from tagwerk.domain.accounts.events import (
    InvitationWithdrawn,
    MemberInvited,
    MemberJoined,
    MemberRemoved,
    MemberRoleChanged,
)
from tagwerk.domain.accounts.models import Invitation, Membership, Organisation, Person
from tagwerk.domain.accounts.rules import Actor, Permission, Role

INVITATION_DAYS = 14
SEND_AGAIN_SECONDS = 600  # nobody's mailbox is filled by clicking “invite”
MOST_OPEN = 500  # invitations of one organisation


@transaction.atomic
def invite_member(*, actor: Actor, organisation_id: int, email: str, role: str) -> int:
    """Invite somebody by e-mail into the organisation; who is invited already gets the new role and a new term."""
    rules.require(actor, organisation_id, Permission.MEMBER_MANAGE)
    email, role = rules.email_address(email), rules.role_named(role)
    Organisation.objects.select_for_update().get(id=organisation_id)
    if Membership.objects.filter(organisation_id=organisation_id, person__email=email).exists():
        raise Conflict("member_already", "{email} is a member already.", path="email", email=email)
    return _write_invitation(actor, organisation_id, email, role.value)


@transaction.atomic
def invite_worker(*, actor: Actor, email: str) -> int:
    """An operator invites somebody to sign up as a worker, where sign-up is by invitation."""
    rules.require_operator(actor)
    email = rules.email_address(email)
    if Person.objects.filter(email=email).exists():
        raise Conflict("email_taken", "Somebody with this e-mail address is here already.", path="email")
    return _write_invitation(actor, None, email, "")


@transaction.atomic
def accept_invitation(*, actor: Actor, invitation_id: int, agrees_to_name: bool) -> None:
    """Join the organisation one was invited to, and agree that it sees one by name."""
    person = _invited(actor)
    invitation = _invitation_to(person, invitation_id)
    if invitation.accepted_by_id == person.id:
        return
    if not agrees_to_name:
        raise Invalid(
            "name_consent_needed",
            "Members are seen by name in their organisation; agree to that to join.",
            path="agrees_to_name",
        )
    _require_open(invitation)
    assert invitation.organisation_id is not None, "only invitations into an organisation get here"
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    Membership.objects.get_or_create(
        organisation_id=invitation.organisation_id, person=person, defaults={"role": invitation.role}
    )
    record(
        MemberJoined(
            actor_id=person.id,
            organisation_id=invitation.organisation_id,
            person_id=person.id,
            role=invitation.role,
        )
    )


@transaction.atomic
def decline_invitation(*, actor: Actor, invitation_id: int) -> None:
    """Decline an invitation one was sent."""
    invitation = _invitation_to(_invited(actor), invitation_id)
    _end(invitation, actor)


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation_id: int) -> None:
    """Withdraw an invitation that nobody has accepted yet."""
    invitation = Invitation.objects.select_for_update().filter(id=invitation_id).first()
    if invitation is None or (invitation.organisation_id or 0) not in (*actor.roles, 0):
        raise NotFound("invitation_not_found", "There is no such invitation.")
    if invitation.organisation_id is None:
        rules.require_operator(actor)
    else:
        rules.require(actor, invitation.organisation_id, Permission.MEMBER_MANAGE)
    _end(invitation, actor)


@transaction.atomic
def change_role(*, actor: Actor, organisation_id: int, person_id: int, role: str) -> None:
    """Give a member another role; the last owner stays owner."""
    rules.require(actor, organisation_id, Permission.MEMBER_MANAGE)
    new = rules.role_named(role)
    membership = _membership(organisation_id, person_id)
    if membership.role == new:
        return
    _keep_an_owner(membership)
    membership.role = new.value
    membership.save(update_fields=["role"])
    record(
        MemberRoleChanged(
            actor_id=actor.person_id, organisation_id=organisation_id, person_id=person_id, role=new.value
        )
    )


@transaction.atomic
def remove_member(*, actor: Actor, organisation_id: int, person_id: int) -> None:
    """Remove a member, or leave; the last owner stays."""
    if actor.person_id != person_id or actor.scopes is not None or organisation_id not in actor.roles:
        rules.require(actor, organisation_id, Permission.MEMBER_MANAGE)
    membership = _membership(organisation_id, person_id)
    _keep_an_owner(membership)
    membership.delete()
    record(MemberRemoved(actor_id=actor.person_id, organisation_id=organisation_id, person_id=person_id))


def _write_invitation(actor: Actor, organisation_id: int | None, email: str, role: str) -> int:
    now = timezone.now()
    into = Q(organisation__isnull=True) if organisation_id is None else Q(organisation_id=organisation_id)
    open_ones = Invitation.objects.filter(into, accepted_at=None, withdrawn_at=None)
    if organisation_id is not None and open_ones.count() >= MOST_OPEN:
        raise TooMany(
            "invitations_too_many", "{most} invitations are open; withdraw some first.", most=MOST_OPEN
        )
    fresh = Invitation(invited_by_id=actor.person_id)
    fresh.token_digest = rules.digest(queries.invitation_token(fresh.seed))
    invitation, is_new = open_ones.select_for_update().get_or_create(
        email=email,
        defaults={
            "organisation_id": organisation_id,
            "role": role,
            "seed": fresh.seed,
            "token_digest": fresh.token_digest,
            "invited_by_id": actor.person_id,
            "expires_at": now + timedelta(days=INVITATION_DAYS),
            "sent_at": now,
        },
    )
    send = is_new or invitation.sent_at < now - timedelta(seconds=SEND_AGAIN_SECONDS)
    if not is_new:
        invitation.role, invitation.expires_at = role, now + timedelta(days=INVITATION_DAYS)
        invitation.sent_at = now if send else invitation.sent_at
        invitation.save(update_fields=["role", "expires_at", "sent_at"])
    if send:
        record(
            MemberInvited(
                actor_id=actor.person_id, organisation_id=organisation_id, invitation_id=invitation.id
            )
        )
    return invitation.id


def _invited(actor: Actor) -> Person:
    if actor.person_id is None or actor.scopes is not None:
        raise NotAllowed("invitation_needs_person", "Invitations are answered by signed-in people.")
    return Person.objects.get(id=actor.person_id)


def _invitation_to(person: Person, invitation_id: int) -> Invitation:
    """The person's own invitation, locked. It is theirs if it went to an address that they have confirmed."""
    invitation = Invitation.objects.select_for_update().filter(id=invitation_id).first()
    theirs = (
        invitation is not None and invitation.email == person.email and person.email_verified_at is not None
    )
    if invitation is None or not theirs or invitation.organisation_id is None:
        raise NotFound(
            "invitation_not_found",
            "There is no such invitation for your address; sign in with the one it went to.",
        )
    return invitation


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise Conflict("invitation_used", "This invitation has been accepted already.")
    if invitation.withdrawn_at is not None:
        raise Conflict("invitation_withdrawn", "This invitation has been withdrawn; ask for a new one.")
    if invitation.expires_at <= timezone.now():
        raise Conflict("invitation_expired", "This invitation has expired; ask for a new one.")


def _end(invitation: Invitation, actor: Actor) -> None:
    if invitation.withdrawn_at is not None:
        return
    if invitation.accepted_at is not None:
        raise Conflict("invitation_used", "This invitation has been accepted already.")
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(
        InvitationWithdrawn(
            actor_id=actor.person_id, organisation_id=invitation.organisation_id, invitation_id=invitation.id
        )
    )


def _membership(organisation_id: int, person_id: int) -> Membership:
    """The membership, with the organisation's row locked: changes to its owners come one after another."""
    Organisation.objects.select_for_update().get(id=organisation_id)
    found = Membership.objects.filter(organisation_id=organisation_id, person_id=person_id).first()
    if found is None:
        raise NotFound("member_not_found", "There is no such member.")
    return found


def _keep_an_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(organisation_id=membership.organisation_id, role=Role.OWNER.value)
    if membership.role == Role.OWNER and owners.count() == 1:
        raise Conflict("last_owner", "This is the last owner; make somebody else an owner first.")
