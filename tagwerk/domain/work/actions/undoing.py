"""Undo: who takes an answer back to change it gets the time for it."""

from datetime import datetime

from django.db import transaction

from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.handing_in import refuse_outcome

MORE_SECONDS = 120  # to read again and change it
LONGEST_SECONDS = 600  # after handing in: whoever waits for results does not wait for ever


@transaction.atomic
def hold_back(*, person_id: int, project_id: int, assignment_id: int) -> datetime:
    """Keep an answer that can still be changed from being judged for two more minutes; gives the new time."""
    until = sql.value(_HOLD_BACK, [MORE_SECONDS, LONGEST_SECONDS, project_id, assignment_id, person_id])
    if until is None:
        refuse_outcome("judged")
    assert isinstance(until, datetime)
    return until


# Whoever feeds at this moment has the inbox row: then it is gone, and too late.
_HOLD_BACK = """
WITH mine AS (SELECT a.project_id, a.id, a.judged_from,
        greatest(a.judged_from, least(now() + make_interval(secs => %s), a.submitted_at + make_interval(secs => %s))) AS until
        FROM assignment a WHERE a.project_id = %s AND a.id = %s AND a.worker_id = %s AND a.state = 1 FOR UPDATE),
    moved AS (UPDATE inbox i SET due_at = m.until FROM mine m
        WHERE i.project_id = m.project_id AND i.due_at = m.judged_from AND i.assignment_id = m.id
        RETURNING i.assignment_id)
UPDATE assignment a SET judged_from = m.until FROM mine m, moved
WHERE a.project_id = m.project_id AND a.id = m.id RETURNING a.judged_from
"""
