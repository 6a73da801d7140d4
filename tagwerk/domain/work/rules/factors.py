"""What a worker is paid more than others: for what they can, for how much they did, and by where they live. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.designs.rules.amounts import basis_points
from tagwerk.domain.work.rules.units import NONE_BP, times

HOUR_SECONDS: Final = 3600
MOST_FLOOR_BP: Final = 100_000_000  # ten thousand times the price; the database counts not much further


@dataclass(frozen=True, slots=True)
class WorkerFactors:
    """Level × volume, but at least the floor; each in basis points and none below one. `work_worker_units` says the same
    in the database."""

    level_bp: int = NONE_BP
    volume_bp: int = NONE_BP
    floor_bp: int = NONE_BP

    @property
    def plain(self) -> bool:
        """Whether nothing is paid more."""
        return self == WorkerFactors()

    @property
    def list(self) -> list[int]:
        """As the database keeps them."""
        return [self.level_bp, self.volume_bp, self.floor_bp]

    def of(self, units: int) -> int:
        """The units for which this worker is paid where others are paid for so many."""
        return max(times(times(units, self.level_bp), self.volume_bp), times(units, self.floor_bp))


PLAIN: Final = WorkerFactors()


def factors_kept(kept: Sequence[int] | None) -> WorkerFactors:
    """As the database kept them; None: everybody is paid alike."""
    return WorkerFactors(*kept) if kept else PLAIN


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """What a pay plan says about workers: the qualification and from which score on how much more, from how many approved
    answers on how much more, and whether pay is raised to the minimum wage of a worker's country."""

    qualification: str = ""
    levels: tuple[tuple[int, int], ...] = ()  # (score, factor), the lowest score first
    volume_after: int | None = None
    volume_bp: int = NONE_BP
    by_country: bool = False

    @property
    def pays_alike(self) -> bool:
        """Whether everybody is paid the same."""
        return self == WorkerPlan()

    def level_bp(self, score: int | None) -> int:
        """The factor of somebody with this score; None: they have not got the qualification."""
        reached = [factor_bp for least, factor_bp in self.levels if score is not None and score >= least]
        return max(reached, default=NONE_BP)

    def most(self, floors: Mapping[str, int]) -> WorkerFactors:
        """The most that anybody can be paid, with these floors by country."""
        return WorkerFactors(
            max((factor_bp for _, factor_bp in self.levels), default=NONE_BP), self.volume_bp,
            max(floors.values(), default=NONE_BP),
        )  # fmt: skip


def plan_of(file: Mapping[str, Any]) -> WorkerPlan:
    """What a stored project file says about workers."""
    pay = file.get("pay") or {}
    level, volume = (pay.get("multipliers") or {}).get("level") or {}, pay.get("volume") or {}
    return WorkerPlan(
        level.get("qualification", ""),
        tuple(sorted((int(score), basis_points(factor)) for score, factor in level.get("factors", {}).items())),
        volume.get("after"), basis_points(volume["factor"]) if volume else NONE_BP,
        pay.get("location") == "floor_by_country",
    )  # fmt: skip


def floors_in(wages: Mapping[str, Wage], *, currency: str, seconds: int, pays_micros: int) -> dict[str, int]:
    """Country → how many times the price is paid there because of its minimum wage, where that is more than once. Wages in
    another currency say nothing about the price."""
    found = {
        country: floor_bp(per_hour_micros=wage.per_hour_micros, seconds=seconds, pays_micros=pays_micros)
        for country, wage in wages.items()
        if wage.currency == currency
    }
    return {country: factor for country, factor in found.items() if factor > NONE_BP}


def in_audience(floors: Mapping[str, int], audience: Mapping[str, Any]) -> dict[str, int]:
    """The floors of the countries that an audience names; of all, where it names none."""
    named = audience.get("countries") or floors
    return {country: factor for country, factor in floors.items() if country in named}


def floor_bp(*, per_hour_micros: int, seconds: int, pays_micros: int) -> int:
    """How many times as much has to be paid for an answer of so many seconds to reach a minimum wage; rounded up."""
    if not pays_micros or not seconds:
        return NONE_BP
    return max(NONE_BP, -(-per_hour_micros * seconds * NONE_BP // (HOUR_SECONDS * pays_micros)))
