"""What an assignment can be, and why there is nothing to do."""

from enum import IntEnum, StrEnum


class State(IntEnum):
    """`held → submitted → approved / rejected`, or one of the ways to end without an answer that counts."""

    HELD = 0
    SUBMITTED = 1
    APPROVED = 2
    REJECTED = 3
    RETURNED = 4
    EXPIRED = 5
    SKIPPED = 6
    LATE = 7  # handed in after it expired, when the task wanted no more: kept, not counted
    STOPPED = 8  # ended by the worker at a sensitive task, with pay
    BARRED = 9  # this worker may never have this task: they wrote what it is made of


class ImportState(StrEnum):
    """waiting → running → done, refused (bad rows: nothing was imported) or failed (the file cannot be used)."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Nothing(StrEnum):
    """Why a claim gave no task."""

    EMPTY = "no_open_task"  # nothing is open that this worker has not had
    SEARCHING = "still_searching"  # the look through the queue has not come to its end; ask again
    PAUSED = "project_paused"
    CLOSED = "project_closed"
    NOT_ENROLLED = "not_enrolled"
    NOT_ELIGIBLE = "not_eligible"
    WORKER_PAUSED = "worker_paused"
    CONSENT = "consent_missing"
    API = "api_work_not_allowed"
    LIMIT = "limit_reached"  # the project lets nobody hand in more on one day


class Idle(StrEnum):
    """Why an open project has no task for a worker who may work on it."""

    HAD_ALL = "had_all"  # they have had every task that is open
    HELD = "held"  # others have the rest in hand; what they return comes back
    JUDGING = "judging"  # all answers asked for are in; more may be asked for
    MONEY = "money"  # further tasks wait until the requester sets money aside
    DONE = "done"  # all tasks have their result


LAST_SAFE_SENSITIVITY = 1  # above it: a warning and consent first, and any task can be stopped with pay


class Deferred(StrEnum):
    """What a submitted answer waits for that is not approved by itself meanwhile."""

    REWORK = "rework"  # its worker was asked for a better one
    DECISION = "decision"  # it was not reworked, so whoever asked decides on it as it is
    CONFIRMATION = "confirmation"  # a second person has to confirm its rejection


class ReworkState(StrEnum):
    """`asked → delivered / declined / returned / lapsed`, or withdrawn by approving the answer as it is."""

    ASKED = "asked"
    DELIVERED = "delivered"
    DECLINED = "declined"
    RETURNED = "returned"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
