"""The few words that tables, rules and readers of judging share."""

from enum import IntEnum, StrEnum


class TaskState(StrEnum):
    """Whether a task's answers are enough."""

    OPEN = "open"  # more answers are on their way
    DONE = "done"  # every question that decides is certain enough
    EXHAUSTED = "exhausted"  # the most answers are in, and it is still not certain


class Source(StrEnum):
    """Where a result comes from."""

    VOTE = "vote"  # the posterior over a list of possible values
    MERGE = "merge"  # as the answer kind merges its answers; without a certainty
    OVERRULED = "overruled"  # a member decided; judging leaves it alone


class Recheck(IntEnum):
    """Why a judged task is to be looked at again without a new answer."""

    NO = 0
    REWEIGH = 1  # somebody's weight has changed
    REOPEN = 2  # an answer no longer counts, so it may need another


# Why a question of a task has no result: codes, as they stand in an export
NO_ANSWERS = "no_answers"
NOT_ANSWERED = "not_answered"
MORE_ANSWERS_WANTED = "more_answers_wanted"
ANSWERS_IN_REVIEW = "answers_in_review"
CANNOT_BE_ANSWERED = "cannot_be_answered"  # several workers said so; no further answer is asked for
NO_GOLD_ANSWER = "no_gold_answer"


class SignalKind(StrEnum):
    """What was noticed in somebody's answers: evidence for a person, never a verdict."""

    COPYING = "copying"
    STREAK = "streak"
    STRAIGHT_LINING = "straight_lining"
    PASTED = "pasted"
    FAST = "fast"
    RULE = "rule"  # a control rule asked for a look


class SignalState(StrEnum):
    """What members made of a signal."""

    OPEN = "open"
    SEEN = "seen"
    DISMISSED = "dismissed"


class Step(StrEnum):
    """What happened to a worker in a project, by a rule or by a member."""

    PAUSE = "pause"
    SIGNAL = "signal"
    MORE_ANSWERS = "more_answers"
    GRANT = "grant"
    REVOKE = "revoke"


class ObjectionState(StrEnum):
    """open → granted or refused; `lapsed`: nobody decided in time, so the worker goes on."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"  # the pause ended before anybody decided
