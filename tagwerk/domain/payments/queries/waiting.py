"""What of workers' pay does not move as it should."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.rules.payouts import OPEN_RUNS, PayoutState, RunState
from tagwerk.domain.payments.rules.paypal import BatchState

RELEASED_WITHIN = timedelta(hours=24)
PAID_WITHIN = timedelta(days=5)
ANSWERED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PayoutsState:
    """Runs that wait to be released, payouts on their way, batches that PayPal has not taken; and what is late of each.

    A payout that nobody claims at PayPal waits for its worker and is not late."""

    open_runs: int
    late_runs: int
    on_their_way: int
    oldest_at: datetime | None  # when the oldest of those was submitted
    late_payouts: int
    late_batches: int

    @property
    def is_late(self) -> bool:
        """Whether somebody has to look."""
        return bool(self.late_runs or self.late_payouts or self.late_batches)


def payouts_state(actor: Actor, *, now: datetime) -> PayoutsState:
    """For operators: how pay moves."""
    require_operator(actor)
    return how_pay_moves(now)


def how_pay_moves(now: datetime) -> PayoutsState:
    """The same for the watch."""
    facts: dict[str, Any] = {
        "open": [each.value for each in OPEN_RUNS], "made": now - RELEASED_WITHIN,
        "submitted": PayoutState.SUBMITTED.value, "released": RunState.RELEASED.value, "sent": now - PAID_WITHIN,
        "untaken": [BatchState.NEW.value, BatchState.REFUSED.value], "tried": now - ANSWERED_WITHIN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STATE, facts)
        return PayoutsState(*cursor.fetchone())


_STATE = """
SELECT r.*, p.*, b.* FROM
    (SELECT count(*), count(*) FILTER (WHERE made_at <= %(made)s) FROM payout_run WHERE state = ANY(%(open)s)) r,
    (SELECT count(*), min(submitted_at), count(*) FILTER (WHERE submitted_at <= %(sent)s)
        FROM payout WHERE state = %(submitted)s
            AND run_id IN (SELECT id FROM payout_run WHERE state = %(released)s)) p,
    (SELECT count(*) FROM paypal_batch
        WHERE state = ANY(%(untaken)s) AND coalesce(first_tried_at, try_after) <= %(tried)s) b
"""
