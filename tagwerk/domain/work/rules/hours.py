"""Pay by the hour: what a worker's timer comes to, and for which reasons time that was asked for may be refused. Pure."""

from enum import StrEnum
from typing import Final

from tagwerk.base.errors import Invalid
from tagwerk.domain.notices.rules.kinds import N_

LOST_SECONDS: Final = 120  # a page that says nothing for so long is gone
BEAT_SECONDS: Final = 40  # so often a page says that it is there
CORRECT_DAYS: Final = 7  # after handing in
DECIDE_DAYS: Final = 3
MOST_REQUESTS: Final = 3  # for one answer
LONGEST_REASON: Final = 1_000


class Ended(StrEnum):
    """Why a timer stopped."""

    PAUSED = "paused"
    OTHER_TASK = "other_task"  # another task's timer was started
    HANDED_IN = "handed_in"
    GIVEN_UP = "given_up"
    LOST = "lost"  # the page said nothing any more: it counts up to the last sign of life
    OFFLINE = "offline"  # the page went on without a connection, and said so when there was one again


class TimeState(StrEnum):
    """`asked → granted / refused / lapsed / withdrawn`: what nobody decided pays up to what is paid without asking, and
    what was asked for beforehand is withdrawn where it was not needed after all."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class TimeCode(StrEnum):
    """Every reason for which time may be refused. That the work is not good enough is none of them."""

    BREAK_COUNTED = "break_counted"
    COUNTED_TWICE = "counted_twice"
    OTHER_WORK = "other_work"
    NOT_WORKED = "not_worked"
    OVER_THE_LIMIT = "over_the_limit"


WORDS: Final = {
    TimeCode.BREAK_COUNTED: N_("A break is counted in it"),
    TimeCode.COUNTED_TWICE: N_("The same time is counted for another task"),
    TimeCode.OTHER_WORK: N_("It was spent on something that the task does not ask for"),
    TimeCode.NOT_WORKED: N_("The answer cannot have taken that long"),
    TimeCode.OVER_THE_LIMIT: N_("It is more than the task pays without asking, and was not agreed"),
}


def pay_for_time(*, hour_micros: int, seconds: int, claimed_micros: int, most_micros: int) -> int:
    """What so much time pays: half a micro counts as one. `claimed_micros` of `most_micros`: what this task and this worker
    are paid more than others. The function `work_pay_for_time` of the database says the same."""
    parts = 3_600 * most_micros
    return (2 * hour_micros * seconds * claimed_micros + parts) // (2 * parts)


def refusal_code(text: str, *, within_limit: bool) -> TimeCode:
    """The reason of the closed list; refuses any other. What is paid without asking is not over a limit."""
    try:
        found = TimeCode(text)
    except ValueError:
        found = None
    if found is None or (within_limit and found is TimeCode.OVER_THE_LIMIT):
        known = [one for one in TimeCode if not within_limit or one is not TimeCode.OVER_THE_LIMIT]
        raise Invalid(
            "time_reason_not_listed", "Choose one of the reasons: {reasons}. For any other, the time is paid.",
            path="code", reasons=", ".join(known),
        )  # fmt: skip
    return found


def reason_of(text: str) -> str:
    """What somebody says about a time, without space around it; refuses none or too much."""
    why = text.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(
            "time_reason_missing", "Say in up to {most} characters why.", path="reason", most=LONGEST_REASON
        )
    return why
