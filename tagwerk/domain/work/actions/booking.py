"""Approving pays: state and money change together, in batches, off the hot path."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from tagwerk.base.errors import NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.ledger.rules import Account, Entry, available, fee_income, goodwill, reserved, transfer_id
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.actions.deferring import end_deferrals
from tagwerk.domain.work.actions.opening import locked_opening
from tagwerk.domain.work.events import AnswersApproved, LateAnswerPaid, RejectionWithdrawn
from tagwerk.domain.work.models import Opening
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.hours import CORRECT_DAYS
from tagwerk.domain.work.rules.states import State

BY_ITSELF = (
    "in_time",
    "accepted",
)  # approved because nobody said otherwise: neither what is rejected nor what is deferred
APPEAL_WON = "appeal_won"
BATCH = 2_000  # answers in one transaction: two transfers each, and the book takes 5,000


@dataclass(frozen=True, slots=True)
class _Earned:
    """Somebody has earned the price of an assignment."""

    assignment_id: int
    worker_id: int
    reward_micros: int
    fee_micros: int
    spare_micros: int = 0  # was committed beyond that
    is_gold: bool = False
    agreed_micros: int = 0  # of all that, for more time


def approve(
    *, project_id: int, assignment_ids: Iterable[int], actor_id: int | None = None, code: str = "approved"
) -> int:
    """Approve answers and pay them, but none that is decided already or in its undo time. How many were approved.

    A rejection that is not final is withdrawn by it; one that its worker has contested only with the code APPEAL_WON,
    by who decides the appeal.
    """
    ids = sorted(set(assignment_ids))
    return sum(
        _approve(project_id, ids[start : start + BATCH], actor_id, code)
        for start in range(0, len(ids), BATCH)
    )


def approve_due(*, project_id: int, now: datetime) -> int:
    """Approve answers that nobody rejected for as long as the project gives, in the order of the feed."""
    delay = timedelta(seconds=projects.project(project_id).approve_after_seconds)
    return _approve_feed(project_id, now - delay, None, "in_time")


def accept_all(*, project_id: int, actor_id: int | None = None) -> int:
    """Approve every answer that is in the feed and not rejected; how many were approved."""
    return _approve_feed(project_id, None, actor_id, "accepted")


@transaction.atomic
def pay_late(*, actor: Actor, project_id: int, assignment_id: int) -> None:
    """Pay a late answer that does not count, out of the operator's own pocket."""
    require_operator(actor)
    project = projects.project(project_id)
    found = sql.row(
        """UPDATE assignment SET decided_at = coalesce(decided_at, statement_timestamp())
            WHERE project_id = %s AND id = %s AND state = 7 RETURNING worker_id, reward_micros""",
        [project_id, assignment_id],
    )
    if found is None:
        raise NotFound("assignment_not_found", "There is no such late answer.")
    worker_id, reward_micros = found
    entries = _entries(
        project, [_Earned(assignment_id, worker_id, reward_micros, 0)], goodwill(project.currency), "goodwill"
    )
    if ledger_queries.is_booked(entries[0].id):
        return
    ledger.transfer(entries=entries)
    record(
        LateAnswerPaid(
            actor_id=actor.person_id, organisation_id=project.organisation_id, project_id=project_id,
            assignment_id=assignment_id, worker_id=worker_id, reward_micros=reward_micros, currency=project.currency,
        )
    )  # fmt: skip


def set_reward(*, project_id: int, assignment_id: int, reward_micros: int) -> bool:
    """Fix again what an assignment pays that is held or waits: at most what is committed for it. False: that it cannot.

    What it pays less is free when it ends. No lock but that of its row is needed: what is committed does not change.
    """
    return bool(
        sql.value(
            "SELECT work_set_reward(%s::bigint, %s::bigint, %s::bigint)",
            [project_id, assignment_id, reward_micros],
        )
    )


def free_spare(opening: Opening, micros: int, *, of_gold: bool, agreed_micros: int = 0) -> None:
    """An assignment has ended and was paid less than was committed for it, of which so much had been set aside for more
    time; the caller saves `opening`."""
    aside = min(micros, agreed_micros)  # the rest was paid first
    opening.committed_micros -= micros
    opening.aside_micros -= aside
    opening.gold_micros -= micros - aside if of_gold else 0


def pay_stop(*, project: ProjectView, opening: Opening, assignment_id: int, worker_id: int) -> None:
    """Pay an assignment that was stopped; the caller holds the lock of `opening` and saves it."""
    found = sql.row(
        f"""UPDATE assignment a SET decided_at = statement_timestamp(),
            spare_micros = CASE WHEN {CORRECTABLE} THEN a.spare_micros ELSE 0 END
            WHERE a.project_id = %s AND a.id = %s AND a.state = 8 RETURNING a.reward_micros, a.fee_micros""",  # noqa: S608 (a constant)
        [project.id, assignment_id],
    )
    assert found is not None
    _pay(project, opening, [_Earned(assignment_id, worker_id, *found)], "stopped")


