"""The book is watched: what is wrong with it reaches every operator, and so does its newest seal."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.notices import actions as notices

log = logging.getLogger(__name__)


def check_book(*, now: datetime) -> bool:
    """Check all of the book; where something is wrong, every operator is told, once a day. Whether it is right."""
    found = ledger_queries.verify()
    if found.is_right:
        return True
    wrong = {
        "seals": len(found.wrong),
        "accounts": len(found.drift),
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
