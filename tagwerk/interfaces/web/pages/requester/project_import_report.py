"""An import: how far it is, then how many rows are in, which could not be used and why, and these as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.work import actions, queries
from tagwerk.domain.work.queries import ImportView
from tagwerk.domain.work.rules.states import ImportState
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import ADD, Frame, framed, project_page, wants_fragment
from tagwerk.interfaces.web.pages.requester.project_import import attachment
from tagwerk.interfaces.web.posting import see_other

SHOWN = 100  # bad rows on the page; the file has all of them


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@project_page(Permission.PROJECT_MANAGE)
def project_import_report(request: ActorRequest, frame: Frame, imp: str) -> HttpResponse:
    """How far one import is, or its report; a POST brings a refused file in without the rows that cannot be used."""
    report = queries.import_for(request.actor, frame.project.id, imp)
    if request.method == "POST":
        again = actions.import_without_bad_rows(
            actor=request.actor, project_id=frame.project.id, import_id=report.id
        )
        return see_other(frame.url("project_import_report", imp=public_id("imp", again)))
    bad = queries.first_bad_rows(report, most=SHOWN)
    values = framed(
        frame,
        ADD,
        report=report,
        busy=report.is_running,
        refused=report.state is ImportState.REFUSED,
        failed=refusal_text(report.reason) if report.reason else "",
        bad=[(row.number, row.reason.said(gettext)) for row in bad],
        more=report.bad_rows - len(bad),
        leave_out=leave_out_words(report) if report.can_leave_out_bad_rows else "",
    )
    name = "_import_report" if wants_fragment(request) else "project_import_report"
    return render(request, f"pages/requester/{name}.html", values)


def leave_out_words(report: ImportView) -> str:
    """What the button does that brings the file in without the rows that cannot be used."""
    if queries.are_all_empty(report):
        return gettext("Leave out the empty rows")
    return gettext("Import the other rows")


@require_safe
@project_page(Permission.PROJECT_MANAGE)
def project_bad_rows(request: ActorRequest, frame: Frame, imp: str) -> StreamingHttpResponse:
    """All rows that could not be used, as they came, each with its number and the reason, as JSONL."""
    report = queries.import_for(request.actor, frame.project.id, imp)
    language = get_language()

    def translate(text: str) -> str:  # the file is written after the page's language has been put away
        with override(language):
            return gettext(text)

    name = f"{frame.project.name}-bad-rows.jsonl"
    return attachment(queries.bad_rows_back(report, translate), name, "application/x-ndjson")
