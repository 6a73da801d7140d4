"""Answers that wait for a reviewer, the least certain first: found by an index, however many wait or are done.

A task of whose answers one waits and is drawn for review carries a mark (`judgement.in_review`), so nobody looks at the
others. The mark may be left over: `quality.prune_reviews` takes it away from the tasks that stand first. What has no
mark yet, or never gets one, comes beside it: answers that are not judged, those that a member must decide as they are,
those of workers who were paused, and those that a control rule sends to review, which come before all others.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tagwerk.base.arrays import bigints
from tagwerk.domain.designs.rules.control import REVIEWED_NEXT
from tagwerk.domain.quality.rules.reviewing import OPEN_SECONDS, Plan
from tagwerk.domain.work.queries import sql

NEVER_JUDGED = -1.0  # stands before the least certain
SENT = -3.0  # so much before all others stands what a control rule sends
NEWEST = 500  # answers of one worker who is paused, sent, or asked for
FED = 1_000  # answers that are not judged yet


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits, and how certain its task is (NEVER_JUDGED: that is not known)."""

    assignment_id: int
    task_id: int
    certainty: float


def waiting(
    project_id: int, plan: Plan, *, reviewer: int = 0, limit: int = 1, after: tuple[float, int] | None = None,
    all_kinds: bool = True,
) -> list[Waiting]:  # fmt: skip
    """Answers that the plan and control rules have wait for this reviewer, the least certain first.

    `after`: the certainty and number of the last one seen. Without `all_kinds`, neither those of workers who are paused
    or sent to review, nor what is to be decided as it is.
    """
    certainty, last = after or (NEVER_JUDGED - 1, 0)
    values = _values(project_id, reviewer, limit) | {"certainty": certainty, "last": last, **drawing(plan)}
    found = sql.rows(_OF_ALL if all_kinds else _OF_MARKED, values)
    return list({row[0]: Waiting(*row) for row in reversed(found)}.values())[
        ::-1
    ]  # each where it stands first


def waiting_of(
    project_id: int,
    workers: Collection[int],
    answers: Collection[int] | None,
    *,
    reviewer: int,
    limit: int = 1,
) -> list[Waiting]:
    """Answers of these workers that wait for this reviewer, whatever the plan draws; `answers`: of them only these."""
    some = {"workers": bigints(workers), "answers": None if answers is None else bigints(answers)}
    values = _values(project_id, reviewer, limit) | {"certainty": NEVER_JUDGED - 1, "last": 0, **some}
    return [Waiting(*row) for row in sql.rows(_OF_SOME, values)]


def waiting_by_worker(project_id: int, workers: Collection[int], *, reviewer: int) -> dict[int, int]:
    """How many answers of each of these workers wait for this reviewer, of the newest that they took."""
    values = _values(project_id, reviewer, 0) | {"workers": bigints(workers)}
    return dict(sql.rows(_BY_WORKER, values)) if workers else {}


def _values(project_id: int, reviewer: int, limit: int) -> dict[str, Any]:
    return {
        "project": project_id, "reviewer": reviewer, "open": OPEN_SECONDS, "limit": limit, "newest": NEWEST, "fed": FED,
        "next": REVIEWED_NEXT,
    }  # fmt: skip


def drawing(plan: Plan) -> dict[str, float]:
    """What DRAWN needs to know of the plan."""
    return {"share": round(10_000 * plan.share), "below": plan.below}


# Of an assignment `a` and the judgement `j` of its task: the plan wants it to be reviewed, and a second answer always is.
DRAWN = """(a.revision > 0 OR (hashint8(a.id) & 2147483647) %% 10000 < %(share)s
    OR coalesce(j.confidence, 1) < %(below)s)"""
# Nobody has reviewed it in this round, and nobody else has it open.
_FREE = """NOT EXISTS (SELECT FROM review v WHERE v.project_id = a.project_id AND v.assignment_id = a.id
    AND v.round = 2 * a.revision + {as_it_is} AND (v.committed_at IS NOT NULL OR (v.reviewer_id <> %(reviewer)s
        AND v.opened_at > statement_timestamp() - make_interval(secs => %(open)s))))"""
_OPEN = f"""a.state = 1 AND NOT a.is_gold AND a.worker_id <> %(reviewer)s AND {sql.PAST_UNDO} AND {sql.NOT_DEFERRED}
    AND {_FREE.format(as_it_is=0)}"""
