"""How judging goes, from what is counted while it goes: it costs the same whatever the number of tasks."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Sum

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import JudgementTally, ResultTally, WorkerRecord
from tagwerk.domain.quality.queries.answers import newest_answers
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.finishing import WINDOW_HOURS, Pace
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.inference import agreement

SAMPLE_TASKS = 1_000  # agreement over the newest so many judged tasks: enough for two digits, and quick
MOST_VALUES = 50  # results of a question that are told apart


@dataclass(frozen=True)
class QuestionProgress:
    """How a question does: its results by value, how much workers agree, how right they are on gold."""

    question: str
    values: list[tuple[Any, int]]  # the most frequent results first
    alpha: float | None  # Krippendorff's; None where it is not defined or nothing can be counted
    alpha_tasks: int
    gold_seen: int
    gold_correct: int


@dataclass(frozen=True)
class JudgingProgress:
    """How far judging is."""

    done: int
    exhausted: int
    open: int  # judged, and more answers are on their way
    answers: int  # that count, to all judged tasks
    open_answers: int  # of them, to open ones

    @property
    def settled(self) -> int:
        return self.done + self.exhausted

    @property
    def settled_answers(self) -> int:
        return self.answers - self.open_answers

    @property
    def answers_per_task(self) -> float | None:
        """Answers per judged task."""
        judged = self.settled + self.open
        return self.answers / judged if judged else None


def progress(project_id: int) -> JudgingProgress:
    """How far judging of a project is; for who has passed its gate."""
    rows = JudgementTally.objects.filter(project_id=project_id).values_list("state", "tasks", "answers")
    return _progress({state: (tasks, answers) for state, tasks, answers in rows})


def _progress(by_state: dict[str, tuple[int, int]]) -> JudgingProgress:
    tasks = {state: counted for state, (counted, _) in by_state.items()}
    return JudgingProgress(
        tasks.get(TaskState.DONE, 0), tasks.get(TaskState.EXHAUSTED, 0), tasks.get(TaskState.OPEN, 0),
        sum(answers for _, answers in by_state.values()), by_state.get(TaskState.OPEN, (0, 0))[1],
    )  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """A project at a glance. `answers` are those in the feed, to gold too."""

    tasks: int
    opened: int
    answers: int
    approved: int
    waits_for_money: bool
    workers_now: int  # who hold a task or handed one in lately
    workers_today: int
    workers: int
    judged: JudgingProgress
    pace: Pace

    @property
    def waiting(self) -> int:
        """Tasks that are not open for work yet."""
        return self.tasks - self.opened


def figures(project_id: int, *, now: datetime) -> Figures:
    """How far a project is and how fast it goes; one query, for who has passed its gate."""
    since = now - timedelta(hours=WINDOW_HOURS)
    with connection.cursor() as cursor:
        # An hour begins up to an hour before what was handed in within it.
        cursor.execute(_FIGURES, {"project": project_id, "since": since, "lately": now - timedelta(hours=2)})
        row = cursor.fetchone()
    tasks, opened, answers, approved, waits, lately, today, ever, launched_at, states, hours = row
    judged = _progress({state: (counted, given) for state, counted, given in json.loads(states or "[]")})
    pace = Pace.of({datetime.fromisoformat(hour): given for hour, given in json.loads(hours or "[]")},
                   launched_at=launched_at, now=now)  # fmt: skip
    return Figures(tasks, opened, answers, approved, waits, lately, today, ever, judged, pace)


def questions(project_id: int) -> list[QuestionProgress]:
    """How each question of a project does; for who has passed its gate."""
    project = projects.project(project_id)
    alphas, gold, values = agreement_of(project), gold_of(project_id), values_of(project_id)
    found = []
    for ballot in ballots_of(project.design_id):
        alpha, tasks = alphas.get(ballot.question, (None, 0))
        counted = values.get(ballot.question, []) if ballot.places else []
        found.append(
            QuestionProgress(ballot.question, counted, alpha, tasks, *gold.get(ballot.question, (0, 0)))
        )
    return found


def gold_of(project_id: int) -> dict[str, tuple[int, int]]:
    """Question → answers to gold, and how many of them were right; for who has passed the project's gate."""
    rows = WorkerRecord.objects.filter(project_id=project_id).values("question")
    counted = rows.annotate(seen=Sum("gold_seen"), correct=Sum("gold_correct"))
    return {row["question"]: (row["seen"], row["correct"]) for row in counted}


def values_of(project_id: int) -> dict[str, list[tuple[Any, int]]]:
    """Question → its results and how many tasks have each, the most frequent first; for who has passed the gate."""
    found: dict[str, list[tuple[Any, int]]] = {}
    rows = ResultTally.objects.filter(project_id=project_id, tasks__gt=0).order_by("-tasks", "value")
    for question, value, tasks in rows.values_list("question", "value", "tasks")[:1000]:
        of_question = found.setdefault(question, [])
        if len(of_question) < MOST_VALUES and (known := _decoded(value)) is not None:
            of_question.append((known, tasks))
    return found


def _decoded(text: str) -> Any:
    """The value of a tally; None where only its beginning was kept."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def agreement_of(project: ProjectView) -> dict[str, tuple[float | None, int]]:
    """Krippendorff's alpha of each question that can be counted, over the newest judged tasks, and how many; one query."""
    counted = newest_answers(project.id, SAMPLE_TASKS)
    rows = {task_id: row for row, task_id in enumerate(dict.fromkeys(one.task_id for one in counted))}
    found: dict[str, tuple[float | None, int]] = {}
    for ballot in ballots_of(project.design_id):
        if not ballot.places:
            continue
        named = [(rows[one.task_id], ballot.place(one.answers)) for one in counted]
        pairs = [(row, place) for row, place in named if place is not None]
        table = agreement.counts(
            [row for row, _ in pairs],
            [place for _, place in pairs],
            units=len(rows),
            classes=len(ballot.places),
        )
        found[ballot.question] = (agreement.alpha(table, ballot.apart), int(np.sum(table.sum(axis=1) >= 2)))
    return found


_FIGURES = """
SELECT b.tasks, coalesce(o.opened_tasks, 0), coalesce((SELECT max(seq) FROM answer_feed WHERE project_id = p.id), 0),
    coalesce(o.approved, 0), coalesce(o.waits_for_money, false),
    (SELECT count(*) FROM (
        SELECT worker_id FROM hour_worker WHERE project_id = p.id AND hour > %(lately)s
        UNION SELECT a.worker_id FROM hold h JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
            WHERE h.project_id = p.id) busy),
    (SELECT count(DISTINCT worker_id) FROM hour_worker WHERE project_id = p.id AND hour > %(since)s),
    (SELECT count(*) FROM enrolment WHERE project_id = p.id AND submitted > 0), p.launched_at,
    (SELECT json_agg(json_build_array(state, tasks, answers))::text FROM judgement_tally WHERE project_id = p.id),
    (SELECT json_agg(json_build_array(hour, answers - gold_answers))::text FROM work_hour
        WHERE project_id = p.id AND hour >= %(since)s)
FROM project p LEFT JOIN opening o ON o.project_id = p.id,
LATERAL (SELECT coalesce(sum(tasks - gold_tasks), 0)::bigint AS tasks FROM batch WHERE project_id = p.id) b
WHERE p.id = %(project)s
"""
