"""Correcting time: for a week after handing in. What is not decided changes at once; what is paid already is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.base.money import fee_micros
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.actions.booking import pay_time, set_reward
from tagwerk.domain.work.actions.measuring import STALE
from tagwerk.domain.work.actions.opening import locked_opening, spare_of
from tagwerk.domain.work.events import TimeAsked, TimeDecided
from tagwerk.domain.work.models import HourlyAnswer, Opening, ProjectWage, TimeRequest
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.hours import (
    DECIDE_DAYS,
    MOST_REQUESTS,
    TimeState,
    pay_for_time,
    reason_of,
    refusal_code,
)
from tagwerk.domain.work.rules.states import State

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of a correction: it counts, or it waits for a decision (`request_id`)."""

    paid_seconds: int
    request_id: int | None


@dataclass(slots=True)
class _Time:
    """The time of an answer and the answer, locked."""

    row: HourlyAnswer
    state: State
    reward_micros: int
    fee_micros: int
    spare_micros: int
    is_gold: bool
    most_seconds: int
    claimed_at: datetime
    project: ProjectView

    def pays(self, seconds: int) -> int:
        found = pay_for_time(
            hour_micros=self.project.hour_micros, seconds=seconds,
            claimed_micros=self.row.claimed_micros, most_micros=self.project.reward_micros,
        )  # fmt: skip
        return min(found, self.row.claimed_micros) if seconds <= self.most_seconds else found


@transaction.atomic
def correct_time(
    *, person_id: int, project_id: int, assignment_id: int, seconds: int, reason: str, now: datetime
) -> Corrected:
    """State another time than the timer's, with a reason. It counts at once where nobody has decided about the answer, up
    to what is paid without asking; all else is asked for."""
    why = reason_of(reason)
    time = _locked(project_id, assignment_id, person_id)
    seconds = _in_hand(time, seconds)
    _require_correctable(time, seconds, now)
    if time.state is State.SUBMITTED:
        # What was granted beyond the limit stays as it is, and what the answer pays is at the limit already.
        if (
            time.row.paid_seconds <= time.most_seconds
            and min(seconds, time.most_seconds) != time.row.paid_seconds
        ):
            _state(time, min(seconds, time.most_seconds), why, now)
        if seconds <= time.most_seconds:
            return Corrected(time.row.paid_seconds, None)
    return Corrected(time.row.paid_seconds, _ask(time, seconds, why, now))


@transaction.atomic
def decide_time(
    *,
    actor: Actor,
    project_id: int,
    request_id: int,
    grants: bool,
    code: str = "",
    reply: str = "",
    now: datetime,
) -> None:
    """Grant time that was asked for, which pays it at once, or refuse it for a reason of the closed list."""
    projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    opening = locked_opening(project_id=project_id)
    request = TimeRequest.objects.filter(project_id=project_id, id=request_id).first()
    if request is None:
        raise NotFound("time_request_not_found", "Nobody has asked for this.")
    person_id = accounts.person_behind(actor)
    if person_id == request.worker_id:
        raise Conflict("time_of_ones_own", "Nobody decides about their own time; ask somebody else to do it.")
    time = _locked(project_id, request.assignment_id, request.worker_id)
    request.refresh_from_db()
    if request.state != TimeState.ASKED:
        raise Conflict("time_decided", "This is decided already.")
    if grants:
        if time.state not in (State.SUBMITTED, State.APPROVED):
            raise Conflict("time_not_granted", "While the answer is rejected, its time cannot be granted.")
        _pay(time, opening, request, request.seconds, payer=actor)
        request.state = TimeState.GRANTED
    else:
        request.code = refusal_code(code, within_limit=request.seconds <= time.most_seconds)
        request.state = TimeState.REFUSED
    request.reply = reply.strip() if grants and not reply.strip() else reason_of(reply)
    _decided(time, request, person_id, now)
    opening.save()


def tend_times(*, project_id: int, now: datetime) -> int:
    """What nobody decided in time pays up to the limit, and what cannot be corrected any more frees its money. How many."""
    if sql.value(_ANY_DUE, {"project": project_id, "now": now}) is None:
        return 0
    return _tend(project_id, now)


