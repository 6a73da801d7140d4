"""One after another, where two at once would both count the same money."""

from django.db import connection

_MONEY_OF_AN_ORGANISATION = 745_0001  # the first half of an advisory lock; the second is the organisation


def lock_money_of(*, organisation_id: int) -> None:
    """Until this transaction ends, nobody else deposits, lends, refunds or invoices for this organisation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_MONEY_OF_AN_ORGANISATION, organisation_id])
