"""What became of an import: how many rows, which could not be used and why, and these rows as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts.rules import Permission
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import ADD, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.import_reports import bad_rows_of, report_of
from tagwerk.interfaces.web.pages.requester.project_import import attachment


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def project_import_report(request: ActorRequest, frame: Frame, token: str) -> HttpResponse:
    """The report of one import."""
    report = report_of(frame.project.id, token)
    more = report["bad_rows"] - len(report["bad"])
    values = framed(frame, ADD, report=report, token=token, more=more)
    return render(request, "pages/requester/project_import_report.html", values)


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def project_bad_rows(request: ActorRequest, frame: Frame, token: str) -> StreamingHttpResponse:
    """All rows that could not be used, each with its number and the reason, as JSONL."""
    name = f"{frame.project.name}-bad-rows.jsonl"
    return attachment(bad_rows_of(frame.project.id, token), name, "application/x-ndjson")
