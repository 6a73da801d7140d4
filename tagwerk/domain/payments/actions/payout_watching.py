"""Pay that does not move is noticed: operators are told once a day, as long as it stands still."""

import logging
from datetime import datetime

from django.db import transaction

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.payments.queries.waiting import how_pay_moves

log = logging.getLogger(__name__)


@transaction.atomic
def watch_payouts(*, now: datetime) -> bool:
    """Look for runs that nobody releases, payouts that do not arrive and batches that PayPal has not taken. Whether all moves."""
    found = how_pay_moves(now)
    if not found.is_late:
        return True
    params = {"runs": found.late_runs, "payouts": found.late_payouts, "batches": found.late_batches}
    log.warning("Pay does not move: %s", params)
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="pay_stands_still", params=params, link="/operator/payouts/",
            key=f"pay-stands-still/{now.date()}",
        )  # fmt: skip
    return False
