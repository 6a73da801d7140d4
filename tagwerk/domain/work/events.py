"""What this room tells. A claim and a submit tell nothing: who wants to know of answers follows the feed."""

from dataclasses import dataclass

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class TasksAdded(Event):
    """Tasks were brought in; those of a launched project may be opened."""

    batch_id: int
    tasks: int


@dataclass(frozen=True, kw_only=True)
class TasksDiscarded(Event):
    """All tasks of a draft were thrown away, so that other rows can take their place."""

    tasks: int


@dataclass(frozen=True, kw_only=True)
class GoldSet(Event):
    """A task of a draft was given its right answers by hand, or they were taken away."""

    task_id: int
    is_gold: bool


@dataclass(frozen=True, kw_only=True)
class ImportRequested(Event):
    """A member has sent a file of rows; it is brought in in the background."""

    import_id: int


@dataclass(frozen=True, kw_only=True)
class BudgetLow(Event):
    """A tenth of what was set aside is left, or tasks wait because it covers no more; told once for each amount."""

    left_micros: int
    budget_micros: int
    waiting_tasks: int


@dataclass(frozen=True, kw_only=True)
class AnswersApproved(Event):
    """Answers were approved and paid."""

    answers: int
    code: str
    reward_micros: int = 0  # of all of them together
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerRejected(Event):
    """A member rejected an answer; the worker is told why."""

    assignment_id: int
    task_id: int
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class RejectionWithdrawn(Event):
    """A rejected answer was approved after all."""

    assignment_id: int
    worker_id: int
    appeal_won: bool = False


@dataclass(frozen=True, kw_only=True)
class ReworkAsked(Event):
    """A reviewer asks a worker for a better answer."""

    assignment_id: int
    task_id: int
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class ReworkEnded(Event):
    """A worker handed a better answer in, left it as it is, gave the task back or let the time go by (`state`)."""

    assignment_id: int
    task_id: int
    worker_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class AnswersMissing(Event):
    """Tasks lost an answer that was asked for: rejected for good after the task was closed, or its money is used up."""

    task_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class TaskUnanswerable(Event):
    """A worker says that a task cannot be answered."""

    task_id: int
    assignment_id: int
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class TaskSettledUnanswerable(Event):
    """Several workers said that a task cannot be answered: they are paid, and nobody is asked any more."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class TaskStopped(Event):
    """A worker stopped at a task of a sensitive project, with pay."""

    assignment_id: int
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class WorkerPaused(Event):
    """A worker gets no more tasks of a project for now."""

    worker_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class WorkerResumed(Event):
    """A worker gets tasks of a project again, who got none since `paused_at` (ISO 8601)."""

    worker_id: int
    paused_at: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectSettled(Event):
    """Everything of a finished project is decided and paid; the rest of its money went back."""

    released_micros: int


@dataclass(frozen=True, kw_only=True)
class TimeAsked(Event):
    """A worker asks for more time to be paid than is."""

    assignment_id: int
    worker_id: int
    request_id: int


@dataclass(frozen=True, kw_only=True)
class TimeDecided(Event):
    """Time that a worker asked for was granted, refused, or paid up to the limit because nobody decided (`state`)."""

    assignment_id: int
    worker_id: int
    request_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class LateAnswerPaid(Event):
    """An operator paid an answer that came too late to count, out of the operator's own money."""

    assignment_id: int
    worker_id: int
    reward_micros: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class BonusesGiven(Event):
    """Workers were given bonuses by hand, by a file or by a rule."""

    bonus_ids: list[int]
    bonuses: int
    reward_micros: int
    currency: str
