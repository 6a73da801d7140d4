"""The review queue: which answer a reviewer gets next, by the plan or as they asked, and why it came."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs.rules.control import REVIEWED_NEXT
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import Intervention, Signal
from tagwerk.domain.quality.queries.deciders import person_deciding
from tagwerk.domain.quality.queries.waiting import (
    SENT_TO_REVIEW,
    Waiting,
    waiting,
    waiting_by_worker,
    waiting_of,
)
from tagwerk.domain.quality.rules.control import Figures
from tagwerk.domain.quality.rules.reviewing import OPEN_SECONDS, Draw, Drawn, Plan
from tagwerk.domain.quality.rules.words import SignalState
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import sql

COUNTED = 1_000  # beyond it, "more than" is all that a page needs
NEWEST_GOLD = 1_000  # of so many answers, gold that checks reviewers is taken


def next_to_review(actor: Actor, project_id: int, draw: Draw | None = None) -> int | None:
    """The next answer for this reviewer, the least certain first; only of those asked for. None: nothing waits.

    Now and then one comes that another has reviewed or whose right answer is known; which, nobody can see.
    """
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    reviewer, plan = person_deciding(actor), Plan.of(project.file)
    if draw is not None and draw.is_chosen:
        workers, answers = _pointed(project.id, draw)
        return _first(waiting_of(project.id, workers, answers, reviewer=reviewer))
    values = {"project": project.id, "reviewer": reviewer, "open": OPEN_SECONDS, "newest": NEWEST_GOLD}
    done = sql.value(_DONE, values) or 0
    chance = random.Random(f"{project.id}/{reviewer}/{done}").random()  # noqa: S311

    def first() -> int | None:
        return _first(waiting(project.id, plan, reviewer=reviewer))

    order: list[Callable[[], int | None]] = [first, partial(sql.value, _SECOND, values)]
    if chance < plan.gold:
        order = [partial(sql.value, _GOLD, values), *order]
    elif chance < plan.gold + plan.double:
        order.reverse()
    return next((found for one in order if (found := one()) is not None), None)


def _first(found: Sequence[Waiting]) -> int | None:
    return found[0].assignment_id if found else None


def waiting_reviews(actor: Actor, project_id: int) -> int:
    """How many answers wait for a first review, counted up to COUNTED."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    return len(waiting(project.id, Plan.of(project.file), reviewer=person_deciding(actor), limit=COUNTED))


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
    counted = waiting_by_worker(project.id, workers, reviewer=person_deciding(actor))
    found = [
        Pointed(Draw(**{kind: key}), sum(counted.get(one, 0) for one in met), sql.read_json(rule))
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
_REASONS = f"""
SELECT (SELECT s.rule_key FROM ({SENT_TO_REVIEW} AND i.worker_id = a.worker_id) s WHERE a.id <= s.up_to LIMIT 1),
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
SELECT a.id FROM opening o CROSS JOIN LATERAL (SELECT n.* FROM answer_feed n WHERE n.project_id = o.project_id
    AND n.seq > o.approved_seq ORDER BY n.seq DESC LIMIT %(newest)s) f
JOIN assignment a ON a.project_id = f.project_id AND a.id = f.assignment_id AND a.revision = f.revision
WHERE o.project_id = %(project)s AND a.is_gold AND a.state IN (1, 2) AND a.worker_id <> %(reviewer)s
    AND NOT EXISTS (SELECT FROM review v WHERE v.project_id = a.project_id AND v.assignment_id = a.id
        AND v.reviewer_id = %(reviewer)s AND v.committed_at IS NOT NULL)
ORDER BY hashint8(a.id), a.id LIMIT 1
"""
_DONE = "SELECT count(*) FROM review WHERE project_id = %(project)s AND reviewer_id = %(reviewer)s AND committed_at IS NOT NULL"
