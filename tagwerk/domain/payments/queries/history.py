"""Payouts as sums, for everybody: nothing of it names a person."""

from datetime import date, datetime

from django.db import connection

from tagwerk.domain.payments.models import PayoutHold, PayoutRun


def paid_by_week(since: datetime) -> list[tuple[date, str, int, int]]:
    """(Monday, currency, micros, people) of what has been paid out and has not come back, the oldest week first; UTC."""
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, [since])
        return [
            (monday, currency, int(micros), int(people))
            for monday, currency, micros, people in cursor.fetchall()
        ]


def releases(since: datetime) -> tuple[int, int]:
    """How many runs were released, and how many of them by one person alone."""
    released = PayoutRun.objects.filter(released_at__gt=since)
    return released.count(), released.filter(released_alone=True).count()


def held_since(since: datetime) -> tuple[int, int, int]:
    """Of the holds that began: of how many people, how many, and how many the program had begun by a rule."""
    begun = PayoutHold.objects.filter(begun_at__gt=since)
    return begun.values("person_id").distinct().count(), begun.count(), begun.filter(by_rule=True).count()


_WEEKS = """
SELECT date_trunc('week', p.settled_at AT TIME ZONE 'UTC')::date, r.currency, sum(p.amount_micros), count(DISTINCT p.person_id)
FROM payout p JOIN payout_run r ON r.id = p.run_id
WHERE p.state = 'paid' AND p.settled_at > %s GROUP BY 1, 2 ORDER BY 1, 2
"""
