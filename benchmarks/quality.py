"""Judging: from answers in the feed to results, against reading the same answers from the database and nothing more."""

import json
import time
from collections.abc import Collection, Iterator
from typing import Any

from benchmarks.figures import Figure, Scale, median, note
from benchmarks.instance import running

NAMES = ("quality.judge", "quality.judge.models")
EACH = 3  # answers per task
READ = """
SELECT f.seq, a.task_id, a.worker_id, r.answers::text FROM answer_feed f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
WHERE f.project_id = %s AND f.seq > %s ORDER BY f.seq LIMIT %s
"""


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """By a vote, as a project begins, and once more by fitted models."""
    with running(web=False, jobs=False) as instance:
        from benchmarks import scene

        who, orders, answers = scene.requester(), [], 0
        for number in range(scale.of(5, 2)):
            orders.append(scene.order(who, f"Judged {number}", answers=EACH))
            answers = scene.give_answers(orders[-1], scale.of(5_000, 500), each=EACH)
        instance.settle()
        note(f"{len(orders)} projects with {answers:,} answers each")
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
        for order in orders:
            found["quality.judge"].append(_turn(order.project_id))
            _fit(order.project_id)
            found["quality.judge.models"].append(_turn(order.project_id))
        for name in (one for one in NAMES if one in names):
            speed = median([answers / judged for judged, _ in found[name]])
            ratio = median([read / judged for judged, read in found[name]])
            against = "reading the same answers by SQL, as many at a time (time of that / time of judging)"
            yield Figure(name, speed, "answers/s", against, ratio)


def _turn(project_id: int) -> tuple[float, float]:
    """Seconds of judging, and of reading, which is done before and after."""
    from tagwerk.domain.quality import actions as quality

    before = _timed(lambda: _read(project_id))
    judged = _timed(lambda: quality.judge_answers(project_id=project_id))
    return judged, (before + _timed(lambda: _read(project_id))) / 2


def _fit(project_id: int) -> None:
    """Let the project have models, and all of its answers be judged once more."""
    from django.db import connection

    from tagwerk.domain.quality import actions as quality

    with connection.cursor() as cursor:
        cursor.execute("UPDATE judge_cursor SET refit_cause = 'growth' WHERE project_id = %s", [project_id])
        assert quality.refit_models(project_id=project_id) == 1
        cursor.execute("UPDATE judgement SET recheck = 0 WHERE project_id = %s", [project_id])
        cursor.execute("UPDATE judge_cursor SET seq = 0 WHERE project_id = %s", [project_id])


def _read(project_id: int) -> list[tuple[int, Any]]:
    """All answers, a chunk of the judge at a time."""
    from django.db import connection

    from tagwerk.domain.quality.actions.judging import CHUNK

    found: list[tuple[int, Any]] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(READ, [project_id, found[-1][0] if found else 0, CHUNK])
            rows = cursor.fetchall()
        found += [(seq, json.loads(answers)) for seq, _task, _worker, answers in rows]
        if len(rows) < CHUNK:
            return found


def _timed(run: Any) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin
