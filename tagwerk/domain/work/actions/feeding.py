"""The feed: answers in one order that all readers see, without gaps.

Nobody may follow answers by their id or time: transactions commit in another order than they begin, and such a reader
misses rows. Here one writer at a time, under a lock, gives numbers to what is visible.
"""

from django.db import transaction

from tagwerk.domain.work.actions.opening import top_up_gold
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.active_times import EDGES

LOCK = 0x66656564  # "feed": the first key of the advisory lock, the project is the second
CHUNK = 5_000
EDGES_MS = [1000 * seconds for seconds in EDGES]


def feed_answers(*, project_id: int) -> int:
    """Move answers that can no longer be undone from the inbox to the feed; how many."""
    fed, gold = 0, False
    while True:
        some, some_gold = _feed_some(project_id)
        fed, gold = fed + some, gold or some_gold
        if some < CHUNK:
            break
    if gold:  # whoever answers gold uses up what was paid for
        top_up_gold(project_id=project_id)
    return fed


@transaction.atomic
def _feed_some(project_id: int) -> tuple[int, bool]:
    """How many answers were fed, and whether gold was among them."""
    sql.write("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, project_id & 0x7FFFFFFF])
    taken = [assignment_id for (assignment_id,) in sql.rows(_TAKE, [project_id, CHUNK])]
    if not taken:
        return 0, False
    # A statement of its own, because its snapshot must see a change that committed just before the row was taken.
    fed = sql.write(_APPEND, [project_id, taken, project_id])
    sql.write(_COUNT_HOURS, {"project": project_id, "taken": taken})
    sql.write(_COUNT_TIMES, {"project": project_id, "taken": taken, "edges": EDGES_MS})
    gold = sql.value(
        "SELECT 1 FROM assignment WHERE project_id = %s AND id = ANY(%s) AND is_gold LIMIT 1",
        [project_id, taken],
    )
    return fed, gold is not None


_TAKE = """
WITH due AS (
    SELECT project_id, due_at, assignment_id FROM inbox WHERE project_id = %s AND due_at <= statement_timestamp()
    ORDER BY due_at, assignment_id LIMIT %s FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM inbox i USING due d
    WHERE i.project_id = d.project_id AND i.due_at = d.due_at AND i.assignment_id = d.assignment_id
    RETURNING i.due_at, i.assignment_id
)
SELECT assignment_id FROM taken ORDER BY due_at, assignment_id
"""
_APPEND = """
INSERT INTO answer_feed (project_id, seq, assignment_id, revision)
SELECT a.project_id, last.seq + one.nth, a.id, a.revision
FROM (SELECT %s::bigint AS project_id, m.* FROM unnest(%s::bigint[]) WITH ORDINALITY m (id, nth)) one
JOIN assignment a ON a.project_id = one.project_id AND a.id = one.id,
    (SELECT coalesce(max(seq), 0) AS seq FROM answer_feed WHERE project_id = %s) last
ORDER BY one.nth
"""
# One writer at a time, under the lock of the feed: these rows are read by every dashboard and written by nobody else.
_COUNT_HOURS = """
WITH fed AS (
    SELECT date_trunc('hour', submitted_at, 'UTC') AS hour, worker_id, is_gold, active_ms
    FROM assignment a WHERE project_id = %(project)s AND id = ANY(%(taken)s)
        AND NOT EXISTS (SELECT FROM rework r  -- it was counted when it came first
            WHERE r.project_id = a.project_id AND r.assignment_id = a.id AND r.state = 'delivered')
), came AS (
    INSERT INTO hour_worker (project_id, hour, worker_id) SELECT DISTINCT %(project)s::bigint, hour, worker_id FROM fed
    ON CONFLICT DO NOTHING RETURNING hour
)
INSERT INTO work_hour (project_id, hour, answers, gold_answers, active_ms, workers)
SELECT %(project)s, hour, count(*), count(*) FILTER (WHERE is_gold), coalesce(sum(active_ms), 0),
    (SELECT count(*) FROM came WHERE came.hour = fed.hour)
FROM fed GROUP BY hour
ON CONFLICT (project_id, hour) DO UPDATE SET answers = work_hour.answers + excluded.answers,
    gold_answers = work_hour.gold_answers + excluded.gold_answers,
    active_ms = work_hour.active_ms + excluded.active_ms, workers = work_hour.workers + excluded.workers
"""
_COUNT_TIMES = """
INSERT INTO active_time (project_id, bucket, answers)
SELECT %(project)s, width_bucket(active_ms, %(edges)s::integer[]), count(*)
FROM assignment WHERE project_id = %(project)s AND id = ANY(%(taken)s) AND active_ms > 0 GROUP BY 2
ON CONFLICT (project_id, bucket) DO UPDATE SET answers = active_time.answers + excluded.answers
"""
