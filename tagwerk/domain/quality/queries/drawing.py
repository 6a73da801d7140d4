"""The review queue: which answer a reviewer gets next, by the plan or as they asked, and why it came."""

import random
from dataclasses import dataclass, field
from typing import Any

from tagwerk.base.arrays import bigints
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs.rules.control import REVIEWED_NEXT
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import Intervention, Signal
from tagwerk.domain.quality.queries.deciders import person_deciding
from tagwerk.domain.quality.rules.control import Figures
from tagwerk.domain.quality.rules.reviewing import OPEN_SECONDS, Draw, Drawn, Plan
from tagwerk.domain.quality.rules.words import SignalState
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import sql

COUNTED = 1_000  # beyond it, "more than" is all that a page needs


def next_to_review(actor: Actor, project_id: int, draw: Draw | None = None) -> int | None:
    """The next answer for this reviewer, the least certain first; only of those asked for. None: nothing waits.

    Now and then one comes that another has reviewed or whose right answer is known; which, nobody can see.
    """
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    values = _values(project, person_deciding(actor))
    if draw is not None and draw.is_chosen:
        workers, answers = _pointed(project.id, draw)
        return _first(
            _ASKED,
            values | {"workers": bigints(workers), "answers": None if answers is None else bigints(answers)},
        )
    done = sql.value(_DONE, values) or 0
    plan, chance = Plan.of(project.file), random.Random(f"{project.id}/{values['reviewer']}/{done}").random()  # noqa: S311
    order = [_WAITING, _SECOND]
    if chance < plan.gold:
        order = [_GOLD, *order]
    elif chance < plan.gold + plan.double:
        order = [_SECOND, _WAITING]
    return next((found for one in order if (found := _first(one, values)) is not None), None)


def waiting_reviews(actor: Actor, project_id: int) -> int:
    """How many answers wait for a first review, counted up to COUNTED."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    return int(sql.value(_COUNT, _values(project, person_deciding(actor)) | {"most": COUNTED}) or 0)


@dataclass(frozen=True, slots=True)
class Pointed:
    """Answers that wait of workers whom a control rule met, or about whom there is a signal of a kind."""

    draw: Draw
    waiting: int
    rule: dict[str, Any] | None = None  # as it last met somebody


def reviews_pointed_at(actor: Actor, project_id: int) -> list[Pointed]:
    """What a reviewer can ask for in a project: by rule, then by signal; what most answers wait for first."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    pointed = sql.rows(_POINTING, {"project": project.id})
    workers = {worker_id for *_, met in pointed for worker_id in met}
    values = _values(project, person_deciding(actor)) | {"workers": bigints(workers)}
    waiting = dict(sql.rows(_WAITING_OF, values)) if workers else {}
    found = [
        Pointed(Draw(**{kind: key}), sum(waiting.get(one, 0) for one in met), sql.read_json(rule))
        for kind, key, rule, met in pointed
    ]
    some = [one for one in found if one.waiting]
    return sorted(some, key=lambda one: (one.draw.rule == "", -one.waiting))


def drawn_for(
    project: ProjectView, assignment_id: int, worker_id: int, draw: Draw | None
) -> tuple[Drawn, str]:
    """Why a first review of an answer comes: as the reviewer asked, or by the plan; with the rule or the signal of it."""
    if draw is not None and draw.is_chosen:
        workers, answers = _pointed(project.id, draw)
        if worker_id in workers and (answers is None or assignment_id in answers):
            return draw.says
    plan = Plan.of(project.file)
    values = {"project": project.id, "assignment": assignment_id, "next": REVIEWED_NEXT}
    sent, is_paused, confidence = sql.row(_REASONS, values) or (None, False, None)
    if sent:
        return Drawn.SENT, sent
    if is_paused:
        return Drawn.PAUSED, ""
    if plan.share >= 1:
        return Drawn.ALL, ""
    return (Drawn.UNSURE if confidence is not None and confidence < plan.below else Drawn.SHARE), ""


@dataclass(frozen=True, slots=True)
class Because:
    """Why an answer came: with the rule and what it saw, or with the signal."""

    drawn: Drawn | None = None
    rule: dict[str, Any] | None = None
    signal: str = ""  # its kind
    figures: Figures = field(default_factory=dict)
    other: str = ""  # the pseudonym of who was copied from


