"""What is told to everybody, and what is not: no figure rests on fewer than ten people. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LEAST_PEOPLE = 10  # k: a figure about fewer could be one about somebody


@dataclass(frozen=True, slots=True)
class Wage:
    """What an hour of active work pays: the median over workers, and what nine of ten earn at least. `floor_micros`: the
    minimum wage where these workers live, and `reached` how many of them earned it; None: not known here."""

    currency: str
    workers: int
    median_micros: int
    p10_micros: int
    country: str = ""
    floor_micros: int | None = None
    reached: int | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """How answers are decided about. `late`: after the time that was promised."""

    answers: int
    workers: int
    rejected: int
    late: int
    median_seconds: int
    p90_seconds: int

    @property
    def rejection_rate(self) -> float:
        return self.rejected / self.answers if self.answers else 0.0

    @property
    def late_rate(self) -> float:
        return self.late / self.answers if self.answers else 0.0


@dataclass(frozen=True, slots=True)
class Week:
    """What was paid out in the week that begins on this Monday (ISO 8601). `amount_micros` None: to fewer than ten people."""

    monday: str
    currency: str
    amount_micros: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was counted: how many of it there were, of how many people, and parts of it by name. A part whose name
    ends in `_seconds` is a median time, one in `_ms` a sum of times."""

    people: int
    count: int
    parts: Mapping[str, int]

    def share(self, part: str) -> float:
        """What share of all a part is."""
        return self.parts[part] / self.count if self.count else 0.0


# what is counted → the threshold of Fairwork that it is evidence for
EVIDENCE: Mapping[str, str] = {
    "weeks": "2.1", "unpaid_time": "2.1", "entry_tests": "2.1", "guaranteed_weeks": "2.1",
    "sensitive_answers": "2.2", "stopped_tasks": "2.2",
    "terms": "3.1", "returned_tasks": "3.2",
    "rejections": "4.1", "appeals": "4.1", "objections": "4.1", "holds": "4.1",
    "audiences": "4.2", "countries": "4.2", "questions": "5.1",
}  # fmt: skip
COUNTED = frozenset({"1.1", "1.2", *EVIDENCE.values()})  # of the others there are only words
OF_COUNTRY = "countries:"  # begins the name of what is counted about a country
LONG_WEEK_HOURS = (10, 20, 30, 40)  # the edges between weeks of little work and of much


def threshold_of(name: str) -> str:
    """Which threshold a fact is evidence for."""
    return EVIDENCE[name.partition(":")[0]]


def facts_told(facts: Mapping[str, Fact | None]) -> dict[str, Fact]:
    """Only those that rest on enough people."""
    return {name: one for name, one in facts.items() if one is not None and one.people >= LEAST_PEOPLE}


@dataclass(frozen=True, slots=True)
class OrganisationFigures:
    """Of the last year; each None where fewer than ten people have worked for it."""

    deciding: Deciding | None
    wages: tuple[Wage, ...]


@dataclass(frozen=True, slots=True)
class InstanceFigures:
    """Of the last year. `released`: payout runs; `alone`: of them by one person who had made them too. `evidence`: what else
    was counted about the thresholds of Fairwork, by the names of EVIDENCE."""

    deciding: Deciding | None
    wages: tuple[Wage, ...]
    countries: tuple[Wage, ...]
    weeks: tuple[Week, ...]
    released: int
    alone: int
    evidence: Mapping[str, Fact] = field(default_factory=dict)


def told(deciding: Deciding | None) -> Deciding | None:
    """Only where it rests on enough people."""
    return deciding if deciding is not None and deciding.workers >= LEAST_PEOPLE else None


def wages_told(wages: Iterable[Wage]) -> tuple[Wage, ...]:
    """Only those of enough people."""
    return tuple(one for one in wages if one.workers >= LEAST_PEOPLE)


def week_told(monday: str, currency: str, amount_micros: int, people: int) -> Week:
    """The sum, or that fewer than ten people were paid."""
    return Week(monday, currency, amount_micros if people >= LEAST_PEOPLE else None)


def as_json(figures: OrganisationFigures | InstanceFigures) -> dict[str, Any]:
    """As it is kept."""
    return asdict(figures)


def organisation_figures(kept: Mapping[str, Any]) -> OrganisationFigures:
    """From what was kept."""
    return OrganisationFigures(_deciding(kept), _wages(kept["wages"]))


def instance_figures(kept: Mapping[str, Any]) -> InstanceFigures:
    """From what was kept."""
    weeks = tuple(Week(**one) for one in kept["weeks"])
    facts = {name: Fact(**one) for name, one in kept.get("evidence", {}).items()}
    return InstanceFigures(
        _deciding(kept), _wages(kept["wages"]), _wages(kept["countries"]), weeks, kept["released"], kept["alone"], facts
    )  # fmt: skip


def _deciding(kept: Mapping[str, Any]) -> Deciding | None:
    return Deciding(**kept["deciding"]) if kept["deciding"] else None


def _wages(kept: Iterable[Mapping[str, Any]]) -> tuple[Wage, ...]:
    return tuple(Wage(**one) for one in kept)
