"""Choices that several forms offer, named and sorted in the reader's language."""

from collections.abc import Iterable, Mapping

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext_lazy as _

from tagwerk.domain.accounts import rules
from tagwerk.interfaces.web.formats import locale

Choices = list[tuple[str, str]]

LEVELS = [
    ("", "–"),
    ("A1", _("A1 – beginner")),
    ("A2", _("A2 – elementary")),
    ("B1", _("B1 – intermediate")),
    ("B2", _("B2 – upper intermediate")),
    ("C1", _("C1 – advanced")),
    ("C2", _("C2 – near native")),
    ("native", _("native speaker")),
]


def _named(names: Mapping[str, str], codes: Iterable[str]) -> Choices:
    named = [(code, names.get(code, code)) for code in codes]
    return [("", "–"), *sorted(named, key=lambda choice: choice[1].casefold())]


def country_choices() -> Choices:
    """All countries."""
    return _named(locale().territories, rules.countries())


def language_choices(also: Iterable[str] = ()) -> Choices:
    """All languages with a code of two letters, and tags that somebody chose elsewhere, such as de-AT."""
    names = dict(locale().languages)
    for tag in also:
        names.setdefault(tag, language_name(tag))
    return _named(names, [tag for tag in names if len(tag) == 2 or tag in also])


def time_zone_choices() -> Choices:
    """All time zones by their IANA names."""
    return [("", "–"), *((zone, zone) for zone in sorted(rules.time_zones()))]


def language_name(tag: str) -> str:
    """The name of a language with its region: "German (Austria)"."""
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(locale()) or tag)
    except (ValueError, UnknownLocaleError):  # "mul" and the like have a name, but are no locale
        return str(locale().languages.get(tag, tag))


def country_name(code: str) -> str:
    """The name of a country."""
    return str(locale().territories.get(code, code))


def currency_choices() -> Choices:
    """All currencies, by their codes."""
    names = locale().currencies
    return sorted((code, f"{code} – {names.get(code, code)}") for code in rules.currencies())
