"""Objections to pauses, as workers and as members see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.models import PauseObjection
from tagwerk.domain.quality.rules.words import ObjectionState
from tagwerk.domain.work import queries as work


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """What a paused worker said, and what became of it."""

    id: int
    pseudonym: str
    text: str
    pause_reason: str
    paused_at: datetime
    state: str
    answer: str
    made_at: datetime
    decide_by: datetime
    decided_at: datetime | None
    same_person: bool

    @property
    def is_open(self) -> bool:
        return self.state == ObjectionState.OPEN


def objection_of(project_id: int, worker_id: int, *, name: str | None = None) -> ObjectionView | None:
    """A worker's newest objection in a project; for themselves, or who has passed the gate. `name`: theirs, if known."""
    rows = PauseObjection.objects.filter(project_id=project_id, worker_id=worker_id).order_by("-id")[:1]
    return next(iter(_views(project_id, rows, None if name is None else {worker_id: name})), None)


def objections_of_project(
    actor: Actor, project_id: int, *, only_open: bool = False, before: int | None = None, limit: int = 50
) -> list[ObjectionView]:
    """For members: the objections to pauses of a project, newest first, by keyset on their number."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    rows = PauseObjection.objects.filter(project_id=project.id).order_by("-id")
    if only_open:
        rows = rows.filter(state=ObjectionState.OPEN)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _views(project.id, rows[:limit])


def _views(
    project_id: int, rows: Iterable[PauseObjection], names: dict[int, str] | None = None
) -> list[ObjectionView]:
    found = list(rows)
    if names is None:
        names = work.pseudonyms(project_id, [row.worker_id for row in found])
    return [
        ObjectionView(
            row.id, names.get(row.worker_id, "–"), row.text, row.pause_reason, row.paused_at, row.state, row.answer,
            row.made_at, row.decide_by, row.decided_at, row.same_person,
        )
        for row in found
    ]  # fmt: skip
