"""Correcting time: for a week after handing in. What is not decided changes at once; what is paid already is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound, minutes_said
from tagwerk.base.events import record
from tagwerk.base.money import fee_micros
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work.actions.booking import free_spare, pay_time, set_reward
from tagwerk.domain.work.actions.giving_up import LONGEST_HOLD
from tagwerk.domain.work.actions.measuring import STALE
from tagwerk.domain.work.actions.opening import locked_opening, spare_of
from tagwerk.domain.work.actions.timed import PAID, Time, locked_time
from tagwerk.domain.work.actions.wanting import return_to_queue
from tagwerk.domain.work.events import TimeAsked, TimeDecided
from tagwerk.domain.work.models import Opening, ProjectWage, TimeRequest
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.hours import (
    DECIDE_DAYS,
    MOST_REQUESTS,
    TimeState,
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


@transaction.atomic
def correct_time(
    *, person_id: int, project_id: int, assignment_id: int, seconds: int, reason: str, now: datetime
) -> Corrected:
    """State another time than the timer's, with a reason. It counts at once where nobody has decided about the answer, up
    to what is paid without asking; all else is asked for."""
    why = reason_of(reason)
    time = locked_time(project_id=project_id, assignment_id=assignment_id, worker_id=person_id)
    if not time.handed_in:
        raise NotFound("time_not_found", "No time of yours is handed in here.")
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
def ask_ahead(
    *, person_id: int, project_id: int, assignment_id: int, seconds: int, reason: str, now: datetime
) -> int:
    """Ask, while at a task, that it may take longer than is paid without asking: so many seconds in all. The request."""
    why = reason_of(reason)
    time = locked_time(project_id=project_id, assignment_id=assignment_id, worker_id=person_id)
    if not time.at_work:
        raise Conflict("time_not_at_work", "This task is not in your hands. Correct its time instead.")
    longest = LONGEST_HOLD * time.project.hold_seconds
    if not time.most_seconds < seconds <= longest:
        raise Invalid(
            "time_ahead_unfit", "Ask for more than {least} and for at most {most} in all.",
            path="seconds", least=minutes_said(time.most_seconds // 60), most=minutes_said(longest // 60),
        )  # fmt: skip
    return _ask(time, seconds, why, now, ahead=True)


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
    """Grant time that was asked for, or refuse it for a reason of the closed list.

    Granting pays it at once; where its worker is still at the task, it sets money aside, and the time that it takes is paid.
    """
    projects.project_for(actor, project_id, Permission.ANSWER_REVIEW)
    return_to_queue(project_id=project_id)  # what was stopped is paid before more is
    opening = locked_opening(project_id=project_id)
    request = TimeRequest.objects.filter(project_id=project_id, id=request_id).first()
    if request is None:
        raise NotFound("time_request_not_found", "Nobody has asked for this.")
    person_id = accounts.person_behind(actor)
    if person_id == request.worker_id:
        raise Conflict("time_of_ones_own", "Nobody decides about their own time; ask somebody else to do it.")
    time = _time_of(request)
    request.refresh_from_db()
    if request.state != TimeState.ASKED:
        raise Conflict("time_decided", "This is decided already.")
    if grants:
        _grant(time, opening, request, actor)
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
    return_to_queue(project_id=project_id)  # what was stopped is paid before more is
    opening = locked_opening(project_id=project_id)
    due = TimeRequest.objects.filter(project_id=project_id, state=TimeState.ASKED, until__lte=now)
    requests = list(due.order_by("id")[:AT_ONCE])
    for request in requests:
        time = _time_of(request)
        if time.state in PAID:
            _pay(time, opening, request, min(_wanted(time, request), time.most_seconds), payer=None)
        request.state = TimeState.LAPSED
        _decided(time, request, None, now)
    ended = sql.rows(_END, {"project": project_id, "now": now, "most": AT_ONCE})
    for spare, is_gold, agreed in ended:
        free_spare(opening, spare, of_gold=is_gold, agreed_micros=agreed)
    opening.save()
    return len(requests) + len(ended)


def _time_of(request: TimeRequest) -> Time:
    return locked_time(
        project_id=request.project_id, assignment_id=request.assignment_id, worker_id=request.worker_id
    )


def _grant(time: Time, opening: Opening, request: TimeRequest, payer: Actor) -> None:
    if time.at_work and request.ahead:
        _agree(time, opening, request, payer)
    elif time.state not in (State.SUBMITTED, *PAID):
        raise Conflict(
            "time_not_granted",
            "While an answer is rejected, or nothing was handed in, its time cannot be granted.",
        )
    else:
        _pay(time, opening, request, _wanted(time, request), payer=payer)


def _wanted(time: Time, request: TimeRequest) -> int:
    """What is asked for; beforehand nobody knew how long it would take, so no more than it did."""
    return min(request.seconds, time.known_seconds) if request.ahead else request.seconds


def _agree(time: Time, opening: Opening, request: TimeRequest, payer: Actor) -> None:
    """Raise what is paid without asking, and set the money for it aside: it is paid, or free again, with the answer."""
    fee_bp, claimed = time.project.fee_bp, time.row.claimed_micros
    pays = time.pays(request.seconds)
    more = pays + fee_micros(pays, fee_bp) - claimed - fee_micros(claimed, fee_bp) - time.agreed_micros
    more = max(0, more)
    _reserve(time, opening, request, more, payer)
    opening.aside_micros += more
    opening.committed_micros += more
    request.agreed_micros = more
    sql.write(_RAISE, [more, request.seconds, time.project.id, request.assignment_id])


def _in_hand(time: Time, seconds: int) -> int:
    """So much time, but no more than the task was in hand. Pages ask for whole minutes: the last one that began is theirs."""
    in_hand = int((time.row.handed_in_at - time.claimed_at).total_seconds()) + time.rework_seconds
    minutes = -(-in_hand // 60)
    if not 0 <= seconds <= minutes * 60:
        raise Invalid(
            "time_unfit", "You had this task for {minutes}; it cannot have taken longer.",
            path="seconds", minutes=minutes_said(minutes),
        )  # fmt: skip
    return min(seconds, in_hand)


def _require_correctable(time: Time, seconds: int, now: datetime) -> None:
    if time.row.ended_at is not None or now >= time.row.correct_until:
        raise Conflict("time_closed", "The time of this task cannot be corrected any more.")
    if time.state not in (State.SUBMITTED, *PAID):
        raise Conflict(
            "time_undecided", "While a rejection stands, the time does not matter. Object to it first."
        )
    paid = time.row.paid_seconds
    if seconds == paid:
        raise Conflict("time_unchanged", "This time is what counts already.")
    if seconds < paid and (time.state in PAID or paid > time.most_seconds):
        raise Conflict("time_paid", "This time is paid already, and what is paid stays yours.")


def _state(time: Time, seconds: int, why: str, now: datetime) -> None:
    reward = time.pays(seconds)
    if not set_reward(project_id=time.project.id, assignment_id=time.row.assignment_id, reward_micros=reward):
        raise Conflict("time_closed", "The time of this task cannot be corrected any more.")
    time.reward_micros, time.fee_micros = reward, fee_micros(reward, time.project.fee_bp)
    time.row.paid_seconds = time.row.stated_seconds = seconds
    time.row.reason, time.row.stated_at = why, now
    time.row.save(update_fields=["paid_seconds", "stated_seconds", "reason", "stated_at"])


def _ask(time: Time, seconds: int, why: str, now: datetime, *, ahead: bool = False) -> int:
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
        reason=why, asked_at=now, until=now + timedelta(days=DECIDE_DAYS), ahead=ahead,
    )  # fmt: skip
    record(
        TimeAsked(
            actor_id=time.row.worker_id, organisation_id=time.project.organisation_id, project_id=time.project.id,
            assignment_id=time.row.assignment_id, worker_id=time.row.worker_id, request_id=request.pk,
        )
    )  # fmt: skip
    return int(request.pk)


def _pay(time: Time, opening: Opening, request: TimeRequest, seconds: int, *, payer: Actor | None) -> None:
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
    kept = min(time.spare_micros, reward + fee) if time.state in PAID else 0
    beside = reward + fee - kept
    if payer is not None:
        _reserve(time, opening, request, beside, payer)
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


def _reserve(time: Time, opening: Opening, request: TimeRequest, micros: int, payer: Actor) -> None:
    """Have so much there: what the project has not free is the organisation's, whose member must be allowed to spend it."""
    missing = micros - max(0, spare_of(project=time.project, opening=opening))
    if missing > 0:
        projects.project_for(payer, time.project.id, Permission.PROJECT_MANAGE)
        project_actions.reserve(project_id=time.project.id, amount_micros=missing, key=f"time:{request.pk}")


