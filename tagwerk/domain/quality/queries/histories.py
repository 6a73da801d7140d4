"""What workers answered lately in a project, as rules and signals look at it: four statements for some workers at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from tagwerk.base.arrays import bigints
from tagwerk.domain.designs.rules.control import LONGEST_LOOK
from tagwerk.domain.designs.rules.gold import expected_of
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.workers import gold_of_workers
from tagwerk.domain.quality.rules.control import Item
from tagwerk.domain.quality.rules.gold import Record
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.domain.quality.rules.signals import Given, Look, pace, shingles
from tagwerk.domain.work.queries.sql import read_json
from tagwerk.domain.work.rules.states import State

NEAR = 10  # answers of others to a task, before and after the worker's own: enough to compare, however many there are
DECIDED = {int(State.APPROVED): True, int(State.REJECTED): False}
Told = Mapping[tuple[int, str], Any]


@dataclass(frozen=True, slots=True)
class History:
    """A worker's newest answers in order: for rules item by item, for signals beside those of others."""

    items: tuple[Item, ...]
    look: Look
    results: Mapping[tuple[int, str], int]  # (task, question) → place of what is right by now

    @property
    def up_to(self) -> int:
        """The newest of them."""
        return self.items[-1].assignment_id if self.items else 0


@dataclass(frozen=True, slots=True)
class _Row:
    assignment_id: int
    task_id: int
    worker_id: int
    submitted_at: datetime
    active_ms: int
    state: int
    answers: dict[str, Any]
    gold: dict[str, Any] | None = None
    scored: dict[str, bool] = field(default_factory=dict)  # by gold, where it counts: question → right


def histories(
    project: ProjectView, worker_ids: Collection[int], *, limit: int = LONGEST_LOOK, skilled: bool = False
) -> dict[int, History]:
    """The newest answers of each worker, with those of others to the same tasks; `skilled`: and how good all of them are."""
    own = [
        _Row(*_head(row), read_json(row[6]), read_json(row[7]), read_json(row[8]) or {})
        for row in _rows(_OWN, {"project": project.id, "workers": bigints(worker_ids), "limit": limit})
    ]
    tasks = {one.task_id for one in own}
    peers = [
        _Row(*_head(row), read_json(row[6]))
        for row in _rows(
            _PEERS,
            {
                "project": project.id, "near": NEAR, "tasks": bigints(one.task_id for one in own),
                "own": bigints(one.assignment_id for one in own),
            },
        )
    ]  # fmt: skip
    maker = _Maker(project, tasks)
    if skilled:
        people = gold_of_workers(project.id, {one.worker_id for one in (*own, *peers)})
        maker.skills = {worker: Record(seen, right).accuracy for worker, (right, seen) in people.items()}
    by_task: dict[int, list[Given]] = {}
    for one in peers:
        by_task.setdefault(one.task_id, []).append(maker.given(one))
    for task_id, written in maker.predicted().items():
        by_task.setdefault(task_id, []).append(written)
    by_worker: dict[int, list[_Row]] = {worker_id: [] for worker_id in worker_ids}
    for one in own:
        by_worker[one.worker_id].append(one)
    return {worker: maker.history(worker, rows, by_task) for worker, rows in by_worker.items()}


class _Maker:
    """Makes histories of rows; knows the questions, the results and what the tasks show."""

    def __init__(self, project: ProjectView, task_ids: Collection[int]) -> None:
        self.project_id = project.id
        self.skills: dict[int, float] = {}
        self.ballots = ballots_of(project.design_id)
        self.voted = [ballot for ballot in self.ballots if ballot.places]
        self.written = [b for b in self.ballots if getattr(b.options, "kind", "") == "text"]
        self.results = self._results(task_ids)
        by_name = {ballot.question: ballot for ballot in self.voted}
        found = {
            key: by_name[key[1]].place({key[1]: value})
            for key, value in self.results.items()
            if key[1] in by_name
        }
        self.right = {key: place for key, place in found.items() if place is not None}
        self.data = self._data(task_ids) if self.written else {}
        self.shown = {task: shingles(_words(data)) for task, (data, _) in self.data.items()}

    def _results(self, task_ids: Collection[int]) -> Told:
        rows = _rows(_RESULTS, {"project": self.project_id, "tasks": bigints(task_ids)})
        return {(task_id, question): read_json(value) for task_id, question, value in rows}

    def _data(self, task_ids: Collection[int]) -> dict[int, tuple[Any, Any]]:
        rows = _rows(_DATA, {"project": self.project_id, "tasks": bigints(task_ids)})
        return {task_id: (read_json(data), read_json(prediction)) for task_id, data, prediction in rows}

    def predicted(self) -> dict[int, Given]:
        """What a model wrote for tasks stands before all that people wrote; task by task."""
        found = {}
        for task_id, (_data, prediction) in self.data.items():
            texts = self._texts(task_id, prediction) if isinstance(prediction, dict) else {}
            if texts:
                found[task_id] = Given(0, task_id, 0, 0.0, 0, texts=texts)
        return found

    def given(self, row: _Row) -> Given:
        """An answer with its labels and texts."""
        places = {ballot.question: ballot.place(row.answers) for ballot in self.voted}
        return Given(
            row.assignment_id, row.task_id, row.worker_id, row.submitted_at.timestamp(), row.active_ms,
            {question: place for question, place in places.items() if place is not None},
            self._texts(row.task_id, row.answers),
        )  # fmt: skip

    def _texts(self, task_id: int, answers: Mapping[str, Any]) -> dict[str, frozenset[int]]:
        texts = {ballot.question: answers.get(ballot.question) for ballot in self.written}
        shown = self.shown.get(task_id, frozenset())
        return {question: shingles(text, shown) for question, text in texts.items() if isinstance(text, str)}

    def history(
        self, worker_id: int, rows: Sequence[_Row], by_task: Mapping[int, Sequence[Given]]
    ) -> History:
        """One worker's."""
        own = [self.given(row) for row in rows]
        others = {
            one.task_id: [other for other in by_task.get(one.task_id, ()) if other.worker_id != worker_id]
            for one in own
        }
        look = Look(
            own, others, self._gold(rows),
            {ballot.question: len(ballot.places) for ballot in self.voted}, _alike(self.voted), self.skills,
        )  # fmt: skip
        items = tuple(self._item(row, one, others[row.task_id]) for row, one in zip(rows, own, strict=True))
        mine = {one.task_id for one in own}
        return History(items, look, {key: place for key, place in self.right.items() if key[0] in mine})

    def _item(self, row: _Row, one: Given, others: Sequence[Given]) -> Item:
        agrees = {}
        for question, place in one.places.items():
            if (row.task_id, question) in self.right:
                agrees[question] = place == self.right[row.task_id, question]
        return Item(
            row.assignment_id, one.at, row.scored, agrees, DECIDED.get(row.state), pace(row.active_ms, others),
            tuple(other.worker_id for other in others),
        )  # fmt: skip

    def _gold(self, rows: Sequence[_Row]) -> dict[tuple[int, str], int]:
        """What gold says, where it is one label."""
        found = {}
        for row in rows:
            for ballot in self.voted if row.gold else ():
                expected = expected_of((row.gold or {}).get(ballot.question))
                if len(expected.accepted) == 1 and expected.accepted[0] is not None:
                    place = ballot.place({ballot.question: expected.accepted[0]})
                    if place is not None:
                        found[row.task_id, ballot.question] = place
        return found


