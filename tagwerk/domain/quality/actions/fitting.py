"""From all answers of a project to new models of its questions.

The answers are read page by page without a lock: they are many, a fit is a matter of statistics, and what comes in
meanwhile is seen by the next one. The judge's lock is held while the new version is written, so that no chunk is judged
by half of it. Then the tasks are marked that the new models see differently. Killed anywhere, all of it is done again.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs.rules.gold import expected_of
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.models import (
    JudgeCursor,
    Judgement,
    JudgementTally,
    JudgeModel,
    Result,
    WorkerTable,
)
from tagwerk.domain.quality.queries.answers import counted_answers, gold_said, gold_tasks
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.fitting import Fit, Said, crowd_of, fit
from tagwerk.domain.quality.rules.judging import Ballot
from tagwerk.domain.quality.rules.words import Cause, Method, Source
from tagwerk.domain.work import queries as work_queries

PAGE = 2_000  # tasks
KEPT = 3  # versions whose tables of workers are kept
MOVED = 0.02  # so far apart, a new model is as sure as the old one was


@transaction.atomic
def ask_refit(*, actor: Actor, project_id: int) -> None:
    """Have the models of a project fitted again soon, to all answers there are."""
    project = work_queries.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    JudgeCursor.objects.get_or_create(project_id=project.id)
    JudgeCursor.objects.filter(project_id=project.id).update(refit_cause=Cause.BUTTON)


def ask_nightly_refits() -> int:
    """Have models fitted again to which answers came since they were; of how many projects."""
    answers = JudgementTally.objects.filter(project_id=OuterRef("project_id")).values("project_id")
    counted = Subquery(answers.annotate(total=Sum("answers")).values("total"))
    rows = JudgeCursor.objects.filter(refit_cause="").annotate(now=Coalesce(counted, 0))
    ids = list(rows.filter(now__gt=F("fitted_answers")).values_list("project_id", flat=True))
    return JudgeCursor.objects.filter(project_id__in=ids).update(refit_cause=Cause.NIGHTLY)


def refit_models(*, project_id: int) -> int:
    """Fit the models of each question that can be counted; how many questions have a new version."""
    cursor = JudgeCursor.objects.filter(project_id=project_id).exclude(refit_cause="").first()
    if cursor is None:
        return 0  # another job has done it
    project = projects.project(project_id)
    counted = JudgementTally.objects.filter(project_id=project_id).aggregate(Sum("answers"))["answers__sum"]
    ballots = [one for one in ballots_of(project.design_id) if one.classes]
    cause = Cause(cursor.refit_cause)
    for ballot, said in _read(project, ballots) if ballots else ():
        _write(project, ballot, fit(said, _wanted(project)), cause)
    rows = JudgeCursor.objects.filter(project_id=project_id)
    rows.update(fitted_answers=counted or 0)
    rows.filter(refit_cause=cause).update(refit_cause="")  # unless somebody has asked for another meanwhile
    return len(ballots)


def _wanted(project: ProjectView) -> Method | None:
    """The method that the quality plan names; None where it is chosen by the data."""
    name = (project.file.get("quality") or {}).get("method", "auto")
    return None if name == "auto" else Method(name)


def _read(project: ProjectView, ballots: Sequence[Ballot]) -> Iterator[tuple[Ballot, Said]]:
    """All answers that count, by question, and the right ones where they are known."""
    columns = {one.question: (array("q"), array("q"), array("q")) for one in ballots}
    for task_id, worker_id, answers in _answers(project.id):
        for ballot in ballots:
            said = ballot.code(answers)
            if said is not None:
                for column, number in zip(columns[ballot.question], (task_id, worker_id, said), strict=True):
                    column.append(number)
    golden = gold_tasks(project.id)
    decided = _overruled(project.id)
    for ballot in ballots:
        known = {**_codes(ballot, golden), **_codes(ballot, decided)}
        numbers = [np.frombuffer(one, np.int64) if one else np.zeros(0, np.int64) for one in columns[ballot.question]]  # fmt: skip
        gold = frozenset(golden)
        yield (
            ballot,
            Said(numbers[0], numbers[1], numbers[2], known, gold, len(ballot.classes), len(ballot.members)),
        )


def _answers(project_id: int) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    yield from gold_said(project_id)
    after = 0
    while ids := list(
        Judgement.objects.filter(project_id=project_id, task_id__gt=after)
        .order_by("task_id")
        .values_list("task_id", flat=True)[:PAGE]
    ):
        for answer in counted_answers(project_id, ids):
            yield answer.task_id, answer.worker_id, answer.answers
        after = ids[-1]


def _overruled(project_id: int) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    rows = Result.objects.filter(project_id=project_id, source=Source.OVERRULED, value__isnull=False)
    for task_id, question, value in rows.values_list("task_id", "question", "value"):
        found.setdefault(task_id, {})[question] = value
    return found


def _codes(ballot: Ballot, right: Mapping[int, Mapping[str, Any]]) -> dict[int, int]:
    """Task → the right answer as a number, where there is just one, and it fits the question as it is now."""
    found = {}
    for task_id, answers in right.items():
        accepted = expected_of(answers.get(ballot.question)).accepted
        if len(accepted) == 1 and accepted[0] is not None:
            try:
                code = ballot.code({ballot.question: accepted[0]})
            except (KeyError, TypeError, ValueError):
                continue  # gold may be older than the question
            if code is not None:
                found[task_id] = code
    return found


def _write(project: ProjectView, ballot: Ballot, found: Fit, cause: Cause) -> None:
    key = {"project_id": project.id, "question": ballot.question}
    with transaction.atomic():
        wait_for_judge(project_id=project.id)
        newest = JudgeModel.objects.filter(**key).aggregate(Max("version"))["version__max"] or 0
        JudgeModel.objects.create(**key, version=newest + 1, cause=cause, **_row(ballot, found))
        WorkerTable.objects.bulk_create(
            [WorkerTable(**key, version=newest + 1, **one) for one in _worker_rows(found)], batch_size=1_000
        )
        WorkerTable.objects.filter(**key, version__lte=newest + 1 - KEPT).delete()
    tables.mark_moved(project.id, ballot, found.tasks, found.leader, found.sure, MOVED)


def _row(ballot: Ballot, found: Fit) -> dict[str, Any]:
    crowd = crowd_of(found.answers)
    return {
        "method": found.method, "reason": found.reason, "figures": found.figures,
        "calibration": found.calibration, "classes": list(ballot.classes),
        "log_priors": [one.log_priors.tolist() for one in found.models],
        "somebody": _packed(found, -1) if found.models else b"",
        "crowd": found.workers[crowd].tolist(),
        "others": int(found.answers.sum() - found.answers[crowd].sum()),
    }  # fmt: skip


def _worker_rows(found: Fit) -> Iterator[dict[str, Any]]:
    for place, worker_id in enumerate(found.workers.tolist()):
        yield {
            "worker_id": worker_id, "answers": int(found.answers[place]),
            "accuracy": float(min(max(found.accuracy[place], 0.0), 1.0)), "tables": _packed(found, place),
        }  # fmt: skip


def _packed(found: Fit, place: int) -> bytes:
    both = [[one.log_errors[:, place], one.errors[:, place]] for one in found.models]
    return np.asarray(both, "<f4").tobytes()