def _decided(time: Time, request: TimeRequest, person_id: int | None, now: datetime) -> None:
    request.decided_by_id, request.decided_at = person_id, now
    request.save()
    record(
        TimeDecided(
            actor_id=person_id, organisation_id=time.project.organisation_id, project_id=time.project.id,
            assignment_id=request.assignment_id, worker_id=request.worker_id, request_id=request.pk,
            state=str(request.state),
        )
    )  # fmt: skip


_USE_SPARE = "UPDATE assignment SET spare_micros = spare_micros - %s WHERE project_id = %s AND id = %s"
_RAISE = """
UPDATE assignment SET spare_micros = spare_micros + %s, most_seconds = greatest(most_seconds, %s)
WHERE project_id = %s AND id = %s
"""
_ANY_DUE = """
SELECT 1 WHERE EXISTS (SELECT FROM time_request WHERE project_id = %(project)s AND state = 'asked' AND until <= %(now)s)
    OR EXISTS (SELECT FROM hourly_answer WHERE project_id = %(project)s AND ended_at IS NULL AND correct_until <= %(now)s)
"""
# What still waits for a decision about the answer keeps its money with the answer.
_END = f"""
WITH over AS (
    SELECT a.project_id, a.id, a.state, a.spare_micros, a.is_gold, {sql.AGREED} AS agreed
    FROM hourly_answer h JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
    WHERE h.project_id = %(project)s AND h.ended_at IS NULL AND h.correct_until <= %(now)s AND a.state <> 1
        AND NOT (a.state = 8 AND a.decided_at IS NULL)
        AND NOT EXISTS (SELECT FROM time_request q
            WHERE q.project_id = h.project_id AND q.assignment_id = h.assignment_id AND q.state = 'asked')
    ORDER BY a.id LIMIT %(most)s FOR NO KEY UPDATE OF a
), ended AS (
    UPDATE hourly_answer h SET ended_at = %(now)s FROM over
    WHERE h.project_id = over.project_id AND h.assignment_id = over.id
), emptied AS (
    UPDATE assignment a SET spare_micros = 0 FROM over
    WHERE a.project_id = over.project_id AND a.id = over.id AND over.state IN (2, 8)
)
SELECT CASE WHEN state IN (2, 8) THEN spare_micros ELSE 0 END, is_gold, agreed FROM over ORDER BY id
"""  # noqa: S608 (a constant)
