"""What works now, for everybody: as a page, and as JSON for monitors."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tagwerk.base.health import database_answers
from tagwerk.base.jobs import jobs_state
from tagwerk.domain.notices.queries import mail_delay
from tagwerk.interfaces.web.formats import duration_text

OK, SLOW, DOWN = "ok", "slow", "down"
BEAT: Final = timedelta(seconds=90)  # a job process says every ten seconds that it lives
JOB: Final = timedelta(minutes=5)
LETTER: Final = timedelta(minutes=15)
TONES: Final = {OK: "ok", SLOW: "wait", DOWN: "bad"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the platform: how it does, and since how many seconds something waits there."""

    name: str
    state: str
    title: str
    words: str
    waiting_seconds: int = 0

    @property
    def tone(self) -> str:
        """Of its badge."""
        return TONES[self.state]

    @property
    def label(self) -> str:
        """The state in a word."""
        return {OK: _("in order"), SLOW: _("is behind"), DOWN: _("stands still")}[self.state]


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponseBase:
    """All parts, the worst of them in the headline; 503 while the platform cannot be used."""
    now = timezone.now()
    well = database_answers()
    parts = [_pages(well), _database(well), *([_jobs(now), _mail(now)] if well else [])]
    worst = max((part.state for part in parts), key=[OK, SLOW, DOWN].index)
    code = 200 if well else 503
    if request.headers.get("Accept", "").startswith("application/json"):
        told = {part.name: {"state": part.state, "waiting_seconds": part.waiting_seconds} for part in parts}
        return JsonResponse({"state": worst, "at": now.isoformat(), "parts": told}, status=code)
    values = {"parts": parts, "worst": worst, "tone": TONES[worst], "at": now}
    name = "pages/public/status.html" if well else "pages/public/status_down.html"
    return render(request, name, values, status=code)


def _pages(well: bool) -> Part:
    words = _("Pages and API answer.") if well else _("Pages and API answer, but have no data to show.")
    return Part("pages", OK if well else DOWN, _("Pages and API"), words)


def _database(well: bool) -> Part:
    words = _("It answers.") if well else _("It does not answer. What was stored is safe.")
    return Part("database", OK if well else DOWN, _("Database"), words)


def _jobs(now: datetime) -> Part:
    """Judging, approvals after their delay, exports, webhooks: nothing of it happens without a job process."""
    health = jobs_state()
    title = _("Background work")
    waits = max(health.oldest_due_seconds, health.unhandled_seconds)
    if health.last_beat_at is None or now - health.last_beat_at > BEAT:
        words = _("No job process has been heard of lately. Answers are kept and judged when it is back.")
        return Part("jobs", DOWN, title, words, waits)
    if timedelta(seconds=waits) > JOB:
        return Part("jobs", SLOW, title, _waiting(_("The oldest job has been due for {time}."), waits), waits)
    return Part("jobs", OK, title, _("Answers are judged, approved and exported as they come."), waits)


def _mail(now: datetime) -> Part:
    health = mail_delay()
    title = _("E-mail")
    waits = 0 if health.overdue_since is None else round((now - health.overdue_since).total_seconds())
    if timedelta(seconds=waits) > LETTER:
        return Part(
            "mail", SLOW, title, _waiting(_("The oldest mail has been due for {time}."), waits), waits
        )
    if health.tried_again:
        words = _("Some mails could not be sent at once; they are tried again.")
        return Part("mail", SLOW, title, words, waits)
    return Part("mail", OK, title, _("Mails leave as they are written."), waits)


def _waiting(text: str, seconds: int) -> str:
    return text.format(time=duration_text(seconds))
