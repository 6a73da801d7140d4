"""What a project's work can still cost, against what is set aside for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tagwerk.base.arrays import bigints
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.ledger.rules import reserved
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.factors import most_factors
from tagwerk.domain.work.queries.prices import Costs, costs_of, gold_money_bp
from tagwerk.domain.work.rules.coverage import cost_with_gold, gold_part, with_guarantee
from tagwerk.domain.work.rules.estimating import Assumptions, Forecast, Source, assumptions, forecast
from tagwerk.domain.work.rules.states import State

# An assignment `a` that was paid or still can be: held, submitted, approved, rejected while that is not final, or given
# up while its slot has not been dealt with.
LIVE = """(a.state IN (0, 1, 2)
    OR (a.state = 3 AND EXISTS (SELECT 1 FROM rejection j
        WHERE j.project_id = a.project_id AND j.assignment_id = a.id AND j.ended_at IS NULL))
    OR (a.state IN (4, 6, 8) AND EXISTS (SELECT 1 FROM returned_slot s
        WHERE s.project_id = a.project_id AND s.assignment_id = a.id)))"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """`needed`: all that held, submitted and still wanted answers and promised gold can cost."""

    reserved_micros: int
    needed_micros: int

    @property
    def missing_micros(self) -> int:
        """What is set aside too little."""
        return max(0, self.needed_micros - self.reserved_micros)

    @property
    def covered(self) -> bool:
        """Whether everybody who works now and whoever may still be asked to will be paid."""
        return not self.missing_micros


def coverage(project_id: int) -> Coverage:
    """The proof for one project."""
    return _coverages([projects.project(project_id)])[project_id]


def uncovered() -> list[tuple[ProjectView, Coverage]]:
    """The projects that can still cost something for which too little is set aside: none, or something is badly wrong."""
    unsettled = [number for (number,) in sql.rows("SELECT project_id FROM opening WHERE settled_at IS NULL")]
    views = list(projects.projects_numbered(unsettled).values())
    found = _coverages(views)
    return [(view, found[view.id]) for view in views if not found[view.id].covered]


def _coverages(views: Sequence[ProjectView]) -> dict[int, Coverage]:
    """From the rows themselves and in one statement, so that it sees one moment."""
    values = {
        "projects": bigints(view.id for view in views),
        "accounts": [reserved(view.id, view.currency).code for view in views],
    }
    return {
        number: Coverage(int(there), int(needed)) for number, there, needed in sql.rows(_COVERAGE, values)
    }


@dataclass(frozen=True, slots=True)
class Spending:
    """A project's money up to now: what answers were paid, and what beside them: for rework, as bonuses, and for
    guaranteed hours."""

    put_in_micros: int
    reserved_micros: int
    spent_micros: int
    answers: int  # paid ones
    pay_micros: int
    fee_micros: int
    bonus_micros: int = 0  # of what was spent, bonuses with their fee
    guarantee_micros: int = 0  # … and guaranteed hours with theirs
    guarantee_waiting_micros: int = 0  # what these cost that waits for money
    guaranteed_people: int = 0

    @property
    def released_micros(self) -> int:
        """What has gone back to the organisation."""
        return self.put_in_micros - self.reserved_micros - self.spent_micros


def spending(project: ProjectView) -> Spending:
    """What was put in, is set aside and was spent; from two rows, for who has passed the project's gate."""
    values = {"account": reserved(project.id, project.currency).code, "project": project.id}
    found = sql.row(_SPENDING, values)
    assert found is not None
    put_in, there, spent, answers, pay, *beside = map(int, found)
    return Spending(put_in, there, spent, answers, pay, spent - pay, *beside)


