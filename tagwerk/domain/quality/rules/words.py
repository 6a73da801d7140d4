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


class GoldState(StrEnum):
    """Whether a gold task is served."""

    SERVING = "serving"
    SUSPICIOUS = "suspicious"  # its key may be wrong: not served and not counted until a member has decided
    RETIRED = "retired"


class Recheck(IntEnum):
    """Why a judged task is to be looked at again without a new answer."""

    NO = 0
    REWEIGH = 1  # somebody's weight has changed
    REOPEN = 2  # an answer no longer counts, so it may need another


# Why a gold task is not served: codes, as they stand in its row and in events
KNOWN = "known"
FAST = "fast"
WRONG_KEY = "wrong_key"
BY_MEMBER = "by_member"

# Why a question of a task has no result: codes, as they stand in an export
NO_ANSWERS = "no_answers"
NOT_ANSWERED = "not_answered"
MORE_ANSWERS_WANTED = "more_answers_wanted"
ANSWERS_IN_REVIEW = "answers_in_review"
CANNOT_BE_ANSWERED = "cannot_be_answered"  # several workers said so; no further answer is asked for
NO_GOLD_ANSWER = "no_gold_answer"
