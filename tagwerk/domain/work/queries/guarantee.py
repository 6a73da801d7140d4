"""Guaranteed hours: whose week was short of the minimum wage, what was paid for it, and what waits for money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.models import TopUp
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.wages import MEASURED, PEOPLE
from tagwerk.domain.work.rules.extras import longest_credited_ms
from tagwerk.domain.work.rules.states import State


@dataclass(frozen=True, slots=True)
class WorkedWeek:
    """What somebody did in a project in a week: answers that are paid or wait, their credited time, what all of it earned."""

    worker_id: int
    answers: int
    credited_ms: int
    earned_micros: int


@dataclass(frozen=True, slots=True)
class TopUpView:
    """What a week of somebody was short of the minimum wage."""

    id: int
    project_id: int
    worker_id: int
    week: date
    answers: int
    credited_ms: int
    earned_micros: int
    floor_micros: int
    reward_micros: int
    fee_micros: int
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class GuaranteeCost:
    """What the hour guarantee of a project has cost, with the fee, and what of it waits for money."""

    people: int
    paid_micros: int
    waiting_micros: int


def operator_zone() -> str:
    """The time zone in which the operator's weeks begin."""
    return payer().time_zone


def weeks_worked(project: ProjectView, begin: datetime, end: datetime) -> list[WorkedWeek]:
    """What each person did in a project between two moments, for those who are about to top it up. A bonus of that time
    counts as earned; what is rejected neither counts as time nor pays."""
    answers, p95 = sql.row(_LONG, {"project": project.id, "most": MEASURED, "channels": PEOPLE}) or (0, None)
    longest = longest_credited_ms(answers=answers, p95_ms=p95 or 0, estimate_seconds=project.estimate_seconds)
    values = {"project": project.id, "begin": begin, "end": end, "longest": longest, "channels": PEOPLE}
    return [WorkedWeek(*row) for row in sql.rows(_WORKED, values)]


def unpaid_top_ups(project_id: int, *, limit: int) -> list[TopUpView]:
    """What is owed and not paid yet, the oldest first."""
    return _views(TopUp.objects.filter(project_id=project_id, paid_at=None).order_by("id")[:limit])


def top_ups_of(person_id: int, *, limit: int = 50) -> list[TopUpView]:
    """A worker's own, the newest first."""
    return _views(TopUp.objects.filter(worker_id=person_id).order_by("-id")[:limit])


def guarantee_cost(project_id: int) -> GuaranteeCost:
    """For who has passed a gate."""
    people, paid, waiting = sql.row(_COST, [project_id]) or (0, 0, 0)
    return GuaranteeCost(int(people), int(paid), int(waiting))


def projects_to_guarantee(monday: date) -> list[int]:
    """The projects of which a week has ended since they were looked at last, or which owe something."""
    return [number for (number,) in sql.rows(_DUE, [monday])]


def _views(rows: Iterable[TopUp]) -> list[TopUpView]:
    names = TopUpView.__dataclass_fields__
    return [TopUpView(**{name: getattr(row, name) for name in names}) for row in rows]


_LONG = """
SELECT count(*), (percentile_disc(0.95) WITHIN GROUP (ORDER BY t.active))::bigint
FROM (SELECT f.assignment_id, f.revision FROM answer_feed f WHERE f.project_id = %(project)s
    ORDER BY f.seq DESC LIMIT %(most)s) f
JOIN assignment a ON a.project_id = %(project)s AND a.id = f.assignment_id AND a.revision = f.revision,
LATERAL (SELECT sum(r.active_ms) AS active FROM answer r
    WHERE r.project_id = %(project)s AND r.assignment_id = a.id AND r.channel = ANY(%(channels)s)) t
WHERE t.active > 0
"""
_WORKED = f"""
WITH done AS (
    SELECT a.worker_id, count(*) AS answers, sum(least(t.active, %(longest)s)) AS credited, sum(a.reward_micros) AS earned
    FROM assignment a, LATERAL (SELECT sum(r.active_ms) AS active FROM answer r
        WHERE r.project_id = a.project_id AND r.assignment_id = a.id AND r.channel = ANY(%(channels)s)) t
    WHERE a.project_id = %(project)s AND a.submitted_at >= %(begin)s AND a.submitted_at < %(end)s
        AND a.state IN ({State.SUBMITTED}, {State.APPROVED}) AND t.active > 0
    GROUP BY a.worker_id
), given AS (
    SELECT worker_id, sum(reward_micros) AS bonus FROM bonus
    WHERE project_id = %(project)s AND given_at >= %(begin)s AND given_at < %(end)s GROUP BY worker_id
)
SELECT d.worker_id, d.answers, d.credited::bigint, (d.earned + coalesce(g.bonus, 0))::bigint
FROM done d LEFT JOIN given g USING (worker_id) ORDER BY d.worker_id
"""  # noqa: S608 (only our own numbers)
_COST = """
SELECT count(DISTINCT worker_id), coalesce(sum(reward_micros + fee_micros) FILTER (WHERE paid_at IS NOT NULL), 0),
    coalesce(sum(reward_micros + fee_micros) FILTER (WHERE paid_at IS NULL), 0)
FROM top_up WHERE project_id = %s
"""
_DUE = """
SELECT p.id FROM project p JOIN opening o ON o.project_id = p.id
WHERE p.hour_guarantee AND p.launched_at IS NOT NULL AND o.settled_at IS NULL AND (
    o.guarantee_ended_at IS NULL AND (o.guaranteed_until IS NULL OR o.guaranteed_until < %s)
    OR EXISTS (SELECT FROM top_up t WHERE t.project_id = p.id AND t.paid_at IS NULL))
ORDER BY p.id
"""
