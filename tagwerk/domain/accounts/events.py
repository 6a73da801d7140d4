"""What this room tells. `actor_id` is who did it; None: the console or an organisation's key."""

from dataclasses import dataclass
from typing import Any

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonSignedUp(Event):
    """Somebody completed their sign-up, or was made at the console."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """Country, languages or another part of a profile changed, so audiences may fit otherwise."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    """An operator gave a person another password."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonSuspended(Event):
    """An operator shut a person out: no sign-in, no key works."""

    person_id: int
    suspension_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PersonSuspensionLifted(Event):
    """An operator let a person in again."""

    person_id: int
    suspension_id: int


@dataclass(frozen=True, kw_only=True)
class OperatorChanged(Event):
    """A person became an operator, or is none any more."""

    person_id: int
    is_operator: bool
    changed_at: str = ""  # ISO 8601


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """A person agreed to a version of a document."""

    person_id: int
    document: str
    document_version: str


@dataclass(frozen=True, kw_only=True)
class OrganisationFounded(Event):
    """A new organisation waits for approval, or has it already."""

    approved: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationApproved(Event):
    """An operator approved an organisation: it may launch projects."""


@dataclass(frozen=True, kw_only=True)
class OrganisationFeeChanged(Event):
    """An operator agreed another fee with an organisation, for its new projects."""

    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class PersonViewed(Event):
    """An operator began to see the pages as a person sees them."""

    person_id: int
    viewing_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationSuspended(Event):
    """An operator suspended an organisation: its projects pause, and it launches nothing."""

    suspension_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrganisationSuspensionLifted(Event):
    """An operator lifted the suspension: what was paused can be resumed."""

    suspension_id: int


@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    """An invitation is to be sent by e-mail; without an organisation it is one to sign up as a worker."""

    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    """An invitation was withdrawn, or declined by who was invited."""

    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    """An invited person joined the organisation."""

    person_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MemberRoleChanged(Event):
    """A member has another role."""

    person_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(Event):
    """A member left or was removed."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class TeamCreated(Event):
    """An organisation has another team."""

    team_id: int
    slug: str


@dataclass(frozen=True, kw_only=True)
class TeamRenamed(Event):
    """A team is called otherwise; its slug stayed."""

    team_id: int
    slug: str


@dataclass(frozen=True, kw_only=True)
class TeamMembersChanged(Event):
    """Members came into a team or left it, so audiences may fit otherwise."""

    team_id: int
    slug: str
    added: list[int]
    removed: list[int]


@dataclass(frozen=True, kw_only=True)
class TeamDeleted(Event):
    """A team is gone; no project named it that still runs or may run."""

    team_id: int
    slug: str


@dataclass(frozen=True, kw_only=True)
class ApiKeyCreated(Event):
    """A key was made."""

    key_id: int


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Event):
    """A key was revoked and opens nothing any more."""

    key_id: int


@dataclass(frozen=True, kw_only=True)
class InstanceChanged(Event):
    """Operators changed what the instance says about itself: each field with its value before and after.
    Of the imprint and the privacy text only the languages are named."""

    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class MinimumWagesChanged(Event):
    """Operators changed lines of the table of minimum wages: how many, of which countries."""

    lines: int
    countries: list[str]
