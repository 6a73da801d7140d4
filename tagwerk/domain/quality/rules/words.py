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
    OVERRULED = "overruled"  # a member or experts decided; judging leaves it alone


class Method(StrEnum):
    """How a result was found."""

    GOLD_VOTE = "gold_vote"  # a vote, each answer weighted by its worker's accuracy on gold
    MAJORITY = "majority"  # a vote in which all count alike
    ONE_COIN = "one_coin"  # a fitted model: one accuracy per worker
    IBCC = "ibcc"  # a fitted model: how each worker errs, learnt from workers as skilled as they
    ROVER = "rover"  # a text made of all answers, word by word
    MEDOID = "medoid"  # the answer nearest to all others
    MEDIAN = "median"  # the answer in the middle
    MERGE = "merge"  # as the answer kind merges its answers
    MEMBER = "member"  # a member said so
    EXPERTS = "experts"  # the result of the project that takes what is unresolved here


class Cause(StrEnum):
    """Why models are fitted again."""

    GROWTH = "growth"  # so many more answers came
    NIGHTLY = "nightly"
    BUTTON = "button"  # a member asked for it


class Reason(StrEnum):
    """Why a method was chosen."""

    PLAN = "plan"  # the project file names it
    FEW_ANSWERS = "few_answers"  # too few to fit anything
    ONE_ANSWER_EACH = "one_answer_each"  # workers cannot be compared
    MANY_CLASSES = "many_classes"  # too many to learn how people confuse them
    GOLD_KNOWS_BETTER = "gold_knows_better"  # on gold that it did not see, the model was worse than the vote
    USUAL = "usual"  # the best aggregator with few answers per worker, as measured


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
    REVIEW = "review"
    GRANT = "grant"
    REVOKE = "revoke"


class ObjectionState(StrEnum):
    """open → granted or refused; `lapsed`: nobody decided in time, so the worker goes on."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"  # the pause ended before anybody decided