def _alike(ballots: Sequence[Ballot]) -> list[list[str]]:
    """Questions with the same labels, three or more: only those can be answered in a straight line."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for ballot in ballots:
        groups.setdefault(ballot.labels, []).append(ballot.question)
    return [questions for questions in groups.values() if len(questions) > 2]


def _words(value: Any) -> str:
    """All texts in a task's data, one after another."""
    if isinstance(value, str):
        return value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return " ".join(_words(part) for part in parts)


def _head(row: tuple[Any, ...]) -> tuple[int, int, int, datetime, int, int]:
    return row[0], row[1], row[2], row[3], row[4], row[5]


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_OWN = """
SELECT a.id, a.task_id, a.worker_id, a.submitted_at, coalesce(a.active_ms, 0), a.state, r.answers, g.answers,
    (SELECT jsonb_object_agg(s.question, s."right") FROM gold_answer s
        WHERE a.is_gold AND s.project_id = a.project_id AND s.assignment_id = a.id AND s.counted)
FROM unnest(%(workers)s::bigint[]) w (id)
CROSS JOIN LATERAL (SELECT x.assignment_id FROM worker_answer x WHERE x.project_id = %(project)s AND x.worker_id = w.id
    ORDER BY x.assignment_id DESC LIMIT %(limit)s) n
JOIN assignment a ON a.project_id = %(project)s AND a.id = n.assignment_id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
LEFT JOIN gold g ON a.is_gold AND g.project_id = a.project_id AND g.task_id = a.task_id
ORDER BY a.id
"""
_PEERS = """
WITH near AS (
    SELECT DISTINCT n.assignment_id FROM unnest(%(tasks)s::bigint[], %(own)s::bigint[]) w (task_id, own)
    CROSS JOIN LATERAL (
        (SELECT x.assignment_id FROM worker_answer x WHERE x.project_id = %(project)s AND x.task_id = w.task_id
            AND x.assignment_id < w.own ORDER BY x.assignment_id DESC LIMIT %(near)s)
        UNION ALL
        (SELECT x.assignment_id FROM worker_answer x WHERE x.project_id = %(project)s AND x.task_id = w.task_id
            AND x.assignment_id > w.own ORDER BY x.assignment_id LIMIT %(near)s)) n
)
SELECT a.id, a.task_id, a.worker_id, a.submitted_at, coalesce(a.active_ms, 0), a.state, r.answers
FROM near n JOIN assignment a ON a.project_id = %(project)s AND a.id = n.assignment_id
JOIN answer r ON r.project_id = a.project_id AND r.assignment_id = a.id AND r.revision = a.revision
ORDER BY a.id
"""
# What one person alone said is no agreement; what a member decided is right whoever said what.
_RESULTS = """
SELECT r.task_id, r.question, r.value::text FROM result r
JOIN judgement j ON j.project_id = r.project_id AND j.task_id = r.task_id
WHERE r.project_id = %(project)s AND r.task_id = ANY(%(tasks)s::bigint[]) AND r.value IS NOT NULL
    AND ((j.state <> 'open' AND r.answers > 1 AND NOT r.tied) OR r.source = 'overruled')
"""
_DATA = "SELECT id, data::text, prediction::text FROM task WHERE project_id = %(project)s AND id = ANY(%(tasks)s::bigint[])"