@transaction.atomic
def _tend(project_id: int, now: datetime) -> int:
    opening = locked_opening(project_id=project_id)
    due = TimeRequest.objects.filter(project_id=project_id, state=TimeState.ASKED, until__lte=now)
    requests = list(due.order_by("id")[:AT_ONCE])
    for request in requests:
        time = _locked(project_id, request.assignment_id, request.worker_id)
        if time.state is State.APPROVED:
            _pay(time, opening, request, min(request.seconds, time.most_seconds), payer=None)
        request.state = TimeState.LAPSED
        _decided(time, request, None, now)
    ended = sql.rows(_END, {"project": project_id, "now": now, "most": AT_ONCE})
    for spare, is_gold in ended:
        opening.committed_micros -= spare
        opening.gold_micros -= spare if is_gold else 0
    opening.save()
    return len(requests) + len(ended)


def _locked(project_id: int, assignment_id: int, worker_id: int) -> _Time:
    found = sql.row(_LOCK_ANSWER, [project_id, assignment_id, worker_id])
    row = (
        HourlyAnswer.objects.select_for_update()
        .filter(project_id=project_id, assignment_id=assignment_id)
        .first()
        if found
        else None
    )
    if found is None or row is None:
        raise NotFound("time_not_found", "No time of yours is handed in here.")
    state, *rest = found
    values = [row, State(state), *rest, projects.project(project_id)]
    return _Time(*values)


