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
class GoldPromoted(Event):
    """Tasks serve as gold from now on, with their results as right answers."""

    task_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class GoldRetired(Event):
    """A gold task is served no more: `why` is known, fast (both: people know it) or by_member."""

    task_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class GoldSuspected(Event):
    """The key of a gold task is probably wrong; it is not served and counts for nobody until a member has decided."""

    task_id: int
    question: str


@dataclass(frozen=True, kw_only=True)
class GoldReinstated(Event):
    """A member had a gold task served again."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class GoldCorrected(Event):
    """A member gave a gold task other right answers; answers to it were scored anew."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class GoldExplained(Event):
    """A member said why the right answers of a gold task are right."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class RuleFired(Event):
    """A control rule held for a worker, and what it says was done."""

    worker_id: int
    collector: str
    action: str


@dataclass(frozen=True, kw_only=True)
class SignalDecided(Event):
    """A member looked at a signal about a worker, or dismissed it."""

    worker_id: int
    signal_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class PauseObjected(Event):
    """A worker objects to being paused; another member decides within seven days."""

    worker_id: int
    objection_id: int


@dataclass(frozen=True, kw_only=True)
class PauseObjectionDecided(Event):
    """An objection to a pause was decided, or nobody decided it in time, which lets the worker go on."""

    worker_id: int
    objection_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ResultOverruled(Event):
    """A member decided a result."""

    task_id: int
    question: str


@dataclass(frozen=True, kw_only=True)
class AnswerExcluded(Event):
    """A member took an answer out of the result of its task; it is paid all the same."""

    task_id: int
    assignment_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerIncluded(Event):
    """A member put an answer back that was taken out of the result."""

    task_id: int
    assignment_id: int


@dataclass(frozen=True, kw_only=True)
class MoreAnswersAsked(Event):
    """A member asked for more answers to a task."""

    task_id: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class ResultsNotPassedOn(Event):
    """Results of another project do not fit this one's design, so they did not become tasks of it."""

    tasks: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RejectionsProposed(Event):
    """A member wants to reject more answers than one person may decide alone: a second one confirms it, or not."""

    answers: int


@dataclass(frozen=True, kw_only=True)
class RejectionsDecided(Event):
    """A second person confirmed rejections, or had the answers approved."""

    answers: int
    confirmed: bool
    same_person: bool


@dataclass(frozen=True, kw_only=True)
class AppealMade(Event):
    """A worker objects to a rejection."""

    assignment_id: int
    task_id: int
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class AppealEnded(Event):
    """An appeal was granted, refused, withdrawn, or not decided in time and therefore granted (`state`)."""

    assignment_id: int
    task_id: int
    worker_id: int
    state: str
    same_person: bool = False


@dataclass(frozen=True, kw_only=True)
class AnswerReviewed(Event):
    """A reviewer has committed what they found about an answer."""

    assignment_id: int
    task_id: int
    verdict: str
