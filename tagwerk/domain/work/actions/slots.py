"""Slots: how often a task may still be taken. Only jobs bring slots, under the lock of the project's row in `opening`,
so that positions grow in the order in which they become visible."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.rules.coverage import FAR_SECONDS


@dataclass(frozen=True, slots=True)
class SlotRow:
    """So many more people may take this task."""

    task_id: int
    slots: int


def put_slots(*, opening: Opening, slots: Sequence[SlotRow]) -> None:
    """Let tasks be taken (again): a task that stands in a queue stays at its place, another goes to the tail.

    The caller holds the lock of `opening` and saves it.
    """
    if not slots:
        return
    ids, counts = [one.task_id for one in slots], [one.slots for one in slots]
    project_id = opening.project_id
    with connection.cursor() as cursor:
        cursor.execute(_ADD_TO_SHORT, [project_id, ids, counts])
        in_short = {task_id for (task_id,) in cursor.fetchall()}
        rest = [one for one in slots if one.task_id not in in_short]
        if rest:
            columns = [one.task_id for one in rest], [one.slots for one in rest]
            cursor.execute(_ADD_TO_QUEUE, [project_id, opening.last_pos, *columns])
            opening.last_pos += len(rest)


_ADD_TO_SHORT = """
UPDATE short_queue q SET open = q.open + more.slots
FROM (SELECT %s::bigint AS project_id, task_id, slots FROM unnest(%s::bigint[], %s::smallint[]) m (task_id, slots)) more
WHERE q.project_id = more.project_id AND q.task_id = more.task_id RETURNING q.task_id
"""
# The rank is that of rules/coverage.py, which a test compares.
_ADD_TO_QUEUE = f"""
INSERT INTO queue (project_id, pos, task_id, open, rank)
SELECT t.project_id, more.last_pos + more.nth, t.id, more.slots,
    CASE WHEN t.priority <> 0 OR t.deadline IS NOT NULL
    THEN coalesce(floor(extract(epoch FROM t.deadline))::bigint, {FAR_SECONDS}) - t.priority * {2 * FAR_SECONDS} END
FROM (SELECT %s::bigint AS project_id, %s::bigint AS last_pos, m.* FROM
        unnest(%s::bigint[], %s::smallint[]) WITH ORDINALITY m (task_id, slots, nth)) more
JOIN task t ON t.project_id = more.project_id AND t.id = more.task_id
ORDER BY more.nth
ON CONFLICT (project_id, task_id) DO UPDATE SET open = queue.open + excluded.open
"""  # noqa: S608 (numbers of our own)
