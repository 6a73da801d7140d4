"""The hour guarantee: each Monday what a week's hours were short of the minimum wage is found, and then paid.

Finding and paying are two steps. Each week of a worker in a project is found once (a constraint), and paid once (an id made
of the same three), whatever is run twice or killed in between.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from tagwerk.base.errors import Conflict
from tagwerk.base.money import fee_micros
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, available, fee_income, reserved, transfer_id
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import OVER
from tagwerk.domain.work.actions.measuring import STALE, one_by_one
from tagwerk.domain.work.actions.opening import funds_of, locked_opening, spare_of
from tagwerk.domain.work.models import Opening, ProjectWage, TopUp
from tagwerk.domain.work.queries.guarantee import (
    TopUpView,
    operator_zone,
    projects_to_guarantee,
    unpaid_top_ups,
    weeks_worked,
)
from tagwerk.domain.work.queries.suggesting import floor_of
from tagwerk.domain.work.rules.extras import monday_of, top_up, week_bounds

AT_ONCE = 2_000  # two transfers each, and the book takes 5,000
CODE = "hour_guarantee"


def guarantee_hours(*, now: datetime) -> None:
    """Look at the weeks that have ended in all projects that guarantee an hour, and pay what is owed."""
    zone = operator_zone()

    def look(project_id: int) -> None:
        find_top_ups(project_id=project_id, now=now, zone=zone)
        pay_top_ups(project_id=project_id, now=now)

    one_by_one(projects_to_guarantee(monday_of(now, zone)), look)


def guarantee_last_week(*, project_id: int, now: datetime) -> None:
    """Of a project that is over, and of which everything is decided: its last week need not come to an end."""
    find_top_ups(project_id=project_id, now=now, zone=operator_zone(), last=True)
    pay_top_ups(project_id=project_id, now=now)


@transaction.atomic
def find_top_ups(*, project_id: int, now: datetime, zone: str, last: bool = False) -> int:
    """Note what each ended week (and with `last` the present one) was short of; how many people are owed something."""
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    if not project.hour_guarantee or project.launched_at is None or opening.guarantee_ended_at is not None:
        return 0
    this_monday = monday_of(now, zone)
    week = opening.guaranteed_until or monday_of(project.launched_at, zone)
    found = 0
    while week < this_monday or (last and week == this_monday):
        found += _find(project, week, zone)
        week += timedelta(days=7)
    opening.guaranteed_until = week
    opening.guarantee_ended_at = now if last and project.state in OVER else None
    opening.save(update_fields=["guaranteed_until", "guarantee_ended_at"])
    return found


def pay_top_ups(*, project_id: int, now: datetime) -> int:
    """Pay what is owed, the oldest first, as far as there is money; how many."""
    paid = 0
    while some := _pay_some(project_id, now):
        paid += some
    return paid


def _find(project: ProjectView, week: date, zone: str) -> int:
    floor = floor_of(project, on=week + timedelta(days=6))
    if floor is None:
        return 0
    rows = []
    for one in weeks_worked(project, *week_bounds(week, zone)):
        missing = top_up(
            floor_micros=floor.per_hour_micros, credited_ms=one.credited_ms, earned_micros=one.earned_micros
        )
        if missing:
            rows.append(
                TopUp(
                    project_id=project.id, worker_id=one.worker_id, week=week, answers=one.answers,
                    credited_ms=one.credited_ms, earned_micros=one.earned_micros, floor_micros=floor.per_hour_micros,
                    reward_micros=missing, fee_micros=fee_micros(missing, project.fee_bp),
                )
            )  # fmt: skip
    TopUp.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def _pay_some(project_id: int, now: datetime) -> int:
    opening = locked_opening(project_id=project_id)
    project = projects.project(project_id)
    owed = unpaid_top_ups(project_id, limit=AT_ONCE)
    if not owed:
        return 0
    kept = funds_of(project=project, opening=opening).guarantee_kept_micros
    there = kept + spare_of(project=project, opening=opening)
    there += _raised(project, owed, sum(map(_cost, owed)) - there)
    payable = _as_far_as(owed, there)
    cost = sum(map(_cost, payable))
    if not payable:
        return 0
    ledger.transfer(entries=[entry for one in payable for entry in _entries(project, one)])
    within = min(cost, kept)
    opening.topped_micros += within
    opening.aside_micros += cost - within
    opening.committed_micros += cost
    opening.paid_micros += cost
    opening.save()
    TopUp.objects.filter(id__in=[one.id for one in payable]).update(paid_at=now)
    ProjectWage.objects.filter(project_id=project_id).update(approved=STALE)
    return len(payable)


def _raised(project: ProjectView, owed: Sequence[TopUpView], missing: int) -> int:
    """Set aside what the promise costs beyond its part, if the organisation has it; how much that is."""
    if missing <= 0:
        return 0
    key = f"guarantee:{owed[0].id}:{owed[-1].id}:{missing}"
    try:
        with transaction.atomic():
            project_actions.reserve(project_id=project.id, amount_micros=missing, key=key)
    except Conflict:
        return 0
    return missing


def _as_far_as(owed: Sequence[TopUpView], there: int) -> list[TopUpView]:
    payable, left = [], there
    for one in owed:
        left -= _cost(one)
        if left < 0:
            break
        payable.append(one)
    return payable


def _cost(one: TopUpView) -> int:
    return one.reward_micros + one.fee_micros


def _entries(project: ProjectView, one: TopUpView) -> list[Entry]:
    fact = ("guarantee", project.id, one.week.isoformat(), one.worker_id)
    parts = (
        ("reward", available(one.worker_id, project.currency), one.reward_micros, CODE),
        ("fee", fee_income(project.currency), one.fee_micros, "fee"),
    )
    return [
        Entry(
            id=transfer_id(*fact, part), event=transfer_id(*fact), kind="single",
            debit=reserved(project.id, project.currency).code, credit=account.code, amount_micros=micros,
            currency=project.currency, code=code, ref_type="top_up", ref_id=str(one.id), memo=one.week.isoformat(),
        )
        for part, account, micros, code in parts if micros
    ]  # fmt: skip


def owes_hours(*, project: ProjectView, opening: Opening) -> bool:
    """Whether the guarantee still has to be looked at or paid, so that nothing may go back to the organisation."""
    return project.hour_guarantee and (
        opening.guarantee_ended_at is None or bool(unpaid_top_ups(project.id, limit=1))
    )
