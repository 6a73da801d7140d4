"""The worker's side: hold a task, hand in an answer. These are called more often than all others together."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body as BodyOf
from ninja import Router
from pydantic import Field

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions, queries
from tagwerk.interfaces.api.asking import WORKER, asking, unproven_key, worker_asking
from tagwerk.interfaces.api.reading import read_body
from tagwerk.interfaces.api.shapes import Body, Json, json_answer, proves_key
from tagwerk.interfaces.api.work_shapes import (
    WHY_NOTHING,
    DesignOut,
    HeldOut,
    NextOut,
    SubmittedOut,
    design_facts,
    held_facts,
    next_facts,
    submitted_facts,
)

router = Router(tags=["work"])
ASSIGNMENT = "/work/projects/{project}/assignments/{assignment}"


class AnswersIn(Body):
    """The answers to a task."""

    answers: Json = Field(description="Question → answer")
    design: str | None = Field(None, max_length=40, description="The design they were given for")
    active_ms: int = Field(0, ge=0, le=2_147_483_647, description="How long you worked on it")
    order: str | None = Field(None, pattern="^(ab|ba)$", description="Which side stood left, if not as told")


class DraftIn(Body):
    """What you have so far."""

    answers: Json


class ReasonIn(Body):
    """Why you cannot do it."""

    reason: str = Field(min_length=1, max_length=500, description="“cannot_be_answered” tells the requester")
    active_ms: int = Field(0, ge=0, le=2_147_483_647, description="How long you worked on it")


class StopIn(Body):
    """What it took."""

    active_ms: int = Field(
        0,
        ge=0,
        le=2_147_483_647,
        description="How long you worked on it: counts by the hour where your timer did not run",
    )


def _body(model: type[Body]) -> dict[str, Any]:
    """The OpenAPI description of a body that the hot path reads by itself."""
    content = {"application/json": {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    f"{ASSIGNMENT}/submit-and-next",
    auth=WORKER,
    response=SubmittedOut,
    operation_id="submit_and_next",
    summary="Submit and take the next",
    openapi_extra=_body(AnswersIn),
)
@proves_key
def submit_and_next(request: HttpRequest, project: str, assignment: str) -> HttpResponse:
    """Hand in the answers and take the next task in the same step. The same again gives the same reply."""
    return _submit(request, project, assignment, claim_next=True)


@router.post(
    f"{ASSIGNMENT}/submit",
    auth=WORKER,
    response=SubmittedOut,
    operation_id="submit",
    summary="Submit",
    openapi_extra=_body(AnswersIn),
)
@proves_key
def submit(request: HttpRequest, project: str, assignment: str) -> HttpResponse:
    """Hand in the answers to a task. The same again gives the same reply; other answers are refused."""
    return _submit(request, project, assignment, claim_next=False)


@router.post(
    "/work/projects/{project}/next",
    auth=WORKER,
    response=NextOut,
    operation_id="next_task",
    summary="Take the next",
)
@proves_key
def next_task(request: HttpRequest, project: str) -> HttpResponse:
    """Hold the next task; who holds as many as they may gets the oldest of them again."""
    actor = asking(request)
    found = actions.claim(
        person_id=worker_asking(request), project_id=row_number("prj", project), channel=int(actor.channel),
        key_id=unproven_key(request),
    )  # fmt: skip
    return json_answer(next_facts(request, found))


@router.get(
    ASSIGNMENT, auth=WORKER, response=HeldOut, operation_id="get_assignment", summary="A task of yours"
)
def get_assignment(request: HttpRequest, project: str, assignment: str) -> HttpResponse:
    """What you have or had in hand."""
    return json_answer(held_facts(_held(request, project, assignment)))


@router.put(
    f"{ASSIGNMENT}/answer",
    auth=WORKER,
    response=SubmittedOut,
    operation_id="change_answer",
    summary="Change an answer",
)
def change_answer(request: HttpRequest, project: str, assignment: str, data: AnswersIn) -> HttpResponse:
    """Hand in other answers instead, for as long as they have not been judged."""
    held = _held(request, project, assignment)
    revision = actions.change_answer(
        person_id=worker_asking(request),
        project_id=held.project_id,
        assignment_id=held.assignment_id,
        design_id=_design_number(data.design) or held.design_id,
        answers=data.answers,
        active_ms=data.active_ms,
        channel=int(asking(request).channel),
    )
    changed = actions.Submitted(held.assignment_id, revision, "submitted", held.reward_micros, 0, None)
    return json_answer(submitted_facts(request, changed))


@router.put(
    f"{ASSIGNMENT}/draft",
    auth=WORKER,
    response={204: None},
    operation_id="save_draft",
    summary="Keep a draft",
)
def save_draft(request: HttpRequest, project: str, assignment: str, data: DraftIn) -> None:
    """Keep what you have so far, unchecked."""
    actions.save_draft(**_mine(request, project, assignment), answers=data.answers, seen=None)


@router.post(
    f"{ASSIGNMENT}/return",
    auth=WORKER,
    response={204: None},
    operation_id="return_task",
    summary="Return a task",
)
def return_task(request: HttpRequest, project: str, assignment: str) -> None:
    """Give a task back; somebody else gets it, you do not get it again."""
    actions.return_assignment(**_mine(request, project, assignment))


@router.post(
    f"{ASSIGNMENT}/skip", auth=WORKER, response={204: None}, operation_id="skip_task", summary="Skip a task"
)
def skip_task(request: HttpRequest, project: str, assignment: str, data: ReasonIn) -> None:
    """Give a task back and say why."""
    actions.skip(**_mine(request, project, assignment), reason=data.reason, active_ms=data.active_ms)


@router.post(
    f"{ASSIGNMENT}/stop",
    auth=WORKER,
    response={204: None},
    operation_id="stop_task",
    summary="Stop at a task",
)
def stop_task(
    request: HttpRequest, project: str, assignment: str, data: Annotated[StopIn | None, BodyOf()] = None
) -> None:
    """Stop at a task of a sensitive project; it is paid."""
    _held(request, project, assignment)
    actions.stop(**_mine(request, project, assignment), active_ms=data.active_ms if data else 0)


@router.post(
    f"{ASSIGNMENT}/renew",
    auth=WORKER,
    response=HeldOut,
    operation_id="renew_task",
    summary="Hold a task longer",
)
def renew_task(request: HttpRequest, project: str, assignment: str) -> HttpResponse:
    """Hold a task for longer, up to a limit."""
    actions.renew(**_mine(request, project, assignment))
    return get_assignment(request, project, assignment)


@router.get(
    "/work/projects/{project}/designs/{design}",
    auth=WORKER,
    response=DesignOut,
    operation_id="get_design",
    summary="A design",
)
def get_design(request: HttpRequest, project: str, design: str) -> HttpResponse:
    """What the tasks of a project show and ask; it never changes under its id."""
    entered = queries.project_for_worker(worker_asking(request), row_number("prj", project))
    number = row_number("dsn", design)
    if entered.enrolment is None or not projects.has_design(entered.project.id, number):
        raise NotFound("unknown_design", "There is no such design.")
    return json_answer(design_facts(designs.design(number)))


def _submit(request: HttpRequest, project: str, assignment: str, *, claim_next: bool) -> HttpResponse:
    data = read_body(request, AnswersIn)
    mine = _mine(request, project, assignment)
    design_id = _design_number(data.design)
    if design_id is None:
        design_id = queries.held_for(mine["person_id"], mine["assignment_id"]).design_id
    found = actions.submit(
        **mine,
        design_id=design_id,
        answers=data.answers,
        active_ms=data.active_ms,
        channel=int(asking(request).channel),
        claim_next=claim_next,
        order=data.order,
        key_id=unproven_key(request),
    )
    return json_answer(submitted_facts(request, found))


def _design_number(design: str | None) -> int | None:
    return None if design is None else row_number("dsn", design)


def _mine(request: HttpRequest, project: str, assignment: str) -> dict[str, int]:
    """What actions on one's own assignment are called with. People have their tasks in hand by API only where the
    project allows it; models and simulated people always, so nothing is asked for them."""
    mine = {
        "person_id": worker_asking(request),
        "project_id": row_number("prj", project),
        "assignment_id": row_number("asg", assignment),
    }
    if asking(request).channel is Channel.API and not queries.may_work_by_api(**mine):
        raise NotAllowed("api_work_not_allowed", WHY_NOTHING["api_work_not_allowed"])
    return mine


def _held(request: HttpRequest, project: str, assignment: str) -> queries.Held:
    mine = _mine(request, project, assignment)
    held = queries.held_for(mine["person_id"], mine["assignment_id"])
    if held.project_id != mine["project_id"]:
        raise NotFound("assignment_not_found", "You have no such task.")
    return held
