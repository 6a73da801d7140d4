"""What waits for a second person anywhere: objections, the overdue ones first, and rejections; and deciding about it."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import queries as quality
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.decisions import (
    PAGE,
    appeal_lines,
    batch_lines,
    decide_for_second,
)
from tagwerk.interfaces.web.pages.requester.showing import Showing
from tagwerk.interfaces.web.posting import see_other


@require_safe
@operator_only
def decisions(request: ActorRequest) -> HttpResponseBase:
    """All of the instance."""
    appeals = quality.open_appeals(request.actor)
    waiting = quality.projects_with_waiting_rejections(request.actor)
    numbers = {one.project_id for one in appeals} | {number for number, *_ in waiting}
    views = projects.projects_numbered(numbers)
    names = accounts.organisation_names({view.organisation_id for view in views.values()})
    values = {
        "appeals": [
            (one, views[one.project_id].title, names[one.organisation_id], public_id("prj", one.project_id))
            for one in appeals
        ],
        "waiting": [
            (
                views[number].title,
                names[views[number].organisation_id],
                answers,
                until,
                public_id("prj", number),
            )
            for number, answers, until in waiting
        ],
    }
    return render(request, "pages/operator/decisions.html", values)


@operator_only
def decisions_of_project(request: ActorRequest, project: str) -> HttpResponseBase:
    """Those of one project, to be decided by an operator as the second person."""
    view = projects.project(row_number("prj", project))
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            return see_other(request.path, said=decide_for_second(request, view), request=request)
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            refused = refusal
    showing = Showing(designs.design(view.design_id), view.id)
    lines = appeal_lines(request, view, showing, ended=False, after=0)
    values = {
        "project": view,
        "organisation": accounts.organisation_names([view.organisation_id])[view.organisation_id],
        "lines": lines[:PAGE],
        "batches": batch_lines(request, view),
        "refused": refusal_text(refused) if refused else "",
        "given": request.POST,
    }
    response = render(
        request, "pages/operator/decisions_of_project.html", values, status=refused.status if refused else 200
    )
    return showing.let_in(request, response)
