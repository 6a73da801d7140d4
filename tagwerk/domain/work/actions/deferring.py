"""Deferring: a submitted answer that is not approved by itself, because somebody has something to do first.

Every function here is called with the project's row in `opening` locked; the caller saves it.
"""

from collections.abc import Sequence
from datetime import datetime

from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import Deferred


def defer(*, opening: Opening, assignment_id: int, why: Deferred, until: datetime) -> bool:
    """Keep a submitted answer from being approved by itself; False: it does not wait for a decision, or somebody else
    has something to do about it already."""
    return bool(
        sql.write(_DEFER, [str(why), until, opening.project_id, assignment_id, str(Deferred.DECISION)])
    )


def end_deferrals(*, opening: Opening, assignment_ids: Sequence[int]) -> None:
    """These answers wait for nobody any more; a better one that was asked for is asked for no longer."""
    ids = list(assignment_ids)
    if not sql.write(
        "DELETE FROM deferral WHERE project_id = %s AND assignment_id = ANY(%s)", [opening.project_id, ids]
    ):
        return
    spared = sql.rows(_WITHDRAW_REWORK, [opening.project_id, ids])
    opening.committed_micros -= sum(extra for (extra,) in spared)


_DEFER = """
INSERT INTO deferral (project_id, assignment_id, why, until)
SELECT a.project_id, a.id, %s, %s FROM assignment a
WHERE a.project_id = %s AND a.id = %s AND a.state = 1 FOR UPDATE
ON CONFLICT (project_id, assignment_id) DO UPDATE SET why = excluded.why, until = excluded.until,
    deferred_at = statement_timestamp() WHERE deferral.why = %s
"""
_WITHDRAW_REWORK = """
UPDATE rework SET state = 'withdrawn', ended_at = statement_timestamp()
WHERE project_id = %s AND assignment_id = ANY(%s) AND state = 'asked' RETURNING extra_reward_micros + extra_fee_micros
"""
