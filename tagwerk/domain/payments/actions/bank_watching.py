"""Book and bank are compared each night, and operators are told of what does not agree."""

import logging
from datetime import datetime

from django.db import transaction

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments.queries.bank import (
    BankSilence,
    BankStanding,
    entries_that_wait,
    silences,
    standings,
)

log = logging.getLogger(__name__)


def check_bank(*, now: datetime) -> bool:
    """Compare the book with the newest statement; where they differ, and where entries wait for a word, every operator
    is told, once a day; where statements are missing, once a week."""
    _tell_waiting(now)
    for silence in silences(now):
        _tell_silence(silence, now)
    wrong = [one for one in standings(now) if one.difference_micros or one.gaps]
    for one in wrong:
        log.critical(
            "Book and bank differ by %s micros of %s; %s statements are missing",
            one.difference_micros, one.currency, len(one.gaps),
        )  # fmt: skip
        _tell(one, now)
    return not wrong


@transaction.atomic
def _tell(one: BankStanding, now: datetime) -> None:
    params = {
        "difference": amount(one.difference_micros, one.currency), "book": amount(one.book_micros, one.currency),
        "bank": amount(one.closing_micros, one.currency), "gaps": len(one.gaps),
    }  # fmt: skip
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="bank_differs", params=params, link="/operator/bank/",
            key=f"bank-differs/{one.currency}/{now.date()}",
        )  # fmt: skip


@transaction.atomic
def _tell_waiting(now: datetime) -> None:
    entries, doubts = entries_that_wait()
    if not entries:
        return
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="bank_entries_wait", params={"entries": entries, "doubts": doubts},
            link="/operator/bank/", key=f"bank-entries-wait/{now.date()}",
        )  # fmt: skip


@transaction.atomic
def _tell_silence(one: BankSilence, now: datetime) -> None:
    year, week, _day = now.isocalendar()
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="bank_silent", params={"payouts": one.payouts}, link="/operator/bank/",
            key=f"bank-silent/{one.currency}/{year}-{week}",
        )  # fmt: skip