def because(project_id: int, worker_id: int, drawn: str, about: str) -> Because:
    """The reason that was noted when an answer came; for who has passed the gate and committed."""
    if not drawn:
        return Because()
    why = Drawn(drawn)
    if why in (Drawn.SENT, Drawn.RULE):
        rows = Intervention.objects.filter(project_id=project_id, worker_id=worker_id, rule_key=about)
        step = rows.order_by("-id").first()
        return Because(why, step.rule, figures=step.figures) if step else Because(why)
    if why is Drawn.SIGNAL:
        signals = Signal.objects.filter(project_id=project_id, worker_id=worker_id)
        row = signals.filter(**({"id": int(about)} if about.isdigit() else {"kind": about})).order_by("-id").first()  # fmt: skip
        if row is not None:
            other = row.figures.get("with")
            names = work.pseudonyms(project_id, [other]) if other else {}
            return Because(why, None, row.kind, row.figures, names.get(other or 0, ""))
    return Because(why)


def _pointed(project_id: int, draw: Draw) -> tuple[set[int], set[int] | None]:
    """The workers, and where only some of their answers are meant, those."""
    values = {
        "project": project_id, "worker": draw.worker, "rule": draw.rule, "kind": draw.signal, "signal": draw.evidence,
    }  # fmt: skip
    workers = {worker_id for (worker_id,) in sql.rows(_WORKERS, values)}
    if not draw.evidence:
        return workers, None
    signal = Signal.objects.filter(project_id=project_id, id=draw.evidence).first()
    if signal is not None and not signal.evidence:
        return workers, None  # a rule asks for a look: at the worker
    return workers, {pair[0] for pair in signal.evidence} if signal else set()


def _values(project: ProjectView, person_id: int) -> dict[str, Any]:
    plan = Plan.of(project.file)
    return {
        "project": project.id, "reviewer": person_id, "share": round(10_000 * plan.share), "below": plan.below,
        "open": OPEN_SECONDS, "next": REVIEWED_NEXT,
    }  # fmt: skip


def _first(statement: str, values: dict[str, Any]) -> int | None:
    found = sql.value(statement, values)
    return None if found is None else int(found)


# Of an assignment `a` and a round `n.round`: nobody has reviewed it, and nobody else has it open.
_FREE = """NOT EXISTS (SELECT FROM review v WHERE v.project_id = a.project_id AND v.assignment_id = a.id AND v.round = n.round
    AND (v.committed_at IS NOT NULL OR (v.reviewer_id <> %(reviewer)s
        AND v.opened_at > statement_timestamp() - make_interval(secs => %(open)s))))"""
