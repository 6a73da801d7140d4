"""What a project will cost, how long it will take and how right it will be, before anybody has answered. Pure.

    answers = tasks x answers per task x (1 + redone) + gold       pay = answers x what one is paid, and the fee on top
    days    = answers x mean time / (people x hours a day)         the mean, not the median: few long answers weigh much

The answers per task and how right their result is come from a vote of equal workers (`inference.redundancy`), asked one
by one until it is sure. Low, likely and high differ by how right one answer is, how long one takes and how many are done
again, where some people are paid more than others, by how much that is, and where an hour is guaranteed, by what that adds. None of them is a promise; what spending stops at is the budget, or the largest possible cost (`coverage`).

Every assumption is a whole number with its unit in its name, and says where it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from tagwerk.base.errors import Invalid
from tagwerk.base.money import MICROS, fee_micros
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.project_file import DesignPart, ProjectFile, gold_cost_bp
from tagwerk.domain.projects.rules import MOST_FEE_BP
from tagwerk.domain.work.rules.coverage import GUARANTEE_BP
from tagwerk.domain.work.rules.factors import PLAIN, WorkerFactors, floors_in, in_audience, plan_of
from tagwerk.inference import redundancy

WHOLE = 10_000  # basis points
MILLI = 1_000
HOUR_SECONDS = 3600

# How often one answer is right where nobody has measured it: a start to be corrected, by what is asked.
ACCURACY_BP = {"choice": 8_500, "comparison": 7_500, "rating": 7_000}
MEAN_BP = 12_800  # mean by median of log-normal times whose log has a standard deviation of 0.7
ACCURACY_SPREAD_BP = 500
TIME_SPREAD_BP = 3_000
REDO_BP = 200
REVIEW_TIME_BP = 5_000  # looking at an answer takes half of the time that giving it took
PEOPLE, DAY_MINUTES = 10, 120
EXPERT_TIMES, EXPERT_ACCURACY_BP = 3, 9_500
MODEL_MICROS, MODEL_ACCURACY_BP = (
    3_000,
    8_500,
)  # published prices per label are below that; the accuracy is a guess
ASKED_BP, KEPT_ACCURACY_BP = 2_000, 9_200


class Source(StrEnum):
    """Where an assumption comes from."""

    FILE = "file"
    MEASURED = "measured"
    GIVEN = "given"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What an estimate rests on. `classes` 0: answers that nobody can vote on; `seconds` 0: no time is known.

    `accuracy_bp`: how often one answer is right; `spread`s: how far low and high are from the likely. `mean_bp`: the
    mean time by the median. `redo_bp`: answers done again and paid again. `worker_bp`: how many times the price people are paid,
    on average, where some are paid more. `guarantee_bp`: what guaranteed hours add to the pay. `review_hourly_micros`: what reviewing costs the
    organisation itself; it is not paid here. `vat_bp` None: not known.

    For comparing (`comparing`): what an expert's answer pays and how often it is right; what a model's label costs and how
    often it is right; the share of tasks that people look at beside it, and how right it is on the others.
    """

    tasks: int
    classes: int
    reward_micros: int
    fee_bp: int | Decimal
    least: int
    most: int
    confidence_bp: int
    seconds: int
    accuracy_bp: int
    gold_bp: int = 0
    review_bp: int = 0
    accuracy_spread_bp: int = ACCURACY_SPREAD_BP
    mean_bp: int = MEAN_BP
    time_spread_bp: int = TIME_SPREAD_BP
    redo_bp: int = REDO_BP
    worker_bp: int = WHOLE
    worker_spread_bp: int = 0
    guarantee_bp: int = 0
    review_time_bp: int = REVIEW_TIME_BP
    review_hourly_micros: int = 0
    people: int = PEOPLE
    day_minutes: int = DAY_MINUTES
    vat_bp: int | None = None
    expert_reward_micros: int = 0
    expert_accuracy_bp: int = EXPERT_ACCURACY_BP
    model_micros: int = MODEL_MICROS
    model_accuracy_bp: int = MODEL_ACCURACY_BP
    asked_bp: int = ASKED_BP
    kept_accuracy_bp: int = KEPT_ACCURACY_BP
    hour_micros: int = 0  # by the hour: what one pays; then time says what an answer pays …
    most_seconds: int = 0  # … up to so much of it
    sources: tuple[tuple[str, Source], ...] = ()

    def source(self, name: str) -> Source:
        """Where an assumption comes from; what nobody said is a default."""
        return dict(self.sources).get(name, Source.DEFAULT)

    def shown(self, name: str) -> int | None:
        """An assumption as it is shown, a whole number: the fee of an agreed price has parts of a basis point."""
        value: int | Decimal | None = getattr(self, name)
        return None if value is None else round(value)

    def said(self, values: Mapping[str, int | None], source: Source) -> "Assumptions":
        """With other values, each refused where it is out of range."""
        known: dict[str, Any] = {name: _within(name, value) for name, value in values.items()}
        sources = dict(self.sources) | dict.fromkeys(known, source)
        made = replace(self, **known, sources=tuple(sources.items()))
        if made.least > made.most:
            raise Invalid("estimate_answers", "The most answers cannot be fewer than the least.", path="most")
        return made


