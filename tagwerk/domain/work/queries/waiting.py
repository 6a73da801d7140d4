"""Which projects have something waiting. Each is found by one step down an index, however many rows wait."""

from datetime import datetime

from tagwerk.domain.work.queries import sql


def projects_with_inbox() -> list[int]:
    """The projects that have answers for the feed now."""
    return [
        project_id
        for (project_id,) in sql.rows(_EACH.format(table="inbox", due="t.due_at <= statement_timestamp()"))
    ]


def projects_with_returns() -> list[int]:
    """The projects that have returned slots."""
    return [project_id for (project_id,) in sql.rows(_EACH.format(table="returned_slot", due="true"))]


def projects_with_expired(now: datetime) -> list[int]:
    """The projects that have expired holds."""
    return [
        project_id for (project_id,) in sql.rows(_EACH.format(table="hold", due="t.expires_at <= %s"), [now])
    ]


def projects_put_away_unsettled() -> list[int]:
    """Archived projects that still owe somebody: answers wait for a decision, or money for its way back."""
    return [project_id for (project_id,) in sql.rows(_UNSETTLED)]


# From one project to the next: `distinct` would read every row.
_EACH = """
WITH RECURSIVE each AS (
    (SELECT project_id FROM {table} ORDER BY project_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.project_id FROM {table} t WHERE t.project_id > each.project_id ORDER BY t.project_id LIMIT 1)
    FROM each WHERE each.project_id IS NOT NULL
)
SELECT project_id FROM each
WHERE project_id IS NOT NULL AND EXISTS (SELECT 1 FROM {table} t WHERE t.project_id = each.project_id AND {due})
"""
_UNSETTLED = """
SELECT o.project_id FROM opening o JOIN project p ON p.id = o.project_id
WHERE p.state = 'archived' AND p.launched_at IS NOT NULL AND o.settled_at IS NULL ORDER BY o.project_id
"""
