"""The table of minimum wages: what tagwerk brings along, and what operators put over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from time import monotonic

from tagwerk.domain.accounts.models import MinimumWage
from tagwerk.domain.accounts.queries.instance import KEPT_SECONDS
from tagwerk.domain.accounts.rules import Wage, in_force, wages_of_csv

SHIPPED = "minimum_wages.csv"


@dataclass(frozen=True, slots=True)
class WageLine:
    """A line of the table; `own`: an operator's, which can be taken out; `over`: a line that came along lies under it."""

    wage: Wage
    own: bool
    over: bool = False


def wage_lines() -> list[WageLine]:
    """The whole table by country, the newest day of each first. An operator's line takes the place of one that came along."""
    shipped = {(one.country, one.valid_from): one for one in shipped_wages()}
    lines = {key: WageLine(one, own=False) for key, one in shipped.items()}
    for one in _own():
        key = (one.country, one.valid_from)
        lines[key] = WageLine(one, own=True, over=key in shipped)
    newest_first = sorted(lines.values(), key=lambda line: line.wage.valid_from, reverse=True)
    return sorted(newest_first, key=lambda line: line.wage.country)


def floors(on: date) -> Mapping[str, Wage]:
    """By country what holds on a day, in one question at most."""
    return in_force([line.wage for line in wage_lines()], on)


def floor_for(country: str, on: date) -> Wage | None:
    """The minimum wage of a country on a day; None: the table has none, which does not mean that there is none."""
    return floors(on).get(country) if country else None


@cache
def shipped_wages() -> tuple[Wage, ...]:
    """The lines that tagwerk brings along, each with its source."""
    text = files("tagwerk.domain.accounts.rules").joinpath(SHIPPED).read_text(encoding="utf-8")
    return tuple(wages_of_csv(text))


def forget_wages() -> None:
    """Ask the database again next time."""
    _KEPT.clear()


_KEPT: dict[str, tuple[float, list[Wage]]] = {}


def _own() -> list[Wage]:
    """Asked on every offer and changed once a year: at most one query in some seconds."""
    until, found = _KEPT.get("own", (0.0, []))
    if monotonic() >= until:
        columns = ("country", "valid_from", "per_hour_micros", "currency", "source")
        found = [Wage(*row) for row in MinimumWage.objects.values_list(*columns)]
        _KEPT["own"] = (monotonic() + KEPT_SECONDS, found)
    return found
