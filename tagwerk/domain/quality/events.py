"""What this room tells."""

from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class ResultsReady(Event):
    """Tasks have a result that stands, or one that changed; at most 500 of one project."""

    task_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class GoldFailed(Event):
    """A worker clearly guesses at a question and is paused in the project."""

    worker_id: int
    question: str
    seen: int
    correct: int


@dataclass(frozen=True, kw_only=True)
class ResultOverruled(Event):
    """A member decided a result."""

    task_id: int
    question: str


@dataclass(frozen=True, kw_only=True)
class ResultsNotPassedOn(Event):
    """Results of another project do not fit this one's design, so they did not become tasks of it."""

    tasks: int
    reason: str
