"""Amounts of money in a project file: texts, so that nothing is rounded."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from tagwerk.base.errors import Invalid
from tagwerk.base.money import MICROS, micros_of
from tagwerk.domain.designs.rules.question import wrong, wrong_as


def _amount_text(value: Any) -> Any:
    """A number is read as it was written: 0.30 in YAML arrives as 0.3."""
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _amount(text: str) -> str:
    try:
        micros = micros_of(text.strip())
    except Invalid as refusal:
        raise wrong_as(refusal.sentence) from None
    if micros <= 0:
        raise wrong("“{text}” must be more than 0", text=text)
    return text.strip()


LEAST_BP, MOST_BP = 5_000, 100_000


def basis_points(factor: str) -> int:
    """A factor such as "1.25" in basis points."""
    return micros_of(factor) // 100


def _factor(text: str) -> str:
    micros = micros_of(_amount(text))
    if micros % 100 or not LEAST_BP <= micros // 100 <= MOST_BP:
        raise wrong("“{text}” is not a factor from 0.5 to 10 with at most four decimals", text=text)
    return text.strip()


def _surcharge(text: str) -> str:
    if micros_of(text) < MICROS:
        raise wrong("“{text}” would make work pay less; a surcharge is at least 1", text=text)
    return text


Amount = Annotated[str, BeforeValidator(_amount_text), AfterValidator(_amount)]
Factor = Annotated[str, BeforeValidator(_amount_text), AfterValidator(_factor)]
Surcharge = Annotated[Factor, AfterValidator(_surcharge)]
