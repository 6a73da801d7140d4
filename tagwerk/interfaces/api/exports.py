"""Exports: files of all results, made in the background."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.exports import actions, queries
from tagwerk.domain.exports.queries import ExportView
from tagwerk.domain.exports.rules.shape import Options
from tagwerk.interfaces.api.asking import Key, asking
from tagwerk.interfaces.api.paging import Page, Paging, next_cursor, place_of
from tagwerk.interfaces.api.projects import project_of
from tagwerk.interfaces.api.shapes import Body, Json

router = Router(tags=["exports"])
EXPORT = Key(Permission.RESULT_EXPORT)
Format = Literal["jsonl", "csv", "parquet", "trl_preference", "kto"]


class ExportIn(Body):
    """What file is wanted."""

    format: Format = "jsonl"
    options: Options = Field(default_factory=Options)
    accept: bool = Field(False, description="Approve first what waits for it; this needs projects:write too")


class ExportOut(BaseModel):
    """An export."""

    id: str
    format: str
    options: Json
    accept: bool
    state: str = Field(description="waiting, running, ready, failed or expired")
    tasks_total: int
    tasks_written: int
    rows: int | None
    size_bytes: int | None
    sha256: str
    error: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@router.post(
    "/projects/{project}/exports",
    auth=EXPORT,
    response={201: ExportOut},
    operation_id="start_export",
    summary="Start an export",
)
def start_export(request: HttpRequest, project: str, data: ExportIn) -> ExportOut:
    """Have a file made of all tasks; ask for it again until it is ready, then fetch its file."""
    view = project_of(request, project, Permission.RESULT_EXPORT)
    number = actions.start_export(
        actor=asking(request),
        project_id=view.id,
        format=data.format,
        options=data.options.model_dump(exclude_defaults=True),
        accept=data.accept,
    )
    return _export(queries.export_for(asking(request), number))


@router.get(
    "/projects/{project}/exports",
    auth=EXPORT,
    response=Page[ExportOut],
    operation_id="list_exports",
    summary="List exports",
)
def list_exports(request: HttpRequest, project: str, paging: Query[Paging]) -> dict[str, Any]:
    """The project's exports, newest first."""
    view = project_of(request, project, Permission.RESULT_EXPORT)
    found = queries.exports_of(
        asking(request), view.id, before=place_of(request, paging.cursor), limit=paging.limit
    )
    places = [export.id for export in found]
    return {"items": [_export(one) for one in found], "next": next_cursor(request, places, paging.limit)}


@router.get(
    "/projects/{project}/exports/{export}",
    auth=EXPORT,
    response=ExportOut,
    operation_id="get_export",
    summary="Get an export",
)
def get_export(request: HttpRequest, project: str, export: str) -> ExportOut:
    """How far it is."""
    return _export(_export_of(request, project, export))


@router.get(
    "/projects/{project}/exports/{export}/file",
    auth=EXPORT,
    operation_id="download_export",
    summary="Download an export",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {}}}}},
)
def download_export(request: HttpRequest, project: str, export: str) -> StreamingHttpResponse:
    """The file itself."""
    view = _export_of(request, project, export)
    file = queries.export_file_for(asking(request), view.id)
    answer = StreamingHttpResponse(file.chunks(), content_type=file.content_type)
    answer.headers["Content-Length"] = str(file.size_bytes)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


def _export_of(request: HttpRequest, project: str, export: str) -> ExportView:
    view = project_of(request, project, Permission.RESULT_EXPORT)
    found = queries.export_for(asking(request), export)
    if found.project_id != view.id:
        raise NotFound("export_not_found", "There is no such export.")
    return found


def _export(view: ExportView) -> ExportOut:
    names = [name for name in ExportOut.model_fields if name not in ("id", "state")]
    values = {name: getattr(view, name) for name in names}
    return ExportOut(id=public_id("exp", view.id), state=view.state.value, **values)