def to_accept(project_id: int) -> tuple[int, int]:
    """How many answers accepting the rest approves, and what that costs; for who has passed the project's gate."""
    answers, micros = sql.row(_TO_ACCEPT, [project_id, int(State.SUBMITTED)]) or (0, 0)
    return int(answers), int(micros)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a project costs. `largest`: every task gets as many answers as it may; what to expect follows from the
    `assumptions`. `reward` and `fee` are those of an answer, where tasks differ, to one
    on average."""

    tasks: int
    gold_tasks: int
    answers_min: int
    answers_max: int
    reward_micros: int
    fee_micros: int
    fee_bp: int
    currency: str
    gold_micros: int  # of the largest, for gold
    guarantee_micros: int  # of the largest, for the hour guarantee
    largest_micros: int
    budget_micros: int | None
    gold_money_bp: int  # the share of the money that is for gold
    costs: Costs  # of one answer to each task
    assumptions: Assumptions

    @property
    def forecast(self) -> Forecast:
        """Low, likely and high: cost, time and how right results will be."""
        return forecast(self.assumptions)

    @property
    def expected_micros(self) -> int:
        """What it will probably cost."""
        return min(self.forecast.mid.net_micros, self.largest_micros)

    @property
    def cap_micros(self) -> int:
        """Where spending on answers stops: at the budget, or at the largest possible cost. Bonuses, and guaranteed hours beyond
        their part, come on top."""
        return (
            self.largest_micros
            if self.budget_micros is None
            else min(self.budget_micros, self.largest_micros)
        )


def estimate(
    project_id: int, *, tasks: int | None = None, as_if: ProjectView | None = None,
    known: Mapping[str, int | None] | None = None, measured: Mapping[str, int | None] | None = None,
    given: Mapping[str, int | None] | None = None,
) -> Estimate:  # fmt: skip
    """What the project's tasks (or so many of them) cost; `as_if` it were already what it is about to become.

    `known`, `measured` and `given` replace assumptions by name (`rules.estimating`), the later counting more. They change
    what is to be expected, not the largest cost.
    """
    project = as_if or projects.project(project_id)
    all_tasks, gold_tasks = sql.row(_COUNTS, [project_id]) or (0, 0)
    ordinary = all_tasks if tasks is None else min(tasks, all_tasks)
    costs = costs_of(project, tasks=ordinary)
    kept = gold_money_bp(project, costs) if gold_tasks else 0
    if project.measures and costs.mean_micros:
        project = replace(project, task_micros=costs.mean_micros)
    price = project.price
    answers = cost_with_gold(project.answers_max * costs.total_micros, gold_share_bp=kept)
    largest = with_guarantee(answers, guaranteed=project.hour_guarantee)
    rests_on = _assumptions(project, tasks=ordinary, gold_bp=project.gold_cost_bp if gold_tasks else 0)
    rests_on = (
        rests_on.said(known or {}, Source.FILE)
        .said(measured or {}, Source.MEASURED)
        .said(given or {}, Source.GIVEN)
    )
    return Estimate(
        tasks=ordinary, gold_tasks=gold_tasks, answers_min=project.answers_min, answers_max=project.answers_max,
        reward_micros=price.reward_micros, fee_micros=price.fee_micros, fee_bp=price.fee_bp, currency=price.currency,
        gold_micros=gold_part(answers, kept), guarantee_micros=largest - answers, largest_micros=largest, budget_micros=project.budget_micros,
        gold_money_bp=kept, costs=costs, assumptions=rests_on,
    )  # fmt: skip


def _assumptions(project: ProjectView, *, tasks: int, gold_bp: int) -> Assumptions:
    design = designs.design(project.design_id)
    review = (project.file.get("quality") or {}).get("review") or {}
    return assumptions(
        design.spec, design.decides, tasks=tasks, reward_micros=project.usual_micros, fee_bp=project.fee_bp,
        least=project.answers_min, most=project.answers_max, confidence=project.confidence,
        seconds=project.estimate_seconds, gold_bp=gold_bp, review_bp=round(float(review.get("share") or 0) * 10_000),
        dearest=most_factors(project),
        most_seconds=project.most_seconds, guaranteed=project.hour_guarantee,
    )  # fmt: skip


_SPENDING = """
SELECT coalesce(l.credits_posted_micros, 0), coalesce(l.credits_posted_micros - l.debits_posted_micros, 0),
    coalesce(o.paid_micros, 0), coalesce(o.paid_answers, 0),
    coalesce(o.paid_reward_micros, 0) + r.pay + b.pay + t.pay,
    b.pay + b.fee, t.pay + t.fee, t.waiting, t.people
FROM (SELECT %(account)s AS code) wanted LEFT JOIN ledger_account l ON l.code = wanted.code
LEFT JOIN opening o ON o.project_id = %(project)s,
(SELECT coalesce(sum(extra_reward_micros), 0)::bigint AS pay
    FROM rework WHERE project_id = %(project)s AND state = 'delivered') r,
