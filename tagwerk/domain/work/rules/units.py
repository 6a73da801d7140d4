"""What a task pays by its own length, worth or words: millionths of the unit that the pay plan names. Pure.

One unit is a minute of audio, a word, or, of deliverables and milestones, one of the currency; of answers it is the answer.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.base.money import MICROS, for_units, micros_of
from tagwerk.domain.designs.rules.pay import WHOLE

ONE: Final = MICROS
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


@dataclass(frozen=True, slots=True)
class Meter:
    """Measures tasks by a pay plan. `amount_micros`: of a deliverable that names none itself."""

    per: str
    rate_micros: int
    units_from: str | None = None
    amount_micros: int = 0

    @property
    def mark(self) -> str:
        """What it measures by, in one text: the same text, the same units. Empty: every task is one unit."""
        if not self.measures:
            return ""
        return json.dumps([self.per, self.units_from, self.amount_micros, self.rate_micros])

    @property
    def measures(self) -> bool:
        """Whether tasks can differ at all."""
        return self.per not in ("answer", "none")

    @property
    def takes_amounts(self) -> bool:
        """Whether a row may name its own amount."""
        return self.per in WHOLE

    def of(self, data: Mapping[str, Any], amount_micros: int | None) -> int | Length:
        """The units of a task with this data; Invalid says why it has none."""
        if self.per in WHOLE:
            return self.checked(self._amount(amount_micros))
        if self.per == "answer" or self.per == "none":
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
            return self.checked(words_in(value, column) * ONE)
        seconds = _seconds(value)
        if seconds is None and isinstance(value, str):
            return Length(value.removeprefix(_MEDIA))
        return self.of_seconds(seconds, column)

    def of_seconds(self, seconds: Decimal | None, column: str) -> int:
        """The units of a recording of this length; None: nobody could read how long it is."""
        if seconds is None or not 0 < seconds <= LONGEST_SECONDS:
            raise Invalid(
                "row_length_unfit",
                "“{column}” is neither a length in seconds nor an uploaded file whose length can be read.",
                path=column, column=column,
            )  # fmt: skip
        return self.checked(int((seconds * ONE / 60).to_integral_value(ROUND_HALF_UP)))

    def checked(self, units: int) -> int:
        """The units, if what they pay is an amount that somebody can mean."""
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
    whole = per in WHOLE
    return Meter(per, ONE if whole else micros, pay.get("units_from"), micros if whole else 0)


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