_PLACE = "coalesce(j.confidence, -1)"
_LINE = f"a.id, a.task_id, {_PLACE} AS certainty"
_JUDGED = "LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id"
_LAST_TASK = (
    "coalesce((SELECT l.task_id FROM assignment l WHERE l.project_id = %(project)s AND l.id = %(last)s), 0)"
)
_LATER = f"({_PLACE}, a.task_id, a.id) > (%(certainty)s::float8, {_LAST_TASK}, %(last)s::bigint)"
_MARKED = f"""(
SELECT n.id, n.task_id, n.certainty FROM (
    SELECT j.* FROM judgement j WHERE j.project_id = %(project)s AND j.in_review
        AND ({_PLACE}, j.task_id) >= (%(certainty)s::float8, {_LAST_TASK}) ORDER BY {_PLACE}, j.task_id) j
CROSS JOIN LATERAL (SELECT {_LINE} FROM assignment a WHERE a.project_id = j.project_id AND a.task_id = j.task_id
    AND {_OPEN} AND {DRAWN} AND {_LATER} ORDER BY a.id) n
LIMIT %(limit)s)"""  # noqa: S608 (a constant, as all here)
# The feed goes on before judging does, by a second or so. The limit tells the planner how few these are.
_NOT_JUDGED = f"""(
SELECT {_LINE} FROM (SELECT * FROM answer_feed WHERE project_id = %(project)s
    AND seq > coalesce((SELECT c.seq FROM judge_cursor c WHERE c.project_id = %(project)s), 0) ORDER BY seq LIMIT %(fed)s) f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.revision = f.revision {_JUDGED}
WHERE {_OPEN} AND {DRAWN} AND {_LATER} ORDER BY certainty, a.task_id, a.id LIMIT %(limit)s)"""  # noqa: S608
_DEFERRED = f"""a.state = 1 AND a.worker_id <> %(reviewer)s AND {_FREE.format(as_it_is=1)}"""
_AS_IT_IS = f"""(
SELECT {_LINE} FROM deferral d JOIN assignment a ON a.project_id = d.project_id AND a.id = d.assignment_id {_JUDGED}
WHERE d.project_id = %(project)s AND d.why = 'decision' AND {_DEFERRED} AND {_LATER}
ORDER BY certainty, a.task_id, a.id LIMIT %(limit)s)"""  # noqa: S608
_OF_PAUSED = f"""(
SELECT {_LINE} FROM enrolment e CROSS JOIN LATERAL (SELECT x.* FROM assignment x WHERE x.worker_id = e.worker_id
    ORDER BY x.id DESC LIMIT %(newest)s) a {_JUDGED}
WHERE e.project_id = %(project)s AND e.pause_reason IS NOT NULL AND a.project_id = e.project_id AND {_OPEN} AND {_LATER}
ORDER BY certainty, a.task_id, a.id LIMIT %(limit)s)"""  # noqa: S608
# Up to which answer a control rule sends somebody's to review: all that wait, and so many of those that come next.
SENT_TO_REVIEW = """SELECT i.worker_id, i.rule_key, coalesce((SELECT x.assignment_id FROM worker_answer x
        WHERE x.project_id = i.project_id AND x.worker_id = i.worker_id AND x.assignment_id > i.up_to AND NOT x.is_gold
        ORDER BY x.assignment_id OFFSET coalesce((i.rule->>'next')::int, %(next)s) - 1 LIMIT 1),
    9223372036854775807) AS up_to
FROM intervention i WHERE i.project_id = %(project)s AND i.step = 'review'"""
_OF_SENT = f"""(
SELECT a.id, a.task_id, {_PLACE} + {SENT} AS certainty
FROM (SELECT worker_id, max(up_to) AS up_to FROM ({SENT_TO_REVIEW}) i GROUP BY worker_id) s
CROSS JOIN LATERAL (SELECT x.* FROM assignment x WHERE x.worker_id = s.worker_id AND x.id <= s.up_to
    ORDER BY x.id DESC LIMIT %(newest)s) a {_JUDGED}
WHERE a.project_id = %(project)s AND {_OPEN} ORDER BY certainty, a.task_id, a.id LIMIT %(limit)s)"""  # noqa: S608
_OF_WORKERS = f"""(
SELECT {_LINE} FROM unnest(%(workers)s::bigint[]) AS w (id)
JOIN assignment a ON a.project_id = %(project)s AND a.worker_id = w.id {_JUDGED}
WHERE (%(answers)s::bigint[] IS NULL OR a.id = ANY(%(answers)s::bigint[])) AND {{which}}
ORDER BY certainty, a.task_id, a.id LIMIT %(limit)s)"""  # noqa: S608
_ORDER = " ORDER BY certainty, task_id, id LIMIT %(limit)s"
_OF_MARKED = f"{_MARKED} UNION {_NOT_JUDGED} {_ORDER}"
_OF_ALL = f"{_MARKED} UNION {_NOT_JUDGED} UNION {_AS_IT_IS} UNION {_OF_PAUSED} UNION {_OF_SENT} {_ORDER}"
_DECIDED_AS_IT_IS = f"""EXISTS (SELECT FROM deferral d WHERE d.project_id = a.project_id AND d.assignment_id = a.id
    AND d.why = 'decision') AND {_DEFERRED}"""
_OF_SOME = " UNION ".join(_OF_WORKERS.format(which=one) for one in (_OPEN, _DECIDED_AS_IT_IS)) + _ORDER
_BY_WORKER = f"""
SELECT w.id, count(*) FROM unnest(%(workers)s::bigint[]) AS w (id) CROSS JOIN LATERAL (SELECT x.* FROM assignment x
    WHERE x.worker_id = w.id ORDER BY x.id DESC LIMIT %(newest)s) a
WHERE a.project_id = %(project)s AND (({_OPEN}) OR ({_DECIDED_AS_IT_IS})) GROUP BY w.id
"""  # noqa: S608
