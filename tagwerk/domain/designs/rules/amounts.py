"""Amounts of money in a project file: texts, so that nothing is rounded."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from tagwerk.base.errors import Invalid
from tagwerk.base.money import micros_of
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


Amount = Annotated[str, BeforeValidator(_amount_text), AfterValidator(_amount)]
