"""Invitations: open ones, and what their mail needs."""

import base64
import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.models import Invitation
from tagwerk.domain.accounts.queries.instance import instance
from tagwerk.domain.accounts.queries.people import person
from tagwerk.domain.accounts.rules import Actor, Permission


@dataclass(frozen=True)
class InvitationView:
    """An invitation without its token."""

    id: int
    organisation_id: int | None
    organisation_name: str
    email: str
    role: str
    invited_by: str
    expires_at: datetime.datetime
    expired: bool


def invitation_token(seed: UUID) -> str:
    """The token of an invitation's link, made from its seed and the secret key; no table has it."""
    mac = salted_hmac("tagwerk.accounts.invitation", seed.bytes, algorithm="sha256").digest()
    return base64.b32encode(mac).decode().rstrip("=").lower()


def invitations_of(actor: Actor, organisation_id: int) -> list[InvitationView]:
    """The open invitations of an organisation, for those who manage its members."""
    rules.require(actor, organisation_id, Permission.MEMBER_MANAGE)
    return _invitations(Q(organisation_id=organisation_id))


def invitations_for(actor: Actor) -> list[InvitationView]:
    """The open invitations into organisations that went to the person's confirmed address."""
    if actor.person_id is None:
        return []
    me = person(actor.person_id)
    if me.email_verified_at is None:
        return []
    theirs = Q(email=me.email, organisation__isnull=False, expires_at__gt=timezone.now())
    return _invitations(theirs)


def invitation_of_token(token: str) -> InvitationView:
    """The open invitation behind a link."""
    found = _invitations(Q(token_digest=rules.digest(token), expires_at__gt=timezone.now()))
    if not found:
        raise NotFound("invitation_not_found", "This invitation is no longer open; ask for a new one.")
    return found[0]


def is_invited(email: str) -> bool:
    """Whether an open invitation, of any kind, went to this address."""
    return bool(_invitations(Q(email=email.strip().lower(), expires_at__gt=timezone.now())))


@dataclass(frozen=True)
class InvitationMail:
    """What the mail of an invitation needs; its token makes the link."""

    invitation: InvitationView
    token: str
    language: str  # that of who invites


def invitation_mail(invitation_id: int) -> InvitationMail | None:
    """What to send for an invitation; None: it is not open any more."""
    row = Invitation.objects.filter(id=invitation_id).select_related("invited_by").first()
    open_ones = _invitations(Q(id=invitation_id))
    if row is None or not open_ones:
        return None
    language = (row.invited_by.ui_language if row.invited_by else "") or instance().language
    return InvitationMail(open_ones[0], invitation_token(row.seed), language)


def _invitations(wanted: Q) -> list[InvitationView]:
    found = Invitation.objects.filter(wanted, accepted_at=None, withdrawn_at=None)
    now = timezone.now()
    return [
        InvitationView(
            id=row.id,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation.name if row.organisation else "",
            email=row.email,
            role=row.role,
            invited_by=row.invited_by.display_name if row.invited_by else "",
            expires_at=row.expires_at,
            expired=row.expires_at <= now,
        )
        for row in found.select_related("organisation", "invited_by").order_by("id")
    ]
