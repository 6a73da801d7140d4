"""Qualifications: what a worker holds, and the tests by which more can be had."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.domain.academy import queries
from tagwerk.domain.academy.rules import Source
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.task import asking

SOURCES: dict[str, Any] = {
    Source.TEST: gettext_lazy("passed a test"),
    Source.GRANTED: gettext_lazy("granted"),
    Source.CSV: gettext_lazy("granted"),
    Source.API: gettext_lazy("granted"),
}


@signed_in
@require_safe
def my_qualifications(request: ActorRequest) -> HttpResponse:
    """Own qualifications, and the tests that are offered."""
    held = queries.own_holdings(asking(request))
    values = {
        "held": [(one, SOURCES.get(one.source, one.source)) for one in held],
        "tests": work.tests_for(request.actor),
    }
    return render(request, "pages/worker/qualifications.html", values)
