"""What may stand in a profile: names, addresses, places."""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from babel.core import Locale, get_global

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules.roles import Kind, MailLevel, Role

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
