"""How good workers are at a project's questions, as far as gold tells."""

from collections.abc import Collection
from dataclasses import dataclass

from tagwerk.domain.quality.models import WorkerRecord
from tagwerk.domain.quality.rules.gold import Record


def accuracies_of(project_id: int, worker_ids: Collection[int]) -> dict[str, dict[int, float]]:
    """Question → worker → accuracy, of those who have seen gold; one query."""
    found: dict[str, dict[int, float]] = {}
    rows = WorkerRecord.objects.filter(project_id=project_id, worker_id__in=list(worker_ids))
    for worker_id, question, seen, correct in rows.values_list(
        "worker_id", "question", "gold_seen", "gold_correct"
    ):
        found.setdefault(question, {})[worker_id] = Record(seen, correct).accuracy
    return found


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
