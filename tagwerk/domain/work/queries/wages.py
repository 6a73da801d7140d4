"""What an hour of work really pays: kept figures of projects, and a worker's own over their newest tasks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Channel, Wage, in_force
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.models import ProjectWage
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.paid_tests import tests_paid_micros
from tagwerk.domain.work.rules.states import State
from tagwerk.domain.work.rules.wages import Wages, hourly

MEASURED: Final = 20_000  # of a project's newest answers
MOST_OWN: Final = 1_000  # of a worker's newest tasks: enough to say how somebody earns now, and quickly read


@dataclass(frozen=True, slots=True)
class ProjectWages:
    """The kept figures of a project; `answer_ms`: half of its answers took less."""

    wages: Wages
    answer_ms: int
    measured_at: datetime


def wages_in(project_ids: Collection[int]) -> dict[int, ProjectWages]:
    """What an hour pays in each of several projects, those of which anything was measured."""
    rows = ProjectWage.objects.filter(project_id__in=project_ids, active_ms__gt=0)
    return {row.project_id: _read(row) for row in rows}


def wages_at_home(project_id: int) -> tuple[ProjectWages | None, str]:
    """What an hour pays in one project, and the country of its organisation ("": it says none), in one question."""
    found = sql.row(_AT_HOME, [project_id])
    assert found is not None
    country, measured_at, answer_ms, *figures = found
    wages: dict[str, Any] = dict(zip(Wages.__dataclass_fields__, figures, strict=True))
    kept = None
    if measured_at is not None:
        kept = ProjectWages(Wages(**wages | {"spread": tuple(wages["spread"])}), answer_ms, measured_at)
    return (kept if kept and kept.wages.active_ms else None), country


def _read(row: ProjectWage) -> ProjectWages:
    wages = Wages(
        row.answers, row.workers, row.active_ms, row.pay_micros, row.median_micros, row.tenth_micros, tuple(row.spread),
    )  # fmt: skip
    return ProjectWages(wages, row.answer_ms, row.measured_at)


@dataclass(frozen=True, slots=True)
class Floors:
    """The minimum wages that a reader compares with: their country's, else that of the organisation."""

    mine: Wage | None
    of_organisations: dict[int, Wage]

    def floor(self, project: ProjectView) -> Wage | None:
        """What holds for a project; None where there is no figure, or none in its currency."""
        found = self.mine or self.of_organisations.get(project.organisation_id)
        return found if found and project.paid and found.currency == project.currency else None


def floors_for(country: str, organisation_ids: Collection[int], on: date) -> Floors:
    """The floors for a reader who lives in a country ("": nobody knows where)."""
    now = in_force([line.wage for line in accounts.wage_lines()], on)
    mine = now.get(country)
    if mine is not None:
        return Floors(mine, {})
    countries = accounts.organisation_countries(organisation_ids)
    return Floors(None, {number: now[code] for number, code in countries.items() if code in now})


@dataclass(frozen=True, slots=True)
class OwnWage:
    """What a worker's newest tasks paid and how long they took. Answers that wait count as paid. Of tasks given back, only
    the time between taking and the next one is known: each counts at most as long as such a task usually takes."""

    answers: int  # paid ones with a known time
    paid_ms: int
    pay_micros: int
    rejected: int
    rejected_ms: int
    returned: int  # given back, skipped or expired
    returned_ms: int
    since: datetime | None
    test_ms: int = 0
    test_micros: int = 0  # what entry tests paid

    @property
    def paid_time_micros(self) -> int:
        """For an hour of work that was paid."""
        return hourly(self.pay_micros, self.paid_ms)

    @property
    def all_ms(self) -> int:
        """All time that work took, paid or not."""
        return self.paid_ms + self.rejected_ms + self.returned_ms + self.test_ms

    @property
    def all_time_micros(self) -> int:
        """For an hour of all that work took: what was rejected or given back too, and entry tests."""
        return hourly(self.pay_micros + self.test_micros, self.all_ms)


def own_wage(person_id: int, currency: str, *, project_id: int | None = None) -> OwnWage:
    """What an hour of a worker's own paid, of one currency or one project; entry tests count where it is of all."""
    values = {"worker": person_id, "currency": currency, "project": project_id, "most": MOST_OWN}
    row = sql.row(_OWN, values)
    assert row is not None
    *figures, since = row
    test_ms, test_micros = 0, 0
    if since and project_id is None:
        test_ms = academy.tested_ms(person_id, currency, since=since)
        test_micros = tests_paid_micros(person_id, currency, since=since)
    own: dict[str, Any] = dict(zip(OwnWage.__dataclass_fields__, map(int, figures), strict=False))
    return OwnWage(**own | {"since": since, "test_ms": test_ms, "test_micros": test_micros})


def projects_to_measure() -> list[int]:
    """The paid projects of which answers were decided since their wages were measured."""
    return [number for (number,) in sql.rows(_TO_MEASURE)]


