"""The pay plan of a project file: what is paid, for what, and what makes a task worth more."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from babel.numbers import is_currency
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tagwerk.base.money import MICROS, for_seconds, micros_of
from tagwerk.domain.designs.rules.amounts import Amount, Factor, Surcharge, basis_points
from tagwerk.domain.designs.rules.parts import Duration, Slug
from tagwerk.domain.designs.rules.question import Part, wrong


def _currency(code: str) -> str:
    if not re.fullmatch("[A-Z]{3}", code) or not is_currency(code):
        raise wrong("“{code}” is not a currency (ISO 4217); write for example “EUR”", code=code)
    return code


Currency = Annotated[str, AfterValidator(_currency)]
COUNTED: Final = ("audio_minute", "word")  # so many units a task, counted in a column
HOUR: Final = "hour"  # by the worker's timer
HOUR_SECONDS: Final = 3_600
MOST_DAYS: Final = 7  # then an answer that is paid is approved, if nobody said otherwise
MOST_HOURLY_DAYS: Final = 5  # then an answer that is paid by the hour is approved, if nobody said otherwise
WHOLE: Final = ("deliverable", "milestone")  # each task is one, with an amount of its own


# What seeing hard things is worth, in basis points of the pay: by sensitivity. It may be raised.
SURCHARGE_BP: Final = {3: 12_500, 4: 15_000}


class Urgency(Part):
    """Tasks that cannot wait."""

    within: Duration = Field(description="Tasks whose `_deadline` is so near when they are opened")
    factor: Surcharge = Field(description="Pay so many times as much, such as `1.10`")


class Difficulty(Part):
    """Tasks that are harder than others."""

    column: str = Field(min_length=1, max_length=200, description="The column that names the difficulty")
    factors: dict[str, Factor] = Field(
        min_length=1, max_length=50, description="What it says → so many times as much: `{hard: 1.50}`"
    )


def _score(text: Any) -> Any:
    """A key of YAML may be a number; of JSON it is a text."""
    return str(text) if isinstance(text, int) and not isinstance(text, bool) else text


def _known_score(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}", text) or int(text) > 100:
        raise wrong("“{text}” is no score; write a whole number from 0 to 100", text=text)
    return str(int(text))


Score = Annotated[str, BeforeValidator(_score), AfterValidator(_known_score)]


class Level(Part):
    """People who can do more."""

    qualification: Slug = Field(
        description="The short name of a qualification of the organisation or instance"
    )
    factors: dict[Score, Surcharge] = Field(
        min_length=1,
        max_length=20,
        description="From which score on → so many times as much: `{60: 1.10, 80: 1.25}`",
    )


class Volume(Part):
    """People who do much."""

    after: int = Field(ge=1, le=1_000_000, description="So many approved answers of a worker in this project")
    factor: Surcharge = Field(
        description="What they take from then on pays so many times as much, such as `1.05`"
    )


class Multipliers(Part):
    """What makes a task worth more, or the work of some people; workers see each of them."""

    sensitivity: Surcharge | None = Field(
        None,
        description="Sensitive content; without it 1.25 at `sensitivity` 3 and 1.50 at 4, less is not possible",
    )
    language: Surcharge | None = Field(None, description="A language that few people know")
    urgency: Urgency | None = Field(None, description="`{within, factor}`: tasks with a near `_deadline`")
    difficulty: Difficulty | None = Field(
        None, description="`{column, factors}`: a column says how hard a task is"
    )
    level: Level | None = Field(
        None, description="`{qualification, factors}`: who has more of a qualification is paid more"
    )


class Pay(Part):
    """What an answer is paid."""

    per: Literal["answer", "hour", "audio_minute", "word", "deliverable", "milestone", "none"] = Field(
        "answer",
        description="What the amount is for. `hour`: the worker's own timer counts, up to `most_minutes`; `audio_minute` and `word`: a task pays by its own length (`units_from`); "
        "`deliverable` and `milestone`: each task is one, and may name its own amount in the column `_amount`; `none`: own "
        "staff (a team or invited people in `audience`), nothing about money is shown",
    )
    amount: Amount | None = Field(
        None,
        description='What the worker gets for an answer, an hour, a minute of audio, a word …, such as `"0.30"`. With `deliverable` and '
        "`milestone` it may be left out if every row has `_amount`",
    )
    units_from: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="The column by which a task is measured. `audio_minute`: an uploaded file (`media:…`), or a length in "
        "seconds; `word`: the text whose words count",
    )
    most_minutes: int | None = Field(
        None,
        ge=1,
        le=1_440,
        description="With `hour`: so many minutes of a task are paid without asking; for more the worker asks, and you decide",
    )
    multipliers: Multipliers | None = Field(
        None,
        description="What makes a task worth more: sensitive content, urgency, difficulty, a rare language; and `level`, what a "
        "worker can do",
    )
    location: Literal["same_for_all", "floor_by_country"] | None = Field(
        None,
        description="`same_for_all` (if left out), or `floor_by_country`: who lives where the minimum wage × `estimate_seconds` is "
        "more than the price gets that much, by the table of the day of the launch. Nobody gets less than the price",
    )
    volume: Volume | None = Field(
        None,
        description="`{after, factor}`: who has so many approved answers is paid more for what they take from then on",
    )
    currency: Currency = Field("EUR", description="ISO 4217")
    estimate_seconds: int | None = Field(
        None, ge=1, le=86_400, description="How long an answer takes, for the pay per hour"
    )
    hour_guarantee: bool | None = (
        Field(  # None as no: files of launched projects are compared as they were stored
            None,
            description="Whether nobody gets less for an hour of work in a week than the minimum wage: what is missing is paid on "
            "Mondays. Sets a tenth more aside, and needs `estimate_seconds`",
        )
    )

    @model_validator(mode="after")
    def _guarantee_needs_a_time(self) -> Self:
        if self.hour_guarantee and (self.per == "none" or not self.estimate_seconds):
            raise wrong(
                "“hour_guarantee” needs “amount” and “estimate_seconds”, by which long answers are measured"
            )
        return self

    @model_validator(mode="after")
    def _location_needs_a_time(self) -> Self:
        if self.location == "floor_by_country" and (self.per == "none" or not self.estimate_seconds):
            raise wrong(
                "“location: floor_by_country” needs “amount” and “estimate_seconds”, which say what an hour pays"
            )
        if self.volume and self.per == "none":
            raise wrong("with “per: none” nothing is paid, so “volume” raises nothing; leave it out")
        return self

    @model_validator(mode="after")
    def _amount_if_paid(self) -> Self:
        if self.amount is None and self.per not in ("none", *WHOLE):
            raise wrong(
                "“amount” is missing; write for example {example}, or “per: none” for own staff",
                example='amount: "0.30"',
            )
        if self.per == "none" and (self.amount is not None or self.multipliers is not None):
            raise wrong("with “per: none” there is no “amount”; leave one of them out")
        return self

    @model_validator(mode="after")
    def _hours_have_a_limit(self) -> Self:
        if self.per != HOUR:
            if self.most_minutes is not None:
                raise wrong("“most_minutes” goes with “per: hour” only; leave it out")
            return self
        if self.most_minutes is None:
            raise wrong(
                "“most_minutes” is missing: say how many minutes of a task are paid without asking, for example {example}",
                example="most_minutes: 30",
            )
        if self.hour_guarantee:
            raise wrong("with “per: hour” every hour is paid; leave “hour_guarantee” out")
        if self.estimate_seconds and self.estimate_seconds > self.most_seconds:
            raise wrong(
                "“estimate_seconds” is longer than “most_minutes”, so the usual task would not be paid"
            )
        if not self.usual_micros:
            raise wrong("“amount” is so small that a whole task would pay nothing")
        return self

    @model_validator(mode="after")
    def _measured_by_a_column(self) -> Self:
        if self.per in COUNTED and self.units_from is None:
            raise wrong(
                "“units_from” is missing: name the column by which a task is measured, for example {example}",
                example="units_from: recording" if self.per == "audio_minute" else "units_from: text",
            )
        if self.per not in COUNTED and self.units_from is not None:
            raise wrong("“units_from” goes with “per: audio_minute” and “per: word” only; leave it out")
        return self

    @property
    def differs_by_worker(self) -> bool:
        """Whether some people are paid more than others for the same."""
        level = self.multipliers is not None and self.multipliers.level is not None
        return level or self.volume is not None or self.location == "floor_by_country"

    @property
    def reward_micros(self) -> int:
        """The amount in micros of the currency; 0 without one."""
        return micros_of(self.amount) if self.amount else 0

    @property
    def usual_seconds(self) -> int:
        """How long an answer takes, as far as the file says; 0 where it says nothing."""
        return self.estimate_seconds or self.most_seconds

    @property
    def usual_micros(self) -> int:
        """What an answer probably pays, where all tasks pay the same: by the hour, what the estimated time comes to."""
        if self.per == HOUR:
            return for_seconds(self.reward_micros, self.usual_seconds)
        return self.reward_micros

    @property
    def hour_micros(self) -> int:
        """What an hour on the worker's timer pays; 0 where tasks are not paid by the hour."""
        return self.reward_micros if self.per == HOUR else 0

    @property
    def most_seconds(self) -> int:
        """So much of a task is paid by the hour without asking; 0 where nothing is."""
        return 60 * (self.most_minutes or 0)

    @property
    def rate_micros(self) -> int:
        """What one unit pays. A deliverable is measured in units of the currency, so that its amount is exact; by the hour
        a task is one unit, which pays what its longest paid time comes to."""
        if self.per == HOUR:
            return for_seconds(self.reward_micros, self.most_seconds)
        return MICROS if self.per in WHOLE else self.reward_micros


def surcharge_bp(file: Mapping[str, Any]) -> int:
    """What a stored project file multiplies pay by for its sensitive content, in basis points; 10,000 where nothing is paid."""
    pay = file.get("pay") or {}
    if pay.get("per") == "none":
        return 10_000
    said = (pay.get("multipliers") or {}).get("sensitivity")
    return basis_points(said) if said else SURCHARGE_BP.get(file.get("sensitivity", 0), 10_000)