(SELECT coalesce(sum(reward_micros), 0)::bigint AS pay, coalesce(sum(fee_micros), 0)::bigint AS fee
    FROM bonus WHERE project_id = %(project)s) b,
(SELECT coalesce(sum(reward_micros) FILTER (WHERE paid_at IS NOT NULL), 0)::bigint AS pay,
    coalesce(sum(fee_micros) FILTER (WHERE paid_at IS NOT NULL), 0)::bigint AS fee,
    coalesce(sum(reward_micros + fee_micros) FILTER (WHERE paid_at IS NULL), 0)::bigint AS waiting,
    count(DISTINCT worker_id) AS people FROM top_up WHERE project_id = %(project)s) t
"""
_COUNTS = "SELECT coalesce(sum(tasks - gold_tasks), 0)::bigint, coalesce(sum(gold_tasks), 0)::bigint FROM batch WHERE project_id = %s"
_COVERAGE = f"""
WITH wanted AS (
    SELECT * FROM unnest(%(projects)s::bigint[], %(accounts)s::text[]) w (project_id, account)
), live AS (
    SELECT a.project_id, a.task_id, a.is_gold, a.reward_micros + a.fee_micros + a.spare_micros AS price, a.state = 2 AS paid,
        a.spare_micros AS spare  -- of what is paid: kept, because its time can be corrected
    FROM assignment a WHERE a.project_id = ANY(%(projects)s::bigint[]) AND {LIVE}
), kept AS (  -- with stops that are paid, because their time can be corrected
    SELECT a.project_id, sum(a.spare_micros) AS micros FROM hourly_answer h
    JOIN assignment a ON a.project_id = h.project_id AND a.id = h.assignment_id
    WHERE h.project_id = ANY(%(projects)s::bigint[]) AND h.ended_at IS NULL AND a.state = 8 AND NOT EXISTS (
        SELECT FROM returned_slot s WHERE s.project_id = a.project_id AND s.assignment_id = a.id)
    GROUP BY a.project_id
), extra AS (
    SELECT project_id, sum(extra_reward_micros + extra_fee_micros) AS micros FROM rework
    WHERE project_id = ANY(%(projects)s::bigint[]) AND state = 'asked' GROUP BY project_id
), owed AS (SELECT project_id, sum(CASE WHEN paid THEN spare ELSE price END) AS micros FROM live GROUP BY project_id),
used AS (SELECT project_id, task_id, count(*) AS answers FROM live WHERE NOT is_gold GROUP BY project_id, task_id),
still AS (
    SELECT o.project_id, sum(greatest(0, o.most - coalesce(u.answers, 0))::numeric * o.price_micros) AS micros
    FROM opened_task o LEFT JOIN used u USING (project_id, task_id)
    WHERE o.project_id = ANY(%(projects)s::bigint[]) AND NOT o.closed GROUP BY o.project_id
), gold AS (
    SELECT project_id, sum(gold_micros) AS micros FROM enrolment
    WHERE project_id = ANY(%(projects)s::bigint[]) GROUP BY project_id
)
SELECT w.project_id,
    coalesce(l.credits_posted_micros - l.debits_posted_micros - l.debits_pending_micros, 0)::numeric,
    coalesce(owed.micros, 0)::numeric + coalesce(kept.micros, 0)::numeric + coalesce(extra.micros, 0)::numeric
        + coalesce(still.micros, 0)::numeric + coalesce(gold.micros, 0)::numeric
FROM wanted w LEFT JOIN ledger_account l ON l.code = w.account
LEFT JOIN owed USING (project_id) LEFT JOIN kept USING (project_id) LEFT JOIN extra USING (project_id) LEFT JOIN still USING (project_id) LEFT JOIN gold USING (project_id)
"""  # noqa: S608 (a constant)
# What was approved for good lies before `approved_seq`; an answer that was changed is in the feed once for each revision.
_TO_ACCEPT = f"""
SELECT count(*), coalesce(sum(a.reward_micros + a.fee_micros), 0)
FROM opening o
JOIN answer_feed f ON f.project_id = o.project_id AND f.seq > o.approved_seq
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.revision = f.revision
WHERE o.project_id = %s AND a.state = %s AND {sql.PAST_UNDO} AND {sql.NOT_DEFERRED}
"""  # noqa: S608 (a constant)
