"""Addresses for programs: is the platform well, and what a browser's content policy stopped."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.health import database_answers

LONGEST_REPORT = 4_000
log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503; for load balancers and monitors."""
    well = database_answers()
    return JsonResponse({"database": "ok" if well else "no answer"}, status=200 if well else 503)


@csrf_exempt  # browsers send reports by themselves, without a token
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser stopped something; one line in the log, whatever was sent."""
    report = request.read(LONGEST_REPORT).decode("utf-8", "replace")
    log.warning("Content policy: %s", "".join(sign if sign.isprintable() else " " for sign in report))
    return HttpResponse(status=204)