def _in_hand(time: _Time, seconds: int) -> int:
    """So much time, but no more than the task was in hand. Pages ask for whole minutes: the last one that began is theirs."""
    in_hand = int((time.row.handed_in_at - time.claimed_at).total_seconds())
    minutes = -(-in_hand // 60)
    if not 0 <= seconds <= minutes * 60:
        raise Invalid(
            "time_unfit", "You had this task for {minutes} minutes; it cannot have taken longer.",
            path="seconds", minutes=minutes,
        )  # fmt: skip
    return min(seconds, in_hand)


def _require_correctable(time: _Time, seconds: int, now: datetime) -> None:
    if time.row.ended_at is not None or now >= time.row.correct_until:
        raise Conflict("time_closed", "The time of this task cannot be corrected any more.")
    if time.state not in (State.SUBMITTED, State.APPROVED):
        raise Conflict(
            "time_undecided", "While a rejection stands, the time does not matter. Object to it first."
        )
    paid = time.row.paid_seconds
    if seconds == paid:
        raise Conflict("time_unchanged", "This time is what counts already.")
    if seconds < paid and (time.state is State.APPROVED or paid > time.most_seconds):
        raise Conflict("time_paid", "This time is paid already, and what is paid stays yours.")


def _state(time: _Time, seconds: int, why: str, now: datetime) -> None:
    reward = time.pays(seconds)
    if not set_reward(project_id=time.project.id, assignment_id=time.row.assignment_id, reward_micros=reward):
        raise Conflict("time_closed", "The time of this task cannot be corrected any more.")
    time.reward_micros, time.fee_micros = reward, fee_micros(reward, time.project.fee_bp)
    time.row.paid_seconds = time.row.stated_seconds = seconds
    time.row.reason, time.row.stated_at = why, now
    time.row.save(update_fields=["paid_seconds", "stated_seconds", "reason", "stated_at"])


def _ask(time: _Time, seconds: int, why: str, now: datetime) -> int:
    asked = TimeRequest.objects.filter(project_id=time.project.id, assignment_id=time.row.assignment_id)
    if asked.filter(state=TimeState.ASKED).exists():
        raise Conflict("time_asked", "You have asked already; wait for the decision.")
    if asked.count() >= MOST_REQUESTS:
        raise Conflict(
            "time_asked_often",
            "You have asked {most} times for this task; that is enough.",
            most=MOST_REQUESTS,
        )
    request = TimeRequest.objects.create(
        project_id=time.project.id, assignment_id=time.row.assignment_id, worker_id=time.row.worker_id, seconds=seconds,
        reason=why, asked_at=now, until=now + timedelta(days=DECIDE_DAYS),
    )  # fmt: skip
    record(
        TimeAsked(
            actor_id=time.row.worker_id, organisation_id=time.project.organisation_id, project_id=time.project.id,
            assignment_id=time.row.assignment_id, worker_id=time.row.worker_id, request_id=request.pk,
        )
    )  # fmt: skip
    return int(request.pk)


def _pay(time: _Time, opening: Opening, request: TimeRequest, seconds: int, *, payer: Actor | None) -> None:
    """Pay what so much time is worth beyond what is paid or will be: from what was kept for it, then from free money.

    What the project does not have is set aside for it where a `payer` says so who may spend that.
    """
    reward = max(0, time.pays(seconds) - time.reward_micros - time.row.extra_reward_micros)
    whole = time.reward_micros + time.row.extra_reward_micros + reward
    fee = (
        max(0, fee_micros(whole, time.project.fee_bp) - time.fee_micros - time.row.extra_fee_micros)
        if reward
        else 0
    )
    if not reward:
        return
    # While the answer waits, what is kept is for its own pay.
    kept = min(time.spare_micros, reward + fee) if time.state is State.APPROVED else 0
    beside = reward + fee - kept
    missing = beside - max(0, spare_of(project=time.project, opening=opening))
    if missing > 0 and payer is not None:
        projects.project_for(payer, time.project.id, Permission.PROJECT_MANAGE)
        project_actions.reserve(project_id=time.project.id, amount_micros=missing, key=f"time:{request.pk}")
    pay_time(
        project=time.project, opening=opening, assignment_id=request.assignment_id, worker_id=request.worker_id,
        request_id=request.pk, reward_micros=reward, fee_micros=fee,
    )  # fmt: skip
    opening.aside_micros += beside
    opening.committed_micros += beside
    sql.write(_USE_SPARE, [kept, time.project.id, request.assignment_id])
    time.spare_micros -= kept
    time.row.extra_reward_micros += reward
    time.row.extra_fee_micros += fee
    time.row.paid_seconds, time.row.stated_seconds = seconds, request.seconds
    time.row.reason, time.row.stated_at = request.reason, request.asked_at
    time.row.save()
    request.reward_micros, request.fee_micros = reward, fee
    ProjectWage.objects.filter(project_id=time.project.id).update(approved=STALE)


def _decided(time: _Time, request: TimeRequest, person_id: int | None, now: datetime) -> None:
    request.decided_by_id, request.decided_at = person_id, now
    request.save()
    record(
        TimeDecided(
            actor_id=person_id, organisation_id=time.project.organisation_id, project_id=time.project.id,
            assignment_id=request.assignment_id, worker_id=request.worker_id, request_id=request.pk,
            state=str(request.state),
        )
    )  # fmt: skip


_LOCK_ANSWER = """
SELECT state, reward_micros, fee_micros, spare_micros, is_gold, most_seconds, claimed_at FROM assignment
WHERE project_id = %s AND id = %s AND worker_id = %s AND most_seconds IS NOT NULL FOR NO KEY UPDATE
"""
_USE_SPARE = "UPDATE assignment SET spare_micros = spare_micros - %s WHERE project_id = %s AND id = %s"
_ANY_DUE = """
SELECT 1 WHERE EXISTS (SELECT FROM time_request WHERE project_id = %(project)s AND state = 'asked' AND until <= %(now)s)
    OR EXISTS (SELECT FROM hourly_answer WHERE project_id = %(project)s AND ended_at IS NULL AND correct_until <= %(now)s)
"""
# What still waits for a decision about the answer keeps its money with the answer.
_END = """
WITH over AS (
    SELECT a.project_id, a.id, a.state, a.spare_micros, a.is_gold
    FROM hourly_answer h JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
    WHERE h.project_id = %(project)s AND h.ended_at IS NULL AND h.correct_until <= %(now)s AND a.state <> 1
        AND NOT EXISTS (SELECT FROM time_request q
            WHERE q.project_id = h.project_id AND q.assignment_id = h.assignment_id AND q.state = 'asked')
    ORDER BY a.id LIMIT %(most)s FOR NO KEY UPDATE OF a
), ended AS (
    UPDATE hourly_answer h SET ended_at = %(now)s FROM over
    WHERE h.project_id = over.project_id AND h.assignment_id = over.id
), emptied AS (
    UPDATE assignment a SET spare_micros = 0 FROM over
    WHERE a.project_id = over.project_id AND a.id = over.id AND over.state = 2
)
SELECT CASE WHEN state = 2 THEN spare_micros ELSE 0 END, is_gold FROM over ORDER BY id
"""
