"""Looking at workers after their answers were judged: rules act, signals are kept.

A job of its own after judging: first it notes who answered what, then it looks at those with the most new answers, so
many at a time. Killed at any point, it is done again: what it found is written together with how far it looked.
"""

from collections.abc import Collection, Mapping

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from tagwerk.base.arrays import bigints
from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import control
from tagwerk.domain.quality.models import Intervention, Signal, WatchCursor, WorkerWatch
from tagwerk.domain.quality.queries.control import classes_of, rules_of, signalled
from tagwerk.domain.quality.queries.histories import History, histories
from tagwerk.domain.quality.rules.control import Figures, first_firing
from tagwerk.domain.quality.rules.signals import find_signals
from tagwerk.domain.quality.rules.words import SignalState, Step

LOCK = 0x77746368  # "wtch": the first key of the advisory lock, the project is the second
CHUNK = 2_000
AT_ONCE = 20  # workers of one transaction
MOST_AT_ONCE = 100  # workers of one run; the others have their turn in the next
Floors = Mapping[tuple[int, str], int]
Hits = list[tuple[Rule, int, Figures, int]]


def watch_workers(*, project_id: int) -> int:
    """Look at the workers of a project who handed in something that is judged by now; at how many."""
    while _note_answers(project_id):
        pass
    looked_at = 0
    while looked_at < MOST_AT_ONCE:
        some = _look_at_some(project_id)
        looked_at += some
        if some < AT_ONCE:
            break
    return looked_at


@transaction.atomic
def _note_answers(project_id: int) -> bool:
    """Note whose answers were judged since the last time; whether there may be more."""
    if not _lock(project_id):
        return False
    cursor, _ = WatchCursor.objects.get_or_create(project_id=project_id)
    with connection.cursor() as to:
        to.execute(_NOTE, {"project": project_id, "after": cursor.seq, "chunk": CHUNK})
        upto, lines = to.fetchone()
    WatchCursor.objects.filter(project_id=project_id).update(seq=upto or cursor.seq, looked_at=Now())
    return bool(lines == CHUNK)


@transaction.atomic
def _look_at_some(project_id: int) -> int:
    if not _lock(project_id):
        return 0  # somebody else is at it
    due = WorkerWatch.objects.filter(project_id=project_id, new_answers__gt=0)
    before = dict(
        due.order_by("-new_answers", "worker_id").values_list("worker_id", "looked_up_to")[:AT_ONCE]
    )
    if not before:
        return 0
    project = projects.project(project_id)
    found = histories(project, before, skilled=True)
    _keep_signals(project_id, found)
    hits = _hits(project, found, before)
    # Those who wait for judging come first: nobody may wait for it with a worker's row locked.
    for rule, worker_id, figures, up_to in sorted(hits, key=lambda hit: hit[0].action != "more_answers"):
        control.act(project, rule, worker_id, figures, up_to=up_to)
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED, [project_id, bigints(found), bigints(one.up_to for one in found.values())])
    return len(before)


def _keep_signals(project_id: int, found: Mapping[int, History]) -> None:
    known = _looked(project_id, found)
    for worker_id, history in found.items():
        for one in find_signals(history.look):
            key = (worker_id, f"{one.kind}/{one.about}")
            fresh = [pair for pair in one.evidence if pair[0] > known.get(key, 0)]
            if not fresh:
                continue  # a member has looked at all of this
            control.write_signal(
                project_id=project_id, worker_id=worker_id, kind=one.kind, about=one.about, figures=one.figures,
                evidence=[list(pair) for pair in one.evidence], up_to=history.up_to,
            )  # fmt: skip


def _looked(project_id: int, worker_ids: Collection[int]) -> Floors:
    """Signals that members dismissed, and the newest answer that they had seen."""
    rows = Signal.objects.filter(
        project_id=project_id, worker_id__in=list(worker_ids), state=SignalState.DISMISSED
    )
    return {(row.worker_id, f"{row.kind}/{row.about}"): row.up_to for row in rows}


