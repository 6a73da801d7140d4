"""All operations of the API, noun by noun."""

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tagwerk.interfaces.api import (
    answers,
    appeals,
    bonuses,
    document,
    estimates,
    exports,
    fee,
    gold,
    invoices,
    me,
    media,
    members,
    money,
    next_batch,
    notes,
    progress,
    projects,
    qualification_tests,
    qualifications,
    quality,
    results,
    review,
    signals,
    tasks,
    teams,
    times,
    transparency,
    wages,
    webhooks,
    work,
    work_decisions,
    work_feedback,
    work_judged,
    work_papers,
    work_payouts,
    work_projects,
    work_tests,
    work_time,
    workers,
)
from tagwerk.interfaces.api.problems import problem
from tagwerk.interfaces.api.reading import StrictParser

DESCRIPTION = """\
Everything a requester's and a worker's programs need. Send an API key as `Authorization: Bearer …`.
Every refusal has the shape `{code, message, path?}`; `message` comes in the language of `Accept-Language`.
Lists come in pages of `{items, next}`: send `next` back as `cursor` until it is null.
Every `POST` takes an `Idempotency-Key`: sent again under the same key within seven days, it is not carried out
again, and its first answer comes back."""

api = NinjaAPI(
    title="tagwerk",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)
for kind in (Exception, HttpError, AuthenticationError, ValidationError, Http404):
    api.add_exception_handler(kind, problem)  # type: ignore[arg-type]  # it is called with instances only
NOUNS = (
    document, me, projects, estimates, next_batch, progress, quality, tasks, notes, media, answers, review, appeals, times, workers, bonuses, signals, gold, results,
    exports, money, invoices, fee, transparency, wages,
    webhooks, qualifications, qualification_tests, members, teams, work, work_feedback, work_judged, work_decisions, work_time, work_projects, work_payouts,
    work_papers, work_tests,
)  # fmt: skip
for noun in NOUNS:
    api.add_router("", noun.router)
