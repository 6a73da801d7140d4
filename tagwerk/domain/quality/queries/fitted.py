"""The models that judge a project's questions: the current ones as judging needs them, and all versions for people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import JudgeCursor, JudgeModel, WorkerTable
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.workers import accuracies_of
from tagwerk.domain.quality.rules.finding import Beliefs
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.domain.quality.rules.modelling import Fitted
from tagwerk.domain.quality.rules.words import Cause, Method, Reason
from tagwerk.inference import vote
from tagwerk.inference.stopping import Models

VERSIONS = 20  # that are shown


@dataclass(frozen=True)
class ModelView:
    """One version of the models of a question, as people read it."""

    question: str
    version: int
    method: Method
    reason: Reason
    cause: Cause
    figures: dict[str, float]
    fitted_at: datetime


def beliefs_of(project: ProjectView, ballots: Sequence[Ballot], worker_ids: Collection[int]) -> Beliefs:
    """What is known of these workers: their gold, and the current models of each question; three queries."""
    current = _current(project.id)
    found: dict[str, Fitted] = {}
    votes: dict[str, Method] = {}
    for ballot in ballots:
        row = current.get(ballot.question)
        if row is None or not _fits(row, ballot):
            continue  # none yet, or of a question that has changed since
        if row.log_priors:
            found[ballot.question] = _fitted(row, [])
        else:
            votes[ballot.question] = Method(row.method)
    tables = _tables(project.id, [current[question] for question in found], worker_ids)
    fitted = {question: _fitted(current[question], tables.get(question, [])) for question in found}
    return Beliefs(accuracies_of(project.id, worker_ids), fitted, votes)


def _fits(row: JudgeModel, ballot: Ballot) -> bool:
    """Whether a model tells apart what the question has now: its labels, or each of its members by itself."""
    parts, classes = (len(ballot.members), 2) if ballot.members else (1, len(ballot.classes))
    shape = (len(row.log_priors), len(row.log_priors[0][0])) if row.log_priors else (parts, classes)
    return bool(row.classes == list(ballot.classes) and shape == (parts, classes))


def _current(project_id: int) -> dict[str, JudgeModel]:
    rows = JudgeModel.objects.filter(project_id=project_id).order_by("question", "-version")
    return {row.question: row for row in rows.distinct("question")}


def _tables(
    project_id: int, models: Sequence[JudgeModel], worker_ids: Collection[int]
) -> dict[str, list[tuple[int, int, bytes]]]:
    """Question → (worker, answers, tables) of these workers and of the model's crowd."""
    found: dict[str, list[tuple[int, int, bytes]]] = {}
    if not models:
        return found
    columns: list[list[Any]] = [
        [row.question for row in models for _ in (*row.crowd, *worker_ids)],
        [row.version for row in models for _ in (*row.crowd, *worker_ids)],
        [one for row in models for one in (*row.crowd, *worker_ids)],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [*columns, project_id])
        for question, worker_id, answers, tables in cursor.fetchall():
            found.setdefault(question, []).append((worker_id, answers, bytes(tables)))
    return found


def _fitted(row: JudgeModel, tables: Sequence[tuple[int, int, bytes]]) -> Fitted:
    parts, models = len(row.log_priors), len(row.log_priors[0])
    classes = len(row.log_priors[0][0])
    shape = (parts, 2, models, classes, classes)
    stacked = np.stack(
        [_numbers(one, shape) for one in (*(each for _, _, each in tables), bytes(row.somebody))]
    )
    crowd = set(row.crowd)
    activity = np.array([answers if worker in crowd else 0 for worker, answers, _ in tables] + [row.others])
    made = [
        Models(
            np.array(row.log_priors[part]),
            np.moveaxis(stacked[:, part, 0], 0, 1),
            np.moveaxis(stacked[:, part, 1], 0, 1),
            activity.astype(np.float64),
            np.ones(models),
        )
        for part in range(parts)
    ]
    rows = {worker_id: place for place, (worker_id, _, _) in enumerate(tables)}
    return Fitted(row.version, Method(row.method), made, rows)


def _numbers(raw: bytes, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.frombuffer(raw, "<f4").reshape(shape).astype(np.float64)


def current_models(project_id: int) -> dict[str, ModelView]:
    """Question → the models that judge it now, for who has passed a gate."""
    return {question: _view(row) for question, row in _current(project_id).items()}


def model_versions(actor: Actor, project_id: int) -> list[ModelView]:
    """For members: the newest versions of a project's models, newest first."""
    project = projects.project_for(actor, project_id, Permission.PROJECT_VIEW)
    rows = JudgeModel.objects.filter(project_id=project.id).order_by("-id")
    return [_view(row) for row in rows[:VERSIONS]]


def refit_waits(project_id: int) -> bool:
    """Whether models are to be fitted again soon; for who has passed a gate."""
    return JudgeCursor.objects.filter(project_id=project_id).exclude(refit_cause="").exists()


def answer_weights(project: ProjectView, worker_ids: Collection[int]) -> dict[str, dict[int, float]]:
    """Question → worker → how much their answers count, for rooms above: the log-odds of the label that they name
    against any other, 0 for who is no better than chance. By the current models, or by gold where a vote decides."""
    ballots = {one.question: one for one in ballots_of(project.design_id) if one.classes}
    current = {name: row for name, row in _current(project.id).items() if row.log_priors and name in ballots}
    found = accuracies_of(project.id, worker_ids)
    rows = WorkerTable.objects.filter(project_id=project.id, worker_id__in=list(worker_ids))
    for question, version, worker_id, accuracy in rows.values_list(
        "question", "version", "worker_id", "accuracy"
    ):
        if question in current and current[question].version == version:
            found.setdefault(question, {})[worker_id] = accuracy
    stranger = float(vote.accuracy(0, 0))
    return {
        question: {
            worker: _weight(found.get(question, {}).get(worker, stranger), ballot) for worker in worker_ids
        }
        for question, ballot in ballots.items()
    }


def _weight(accuracy: float, ballot: Ballot) -> float:
    classes = 2 if ballot.members else len(ballot.places)
    return round(float(vote.log_odds(np.array([accuracy]), classes)[0]), 3)


def projects_to_refit() -> list[int]:
    """Projects whose models are to be fitted again."""
    rows = JudgeCursor.objects.filter(refit_cause__gt="").order_by("project_id")
    return list(rows.values_list("project_id", flat=True))


def _view(row: JudgeModel) -> ModelView:
    return ModelView(
        row.question, row.version, Method(row.method), Reason(row.reason), Cause(row.cause), row.figures, row.fitted_at
    )  # fmt: skip


_TABLES = """
SELECT DISTINCT ON (w.question, w.worker_id) w.question, w.worker_id, w.answers, w.tables
FROM unnest(%s::text[], %s::int[], %s::bigint[]) AS asked (q, v, w)
JOIN worker_table w ON w.project_id = %s AND w.question = asked.q AND w.version = asked.v AND w.worker_id = asked.w
ORDER BY w.question, w.worker_id
"""
