"""How the instance is: each part green, amber or red, in words, with what to do."""

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import tagwerk
from tagwerk.base import backups, health, jobs
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.payments.queries.waiting import PayoutsState, payouts_state
from tagwerk.interfaces.web.formats import ago_text, duration_text, number_text

GB = 10**9
GOOD, LOOK, ACT = "ok", "wait", "bad"


@dataclass(frozen=True)
class Check:
    """One part: how it is, in words, and what to do where something is to be done."""

    name: str
    tone: str  # GOOD, LOOK or ACT
    words: str
    advice: str = ""
    href: str = ""


def checks(actor: Actor) -> list[Check]:
    """All parts, in the order in which one would look."""
    now = timezone.now()
    return [
        _database(health.database_state()),
        _jobs(jobs.jobs_state(), now),
        _mail(notices.mail_state(actor), now),
        _payouts(payouts_state(actor, now=now), now),
        _disk(),
        _backup(now),
        _drill(now),
        _version(),
    ]


def _database(state: health.DatabaseState) -> Check:
    words = _("PostgreSQL {version}, {size}, {used} of {most} connections, oldest transaction {age}").format(
        version=f"{state.version // 10_000}.{state.version % 10_000}",
        size=filesizeformat(state.size_bytes),
        used=number_text(state.connections),
        most=number_text(state.most_connections),
        age=duration_text(state.oldest_transaction_seconds),
    )
    share = state.connections / state.most_connections
    tone, advice = GOOD, ""
    if share >= 0.75:
        tone = ACT if share >= 0.9 else LOOK
        advice = _("Raise max_connections, or start fewer web processes and threads.")
    elif state.oldest_transaction_seconds >= 600:
        tone = ACT if state.oldest_transaction_seconds >= 3600 else LOOK
        advice = _(
            "Something has kept a transaction open for long, and nothing can be cleaned up meanwhile: look into pg_stat_activity."
        )
    return Check(_("Database"), tone, words, advice)


def _jobs(state: jobs.JobsState, now: datetime) -> Check:
    beat = state.last_beat_at
    behind = max(state.oldest_due_seconds, state.unhandled_seconds)
    words = _("{waiting} wait or run, the oldest for {age}; last beat of a job process {at}").format(
        waiting=number_text(state.waiting),
        age=duration_text(behind),
        at=ago_text(beat, now=now) if beat else _("never"),
    )
    tone, advice = GOOD, []
    if behind >= 120:
        tone = ACT if behind >= 900 else LOOK
        advice = [
            _(
                "Work comes in faster than it is done: start “tagwerk jobs” on another machine, or raise TAGWERK_JOB_THREADS."
            )
        ]
    if beat is None or beat < now - timedelta(seconds=60):
        tone = ACT
        advice = [
            _(
                "No job process is at work, so nothing is judged, paid or mailed: start “tagwerk serve” or “tagwerk jobs”."
            )
        ]
    if state.parked:
        tone = LOOK if tone == GOOD else tone
        parked = _("{count} failed until their last try: read why, put it right, try them again.")
        advice.append(parked.format(count=number_text(state.parked)))
    return Check(_("Jobs"), tone, words, " ".join(advice), reverse("operator_jobs") if advice else "")


def _mail(state: notices.MailState, now: datetime) -> Check:
    name, href = _("Mail"), f"{reverse('operator_settings')}#mail"
    words = _("{waiting} wait, {failed} given up this week, last sent {at}").format(
        waiting=number_text(state.waiting),
        failed=number_text(state.failed),
        at=ago_text(state.last_sent_at, now=now) if state.last_sent_at else _("never"),
    )
    if notices.mail_way()[0] != "smtp":
        advice = _("No mail server is set, so nobody can confirm an address: set TAGWERK_EMAIL_URL.")
        return Check(name, ACT if settings.PRODUCTION else LOOK, words, advice, href)
    late = state.overdue_since is not None and state.overdue_since < now - timedelta(minutes=5)
    if late or state.failed:
        advice = _("The newest error: {error}. Send a test mail.").format(error=state.error or "–")
        return Check(name, ACT if late else LOOK, words, advice, href)
    return Check(name, GOOD, words)


