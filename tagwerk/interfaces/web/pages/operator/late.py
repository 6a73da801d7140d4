"""Answers that came too late to count, and paying them from goodwill where the delay was ours."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.work import actions, queries
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other

SHOWN = 50


@require_safe
@operator_only
def late(request: ActorRequest) -> HttpResponseBase:
    """The late answers of the last weeks, the newest first."""
    found = queries.late_answers(request.actor, now(), before=place(request, "asg"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda one: public_id("asg", one.assignment_id))
    names = accounts.names_of({one.worker_id for one in page.lines})
    lines = [(one, names.get(one.worker_id, "")) for one in page.lines]
    weeks = queries.LATE_LISTED_FOR.days // 7
    return render(request, "pages/operator/late.html", {"page": page, "lines": lines, "weeks": weeks})


@require_POST
@operator_only
def pay(request: ActorRequest, project: str, assignment: str) -> HttpResponseBase:
    """Pay one of them from goodwill."""
    actions.pay_late(
        actor=request.actor,
        project_id=row_number("prj", project),
        assignment_id=row_number("asg", assignment),
    )
    return see_other("operator_late", said=_("The answer is paid from goodwill."), request=request)
