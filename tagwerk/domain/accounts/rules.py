"""Who may do what, how far a language is spoken, what a key looks like. Pure: chance comes in as bytes."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from babel.core import Locale, get_global

from tagwerk.base.errors import Invalid, NotAllowed, NotFound


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
        Role.MANAGER: frozenset(Permission) - {_P.MONEY_MANAGE, _P.MEMBER_MANAGE},
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


# Languages -----------------------------------------------------------------------------------------------

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2", "native")  # Common European Framework of Reference, plus native
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")


def language_tag(text: str, *, path: str | None = None) -> str:
    """The tag in its usual case ("DE-at" → "de-AT"): language, script, region of BCP 47 (RFC 5646)."""
    tag = "-".join(
        _cased(place, part) for place, part in enumerate(text.strip().replace("_", "-").split("-"))
    )
    if not _TAG.fullmatch(tag):
        raise Invalid(
            "language_unknown",
            "“{tag}” is not a language tag; write it like de or de-AT.",
            path=path,
            tag=text[:40],
        )
    return tag


def _cased(place: int, part: str) -> str:
    if place == 0:
        return part.lower()
    return part.title() if len(part) == 4 else part.upper()


def language_level(text: str, *, path: str | None = None) -> str:
    """The level in its usual case; refuses what is none of A1 … C2 and native."""
    level = next((level for level in CEFR if level.lower() == text.strip().lower()), None)
    if level is None:
        raise Invalid(
            "level_unknown",
            "“{level}” is not a level; use one of: {levels}.",
            path=path,
            level=text[:40],
            levels=", ".join(CEFR),
        )
    return level


MOST_LANGUAGES = 30


def languages_spoken(languages: Mapping[str, str]) -> dict[str, str]:
    """Tag → level in their usual spelling; refuses what is none of either."""
    if len(languages) > MOST_LANGUAGES:
        raise Invalid(
            "languages_too_many", "Name at most {most} languages.", path="languages", most=MOST_LANGUAGES
        )
    return {
        language_tag(tag, path="languages"): language_level(level, path="languages")
        for tag, level in languages.items()
    }


def speaks(spoken: Mapping[str, str], tag: str, level: str) -> bool:
    """Whether the languages spoken (tag → level) reach `level` in `tag`; "de" is reached by "de-AT" too."""
    wanted = CEFR.index(level)
    return any(
        CEFR.index(has) >= wanted for own, has in spoken.items() if own == tag or own.startswith(f"{tag}-")
    )


# Keys and invitations ------------------------------------------------------------------------------------

_KEY = re.compile(r"twk_[a-z2-7]{52}")
SHOWN = 12  # of the text, "twk_" and eight characters (40 of 256 bits) stay visible in lists
LAST_USE_STEP_SECONDS = 60
RECALLED_SECONDS = (
    30  # who a key stands for may be kept in mind so long, never whether it still opens anything
)


def key_text(chance: bytes) -> str:
    """The text of a key from 256 random bits, in lower-case base 32: "twk_…", 56 characters."""
    assert len(chance) == 32, "a key is made of 256 random bits"
    return "twk_" + base64.b32encode(chance).decode().rstrip("=").lower()


def is_key_text(text: str) -> bool:
    """Whether it has the shape of a key; nothing else is worth a look into the database."""
    return _KEY.fullmatch(text) is not None


def digest(text: str) -> bytes:
    """SHA-256 of a key or an invitation's token. They are random, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).digest()


def check_scopes(scopes: Iterable[str], *, for_organisation: bool) -> list[str]:
    """The scopes in their usual order; refuses unknown ones and those of the other kind of key."""
    allowed = ORGANISATION_SCOPES if for_organisation else (WORK,)
    wanted = set(scopes)
    if not wanted or not wanted <= set(allowed):
        raise Invalid(
            "scope_unknown",
            "Choose at least one scope of: {scopes}.",
            path="scopes",
            scopes=", ".join(allowed),
        )
    return [scope for scope in allowed if scope in wanted]


# Names, addresses, places --------------------------------------------------------------------------------

NO_MAIL_DOMAIN = "nobody.invalid"  # RFC 2606: never delivered; addresses of models and simulated people


def address_of_machine(name: str, kind: Kind) -> str:
    """The address of a model or simulated person: always the same for the same name, and no mail ever gets there."""
    return f"{kind}-{hashlib.sha256(name.encode()).hexdigest()[:24]}@{NO_MAIL_DOMAIN}"


_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+\.[^@\s.\x00-\x1f\x7f]{2,}")


def email_address(text: str) -> str:
    """The address in lower case; refuses what cannot be one."""
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Invalid(
            "email_unreadable", "“{email}” is not an e-mail address.", path="email", email=text[:80]
        )
    return email


def plain_name(text: str, *, longest: int, path: str) -> str:
    """A name on one line: without control characters, spaces made single; refuses an empty or long one."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not 1 <= len(name) <= longest:
        raise Invalid("name_length", "Write a name of 1 to {longest} characters.", path=path, longest=longest)
    return name


@cache
def countries() -> frozenset[str]:
    """The codes of ISO 3166-1 alpha-2, as CLDR has them."""
    no_country = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"}
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2) - no_country


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217 that are legal tender somewhere today, as CLDR has them."""
    used = get_global("territory_currencies").values()
    return frozenset(
        code for entries in used for code, _, until, tender in entries if until is None and tender
    )


@cache
def time_zones() -> frozenset[str]:
    """The names of all IANA time zones."""
    return frozenset(available_timezones())


def country_code(text: str) -> str:
    """The code in upper case; refuses what is no country."""
    code = text.strip().upper()
    if code not in countries():
        raise Invalid(
            "country_unknown",
            "“{value}” is not a country code; write it like DE.",
            path="country",
            value=text[:40],
        )
    return code


def currency_code(text: str) -> str:
    """The code in upper case; refuses what is no currency."""
    code = text.strip().upper()
    if code not in currencies():
        raise Invalid(
            "currency_unknown",
            "“{value}” is not a currency; write it like EUR.",
            path="currency",
            value=text[:40],
        )
    return code


def time_zone_name(text: str) -> str:
    """The zone's name; refuses what is not in the IANA list."""
    if text not in time_zones():
        raise Invalid(
            "time_zone_unknown",
            "“{value}” is not a time zone; write it like Europe/Berlin.",
            path="time_zone",
            value=text[:60],
        )
    return text


def role_named(text: str) -> Role:
    """The role of that name; refuses what is none."""
    if text not in list(Role):
        raise Invalid(
            "role_unknown",
            "“{value}” is not a role; use one of: {roles}.",
            path="role",
            value=text[:40],
            roles=", ".join(Role),
        )
    return Role(text)


def mail_level(text: str) -> MailLevel:
    """The level of that name; refuses what is none."""
    if text not in list(MailLevel):
        raise Invalid(
            "mail_level_unknown",
            "“{value}” is not a choice; use one of: {levels}.",
            path="mail_level",
            value=text[:40],
            levels=", ".join(MailLevel),
        )
    return MailLevel(text)


def interface_language(text: str, offered: Iterable[str]) -> str:
    """The language, if the interface is offered in it."""
    known = list(offered)
    if text not in known:
        raise Invalid(
            "ui_language_unknown",
            "The interface is not offered in “{value}”; use one of: {languages}.",
            path="ui_language",
            value=text[:40],
            languages=", ".join(known),
        )
    return text
