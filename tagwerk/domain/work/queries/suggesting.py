"""A price for an answer at which most people should earn the minimum wage, and how the present one compares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.queries.paces import ENOUGH_ANSWERS
from tagwerk.domain.work.queries.paces import ENOUGH_WORKERS as ENOUGH_TIMED
from tagwerk.domain.work.queries.wages import wages_in
from tagwerk.domain.work.rules.wages import factor_of, hourly, simulated_share, suggested


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`reward_micros`: suggested for one answer; `answer_ms`: the middle time it is made of, `measured` or as estimated."""

    reward_micros: int
    floor: Wage
    answer_ms: int
    measured: bool
    present_micros: int  # what an hour pays at the present price, to the cent
    factor: float  # … in minimum wages

    @property
    def is_below(self) -> bool:
        """Whether the present price pays less than the minimum wage at the middle time."""
        return self.factor < 1

    @property
    def share(self) -> float | None:
        """In the simulation, how many people earn at least the minimum wage at the present price."""
        return simulated_share(self.factor)

    @property
    def suggested_share(self) -> float:
        """The same at the suggested price."""
        share = simulated_share(factor_of(self.reward_micros, self.floor.per_hour_micros, self.answer_ms))
        assert share is not None
        return share


def suggestion(project: ProjectView, *, on: date) -> Suggestion | None:
    """For a paid project whose time for an answer is known or estimated; None: it is not, or no wage in its currency is.
    Whoever is paid by the hour needs none: an hour pays what it says."""
    if not project.paid or project.hour_micros or (project.measures and project.task_micros is None):
        return None
    floor = floor_of(project, on=on)
    found = wages_in([project.id]).get(project.id)
    measured = (
        found is not None and found.wages.answers >= ENOUGH_ANSWERS and found.wages.workers >= ENOUGH_TIMED
    )
    answer_ms = found.answer_ms if found and measured else project.estimate_seconds * 1000
    if floor is None or not answer_ms:
        return None
    return Suggestion(
        suggested(floor.per_hour_micros, answer_ms), floor, answer_ms, measured,
        hourly(project.usual_micros, answer_ms), factor_of(project.usual_micros, floor.per_hour_micros, answer_ms),
    )  # fmt: skip


def floor_of(project: ProjectView, *, on: date) -> Wage | None:
    """The minimum wage that a project is measured by: the highest of the countries that its audience names; else that of
    the organisation's country; else the lowest in its currency."""
    floors = accounts.floors(on)
    named = _in(project.currency, floors, project.audience.get("countries") or ())
    if named:
        return max(named, key=lambda one: one.per_hour_micros)
    home = accounts.organisation(project.organisation_id).country
    return next(iter(_in(project.currency, floors, [home])), None) or min(
        _in(project.currency, floors, floors), key=lambda one: one.per_hour_micros, default=None
    )


def _in(currency: str, floors: Mapping[str, Wage], countries: Iterable[str]) -> list[Wage]:
    return [floors[code] for code in countries if code in floors and floors[code].currency == currency]