@transaction.atomic
def _approve(project_id: int, ids: Sequence[int], actor_id: int | None, code: str) -> int:
    project = projects.project(project_id)
    opening = locked_opening(project_id=project_id)
    approved = _approve_locked(project, opening, ids, actor_id, code)
    opening.save()
    return approved


def _approve_feed(project_id: int, fed_until: datetime | None, actor_id: int | None, code: str) -> int:
    total = 0
    while True:
        looked_at, approved = _approve_next(project_id, fed_until, actor_id, code)
        total += approved
        if looked_at < BATCH:
            return total


@transaction.atomic
def _approve_next(
    project_id: int, fed_until: datetime | None, actor_id: int | None, code: str
) -> tuple[int, int]:
    project = projects.project(project_id)
    opening = locked_opening(project_id=project_id)
    fed = sql.rows(_FED, [project_id, opening.approved_seq, fed_until, BATCH])
    if not fed:
        return 0, 0
    approved = _approve_locked(project, opening, sorted({one for _, one in fed}), actor_id, code)
    opening.approved_seq = fed[-1][0]
    opening.save()
    return len(fed), approved


def _approve_locked(
    project: ProjectView, opening: Opening, ids: Sequence[int], actor_id: int | None, code: str
) -> int:
    """What waits is approved; what was rejected only if somebody says so."""
    if code not in BY_ITSELF:
        _withdraw(project, opening, ids, actor_id, appeal_won=code == APPEAL_WON)
    found = sql.rows(
        _WAITING,
        {
            "project": project.id,
            "ids": list(ids),
            "state": int(State.SUBMITTED),
            "all": code not in BY_ITSELF,
        },
    )
    earned = [_Earned(*one) for one in found]
    if not earned:
        return 0
    sql.write(
        f"""UPDATE assignment a SET state = 2, decided_at = statement_timestamp(),
            spare_micros = CASE WHEN {CORRECTABLE} THEN a.spare_micros ELSE 0 END
            WHERE a.project_id = %s AND a.id = ANY(%s)""",  # noqa: S608 (a constant)
        [project.id, [one.assignment_id for one in earned]],
    )
    for one in earned:
        free_spare(opening, one.spare_micros, of_gold=one.is_gold, agreed_micros=one.agreed_micros)
    if opening.volume_after is not None:
        sql.write(_COUNT_APPROVED, [project.id, [one.worker_id for one in earned]])
    end_deferrals(opening=opening, assignment_ids=[one.assignment_id for one in earned])
    _pay(project, opening, earned, code)
    opening.approved += len(earned)
    record(
        AnswersApproved(
            actor_id=actor_id, organisation_id=project.organisation_id, project_id=project.id, answers=len(earned),
            code=code, reward_micros=sum(one.reward_micros for one in earned), currency=project.currency,
        )
    )  # fmt: skip
    return len(earned)


def _withdraw(
    project: ProjectView, opening: Opening, ids: Sequence[int], actor_id: int | None, *, appeal_won: bool
) -> None:
    """End the rejections among them that are not final: they wait again."""
    ended = sql.rows(_END_REJECTIONS, [project.id, list(ids), appeal_won])
    if not ended:
        return
    sql.write(
        "UPDATE assignment SET state = 1 WHERE project_id = %s AND id = ANY(%s) AND state = 3",
        [project.id, [assignment_id for assignment_id, _ in ended]],
    )
    sql.write(_CORRECT_AGAIN, [CORRECT_DAYS, project.id, [assignment_id for assignment_id, _ in ended]])
    opening.rejected -= len(ended)
    for assignment_id, worker_id in ended:
        record(
            RejectionWithdrawn(
                actor_id=actor_id, organisation_id=project.organisation_id, project_id=project.id,
                assignment_id=assignment_id, worker_id=worker_id, appeal_won=appeal_won,
            )
        )  # fmt: skip


def pay_rework(
    *,
    project: ProjectView,
    opening: Opening,
    assignment_id: int,
    worker_id: int,
    reward_micros: int,
    fee_micros: int,
) -> None:
    """Pay what was promised for a better answer; the caller holds the lock of `opening` and saves it."""
    source = reserved(project.id, project.currency)
    parts = (
        ("rework", available(worker_id, project.currency), reward_micros),
        ("rework_fee", fee_income(project.currency), fee_micros),
    )
    ledger.transfer(
        entries=[
            _entry(project, assignment_id, part, source, target, micros, "rework")
            for part, target, micros in parts
            if micros
        ]
    )
    opening.paid_micros += reward_micros + fee_micros


