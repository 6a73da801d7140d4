"""A run and its payouts: states, the steps between them, and when a week ends."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class RunState(StrEnum):
    """making → locked → released → done; until it is released a run can be cancelled."""

    MAKING = "making"  # its payouts are being set aside in the book, some at a time
    LOCKED = "locked"  # everything is set aside; waits for a second operator
    RELEASED = "released"  # on its way to the bank or to PayPal
    DONE = "done"  # nothing of it is on its way any more
    CANCELLING = "cancelling"  # what was set aside goes back, some at a time
    CANCELLED = "cancelled"


OPEN_RUNS = (RunState.MAKING, RunState.LOCKED, RunState.CANCELLING)  # one per currency at a time


class PayoutState(StrEnum):
    """What becomes of one worker's money. Paid is not the end: it may come back."""

    LEFT_OUT = "left_out"  # not paid this time, for a reason; the money stays in the balance
    PLANNED = "planned"  # not yet set aside in the book
    LOCKED = "locked"  # set aside
    SUBMITTED = "submitted"  # in a released run: handed to the rail
    PAID = "paid"
    UNCLAIMED = "unclaimed"  # PayPal found no account; it waits 30 days there
    FAILED = "failed"  # the rail did not take it; back in the balance
    RETURNED = "returned"  # it was paid and came back; in the balance again
    WITHDRAWN = "withdrawn"  # taken out before it was handed over; in the balance again


ON_ITS_WAY = (PayoutState.SUBMITTED, PayoutState.UNCLAIMED)
# Where money is set aside in the book by a pending transfer.
SET_ASIDE = (PayoutState.LOCKED, PayoutState.SUBMITTED, PayoutState.UNCLAIMED)
BACK = (PayoutState.FAILED, PayoutState.RETURNED, PayoutState.WITHDRAWN)


class LeftOut(StrEnum):
    """Why a worker with money is not paid in a run. A hold is left out under its own code."""

    BELOW_MINIMUM = "below_minimum"
    PROFILE_MISSING = "profile_missing"
    TAX_DATA_MISSING = "tax_data_missing"
    METHOD_MISSING = "method_missing"
    NAME = "name_unwritable"  # a bank file cannot say it
    METHOD_CHANGED = "payout_method_changed"  # new and not yet usable
    CURRENCY = "currency_not_carried"
    RAIL_NOT_SET_UP = "rail_not_set_up"  # the operator has no access to PayPal now
    BALANCE_CHANGED = "balance_changed"  # less was there when it was to be set aside


METHOD_WAITS = timedelta(
    hours=72
)  # after a change, so that a thief's change is noticed before money follows it


RUN_AFTER = timedelta(hours=30)  # Tuesday 06:00: a day for looking at the week before


def next_run(now: datetime, time_zone: str) -> datetime:
    """When the schedule makes the next run."""
    this_week = run_time(last_cutoff(now, time_zone), time_zone)
    if now < this_week:
        return this_week
    return run_time(last_cutoff(now + timedelta(days=7), time_zone), time_zone)


def run_time(cutoff: datetime, time_zone: str) -> datetime:
    """When the run for a cut-off is made: by the clock on the wall, also where the clocks change in between."""
    zone = ZoneInfo(time_zone)
    local = cutoff.astimezone(zone)
    return datetime.combine(local.date(), time(), tzinfo=zone) + RUN_AFTER


def last_cutoff(now: datetime, time_zone: str) -> datetime:
    """The newest Monday 00:00 in the operator's time zone: the end of the week that a run pays."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), tzinfo=zone)


# The bank has this file or payment already, so the first one may well be carried out: no reason to give money back.
# ISO 20022 external codes: AM05 and DUPL duplicate, DU01–DU05 duplicate message, payment information, transaction, ids.
DUPLICATES = frozenset({"AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"})
# Reasons that lie with the operator or the bank, not with the worker's account: it stays in use.
# ISO 20022 external codes: AB05 to AB08 time-outs on the way, AM04 insufficient funds, BE05 unknown sender, FOCR called
# back, NARR, ONHOLD (looked at by PayPal), TM01 (cut-off time).
OURS = DUPLICATES | {
    "AB05", "AB06", "AB07", "AB08", "AM04", "BE05", "FOCR", "NARR", "ONHOLD", "TM01", "INSUFFICIENT_FUNDS",
    "not_handed_over",
}  # fmt: skip