def _hits(project: ProjectView, found: Mapping[int, History], looked_up_to: Mapping[int, int]) -> Hits:
    rules = [
        rule for rule in rules_of(project)
        if rule.action in control.STEPS and (rule.collector not in control.ON_RECORDS or rule.last is not None)
    ]  # fmt: skip
    floors, classes, hits = _floors(project.id, found), classes_of(project), Hits()
    for rule in rules:
        if rule.collector == "signals":
            hits += _signalled(project, rule, found, floors)
            continue
        for worker_id, history in found.items():
            floor = _floor(floors, worker_id, rule)
            items = [item for item in history.items if item.assignment_id > floor]
            firing = first_firing(rule, items, classes, after=looked_up_to[worker_id])
            if firing is not None:
                hits.append((rule, worker_id, firing.figures, firing.assignment_id))
    return hits


def _signalled(project: ProjectView, rule: Rule, found: Mapping[int, History], floors: Floors) -> Hits:
    """A signal leads to a pause once; after a member has let somebody go on, only one with newer evidence does."""
    ups = Signal.objects.filter(project_id=project.id, worker_id__in=list(found), kind=rule.signal).exclude(
        state=SignalState.DISMISSED
    )
    newest = dict(ups.values_list("worker_id").annotate(Max("up_to")))
    return [
        (rule, worker_id, figures, found[worker_id].up_to)
        for worker_id, figures in signalled(project.id, rule, found).items()
        if newest.get(worker_id, 0) > _floor(floors, worker_id, rule)
    ]


def _floors(project_id: int, worker_ids: Collection[int]) -> Floors:
    """(worker, rule or "" for any pause) → the answer up to which everything was dealt with."""
    rows = Intervention.objects.filter(project_id=project_id, worker_id__in=list(worker_ids))
    floors: dict[tuple[int, str], int] = {}
    for worker_id, key, step, up_to in rows.values_list("worker_id", "rule_key", "step", "up_to"):
        for name in (key, "") if step == Step.PAUSE else (key,):
            floors[worker_id, name] = max(up_to, floors.get((worker_id, name), 0))
    return floors


def _floor(floors: Floors, worker_id: int, rule: Rule) -> int:
    any_pause = floors.get((worker_id, ""), 0) if rule.action == "pause" else 0
    return max(floors.get((worker_id, rule.key), 0), any_pause)


def _lock(project_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::int, %s::int)", [LOCK, project_id & 0x7FFFFFFF])
        return bool(cursor.fetchone()[0])


_NOTE = """
WITH lines AS (
    SELECT f.seq, f.assignment_id FROM answer_feed f
    WHERE f.project_id = %(project)s AND f.seq > %(after)s
        AND f.seq <= coalesce((SELECT c.seq FROM judge_cursor c WHERE c.project_id = %(project)s), 0)
    ORDER BY f.seq LIMIT %(chunk)s
), noted AS (
    INSERT INTO worker_answer (project_id, worker_id, assignment_id, task_id, is_gold)
    SELECT DISTINCT a.project_id, a.worker_id, a.id, a.task_id, a.is_gold FROM lines l
    JOIN assignment a ON a.project_id = %(project)s AND a.id = l.assignment_id
    ON CONFLICT DO NOTHING RETURNING worker_id
), counted AS (
    INSERT INTO worker_watch (project_id, worker_id, new_answers, looked_up_to)
    SELECT %(project)s, worker_id, count(*), 0 FROM noted GROUP BY worker_id ORDER BY worker_id
    ON CONFLICT (project_id, worker_id) DO UPDATE SET new_answers = worker_watch.new_answers + excluded.new_answers
)
SELECT max(seq), count(*) FROM lines
"""
_LOOKED = """
UPDATE worker_watch w SET new_answers = 0, looked_up_to = greatest(w.looked_up_to, l.up_to), looked_at = statement_timestamp()
FROM (SELECT %s::bigint AS project_id, m.* FROM unnest(%s::bigint[], %s::bigint[]) m (worker_id, up_to)) l
WHERE w.project_id = l.project_id AND w.worker_id = l.worker_id
"""
