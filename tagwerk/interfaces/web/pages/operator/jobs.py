"""Background work: how much waits, and what kept failing, with its error and another try."""

import json
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base import jobs as background
from tagwerk.base.jobs import ParkedJob
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.posting import see_other

SHOWN = 50


@require_safe
@operator_only
def jobs(request: ActorRequest) -> HttpResponseBase:
    """Parked jobs, the newest first."""
    parked = background.parked_jobs(limit=SHOWN)
    values = {"lines": [_line(job) for job in parked], "state": background.jobs_state(), "shown": SHOWN}
    return render(request, "pages/operator/jobs.html", values)


@require_POST
@operator_only
def retry(request: ActorRequest, job: int) -> HttpResponseBase:
    """Start a parked job again."""
    background.retry_parked(job)
    return see_other("operator_jobs", said=_("The job is started again."), request=request)


@require_POST
@operator_only
def retry_all(request: ActorRequest) -> HttpResponseBase:
    """Start all parked jobs again, also those that the list does not show."""
    count = background.retry_all_parked()
    said = ngettext("One job is started again.", "{n} jobs are started again.", count).format(n=count)
    return see_other("operator_jobs", said=said, request=request)


def _line(job: ParkedJob) -> dict[str, Any]:
    last = job.error.strip().splitlines()[-1:] or [""]
    arguments = json.dumps(job.arguments, ensure_ascii=False, default=str)
    return {"job": job, "last_line": last[0], "arguments": arguments}
