"""The filters of the work list: what the address asks, which offers pass, and how a filter is taken away again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from tagwerk.base.money import MICROS
from tagwerk.interfaces.web.choices import language_name
from tagwerk.interfaces.web.formats import money_text
from tagwerk.interfaces.web.pages.worker.offers import KINDS, Offer

HOURLY = (6, 9, 12, 15, 20)  # in units of the project's own currency
MINUTES = (1, 3, 10, 30)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is on: in words, and the address without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Sieve:
    """What was asked for; empty and 0: anything."""

    kind: str = ""
    language: str = ""
    hourly: int = 0
    minutes: int = 0
    calm: bool = False  # nothing sensitive
    state: str = ""  # "": to do now; "closed": qualification missing; "all"

    def passes(self, offer: Offer) -> bool:
        """Whether an offer is one of those asked for."""
        return all(test(offer) for test in self._tests())

    def _tests(self) -> list[Callable[[Offer], bool]]:
        shown: dict[str, Callable[[Offer], bool]] = {
            "": lambda one: one.is_ready,
            "closed": lambda one: not one.found.is_open_to_me,
        }
        return [
            shown.get(self.state, lambda one: True),
            lambda one: not self.kind or self.kind in one.kinds,
            lambda one: not self.language or self.language == one.language_tag,
            lambda one: one.hourly_micros >= self.hourly * MICROS,
            lambda one: not self.minutes or one.seconds <= self.minutes * 60,
            lambda one: not self.calm or not one.sensitive,
        ]


def sieve_of(request: HttpRequest) -> Sieve:
    """What the address asks; what makes no sense asks for nothing."""
    state = request.GET.get("state", "")
    return Sieve(
        kind=request.GET.get("kind", "")[:40],
        language=request.GET.get("language", "")[:40],
        hourly=_number(request.GET.get("hourly", "")),
        minutes=_number(request.GET.get("minutes", "")),
        calm=request.GET.get("calm", "") == "yes",
        state=state if state in ("closed", ALL) else "",
    )


def chosen(sieve: Sieve, asked: QueryDict, currency: str) -> list[Chosen]:
    """The filters that are on."""
    said = {
        "kind": str(KINDS.get(sieve.kind, sieve.kind)),
        "language": language_name(sieve.language) if sieve.language else "",
        "hourly": _hourly_words(sieve.hourly, currency) if sieve.hourly else "",
        "minutes": minutes_words(sieve.minutes) if sieve.minutes else "",
        "calm": _("nothing sensitive") if sieve.calm else "",
    }
    return [Chosen(words, _without(asked, name)) for name, words in said.items() if words]


def choices_of(offers: Sequence[Offer], currency: str) -> dict[str, list[tuple[Any, Any]]]:
    """What can be chosen among these offers; the first choice of each asks for nothing."""
    kinds = sorted({kind for one in offers for kind in one.kinds})
    tags = sorted({one.language_tag for one in offers}, key=lambda tag: language_name(tag).casefold())
    return {
        "kinds": [("", _("Any")), *((kind, KINDS.get(kind, kind)) for kind in kinds)],
        "language_choices": [("", _("Any")), *((tag, language_name(tag)) for tag in tags)],
        "hourlies": [(0, _("Any")), *((one, _hourly_words(one, currency)) for one in HOURLY)],
        "minuteses": [(0, _("Any")), *((one, minutes_words(one)) for one in MINUTES)],
    }


def _hourly_words(units: int, currency: str) -> str:
    return _("from {amount} an hour").format(amount=money_text(units * MICROS, currency))


def minutes_words(minutes: int) -> str:
    """The longest that a task may take."""
    return _("up to {minutes} min").format(minutes=minutes)


def _without(asked: QueryDict, name: str) -> str:
    rest = asked.copy()
    for gone in (name, "after"):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
