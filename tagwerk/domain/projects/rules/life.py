"""What a project may do next, what it costs, and what may still change. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.money import fee_micros, plain
from tagwerk.domain.designs.rules.parts import seconds_of
from tagwerk.domain.designs.rules.pay import surcharge_bp


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"
    ARCHIVED = "archived"


MOVES = {
    State.DRAFT: {State.OPEN, State.ARCHIVED},
    State.OPEN: {State.OPEN, State.PAUSED, State.FINISHED},
    State.PAUSED: {State.OPEN, State.FINISHED},
    State.FINISHED: {State.ARCHIVED},
    State.ARCHIVED: set(),
}
UNRESOLVED = "unresolved"  # what a stage for experts takes from the project before it
OVER = (State.FINISHED, State.ARCHIVED)
FROZEN_BY_LAUNCH = ("pay", "budget", "from")  # money was set aside for exactly this
# What an answer means must not change under those who answered, nor what it is worth.
FROZEN_WITH_ANSWERS = ("ask", "decides", "pay", "from", "language")

USUAL_APPROVAL = "3 days"


@dataclass(frozen=True)
class Price:
    """What one answer costs, and the fee on both of its bases."""

    reward_micros: int
    fee_micros: int
    currency: str
    fee_bp: int

    @property
    def total_micros(self) -> int:
        return self.reward_micros + self.fee_micros

    @property
    def take_bp(self) -> int:
        """The fee as basis points of the whole price (20 % on top are 16.67 % of the price)."""
        return round(10_000 * self.fee_bp / (10_000 + self.fee_bp))


def price(*, reward_micros: int, fee_bp: int | Decimal, currency: str) -> Price:
    """The price of one answer. Of a fee with parts of a basis point, the price says whole ones; its amounts are exact."""
    return Price(reward_micros, fee_micros(reward_micros, fee_bp), currency, round(fee_bp))


def require_move(state: str, to: State) -> None:
    """Refuse a step that a project in this state cannot make."""
    if to not in MOVES[State(state)]:
        raise Conflict(
            "project_state", "A project that is {state} cannot become {to}.", state=str(state), to=str(to)
        )


def changed_keys(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The top-level keys of two project files that differ, in order."""
    return sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def require_revisable(
    old: dict[str, Any], new: dict[str, Any], *, has_answers: bool, launched: bool = False
) -> None:
    """Once there are answers, instructions and looks may change, questions may not; money is fixed by launching."""
    changed = changed_keys(old, new)
    money = [key for key in changed if key in FROZEN_BY_LAUNCH]
    if surcharge_bp(old) != surcharge_bp(new) and "pay" not in money:
        money.append("sensitivity")
    if launched and money:
        raise Conflict(
            "project_money_frozen",
            "The project is launched, so “{keys}” cannot change in its file; its budget can be raised.",
            keys="”, “".join(money),
        )
    if launched and _approved_after(new) > _approved_after(old):
        raise Conflict(
            "project_approval_later",
            "The project is launched, and people were promised that answers are approved after {promised} at the latest: that "
            "can become shorter, never longer.",
            promised=str(old.get("approve_after", USUAL_APPROVAL)),
        )
    frozen = [key for key in changed if key in FROZEN_WITH_ANSWERS]
    if has_answers and frozen:
        raise Conflict(
            "project_frozen",
            "There are answers already, so “{keys}” cannot change any more; copy the project instead.",
            keys="”, “".join(frozen),
        )


def _approved_after(file: dict[str, Any]) -> int:
    return seconds_of(file.get("approve_after", USUAL_APPROVAL))


def require_not_over(state: str) -> None:
    """Refuse to put money into a project that is finished: what was left of it has gone back, or will."""
    if State(state) in OVER:
        raise Conflict("project_over", "This project is finished; copy it to order more.")


def require_more(*, old_micros: int, new_micros: int, currency: str) -> None:
    """A budget can be raised, never lowered below what it was: people work on the promise of it."""
    if new_micros <= old_micros:
        raise Invalid(
            "budget_not_raised",
            "The new budget must be more than {old} {currency}.",
            path="budget",
            old=plain(old_micros),
            currency=currency,
        )