def _payouts(state: PayoutsState, now: datetime) -> Check:
    words = _("{runs} wait to be released, {payouts} on their way").format(
        runs=ngettext("{n} run", "{n} runs", state.open_runs).format(n=number_text(state.open_runs)),
        payouts=ngettext("{n} payout", "{n} payouts", state.on_their_way).format(
            n=number_text(state.on_their_way)
        ),
    )
    if state.oldest_at is not None:
        words = _("{words}, the oldest released {at}").format(
            words=words, at=ago_text(state.oldest_at, now=now)
        )
    advice, href = [], reverse("operator_runs")
    if state.late_runs:
        advice.append(_("A run has waited for a day: look at it and release it, or cancel it."))
    if state.late_payouts:
        late = _("{count} have not arrived for five days: bring in the statements of the bank.")
        advice.append(late.format(count=number_text(state.late_payouts)))
    if state.late_batches:
        advice.append(_("PayPal has not taken a batch for an hour: look at the page about PayPal."))
        href = reverse("operator_paypal")
    return Check(_("Payouts"), ACT if advice else GOOD, words, " ".join(advice), href if advice else "")


def _disk() -> Check:
    used = shutil.disk_usage(settings.DATA if settings.DATA.exists() else "/")
    words = _("{free} of {total} free in the data folder of this machine").format(
        free=filesizeformat(used.free), total=filesizeformat(used.total)
    )
    share = used.free / used.total
    tone = ACT if used.free < GB or share < 0.03 else LOOK if used.free < 5 * GB or share < 0.1 else GOOD
    advice = _("Make room or give it a larger disk: without any, database and uploads stop.")
    return Check(_("Disk"), tone, words, "" if tone is GOOD else advice)


def _backup(now: datetime) -> Check:
    last = backups.noted(settings.DATA, backups.BACKUP)
    advice = _("Run “tagwerk backup FILE” every night, and keep the files on another machine.")
    if last is None:
        return Check(
            _("Backup"),
            ACT if settings.PRODUCTION else LOOK,
            _("None was ever made from this data folder."),
            advice,
        )
    if last.error:
        words = _("The one {at} failed: {error}").format(at=ago_text(last.at, now=now), error=last.error)
        return Check(_("Backup"), ACT, words, advice)
    words = _("{at}, {size}, {file}").format(
        at=ago_text(last.at, now=now), size=filesizeformat(last.bytes), file=last.file
    )
    age = now - last.at
    tone = GOOD if age < timedelta(days=2) else LOOK if age < timedelta(days=7) else ACT
    return Check(_("Backup"), tone, words, "" if tone is GOOD else advice)


def _drill(now: datetime) -> Check:
    last = backups.noted(settings.DATA, backups.DRILL)
    advice = _(
        "Run “tagwerk restore --drill FILE” every month: it restores a backup beside the instance and checks its book."
    )
    if last is None:
        return Check(_("Restore drill"), LOOK, _("Whether a backup can be restored was never tried."), advice)
    if last.error:
        words = _("The one {at} failed: {error}").format(at=ago_text(last.at, now=now), error=last.error)
        return Check(_("Restore drill"), ACT, words, advice)
    words = _("{at}, from {file}").format(at=ago_text(last.at, now=now), file=last.file)
    is_old = now - last.at > timedelta(days=35)
    return Check(_("Restore drill"), LOOK if is_old else GOOD, words, advice if is_old else "")


def _version() -> Check:
    words = _("tagwerk {version} on Python {python}")
    words = words.format(version=tagwerk.__version__, python=platform.python_version())
    return Check(_("Version"), GOOD, words)
