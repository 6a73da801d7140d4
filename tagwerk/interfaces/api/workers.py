"""The workers of a project, by the names under which it knows them; who gets no more tasks for now."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.queries import ProjectWorker
from tagwerk.domain.work.rules.pausing import LONGEST_REASON
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import LongPaging, Page, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body

router = Router(tags=["workers"])
REVIEW = Key(Permission.ANSWER_REVIEW)


class WorkerOut(BaseModel):
    """A worker of a project, known to you by a name that holds in this project only."""

    worker: str
    answers: int = Field(description="How many were handed in")
    gold_answers: int = Field(description="To questions whose right answer is known")
    gold_right: int = Field(description="How many of these were right")
    paused_at: datetime | None = Field(description="Since when they get no more tasks; null: they get tasks")
    pause_reason: str | None = Field(
        description="A member's words, or a code: gold_failed (guessing), many_stops (stopped many tasks), or of a control rule "
        "rule_gold, rule_agreement, rule_decisions, rule_signals"
    )


class PauseIn(Body):
    """Why a worker gets no more tasks."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON, description="The worker reads it")


@router.get(
    "/projects/{project}/workers",
    auth=REVIEW,
    response=Page[WorkerOut],
    operation_id="list_workers",
    summary="List a project's workers",
)
def list_workers(request: HttpRequest, project: str, paging: Query[LongPaging]) -> dict[str, Any]:
    """Who works on the project, and how well."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    found = queries.workers_of_project(
        asking(request), view.id, after=place_of(request, paging.cursor) or "", limit=paging.limit
    )
    places = [one.pseudonym for one in found]
    return {"items": [_worker(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.post(
    "/projects/{project}/workers/{worker}/pause",
    auth=REVIEW,
    response=WorkerOut,
    operation_id="pause_worker",
    summary="Pause a worker",
)
def pause_worker(request: HttpRequest, project: str, worker: str, data: PauseIn) -> WorkerOut:
    """Give a worker no more tasks of this project. What they hold they may hand in; who is paused already stays so."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.pause_worker(actor=asking(request), project_id=view.id, pseudonym=worker, reason=data.reason)
    return _worker(queries.worker_of_project(asking(request), view.id, worker))


@router.post(
    "/projects/{project}/workers/{worker}/resume",
    auth=REVIEW,
    response=WorkerOut,
    operation_id="resume_worker",
    summary="Let a worker go on",
)
def resume_worker(request: HttpRequest, project: str, worker: str) -> WorkerOut:
    """Give a paused worker tasks again. Again changes nothing."""
    view = project_of(request, project, Permission.ANSWER_REVIEW)
    quality.resume_worker(actor=asking(request), project_id=view.id, pseudonym=worker)
    return _worker(queries.worker_of_project(asking(request), view.id, worker))


def _worker(one: ProjectWorker) -> WorkerOut:
    return WorkerOut(
        worker=one.pseudonym,
        answers=one.answers,
        gold_answers=one.gold_answers,
        gold_right=one.gold_right,
        paused_at=one.paused_at,
        pause_reason=one.pause_reason,
    )