# Answers that wait, each looked up by itself (`OFFSET 0`), whatever the planner believes of how many there are. Those that
# were looked at for approval lie before approved_seq, and what is deferred to be decided as it is has a row of its own.
_WAITS = """(
    SELECT f.assignment_id, f.revision, false AS as_it_is FROM opening o
        JOIN answer_feed f ON f.project_id = o.project_id AND f.seq > o.approved_seq
        WHERE o.project_id = %(project)s AND NOT EXISTS (SELECT FROM deferral d
            WHERE d.project_id = f.project_id AND d.assignment_id = f.assignment_id)
    UNION ALL
    SELECT d.assignment_id, a.revision, true FROM deferral d
        JOIN assignment a ON a.project_id = d.project_id AND a.id = d.assignment_id
        WHERE d.project_id = %(project)s AND d.why = 'decision'
) w CROSS JOIN LATERAL (SELECT a.* FROM assignment a WHERE a.project_id = %(project)s AND a.id = w.assignment_id
    AND a.revision = w.revision AND a.state = 1 AND NOT a.is_gold AND a.worker_id <> %(reviewer)s OFFSET 0) a
CROSS JOIN LATERAL (SELECT (2 * a.revision + w.as_it_is::int)::smallint AS round) n"""
# Up to which answer a control rule sends somebody's to review: all that wait, and so many of those that come next.
_SENT = """SELECT i.worker_id, i.rule_key, coalesce((SELECT x.assignment_id FROM worker_answer x
        WHERE x.project_id = i.project_id AND x.worker_id = i.worker_id AND x.assignment_id > i.up_to AND NOT x.is_gold
        ORDER BY x.assignment_id OFFSET coalesce((i.rule->>'next')::int, %(next)s) - 1 LIMIT 1),
    9223372036854775807) AS up_to
FROM intervention i WHERE i.project_id = %(project)s AND i.step = 'review'"""
# What the plan draws, with how sure its task is; what a rule sends comes first.
_DRAWN = f"""
WITH sent AS MATERIALIZED (SELECT worker_id, max(up_to) AS up_to FROM ({_SENT}) s GROUP BY worker_id)
SELECT a.id, j.confidence, a.id <= s.up_to AS is_sent FROM {_WAITS}
LEFT JOIN sent s ON s.worker_id = a.worker_id
LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id
WHERE (w.as_it_is OR a.revision > 0 OR a.id <= s.up_to
        OR (hashint8(a.id) & 2147483647) %% 10000 < %(share)s OR coalesce(j.confidence, 1) < %(below)s
        OR a.worker_id IN (SELECT e.worker_id FROM enrolment e WHERE e.project_id = %(project)s AND e.pause_reason IS NOT NULL))
    AND {_FREE}
"""  # noqa: S608 (a constant)
_WAITING = f"""SELECT id FROM ({_DRAWN}) q
ORDER BY coalesce(is_sent, false) DESC, coalesce(confidence, -1), id LIMIT 1"""  # noqa: S608
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM ({_DRAWN}) q LIMIT %(most)s) c"  # noqa: S608
_ASKED = f"""
SELECT a.id FROM {_WAITS} LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id
WHERE a.worker_id = ANY(%(workers)s::bigint[])
    AND (%(answers)s::bigint[] IS NULL OR a.id = ANY(%(answers)s::bigint[])) AND {_FREE}
ORDER BY coalesce(j.confidence, -1), a.id LIMIT 1
"""  # noqa: S608
# A pause that has ended points at nobody any more, nor does a signal that somebody has dismissed.
_MET = "i.project_id = %(project)s AND i.rule_key <> '' AND i.ended_at IS NULL"
_ALIVE = f"s.project_id = %(project)s AND s.state <> '{SignalState.DISMISSED}'"
_WORKERS = f"""
SELECT e.worker_id FROM enrolment e WHERE e.project_id = %(project)s
    AND (%(worker)s = '' OR e.pseudonym = %(worker)s)
    AND (%(rule)s = '' OR e.worker_id IN (SELECT i.worker_id FROM intervention i WHERE {_MET} AND i.rule_key = %(rule)s))
    AND (%(kind)s = '' OR e.worker_id IN (SELECT s.worker_id FROM signal s WHERE {_ALIVE} AND s.kind = %(kind)s))
    AND (%(signal)s = 0 OR e.worker_id IN (SELECT s.worker_id FROM signal s
        WHERE s.project_id = %(project)s AND s.id = %(signal)s))
"""  # noqa: S608
_POINTING = f"""
SELECT 'rule', i.rule_key, ((array_agg(i.rule ORDER BY i.id DESC))[1])::text, array_agg(DISTINCT i.worker_id)
FROM intervention i WHERE {_MET} GROUP BY i.rule_key
UNION ALL
SELECT 'signal', s.kind, NULL, array_agg(DISTINCT s.worker_id) FROM signal s WHERE {_ALIVE} AND s.kind <> 'rule' GROUP BY s.kind
"""  # noqa: S608
_WAITING_OF = f"""
SELECT a.worker_id, count(*) FROM {_WAITS}
WHERE a.worker_id = ANY(%(workers)s::bigint[]) AND {_FREE} GROUP BY a.worker_id
"""  # noqa: S608
_REASONS = f"""
SELECT (SELECT s.rule_key FROM ({_SENT} AND i.worker_id = a.worker_id) s WHERE a.id <= s.up_to LIMIT 1),
    e.pause_reason IS NOT NULL, j.confidence
FROM assignment a JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
LEFT JOIN judgement j ON j.project_id = a.project_id AND j.task_id = a.task_id
WHERE a.project_id = %(project)s AND a.id = %(assignment)s
"""  # noqa: S608
_SECOND = """
SELECT v.assignment_id FROM review v JOIN assignment a ON a.project_id = v.project_id AND a.id = v.assignment_id
WHERE v.project_id = %(project)s AND v.wants_second AND v.kind = 'first' AND v.committed_at IS NOT NULL
    AND v.reviewer_id <> %(reviewer)s AND a.worker_id <> %(reviewer)s AND a.state IN (1, 2, 3)
    AND v.round / 2 = a.revision
    AND NOT EXISTS (SELECT FROM review s WHERE s.project_id = v.project_id AND s.assignment_id = v.assignment_id
        AND s.round = v.round AND s.kind = 'second' AND (s.committed_at IS NOT NULL OR (s.reviewer_id <> %(reviewer)s
            AND s.opened_at > statement_timestamp() - make_interval(secs => %(open)s))))
ORDER BY v.committed_at LIMIT 1
"""
_GOLD = """
SELECT a.id FROM opening o JOIN answer_feed f ON f.project_id = o.project_id AND f.seq > o.approved_seq
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.revision = f.revision
WHERE o.project_id = %(project)s AND a.is_gold AND a.state IN (1, 2) AND a.worker_id <> %(reviewer)s
    AND NOT EXISTS (SELECT FROM review v WHERE v.project_id = a.project_id AND v.assignment_id = a.id
        AND v.reviewer_id = %(reviewer)s AND v.committed_at IS NOT NULL)
ORDER BY hashint8(a.id), a.id LIMIT 1
"""
_DONE = "SELECT count(*) FROM review WHERE project_id = %(project)s AND reviewer_id = %(reviewer)s AND committed_at IS NOT NULL"
