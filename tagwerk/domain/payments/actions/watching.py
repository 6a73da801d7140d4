"""The book is watched: what is wrong with it reaches every operator, and so does its newest seal."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import date
from tagwerk.domain.payments.queries.booked_corrections import wrong_corrections

log = logging.getLogger(__name__)
NAMED = 20  # corrections in one notice


def check_book(*, now: datetime) -> bool:
    """Check all of the book; where something is wrong, every operator is told, once a day. Whether it is right.

    They are also told where transfers have waited for their seal for more than a day.
    """
    found = ledger_queries.verify()
    since = ledger_queries.unsealed_too_long(now)
    if since is not None:
        log.error("The book has not been sealed since %s: %s transfers wait", since, found.unsealed)
        params = {"transfers": found.unsealed, "since": date(since)}
        _tell_operators(kind="book_unsealed", params=params, key=f"book-unsealed/{now.date()}")
    corrections = [public_id("cor", each) for each in wrong_corrections()]
    if corrections:
        log.critical("Corrections are not what the book has: %s", corrections)
        params = {"corrections": ", ".join(corrections[:NAMED])}
        _tell_operators(kind="corrections_wrong", params=params, key=f"corrections-wrong/{now.date()}")
    if found.is_right:
        return not corrections
    wrong = {
        "seals": len(found.wrong),
        "accounts": len({each.account for each in found.drift} | {each.account for each in found.accounts}),
        "currencies": len(found.imbalance),
    }
    log.critical("The book is wrong; see “tagwerk ledger verify”: %s", wrong)
    _tell_operators(kind="book_wrong", params=wrong, key=f"book-wrong/{now.date()}")
    return False


def publish_seal(*, now: datetime) -> None:
    """Tell every operator the newest seal, once a week: a mail is out of reach of who might change the book later."""
    newest = ledger_queries.latest_seal()
    if newest is not None:
        params = {"number": newest.number, "last": newest.last_seq, "hash": newest.hash}
        year, week, _day = now.isocalendar()
        _tell_operators(kind="book_sealed", params=params, key=f"seal/{year}-{week}")


@transaction.atomic
def _tell_operators(*, kind: str, params: dict[str, Any], key: str) -> None:
    for person_id in accounts.operator_ids():
        notices.tell(person_id=person_id, kind=kind, params=params, link="/operator/", key=key)
