"""What a task pays by its own length, worth or words: millionths of the unit that the pay plan names. Pure.

One unit is a minute of audio, a word, or, of deliverables and milestones, one of the currency; of answers it is the answer.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.money import MICROS, for_seconds, for_units, micros_of
from tagwerk.domain.designs.rules.amounts import basis_points
from tagwerk.domain.designs.rules.parts import seconds_of
from tagwerk.domain.designs.rules.pay import HOUR, WHOLE, surcharge_bp

ONE: Final = MICROS
NONE_BP: Final = 10_000  # a factor that changes nothing
LONGEST_SECONDS: Final = 7 * 86_400
MOST_MICROS: Final = 10**12  # a task that pays more than a million is a typing error
_MEDIA = "media:"
# Writing without spaces between words: each character counts, as word processors count them.
_CHARACTERS: Final = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]"
)


@dataclass(frozen=True, slots=True)
class Length:
    """The task pays by the length of an uploaded file, which has to be looked up."""

    media: str
    factor_bp: int = NONE_BP


@dataclass(frozen=True, slots=True)
class Factors:
    """What makes a task worth more, in basis points. `urgent_bp` counts when a task is opened, the rest when it comes in."""

    sensitivity_bp: int = NONE_BP
    language_bp: int = NONE_BP
    difficulty: str = ""  # the column that says it
    difficulties_bp: tuple[tuple[str, int], ...] = ()
    urgent_seconds: int = 0
    urgent_bp: int = NONE_BP

    def of(self, data: Mapping[str, Any]) -> int:
        """All that holds for a task with this data when it comes in, in one."""
        found = NONE_BP
        for factor_bp in (self.sensitivity_bp, self.language_bp, self.difficulty_bp(data)):
            found = times(found, factor_bp)
        return found

    def difficulty_bp(self, data: Mapping[str, Any]) -> int:
        """What its difficulty is worth; refused where nobody has said."""
        value = data.get(self.difficulty) if self.difficulty else None
        if value is None or value == "":
            return NONE_BP
        known = dict(self.difficulties_bp)
        if str(value) not in known:
            raise Invalid(
                "row_difficulty_unknown", "“{value}” is none of the difficulties that pay is named for: {known}.",
                path=self.difficulty, value=str(value)[:60], known=", ".join(known),
            )  # fmt: skip
        return known[str(value)]


def times(number: int, factor_bp: int) -> int:
    """So many times as much; half counts as one."""
    return (number * factor_bp + NONE_BP // 2) // NONE_BP


@dataclass(frozen=True, slots=True)
class Meter:
    """Measures tasks by a pay plan. `amount_micros`: of a deliverable that names none itself."""

    per: str
    rate_micros: int
    units_from: str | None = None
    amount_micros: int = 0
    factors: Factors = Factors()

    @property
    def mark(self) -> str:
        """What it measures by, in one text: the same text, the same units. Empty: every task is one unit."""
        if not self.measures:
            return ""
        return json.dumps(
            [self.per, self.units_from, self.amount_micros, self.rate_micros, asdict(self.factors)]
        )

    @property
    def measures(self) -> bool:
        """Whether tasks can be worth anything but one unit."""
        return self.per not in ("answer", HOUR, "none") or self.factors != Factors()

    @property
    def takes_amounts(self) -> bool:
        """Whether a row may name its own amount."""
        return self.per in WHOLE

    def of(self, data: Mapping[str, Any], amount_micros: int | None) -> int | Length:
        """The units of a task with this data; Invalid says why it has none."""
        factor_bp = self.factors.of(data)
        found = self._of(data, amount_micros)
        if isinstance(found, Length):
            return Length(found.media, factor_bp)
        return self.checked(found, factor_bp)

    def _of(self, data: Mapping[str, Any], amount_micros: int | None) -> int | Length:
        if self.per in WHOLE:
            return self._amount(amount_micros)
        if self.per in ("answer", HOUR, "none"):
            return ONE
        column = self.units_from or ""
        value = data.get(column)
        if value is None or value == "":
            raise Invalid(
                "row_unmeasured",
                "The row has no “{column}”, by which it is paid.",
                path=column,
                column=column,
            )
        if self.per == "word":
            return words_in(value, column) * ONE
        seconds = _seconds(value)
        if seconds is None and isinstance(value, str):
            return Length(value.removeprefix(_MEDIA))
        return _minutes(seconds, column)

    def of_length(self, length: Length, seconds: Decimal | None) -> int:
        """The units of a task that is paid by a recording of this length; None: nobody could read how long it is."""
        return self.checked(_minutes(seconds, self.units_from or ""), length.factor_bp)

    def checked(self, units: int, factor_bp: int = NONE_BP) -> int:
        """The units times the factor, if what they pay is an amount that somebody can mean."""
        units = times(units, factor_bp)
        pays = for_units(self.rate_micros, units)
        if pays <= 0:
            raise Invalid(
                "row_pays_nothing", "The task would pay nothing: it has not one unit to be paid for."
            )
        if pays > MOST_MICROS:
            raise Invalid("row_pays_too_much", "The task would pay more than a million; is that meant?")
        return units

    def _amount(self, amount_micros: int | None) -> int:
        found = amount_micros or self.amount_micros
        if not found:
            raise Invalid(
                "row_amount_missing",
                "The row has no “_amount”, and the project names no amount for rows without one.",
                path="_amount",
            )
        return found


def meter_of(file: Mapping[str, Any]) -> Meter:
    """The meter of a stored project file."""
    pay = file.get("pay") or {}
    per, amount = pay.get("per", "answer"), pay.get("amount")
    micros = micros_of(amount) if amount else 0
    if per == HOUR:
        micros = for_seconds(micros, 60 * pay["most_minutes"])
    whole = per in WHOLE
    return Meter(
        per, ONE if whole else micros, pay.get("units_from"), micros if whole else 0, factors_of(file) if per != "none" else Factors()
    )  # fmt: skip


def factors_of(file: Mapping[str, Any]) -> Factors:
    """What makes tasks worth more, by a stored project file."""
    given = (file.get("pay") or {}).get("multipliers") or {}
    urgency, difficulty = given.get("urgency") or {}, given.get("difficulty") or {}
    return Factors(
        surcharge_bp(file),
        basis_points(given["language"]) if given.get("language") else NONE_BP,
        difficulty.get("column", ""),
        tuple((name, basis_points(factor)) for name, factor in sorted(difficulty.get("factors", {}).items())),
        seconds_of(urgency["within"]) if urgency else 0,
        basis_points(urgency["factor"]) if urgency else NONE_BP,
    )


def _minutes(seconds: Decimal | None, column: str) -> int:
    if seconds is None or not 0 < seconds <= LONGEST_SECONDS:
        raise Invalid(
            "row_length_unfit", "“{column}” is neither a length in seconds nor an uploaded file whose length can be read.",
            path=column, column=column,
        )  # fmt: skip
    return int((seconds * ONE / 60).to_integral_value(ROUND_HALF_UP))


def words_in(value: Any, column: str) -> int:
    """How many words a text has: what spaces part and holds a letter or a digit; Chinese and Japanese by the character."""
    if not isinstance(value, str):
        raise Invalid(
            "row_words_unfit",
            "“{column}” is no text whose words could be counted.",
            path=column,
            column=column,
        )
    rest, characters = _CHARACTERS.subn(" ", value)
    return characters + sum(any(map(str.isalnum, part)) for part in rest.split())


def amount_of(value: Any) -> int | None:
    """What a row says in `_amount`, in micros."""
    if value is None or value == "":
        return None
    text = repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    try:
        micros = micros_of(text.strip()) if isinstance(text, str) else 0
    except Refusal:
        micros = 0
    if micros <= 0:
        raise Invalid(
            "row_amount_unfit", "An amount is a number above 0 with a point, such as 250.00.", path="_amount"
        )
    return micros


def _seconds(value: Any) -> Decimal | None:
    """A length in seconds, where the value is a number or the text of one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
