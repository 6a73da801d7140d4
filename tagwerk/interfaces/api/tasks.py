"""Tasks: rows in, one by one or as files."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import for_units
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.actions import BadRows, ImportReport
from tagwerk.domain.work.queries import TaskView
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import LongPaging, Page, next_cursor, place_of
from tagwerk.interfaces.api.problems import translator
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.reading import takes_upload, uploaded
from tagwerk.interfaces.api.shapes import Body, Json, Money, money, upload_body

router = Router(tags=["tasks"])
VIEW = Key(Permission.PROJECT_VIEW)
MANAGE = Key(Permission.PROJECT_MANAGE)
OnBad = Literal["refuse", "report", "skip"]
ON_BAD = (
    "What to do with a row that does not fit. `refuse`: import nothing, answer 422. `report`: import nothing, answer "
    "with all that is wrong. `skip`: import the others."
)
KINDS = {
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "text/csv": "csv",
    "application/json": "json",
    "application/vnd.apache.parquet": "parquet",
}


class TasksIn(Body):
    """Some rows."""

    tasks: list[Json] = Field(
        min_length=1,
        max_length=10_000,
        description="Rows: the data of each task, and the columns `_id`, `_gold`, `_prediction`, `_priority`, `_deadline`",
    )
    on_bad: OnBad = Field("refuse", description=ON_BAD)


class UploadQuery(BaseModel):
    """How a file is to be taken in."""

    on_bad: OnBad = Field("refuse", description=ON_BAD)
    name: str = Field("", max_length=200, description="What the file is called")
    replace: bool = Field(False, description="Replace tasks with the same `_id` that nobody has had yet")


class BadRowOut(BaseModel):
    """A row that does not fit."""

    number: int = Field(description="Counted from 1; a file's header and empty lines do not count")
    reason: str


class ReportOut(BaseModel):
    """What became of the rows."""

    id: str | None = Field(description="Of an upload: by it `bad-rows` gives back all rows that do not fit")
    batch: str | None
    imported: int
    gold: int
    unchanged: int = Field(description="They were there already")
    replaced: int
    bad_count: int
    bad: list[BadRowOut] = Field(description="The first thousand")


class TaskOut(BaseModel):
    """A task."""

    id: str
    own_id: str | None = Field(description="The `_id` of its row")
    batch: str
    data: Json
    prediction: Json | None
    gold: Json | None = Field(description="The right answers, if they are known")
    is_gold: bool
    state: str = Field(description="waiting (not open yet), open, or done (wants no more answers)")
    wanted: int | None = Field(description="How many answers are asked for up to now")
    priority: int
    deadline: datetime | None
    added_at: datetime
    reward: Money | None = Field(description="For one answer to it; null where nothing is paid")


class TaskPaging(LongPaging):
    """Which tasks are asked for."""

    own_id: str | None = Field(None, max_length=200, description="Only the one with this `_id`")


@router.post(
    "/projects/{project}/tasks",
    auth=MANAGE,
    response={201: ReportOut},
    operation_id="add_tasks",
    summary="Add tasks",
)
def add_tasks(request: HttpRequest, project: str, data: TasksIn) -> ReportOut:
    """Add some tasks to a project, running or not. The same `_id` with the same content again changes nothing."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    actor_id = asking(request).person_id
    try:
        if data.on_bad == "skip":
            report = actions.import_tasks(
                project_id=view.id, rows=data.tasks, actor_id=actor_id, on_bad="skip"
            )
        else:
            report = actions.add_tasks(project_id=view.id, rows=data.tasks, actor_id=actor_id)
    except BadRows as bad:
        if data.on_bad == "refuse":
            raise
        report = ImportReport(bad_rows=bad.report.bad_rows, bad=bad.report.bad)
    return _report(request, report)


