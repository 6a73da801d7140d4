"""Signals and what else happened to workers, with the answers that show it."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from tagwerk.base.arrays import bigints
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs.rules.gold import expected_of
from tagwerk.domain.quality.models import Intervention, Signal
from tagwerk.domain.quality.rules.words import SignalState
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries.sql import read_json

MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer that shows something: whose, to which task, when, how long it took."""

    assignment_id: int
    task_id: int
    worker: str  # the pseudonym; empty: a model's prediction
    at: datetime | None
    seconds: float
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A worker's answer, what another said to the same task (if that is what it is about), and the result."""

    mine: ShownAnswer
    other: ShownAnswer | None
    results: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal about a worker, as members see it."""

    id: int
    kind: str
    about: str
    figures: dict[str, Any]
    state: str
    found_at: datetime
    decided_at: datetime | None
    decided_by_id: int | None
    other: str = ""  # the pseudonym of the other worker it is about
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class StepView:
    """What happened to a worker: by a rule with its figures, or by a member."""

    step: str
    rule: dict[str, Any] | None
    figures: dict[str, Any]
    made_at: datetime
    made_by_id: int | None
    ended_at: datetime | None


def signals_of_worker(actor: Actor, project_id: int, pseudonym: str) -> list[SignalView]:
    """For members: the signals about a worker with their evidence; open ones first, the newest of them before others."""
    return signals_about(project_id, work.worker_of_pseudonym(actor, project_id, pseudonym))


def signals_about(project_id: int, worker_id: int) -> list[SignalView]:
    """The same for who has passed the gate to the worker."""
    rows = list(Signal.objects.filter(project_id=project_id, worker_id=worker_id).order_by("-id"))
    rows.sort(key=lambda row: row.state != SignalState.OPEN)
    shown = _answers(project_id, {number for row in rows for pair in row.evidence for number in pair})
    copied = [row.figures["with"] for row in rows if "with" in row.figures]
    others = work.pseudonyms(project_id, copied) if copied else {}
    results = _results(project_id, {one.task_id for one in shown.values()})
    return [_view(row, shown, others, results) for row in rows]


def signals_page(
    actor: Actor, project_id: int, *, state: str = "", before: int | None = None, limit: int = 50
) -> list[tuple[str, SignalView]]:
    """For members: (pseudonym, signal) of a project, the newest first, without evidence; by keyset on the number."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    rows = Signal.objects.filter(project_id=project.id).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    found = list((rows.filter(id__lt=before) if before is not None else rows)[:limit])
    people = {row.worker_id for row in found} | {
        row.figures["with"] for row in found if "with" in row.figures
    }
    names = work.pseudonyms(project.id, sorted(people))
    return [(names.get(row.worker_id, "–"), _view(row, {}, names, {})) for row in found]


def steps_of_worker(project_id: int, worker_id: int) -> list[StepView]:
    """What happened to a worker in a project, the newest first; for who has passed a gate, or for themselves."""
    rows = Intervention.objects.filter(project_id=project_id, worker_id=worker_id).order_by("-id")
    return [
        StepView(row.step, row.rule, row.figures, row.made_at, row.made_by_id, row.ended_at)
        for row in rows[:MOST_STEPS]
    ]


def _view(
    row: Signal, shown: dict[int, ShownAnswer], names: dict[int, str], results: dict[int, dict[str, Any]]
) -> SignalView:
    figures = {name: value for name, value in row.figures.items() if name != "with"}
    about = "" if row.about.startswith("worker:") else row.about
    return SignalView(
        row.id, row.kind, about, figures, row.state, row.found_at, row.decided_at, row.decided_by_id,
        names.get(row.figures.get("with", 0), ""),
        tuple(_evidence(row.evidence, shown, results)),
    )  # fmt: skip


def _evidence(
    pairs: Iterable[list[int]], shown: dict[int, ShownAnswer], results: dict[int, dict[str, Any]]
) -> Iterable[Evidence]:
    for mine, other in pairs:
        if mine in shown:
            yield Evidence(shown[mine], shown.get(other), results.get(shown[mine].task_id, {}))


def _answers(project_id: int, assignment_ids: Collection[int]) -> dict[int, ShownAnswer]:
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [project_id, bigints(sorted(assignment_ids))])
        rows = cursor.fetchall()
    return {
        number: ShownAnswer(number, task_id, worker, at, (active_ms or 0) / 1000, read_json(answers))
        for number, task_id, worker, at, active_ms, answers in rows
    }


def _results(project_id: int, task_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RIGHT, {"project": project_id, "tasks": bigints(sorted(task_ids))})
        for task_id, question, value in cursor.fetchall():
            found.setdefault(task_id, {})[question] = expected_of(json.loads(value)).accepted[0]
    return found


_SHOWN = """
SELECT a.id, a.task_id, e.pseudonym, a.submitted_at, a.active_ms, r.answers
FROM assignment a JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
WHERE a.project_id = %s AND a.id = ANY(%s::bigint[])
"""
# Gold stands before a result: it is what is known.
_RIGHT = """
SELECT task_id, question, value::text FROM result
WHERE project_id = %(project)s AND task_id = ANY(%(tasks)s::bigint[]) AND value IS NOT NULL
UNION ALL
SELECT g.task_id, right_one.key, right_one.value::text FROM gold g, jsonb_each(g.answers::jsonb) right_one
WHERE g.project_id = %(project)s AND g.task_id = ANY(%(tasks)s::bigint[])
"""
