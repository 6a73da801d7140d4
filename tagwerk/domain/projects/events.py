from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(Event):
    """A project file became a project."""


@dataclass(frozen=True, kw_only=True)
class ProjectRevised(Event):
    """A project got a new version of its file."""

    number: int


@dataclass(frozen=True, kw_only=True)
class PriceAgreed(Event):
    """An operator agreed what the client of a draft pays for a unit; 0: the organisation's fee counts again."""

    currency: str
    price_micros: int


@dataclass(frozen=True, kw_only=True)
class ProjectLaunched(Event):
    """The money is reserved; tasks may open."""


@dataclass(frozen=True, kw_only=True)
class ProjectPaused(Event):
    """No new claims until it is resumed."""


@dataclass(frozen=True, kw_only=True)
class ProjectResumed(Event):
    """Claims are possible again."""


@dataclass(frozen=True, kw_only=True)
class BudgetRaised(Event):
    """More money is reserved; more tasks may open."""

    amount_micros: int


@dataclass(frozen=True, kw_only=True)
class ProjectFinished(Event):
    """No more answers are wanted; what is held may still be handed in."""


@dataclass(frozen=True, kw_only=True)
class ProjectArchived(Event):
    """Out of sight."""
