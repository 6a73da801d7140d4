"""How good workers are at a project's questions, as far as gold tells."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.models import WorkerRecord
from tagwerk.domain.quality.queries.noticed import (
    objecting_workers,
    open_objections,
    signal_counts,
    signalled_workers,
)
from tagwerk.domain.quality.rules.control import interval
from tagwerk.domain.quality.rules.gold import Record
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import EnrolmentView


def accuracies_of(project_id: int, worker_ids: Collection[int]) -> dict[str, dict[int, float]]:
    """Question → worker → accuracy, of those who have seen gold; one query."""
    found: dict[str, dict[int, float]] = {}
    rows = WorkerRecord.objects.filter(project_id=project_id, worker_id__in=list(worker_ids))
    for worker_id, question, seen, correct in rows.values_list(
        "worker_id", "question", "gold_seen", "gold_correct"
    ):
        found.setdefault(question, {})[worker_id] = Record(seen, correct).accuracy
    return found


def gold_of_workers(project_id: int, worker_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Worker → right answers to gold, and all of them, over all questions: how accurate they are, as far as is known. The
    one place from which pages, rules and previews have it."""
    rows = WorkerRecord.objects.filter(project_id=project_id, worker_id__in=list(worker_ids))
    summed = rows.values("worker_id").annotate(seen=Sum("gold_seen"), correct=Sum("gold_correct"))
    return {row["worker_id"]: (row["correct"], row["seen"]) for row in summed}


@dataclass(frozen=True)
class GoldRecord:
    """Right answers and all answers to gold of one question."""

    question: str
    seen: int
    correct: int
    accuracy: float


def gold_records(project_id: int, worker_id: int) -> list[GoldRecord]:
    """A worker's record in a project, by question; for those who have passed a gate."""
    rows = WorkerRecord.objects.filter(project_id=project_id, worker_id=worker_id).order_by("question")
    return [
        GoldRecord(
            row.question, row.gold_seen, row.gold_correct, Record(row.gold_seen, row.gold_correct).accuracy
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ProjectWorker:
    """A worker as the members of a project see them. `name`: of own staff only."""

    pseudonym: str
    name: str | None
    answers: int
    gold_answers: int
    gold_right: int
    pause_reason: str | None
    paused_at: datetime | None
    signals: tuple[str, ...] = ()  # the kinds of those that nobody has looked at
    objects: bool = False  # an objection of theirs waits

    @property
    def gold_range(self) -> tuple[float, float]:
        """Between which shares their accuracy on gold lies (Wilson, 95 %)."""
        return interval(self.gold_right, self.gold_answers)


def workers_of_project(
    actor: Actor, project_id: int, *, after: str = "", limit: int = 50, only: str = ""
) -> list[ProjectWorker]:
    """For members: who works on a project and how well, by keyset on the pseudonym; `only`: those who are "paused", about
    whom there are open "signals", or with "objections". Gold is counted by question."""
    among = _AMONG[only](project_id) if only in _AMONG else None
    found = work.workers_page(
        actor, project_id, after=after, limit=limit, paused=only == "paused", among=among
    )
    return _project_workers(project_id, found)


def worker_of_project(actor: Actor, project_id: int, pseudonym: str) -> ProjectWorker:
    """For members: one of a project's workers."""
    worker_id = work.worker_of_pseudonym(actor, project_id, pseudonym)
    return _project_workers(project_id, [work.enrolment(worker_id, project_id)])[0]


_AMONG = {"signals": signalled_workers, "objections": objecting_workers}


def _project_workers(project_id: int, found: Sequence[EnrolmentView]) -> list[ProjectWorker]:
    ids = [one.worker_id for one in found]
    names = accounts.staff_names(projects.project(project_id).organisation_id, ids)
    gold, signals = gold_of_workers(project_id, ids), signal_counts(project_id, ids)
    waiting = open_objections(project_id, ids)
    return [
        ProjectWorker(
            one.pseudonym, names.get(one.worker_id), one.submitted, *gold.get(one.worker_id, (0, 0))[::-1],
            one.pause_reason, one.paused_at, tuple(sorted(signals.get(one.worker_id, ()))), one.worker_id in waiting,
        )
        for one in found
    ]  # fmt: skip