_AT_HOME = """
SELECT o.country, w.measured_at, w.answer_ms, w.answers, w.workers, w.active_ms, w.pay_micros, w.median_micros,
    w.tenth_micros, coalesce(w.spread, '{}')
FROM project p JOIN organisation o ON o.id = p.organisation_id LEFT JOIN project_wage w ON w.project_id = p.id
WHERE p.id = %s
"""
_TO_MEASURE = """
SELECT o.project_id FROM opening o JOIN project p ON p.id = o.project_id AND p.paid
LEFT JOIN project_wage w ON w.project_id = o.project_id
WHERE o.approved + o.rejected > 0 AND (w.project_id IS NULL OR (w.approved, w.rejected) <> (o.approved, o.rejected))
ORDER BY o.project_id
"""
PEOPLE: Final = [int(Channel.PAGE), int(Channel.SIMULATION)]  # programs do not tire
# Decided answers only, so that pay and time are of the same ones; the time of one of them at most the 99th percentile.
MEASURE = f"""
WITH newest AS MATERIALIZED (
    SELECT a.worker_id, t.active, a.submitted_at,
        CASE WHEN a.state = {State.APPROVED} THEN a.reward_micros ELSE 0 END + coalesce(h.extra_reward_micros, 0) AS pay
    FROM (SELECT f.assignment_id, f.revision FROM answer_feed f WHERE f.project_id = %(project)s
        ORDER BY f.seq DESC LIMIT %(most)s) f
    JOIN assignment a ON a.project_id = %(project)s AND a.id = f.assignment_id AND a.revision = f.revision
    LEFT JOIN hourly_answer h ON h.project_id = a.project_id AND h.assignment_id = a.id,
    LATERAL (SELECT sum(r.active_ms) AS active FROM answer r
        WHERE r.project_id = %(project)s AND r.assignment_id = a.id AND r.channel = ANY(%(channels)s)) t
    WHERE a.state IN ({State.APPROVED}, {State.REJECTED}) AND t.active > 0
), edge AS (
    SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY active) AS most,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY active) AS middle, min(submitted_at) AS since FROM newest
), beside AS (
    SELECT x.worker_id, sum(x.pay) AS pay FROM edge e, LATERAL (
        SELECT worker_id, reward_micros AS pay FROM bonus WHERE project_id = %(project)s AND given_at >= e.since
        UNION ALL SELECT worker_id, reward_micros FROM top_up
        WHERE project_id = %(project)s AND paid_at >= e.since) x GROUP BY x.worker_id
)
SELECT n.worker_id, count(*), sum(least(n.active, e.most))::bigint, (sum(n.pay) + coalesce(max(b.pay), 0))::bigint,
    max(e.middle)::bigint
FROM edge e CROSS JOIN newest n LEFT JOIN beside b ON b.worker_id = n.worker_id GROUP BY n.worker_id
"""  # noqa: S608 (only our own numbers)
_OWN = f"""
WITH mine AS (
    SELECT m.*, lag(m.claimed_at) OVER (ORDER BY m.id DESC) AS next_at FROM (
        SELECT a.project_id, a.id, a.state, a.reward_micros, a.claimed_at, r.estimate_seconds
        FROM assignment a JOIN project r ON r.id = a.project_id
        WHERE a.worker_id = %(worker)s AND r.paid AND r.currency = %(currency)s AND a.state NOT IN ({State.HELD}, {State.BARRED})
            AND (%(project)s::bigint IS NULL OR a.project_id = %(project)s)
        ORDER BY a.id DESC LIMIT %(most)s) m
), timed AS (
    SELECT m.state, m.reward_micros, coalesce(h.extra_reward_micros, 0) AS extra_micros, m.claimed_at, t.active, least(
        extract(epoch FROM coalesce(m.next_at, statement_timestamp()) - m.claimed_at) * 1000,
        coalesce(nullif(w.answer_ms, 0), m.estimate_seconds * 1000)) AS passed
    FROM mine m LEFT JOIN project_wage w ON w.project_id = m.project_id
    LEFT JOIN hourly_answer h ON h.project_id = m.project_id AND h.assignment_id = m.id, LATERAL (
        SELECT sum(r.active_ms) AS active FROM answer r WHERE r.project_id = m.project_id AND r.assignment_id = m.id) t
), kinds AS (
    SELECT state, reward_micros, extra_micros, claimed_at, CASE WHEN state = {State.STOPPED} THEN passed ELSE active END AS took,
        passed, state IN ({State.SUBMITTED}, {State.APPROVED}, {State.STOPPED}) AS paid,
        state IN ({State.REJECTED}, {State.LATE}) AS rejected,
        state IN ({State.RETURNED}, {State.EXPIRED}, {State.SKIPPED}) AS returned FROM timed
)
SELECT count(*) FILTER (WHERE paid AND took > 0), coalesce(sum(took) FILTER (WHERE paid AND took > 0), 0)::bigint,
    coalesce(sum(reward_micros) FILTER (WHERE paid AND took > 0), 0)::bigint + coalesce(sum(extra_micros), 0)::bigint + coalesce((
        SELECT sum(x.pay) FROM (
            SELECT b.reward_micros AS pay, b.project_id FROM bonus b
            WHERE b.worker_id = %(worker)s AND b.given_at >= (SELECT min(claimed_at) FROM kinds)
            UNION ALL SELECT t.reward_micros, t.project_id FROM top_up t
            WHERE t.worker_id = %(worker)s AND t.paid_at >= (SELECT min(claimed_at) FROM kinds)) x
        JOIN project r ON r.id = x.project_id WHERE r.currency = %(currency)s
            AND (%(project)s::bigint IS NULL OR r.id = %(project)s)), 0)::bigint,
    count(*) FILTER (WHERE rejected), coalesce(sum(took) FILTER (WHERE rejected), 0)::bigint,
    count(*) FILTER (WHERE returned), coalesce(sum(passed) FILTER (WHERE returned), 0)::bigint, min(claimed_at)
FROM kinds
"""  # noqa: S608 (only our own numbers)
