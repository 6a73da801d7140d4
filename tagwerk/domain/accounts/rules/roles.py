"""Who may do what: kinds of actors, roles, permissions, and the scopes of keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.domain.accounts.rules.preferences import DEFAULT_PREFERENCES, Preferences


class Kind(StrEnum):
    """What answers: a person, a model, or a simulated person."""

    PERSON = "person"
    MODEL = "model"
    SIMULATION = "simulation"


class MailLevel(StrEnum):
    """Which notices also come by e-mail. Mail about signing in always comes."""

    ALL = "all"
    IMPORTANT = "important"
    NONE = "none"


class Role(StrEnum):
    """What a member is in an organisation."""

    OWNER = "owner"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    FINANCE = "finance"
    VIEWER = "viewer"


class Permission(StrEnum):
    """What can be allowed to a member or a key."""

    PROJECT_VIEW = "project_view"
    PROJECT_MANAGE = "project_manage"
    RESULT_EXPORT = "result_export"
    ANSWER_REVIEW = "answer_review"
    MONEY_VIEW = "money_view"
    MONEY_MANAGE = "money_manage"
    MEMBER_MANAGE = "member_manage"
    TEAM_MANAGE = "team_manage"
    KEY_MANAGE = "key_manage"
    WEBHOOK_MANAGE = "webhook_manage"
    QUALIFICATION_MANAGE = "qualification_manage"


class Channel(IntEnum):
    """The way in: by page, by API, by a model worker, by a simulated person."""

    PAGE = 1
    API = 2
    MODEL = 3
    SIMULATION = 4


_P = Permission

MAY: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Permission),
        Role.MANAGER: frozenset(Permission) - {_P.MONEY_MANAGE, _P.MEMBER_MANAGE, _P.TEAM_MANAGE},
        Role.REVIEWER: frozenset({_P.PROJECT_VIEW, _P.ANSWER_REVIEW}),
        Role.FINANCE: frozenset({_P.PROJECT_VIEW, _P.MONEY_VIEW, _P.MONEY_MANAGE}),
        Role.VIEWER: frozenset({_P.PROJECT_VIEW}),
    }
)

TERMS = "terms"  # the document that everybody agrees to, in each version
WORK = "work"  # the one scope of a worker's own key
SCOPES: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {
        "projects:read": frozenset({_P.PROJECT_VIEW}),
        "projects:write": frozenset(
            {_P.PROJECT_VIEW, _P.PROJECT_MANAGE, _P.ANSWER_REVIEW, _P.QUALIFICATION_MANAGE}
        ),
        "results:read": frozenset({_P.PROJECT_VIEW, _P.RESULT_EXPORT}),
        "money:read": frozenset({_P.MONEY_VIEW}),
        "webhooks": frozenset({_P.WEBHOOK_MANAGE}),
        "teams": frozenset({_P.TEAM_MANAGE}),
        WORK: frozenset(),
    }
)
ORGANISATION_SCOPES = tuple(scope for scope in SCOPES if scope != WORK)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, and what they hold: made once per request, passed to every gate."""

    person_id: int | None  # None: an organisation's API key
    name: str
    is_operator: bool = False
    roles: Mapping[int, Role] = field(default_factory=dict)  # organisation id → role
    scopes: frozenset[str] | None = None  # None: signed in on a page; else what the key may
    key_id: int | None = None
    channel: Channel = Channel.PAGE
    owes_terms: bool = False  # the owner of a worker's key has not agreed to the terms as they are now
    language: str = "en"
    time_zone: str = "UTC"
    preferences: Preferences = DEFAULT_PREFERENCES


CONSOLE = Actor(
    person_id=None, name="console", is_operator=True
)  # whoever has a shell on the machine operates it


def may(actor: Actor, organisation_id: int, permission: Permission) -> bool:
    """Whether the actor's role there, and the key they come with, allow it."""
    role = actor.roles.get(organisation_id)
    if role is None or permission not in MAY[role]:
        return False
    return actor.scopes is None or any(permission in SCOPES[scope] for scope in actor.scopes)


def require(actor: Actor, organisation_id: int, permission: Permission) -> None:
    """Refuse who may not: a stranger finds nothing there, a member learns what is missing."""
    if organisation_id not in actor.roles:
        raise NotFound("organisation_not_found", "There is no such organisation.")
    if may(actor, organisation_id, permission):
        return
    if permission not in MAY[actor.roles[organisation_id]]:
        raise NotAllowed(
            "role_missing",
            "Your role “{role}” does not allow this; an owner of the organisation can change it.",
            role=str(actor.roles[organisation_id]),
            permission=str(permission),
        )
    raise NotAllowed(
        "scope_missing",
        "This key does not allow this; it needs one of the scopes: {scopes}.",
        scopes=", ".join(scope for scope, allowed in SCOPES.items() if permission in allowed) or "–",
        permission=str(permission),
    )


def require_operator(actor: Actor) -> None:
    """Refuse everybody but the operators, signed in on a page or at the command line."""
    if not actor.is_operator or actor.scopes is not None:
        raise NotFound("page_not_found", "There is nothing here.")


def require_scope(actor: Actor, scope: str) -> None:
    """Refuse a key that lacks the scope; a signed-in person has them all."""
    if actor.scopes is not None and scope not in actor.scopes:
        raise NotAllowed(
            "scope_missing",
            "This key does not allow this; it needs one of the scopes: {scopes}.",
            scopes=scope,
        )
