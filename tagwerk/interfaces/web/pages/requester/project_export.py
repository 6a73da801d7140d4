"""One export: how far it is, the file, and how a program gets exactly the same."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.exports import queries
from tagwerk.domain.exports.queries import ExportView
from tagwerk.domain.exports.rules.formats import FORMATS
from tagwerk.domain.exports.rules.states import ExportState
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import (
    RESULTS,
    Frame,
    framed,
    project_page,
    wants_fragment,
)
from tagwerk.interfaces.web.pages.requester.project_import import attachment
from tagwerk.interfaces.web.pages.requester.project_results import BUSY, export_line


@require_safe
@vary_on_headers("HX-Request")
@project_page(Permission.RESULT_EXPORT)
def project_export(request: ActorRequest, frame: Frame, exp: str) -> HttpResponse:
    """The export with its progress, file and program."""
    view = _export_for(request, frame, exp)
    values = framed(
        frame,
        RESULTS,
        export=export_line(view),
        busy=view.state in BUSY,
        ready=view.state is ExportState.READY,
        state_url=request.path if view.state in BUSY else "",
        curl=curl_snippet(frame.project.public_id, view),
        python=python_snippet(frame.project.public_id, view),
    )
    name = "_export_state" if wants_fragment(request) else "project_export"
    return render(request, f"pages/requester/{name}.html", values)


@require_safe
@project_page(Permission.RESULT_EXPORT)
def project_export_file(request: ActorRequest, frame: Frame, exp: str) -> StreamingHttpResponse:
    """The file itself."""
    view = _export_for(request, frame, exp)
    file = queries.export_file_for(request.actor, view.id)
    response = attachment(file.chunks(), file.name, file.content_type)
    response.headers["Content-Length"] = str(file.size_bytes)
    return response


def _export_for(request: ActorRequest, frame: Frame, exp: str) -> ExportView:
    view = queries.export_for(request.actor, exp)
    if view.project_id != frame.project.id:
        raise NotFound("export_not_found", "There is no such export.")
    return view


def _body(view: ExportView) -> dict[str, Any]:
    body: dict[str, Any] = {"format": view.format}
    if view.options:
        body["options"] = view.options
    if view.accept:
        body["accept"] = True
    return body


def curl_snippet(project: str, view: ExportView) -> str:
    """The three calls that make and fetch this file: start, wait until it is ready, download."""
    address = f"{settings.APP_URL}/api/v1/projects/{project}/exports"
    body = json.dumps(_body(view), ensure_ascii=False).replace("'", "'\\''")
    return "\n".join(
        [
            "EXPORT=$(curl -s " + address + " \\",
            '  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\',
            f"  -d '{body}' | jq -r .id)",
            f'until [ "$(curl -s -H "Authorization: Bearer $KEY" {address}/$EXPORT | jq -r .state)" = ready ]; do sleep 1; done',
            f'curl -H "Authorization: Bearer $KEY" {address}/$EXPORT/file -o results.{FORMATS[view.format].SUFFIX}',
        ]
    )


def python_snippet(project: str, view: ExportView) -> str:
    """The same with the Python client."""
    more = ", accept=True" if view.accept else ""
    more += "".join(f", {name}={value!r}" for name, value in view.options.items())
    return "\n".join(
        [
            "from tagwerk.client import Client",
            "",
            f'client = Client("{settings.APP_URL}", key="twk_…")',
            f'client.exports.download("{project}", "{view.format}", "results.{FORMATS[view.format].SUFFIX}"{more})',
        ]
    )