# name → the smallest and the largest value that makes sense
RANGES: dict[str, tuple[int, int]] = {
    "tasks": (0, 1_000_000_000),
    "reward_micros": (0, 10_000 * MICROS),
    "fee_bp": (0, MOST_FEE_BP),
    "least": (1, 50),
    "most": (1, 50),
    "confidence_bp": (5_000, 9_999),
    "seconds": (0, 86_400),
    "accuracy_bp": (100, 9_999),
    "accuracy_spread_bp": (0, 5_000),
    "gold_bp": (0, 5_000),
    "review_bp": (0, WHOLE),
    "mean_bp": (5_000, 100_000),
    "time_spread_bp": (0, 9_000),
    "redo_bp": (0, WHOLE),
    "worker_bp": (WHOLE, 1_000_000),
    "worker_spread_bp": (0, 1_000_000),
    "guarantee_bp": (0, WHOLE),
    "review_time_bp": (0, 100_000),
    "review_hourly_micros": (0, 10_000 * MICROS),
    "people": (1, 1_000_000),
    "day_minutes": (1, 1_440),
    "vat_bp": (0, WHOLE),
    "expert_reward_micros": (0, 10_000 * MICROS),
    "expert_accuracy_bp": (100, 9_999),
    "model_micros": (0, 1_000 * MICROS),
    "model_accuracy_bp": (100, 9_999),
    "asked_bp": (0, WHOLE),
    "kept_accuracy_bp": (100, 9_999),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One of three: what it costs if things go so. `answers`: all that are paid, gold and redone ones too; `accuracy`: None
    where it cannot be voted on; `seconds`, `review_seconds` and `days`: None where no time is known."""

    answers: int
    answers_per_task: float
    accuracy: float | None
    pay_micros: int
    fee_micros: int
    vat_micros: int | None
    seconds: int | None
    review_seconds: int | None
    review_micros: int
    days: float | None
    hourly_micros: int | None

    @property
    def net_micros(self) -> int:
        """What leaves the budget: pay and fee."""
        return self.pay_micros + self.fee_micros

    def per_right_micros(self, tasks: int) -> int | None:
        """What a result costs that is right; None where nobody knows how many are."""
        return round(self.net_micros / (tasks * self.accuracy)) if self.accuracy and tasks else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Low, likely and high."""

    low: Case
    mid: Case
    high: Case

    @property
    def cases(self) -> tuple[Case, Case, Case]:
        return self.low, self.mid, self.high


@lru_cache(maxsize=64)
def forecast(given: Assumptions) -> Forecast:
    """The estimate in three cases."""
    spread, time, more = given.accuracy_spread_bp, given.time_spread_bp, given.worker_spread_bp
    return Forecast(
        _case(given, given.accuracy_bp + spread, 0, WHOLE - time, max(WHOLE, given.worker_bp - more), 0),
        _case(given, given.accuracy_bp, given.redo_bp, WHOLE, given.worker_bp, given.guarantee_bp),
        _case(
            given, given.accuracy_bp - spread, 2 * given.redo_bp, WHOLE * WHOLE // (WHOLE - time),
            given.worker_bp + more, 2 * given.guarantee_bp,
        ),
    )  # fmt: skip


def _case(
    given: Assumptions, accuracy_bp: int, redo_bp: int, time_bp: int, worker_bp: int, topped_bp: int
) -> Case:
    vote = votes(given, accuracy_bp)
    per_task = round((vote.answers if vote else given.least) * MILLI)
    ordinary = given.tasks * per_task * (WHOLE + redo_bp)  # of a thousand and of basis points
    answers = -(-ordinary // (MILLI * (WHOLE - given.gold_bp)))
    mean_ms = given.seconds * given.mean_bp * time_bp // (WHOLE * WHOLE // MILLI)
    reward = _reward(given, mean_ms) * worker_bp // WHOLE
    topped = answers * reward * topped_bp // WHOLE
    pay = answers * reward + topped
    fee = answers * fee_micros(reward, given.fee_bp) + fee_micros(topped, given.fee_bp)
    seconds = answers * mean_ms // MILLI if given.seconds else None
    review = None if seconds is None else seconds * given.review_bp * given.review_time_bp // WHOLE**2
    return Case(
        answers=answers, answers_per_task=per_task / MILLI, accuracy=vote.accuracy if vote else None,
        pay_micros=pay, fee_micros=fee, vat_micros=None if given.vat_bp is None else (pay + fee) * given.vat_bp // WHOLE,
        seconds=seconds, review_seconds=review,
        review_micros=(review or 0) * given.review_hourly_micros // HOUR_SECONDS,
        days=None if seconds is None else seconds / (given.people * given.day_minutes * 60),
        hourly_micros=reward * HOUR_SECONDS * MILLI // mean_ms if mean_ms else None,
    )  # fmt: skip


def _reward(given: Assumptions, mean_ms: int) -> int:
    """What an answer pays on average; by the hour that follows from how long it takes, unless somebody has said it."""
    if not given.hour_micros or not mean_ms or given.source("reward_micros") is Source.GIVEN:
        return given.reward_micros
    return given.hour_micros * min(mean_ms, given.most_seconds * MILLI) // (HOUR_SECONDS * MILLI)


def votes(given: Assumptions, accuracy_bp: int | None = None) -> redundancy.Expected | None:
    """How many answers a task gets on average, and how right its result is; None where answers cannot be voted on."""
    if given.classes < 2:
        return None
    accuracy = redundancy.within((given.accuracy_bp if accuracy_bp is None else accuracy_bp) / WHOLE)
    return redundancy.expected(
        accuracy, classes=given.classes, least=given.least, most=given.most, confidence=given.confidence_bp / WHOLE
    )  # fmt: skip


def assumptions(
    design: DesignPart, decides: tuple[str, ...], *, tasks: int, reward_micros: int, fee_bp: int | Decimal, least: int, most: int,
    confidence: float, seconds: int, gold_bp: int, review_bp: int, dearest: WorkerFactors = PLAIN,
    most_seconds: int = 0, guaranteed: bool = False,
) -> Assumptions:  # fmt: skip
    """What a project says, and defaults for the rest. `most_seconds`: of an answer that is paid by the hour, whose usual time
    pays `reward_micros`. Where somebody can be paid as `dearest`, the middle is likely. Of several deciding questions, that with the fewest labels counts: it
    needs most answers."""
    counted = [(len(KINDS[design.ask[name].kind].labels(design.ask[name]) or ()), name) for name in decides]
    classes, name = min(counted, default=(0, ""))
    base = Assumptions(
        tasks=tasks, classes=classes, reward_micros=reward_micros, fee_bp=fee_bp, least=min(least, 50), most=min(most, 50),
        confidence_bp=min(max(round(confidence * WHOLE), 5_000), 9_999), seconds=seconds,
        accuracy_bp=ACCURACY_BP.get(design.ask[name].kind, 8_000) if name else 8_000, gold_bp=gold_bp, review_bp=review_bp,
        **halfway(dearest), guarantee_bp=GUARANTEE_BP if guaranteed else 0,
        expert_reward_micros=min(EXPERT_TIMES * reward_micros, RANGES["expert_reward_micros"][1]),
        hour_micros=reward_micros * HOUR_SECONDS // seconds if most_seconds and seconds else 0, most_seconds=most_seconds,
    )  # fmt: skip
    said = ["tasks", "reward_micros", "fee_bp", "least", "most", "confidence_bp", "gold_bp", "review_bp"]
    return replace(
        base, sources=tuple(dict.fromkeys([*said, *["seconds"] * bool(seconds)], Source.FILE).items())
    )


def assumptions_of_file(file: ProjectFile, *, tasks: int, gold_tasks: int, fee_bp: int) -> Assumptions:
    """What a project file says, for so many tasks; a pure reading, without any instance."""
    review = file.quality.review
    return assumptions(
        file, decides_of(file), tasks=tasks, reward_micros=file.pay.usual_micros, fee_bp=fee_bp,
        least=file.answers.min, most=file.answers.max, confidence=file.answers.confidence,
        seconds=file.pay.usual_seconds,
        gold_bp=gold_cost_bp(file.gold_share_bp, file.gold_start_bp) if gold_tasks else 0,
        review_bp=round(review.share * WHOLE) if review else 0,
        most_seconds=file.pay.most_seconds, guaranteed=bool(file.pay.hour_guarantee),
    )  # fmt: skip


def dearest_of(file: ProjectFile, wages: Mapping[str, Wage], *, usual_micros: int) -> WorkerFactors:
    """The most that a file says somebody is paid, with these minimum wages and what a task pays on average."""
    if not file.pay.differs_by_worker:
        return PLAIN
    plan, floors = plan_of(file.model_dump(mode="json", exclude_none=True)), dict[str, int]()
    if plan.by_country:
        floors = floors_in(
            wages,
            currency=file.pay.currency,
            seconds=file.pay.estimate_seconds or 0,
            pays_micros=usual_micros,
        )
    return plan.most(in_audience(floors, {"countries": file.audience.countries}))


def halfway(dearest: WorkerFactors) -> dict[str, Any]:
    """What people are paid on average, as an assumption, where somebody is paid so much: the middle."""
    dearest_bp = dearest.of(WHOLE)
    return {
        "worker_bp": min((WHOLE + dearest_bp) // 2, RANGES["worker_bp"][1]),
        "worker_spread_bp": min((dearest_bp - WHOLE) // 2, RANGES["worker_spread_bp"][1]),
    }


def decides_of(design: DesignPart) -> tuple[str, ...]:
    """The questions whose certainty ends a task."""
    if design.decides is not None:
        return tuple(design.decides)
    return tuple(
        name
        for name, asked in design.ask.items()
        if asked.required and not asked.when and KINDS[asked.kind].labels(asked) is not None
    )


def _within(name: str, value: int | None) -> int | None:
    if name not in RANGES:
        raise Invalid("estimate_unknown", "“{name}” is no assumption of an estimate.", path=name, name=name)
    low, high = RANGES[name]
    if value is None and name == "vat_bp":
        return None
    if value is None or not low <= value <= high:
        raise Invalid(
            "estimate_range", "“{name}” lies between {low} and {high}.", path=name, name=name, low=low, high=high
        )  # fmt: skip
    return value


assert {field.name for field in fields(Assumptions)} >= RANGES.keys()