def pay_time(
    *,
    project: ProjectView,
    opening: Opening,
    assignment_id: int,
    worker_id: int,
    request_id: int,
    reward_micros: int,
    fee_micros: int,
) -> None:
    """Pay time that was granted beside what an answer pays; the caller holds the lock of `opening` and saves it."""
    source = reserved(project.id, project.currency)
    parts = (
        ("time", available(worker_id, project.currency), reward_micros),
        ("time_fee", fee_income(project.currency), fee_micros),
    )
    ledger.transfer(
        entries=[
            replace(
                _entry(project, assignment_id, part, source, target, micros, "time"),
                id=transfer_id("assignment", project.id, assignment_id, part, request_id),
            )
            for part, target, micros in parts
            if micros
        ]
    )
    opening.paid_micros += reward_micros + fee_micros
    opening.paid_reward_micros += reward_micros


def _pay(project: ProjectView, opening: Opening, earned: Sequence[_Earned], code: str) -> None:
    if not project.paid:
        return
    ledger.transfer(entries=_entries(project, earned, reserved(project.id, project.currency), code))
    opening.paid_micros += sum(one.reward_micros + one.fee_micros for one in earned)
    opening.paid_answers += len(earned)
    opening.paid_reward_micros += sum(one.reward_micros for one in earned)


def _entries(project: ProjectView, earned: Sequence[_Earned], source: Account, code: str) -> list[Entry]:
    entries = []
    for one in earned:
        target = available(one.worker_id, project.currency)
        parts = (("reward", target, one.reward_micros), ("fee", fee_income(project.currency), one.fee_micros))
        for part, account, micros in parts:
            if micros:
                entries.append(_entry(project, one.assignment_id, part, source, account, micros, code))
    return entries


def _entry(
    project: ProjectView,
    assignment_id: int,
    part: str,
    source: Account,
    target: Account,
    micros: int,
    code: str,
) -> Entry:
    return Entry(
        id=transfer_id("assignment", project.id, assignment_id, part),
        event=transfer_id("assignment", project.id, assignment_id),
        kind="single",
        debit=source.code,
        credit=target.code,
        amount_micros=micros,
        currency=project.currency,
        code=code if part in ("reward", "rework", "time") else "fee",
        ref_type="assignment",
        ref_id=str(assignment_id),
    )


_FED = """
SELECT seq, assignment_id FROM answer_feed
WHERE project_id = %s AND seq > %s AND fed_at <= coalesce(%s::timestamptz, 'infinity') ORDER BY seq LIMIT %s
"""
# The time of an assignment `a` can still be corrected: what it was paid less is kept for that, and freed by `tend_times`.
CORRECTABLE = """(a.most_seconds IS NOT NULL AND EXISTS (SELECT FROM hourly_answer h
    WHERE h.project_id = a.project_id AND h.assignment_id = a.id AND h.ended_at IS NULL))"""
# While a rejection stood, nobody could correct the time: whoever was rejected wrongly has a whole week from here.
_CORRECT_AGAIN = """
UPDATE hourly_answer SET ended_at = NULL, correct_until = greatest(correct_until, statement_timestamp() + make_interval(days => %s))
WHERE project_id = %s AND assignment_id = ANY(%s)
"""
_WAITING = f"""
SELECT a.id, a.worker_id, a.reward_micros, a.fee_micros, CASE WHEN {CORRECTABLE} THEN 0 ELSE a.spare_micros END, a.is_gold,
    {sql.AGREED}
FROM assignment a
WHERE a.project_id = %(project)s AND a.id = ANY(%(ids)s) AND a.state = %(state)s AND {sql.PAST_UNDO}
    AND (%(all)s OR {sql.NOT_DEFERRED}) ORDER BY a.id FOR UPDATE
"""  # noqa: S608 (a constant)
# Read by claims and written under the lock of `opening` alone, so it is in nobody's way.
_COUNT_APPROVED = """
INSERT INTO approved_count (project_id, worker_id, answers)
SELECT %s, worker_id, count(*) FROM unnest(%s::bigint[]) m (worker_id) GROUP BY worker_id
ON CONFLICT (project_id, worker_id) DO UPDATE SET answers = approved_count.answers + excluded.answers
"""
_END_REJECTIONS = """
UPDATE rejection j SET ended_at = statement_timestamp(), contested = false FROM assignment a
WHERE j.project_id = %s AND j.assignment_id = ANY(%s) AND j.ended_at IS NULL
    AND j.contested = %s AND a.project_id = j.project_id AND a.id = j.assignment_id RETURNING j.assignment_id, a.worker_id
"""
