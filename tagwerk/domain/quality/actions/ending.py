"""The end of a pause: the worker gets tasks again, and what came before is dealt with."""

from django.db.models import Max
from django.db.models.functions import Now

from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality.events import PauseObjectionDecided
from tagwerk.domain.quality.models import Intervention, PauseObjection, WorkerAnswer
from tagwerk.domain.quality.rules.words import ObjectionState, Step
from tagwerk.domain.work import actions as work


def end_pause(*, project_id: int, worker_id: int, actor_id: int | None, objection: ObjectionState) -> bool:
    """Give a paused worker tasks again: rules count only what comes from now on. False: they were not paused."""
    resumed = work.resume_worker(project_id=project_id, worker_id=worker_id, actor_id=actor_id)
    answers = WorkerAnswer.objects.filter(project_id=project_id, worker_id=worker_id)
    newest = answers.aggregate(newest=Max("assignment_id"))["newest"] or 0
    running = Intervention.objects.filter(
        project_id=project_id, worker_id=worker_id, step=Step.PAUSE, ended_at=None
    )
    running.update(ended_at=Now(), ended_by_id=actor_id, up_to=newest)
    waiting = PauseObjection.objects.filter(
        project_id=project_id, worker_id=worker_id, state=ObjectionState.OPEN
    )
    for row in waiting.select_for_update():
        decide(row, state=objection, actor_id=actor_id, answer="")
    return resumed


def decide(row: PauseObjection, *, state: ObjectionState, actor_id: int | None, answer: str) -> None:
    """Write what became of an objection, and tell it."""
    by_same = row.intervention is not None and row.intervention.made_by_id == actor_id is not None
    PauseObjection.objects.filter(id=row.id).update(
        state=state, answer=answer, decided_by_id=actor_id, decided_at=Now(), same_person=by_same
    )
    record(
        PauseObjectionDecided(
            actor_id=actor_id, organisation_id=projects.project(row.project_id).organisation_id,
            project_id=row.project_id, worker_id=row.worker_id, objection_id=row.id, state=state,
        )
    )  # fmt: skip
