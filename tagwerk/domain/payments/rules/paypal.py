"""Payouts by PayPal: how many fit together, how long one waits, and when an unclaimed one is reminded and taken back."""

from datetime import datetime, timedelta
from enum import StrEnum

MOST_ITEMS = 15_000  # of a batch; PayPal takes no more
TOO_OLD, GIVING_BACK = "TOO_OLD", "GIVING_BACK"  # what stands as the error of a batch by our own decision
LEASE = timedelta(minutes=10)  # so long nobody else sends what one process is sending
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# PayPal knows a batch's id for 30 days; later the same id could pay a second time.
SAFE_TO_REPEAT = timedelta(days=25)
REMIND_AFTER = timedelta(days=7)
TAKE_BACK_AFTER = timedelta(days=25)  # PayPal itself sends it back after 30
# What succeeded may be reversed: disputes are taken for 180 days. So long a closed batch is looked at, once a week.
REVERSED_WITHIN, LOOK_BACK = timedelta(days=180), timedelta(days=7)
CLAIM_DAYS = TAKE_BACK_AFTER.days - REMIND_AFTER.days


class BatchState(StrEnum):
    """new → sent → closed; what PayPal refused waits for an operator."""

    NEW = "new"
    SENT = "sent"
    CLOSED = "closed"
    REFUSED = "refused"


# PayPal's own balance is up to three hours old, and news of a payout may come a while after it happened.
NEWS_TAKES = timedelta(hours=6)
TRANSFER_TAKES = timedelta(days=5)  # of money between the bank and PayPal
_HIGHEST_FEE = 2  # percent of a payout; PayPal takes it when a payout is sent, we learn of it when it is paid
_FIXED_FEE = 500_000  # micros of a payout, where the fee is a fixed one


class Settled(StrEnum):
    """What became of a difference between the book and PayPal."""

    OPEN = ""
    OPENING = "opening"  # what was there before the first comparison: the operator's own money
    OWN = "own"
    FEE = "fee"


SAYABLE = (Settled.OWN, Settled.FEE)  # by an operator


def fees_at_most(payouts: int, micros: int) -> int:
    """What PayPal may have taken for payouts that are on their way."""
    return max(micros * _HIGHEST_FEE // 100, payouts * _FIXED_FEE)


def difference(book: int, there: int, *, less: int, more: int) -> int:
    """By how much the book has more than PayPal (negative: less) beyond what is on its way.

    `less`: what PayPal may have taken off already, while the book has it; `more`: the other way round.
    """
    gap = book - there
    return max(gap - less, 0) + min(gap + more, 0)


def pause(tries: int) -> timedelta:
    """How long to wait before asking again what happened: 1, 2, 4 … minutes, an hour at most."""
    return min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)


def look_again(sent_at: datetime, now: datetime, *, closed: bool) -> timedelta:
    """When to look at a batch next: often while it is carried out, then nightly; once it is closed, weekly."""
    if closed:
        return LOOK_BACK
    age = now - sent_at
    if age < timedelta(hours=1):
        return timedelta(minutes=5)
    return timedelta(hours=1) if age < timedelta(days=1) else timedelta(days=1)