@router.post(
    "/projects/{project}/tasks/upload",
    auth=MANAGE,
    response={201: ReportOut},
    operation_id="upload_tasks",
    summary="Upload a file of tasks",
    openapi_extra=upload_body(*KINDS, what="The file: its Content-Type says what it is"),
)
@takes_upload
def upload_tasks(request: HttpRequest, project: str, query: Query[UploadQuery]) -> ReportOut:
    """Add the rows of a JSONL, CSV, JSON or Parquet file: all of them, or with `on_bad=skip` those that fit."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    kind = _kind(request)
    with uploaded(request) as upload:
        number, report = actions.import_file(
            project_id=view.id,
            content=upload.file,
            kind=kind,
            source_name=query.name,
            actor_id=asking(request).person_id,
            skip_bad=query.on_bad == "skip",
            replace=query.replace,
        )
    if report.bad_rows and query.on_bad == "refuse":
        raise BadRows(report)
    return _report(request, report, number)


@router.get(
    "/projects/{project}/imports/{upload}/bad-rows",
    auth=MANAGE,
    operation_id="download_bad_rows",
    summary="Download bad rows",
    openapi_extra={"responses": {200: {"content": {"application/x-ndjson": {}}}}},
)
def download_bad_rows(request: HttpRequest, project: str, upload: str) -> StreamingHttpResponse:
    """All rows of an upload that did not fit, one JSON object per line: as they came, with `_row` (the number) and
    `_reason`; what is no row stands under `_line`. Kept for a week."""
    view = project_of(request, project, Permission.PROJECT_MANAGE)
    found = queries.import_for(asking(request), view.id, upload)
    lines = queries.bad_rows_back(found, translator(request))
    return StreamingHttpResponse(lines, content_type="application/x-ndjson")


@router.get(
    "/projects/{project}/tasks",
    auth=VIEW,
    response=Page[TaskOut],
    operation_id="list_tasks",
    summary="List tasks",
)
def list_tasks(request: HttpRequest, project: str, paging: Query[TaskPaging]) -> dict[str, Any]:
    """The project's tasks in the order in which they came."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    if paging.own_id is not None:
        return {
            "items": [_task(queries.task_named(asking(request), view.id, paging.own_id), view)],
            "next": None,
        }
    found = queries.tasks_page(
        asking(request), view.id, after=place_of(request, paging.cursor) or 0, limit=paging.limit
    )
    places = [task.id for task in found]
    return {
        "items": [_task(task, view) for task in found],
        "next": next_cursor(request, places, paging.limit),
    }


@router.get(
    "/projects/{project}/tasks/{task}",
    auth=VIEW,
    response=TaskOut,
    operation_id="get_task",
    summary="Get a task",
)
def get_task(request: HttpRequest, project: str, task: str) -> TaskOut:
    """One task."""
    view = project_of(request, project, Permission.PROJECT_VIEW)
    return _task(queries.task_for(asking(request), view.id, row_number("tsk", task)), view)


def _kind(request: HttpRequest) -> str:
    kind = KINDS.get(request.content_type or "")
    if kind is None:
        raise Invalid(
            "content_type_unknown",
            "Say by Content-Type what the file is: {known}.",
            path="Content-Type",
            known=", ".join(KINDS),
        )
    return kind


def _report(request: HttpRequest, report: ImportReport, number: int | None = None) -> ReportOut:
    translate = translator(request)
    return ReportOut(
        id=None if number is None else public_id("imp", number),
        batch=None if report.batch_id is None else public_id("bat", report.batch_id),
        imported=report.imported,
        gold=report.gold,
        unchanged=report.unchanged,
        replaced=report.replaced,
        bad_count=report.bad_rows,
        bad=[BadRowOut(number=row.number, reason=row.reason.said(translate)) for row in report.bad],
    )


def _task(view: TaskView, project: ProjectView) -> TaskOut:
    state = "done" if view.closed else "waiting" if view.wanted is None and not view.is_gold else "open"
    return TaskOut(
        id=public_id("tsk", view.id),
        own_id=view.external_id,
        batch=public_id("bat", view.batch_id),
        data=view.data,
        prediction=view.prediction,
        gold=view.gold,
        is_gold=view.is_gold,
        state=state,
        wanted=view.wanted,
        priority=view.priority,
        deadline=view.deadline,
        added_at=view.added_at,
        reward=money(for_units(project.reward_micros, view.units), project.currency)
        if project.paid
        else None,
    )
