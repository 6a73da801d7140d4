"""Control rules of a project, and whom a rule would have met."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection

from tagwerk.base.money import micros_of
from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.designs.rules.control import GUESSING, SKIPS_COUNT_BELOW, Rule
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import Intervention, Signal, WorkerWatch
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.histories import histories
from tagwerk.domain.quality.queries.workers import gold_of_workers
from tagwerk.domain.quality.rules.control import Figures, figures_text, first_firing, interval
from tagwerk.domain.quality.rules.words import SignalState
from tagwerk.domain.work import queries as work

MOST_PREVIEWED = 500  # people, those who worked last
PREVIEW_SECONDS = 5.0  # then it says of how many it tells
SLICE = 25
ACCURATE = 0.8  # whose share on gold lies above this with all of its interval is accurate beyond doubt


def rules_of(project: ProjectView) -> list[Rule]:
    """The control rules in a project's file; files from before there were any have the usual one."""
    said = (project.file.get("quality") or {}).get("rules")
    return [GUESSING] if said is None else [Rule.model_validate(one) for one in said]


def classes_of(project: ProjectView) -> dict[str, int]:
    """Question → how many labels, for those that have a list of them."""
    return {ballot.question: len(ballot.places) for ballot in ballots_of(project.design_id)}


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody whom a rule would have met. `gold_right` of `gold_answers`: how good they are as far as gold tells."""

    pseudonym: str
    figures: Figures
    gold_right: int
    gold_answers: int

    @property
    def accurate(self) -> bool:
        """Whether gold says beyond doubt that this is a good worker, so that the rule would do wrong."""
        return self.gold_answers > 0 and interval(self.gold_right, self.gold_answers)[0] >= ACCURATE


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a rule would have met: `met` of `looked_at` people; `all_people`: how many worked here at all."""

    rule: Rule
    looked_at: int
    all_people: int
    met: list[Met] = field(default_factory=list)

    @property
    def accurate(self) -> int:
        """How many of them are good workers as far as gold tells."""
        return sum(one.accurate for one in self.met)


def preview_rule(actor: Actor, project_id: int, rule: Rule) -> Preview:
    """For members: whom a rule would have met, answer by answer, had it been there from the beginning: of the people who
    worked here last, each with their newest answers."""
    project = work.project_with_answers(actor, project_id, Permission.ANSWER_REVIEW)
    rows = WorkerWatch.objects.filter(project_id=project.id)
    people = list(
        rows.order_by("-looked_at", "worker_id").values_list("worker_id", flat=True)[:MOST_PREVIEWED]
    )
    found, looked_at = dict[int, Figures](), 0
    until = time.monotonic() + PREVIEW_SECONDS
    for start in range(0, len(people), SLICE):
        some = people[start : start + SLICE]
        found |= dict(_met(project, rule, some))
        looked_at += len(some)
        if time.monotonic() > until:
            break
    names, gold = work.pseudonyms(project.id, list(found)), gold_of_workers(project.id, found)
    met = [
        Met(names.get(worker_id, "–"), figures, *gold.get(worker_id, (0, 0)))
        for worker_id, figures in found.items()
    ]
    return Preview(rule, looked_at, rows.count(), sorted(met, key=lambda one: one.pseudonym))


def _met(project: ProjectView, rule: Rule, workers: Collection[int]) -> Iterator[tuple[int, Figures]]:
    if rule.collector == "signals":
        yield from signalled(project.id, rule, workers).items()
    elif rule.collector == "skips":
        yield from skippers(project, rule, workers).items()
    elif rule.collector in ("day", "income"):
        most = rule.answers or max(1, _affordable(project, rule))
        for worker_id, answers in _rows(
            _DAYS, {"project": project.id, "workers": list(workers), "most": most}
        ):
            yield worker_id, {"answers": answers}
    else:
        classes = classes_of(project)
        for worker_id, history in histories(project, workers).items():
            firing = first_firing(rule, history.items, classes)
            if firing is not None:
                yield worker_id, firing.figures


def _affordable(project: ProjectView, rule: Rule) -> int:
    assert rule.per_day is not None, "a rule about income says how much"
    return micros_of(rule.per_day) // max(1, project.usual_micros)


def signalled(project_id: int, rule: Rule, workers: Collection[int]) -> dict[int, Figures]:
    """Those of these workers of whom there is such a signal that nobody has dismissed, with its figures."""
    rows = Signal.objects.filter(project_id=project_id, worker_id__in=workers, kind=rule.signal)
    alive = rows.exclude(state=SignalState.DISMISSED).order_by("id")
    return {worker_id: figures for worker_id, figures in alive.values_list("worker_id", "figures")}


def skippers(project: ProjectView, rule: Rule, workers: Collection[int]) -> dict[int, Figures]:
    """Those of these workers who skipped so many tasks in a row; nobody in a sensitive project."""
    if project.sensitivity >= SKIPS_COUNT_BELOW:
        return {}
    assert rule.in_a_row is not None, "a rule about skips says how many"
    found: dict[int, Figures] = {}
    rows = _rows(_SKIPS, {"project": project.id, "workers": list(workers)})
    for worker_id, theirs in groupby(rows, key=lambda row: row[0]):
        longest = run = 0
        for _, skipped in theirs:
            run = run + 1 if skipped else 0
            longest = max(longest, run)
        if longest >= rule.in_a_row:
            found[worker_id] = {"in_a_row": longest}
    return found


def other_work_offered(person_id: int, project: ProjectView) -> bool:
    """Whether a worker has just skipped so many tasks that other work is offered to them. Asked after a skip."""
    rules = [rule for rule in rules_of(project) if rule.action == "offer_other_work" and rule.in_a_row]
    if not rules or project.sensitivity >= SKIPS_COUNT_BELOW:
        return False
    least = min(rule.in_a_row or 0 for rule in rules)
    newest = _rows(_NEWEST_SKIPS, {"project": project.id, "worker": person_id, "least": least})
    return len(newest) == least and all(skipped for (skipped,) in newest)


@dataclass(frozen=True, slots=True)
class PauseView:
    """A running pause: which rule or member, with which figures."""

    id: int
    rule: dict[str, Any] | None
    figures: Figures
    made_by_id: int | None


def running_pause(project_id: int, worker_id: int) -> PauseView | None:
    """Why a worker is paused, where this room knows it; for who has passed a gate."""
    row = Intervention.objects.filter(
        project_id=project_id, worker_id=worker_id, step="pause", ended_at=None
    ).first()
    return PauseView(row.id, row.rule, row.figures, row.made_by_id) if row else None


def pause_figures(pause: PauseView | None) -> str:
    """The figures of a pause that a rule made, with the rule's limit; empty where there are none."""
    if pause is None or pause.rule is None:
        return ""
    return figures_text(pause.rule, pause.figures)


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_SKIPS = """
SELECT w.id, n.state = 6 FROM unnest(%(workers)s::bigint[]) w (id)
CROSS JOIN LATERAL (SELECT a.id, a.state, a.project_id FROM assignment a WHERE a.worker_id = w.id ORDER BY a.id DESC LIMIT 500) n
WHERE n.project_id = %(project)s AND n.state NOT IN (0, 4, 5, 9) ORDER BY w.id, n.id
"""
# A task that was returned, or whose time was over, says neither that somebody skips nor that they do not.
_NEWEST_SKIPS = """
SELECT n.state = 6 FROM (SELECT a.id, a.state, a.project_id FROM assignment a WHERE a.worker_id = %(worker)s
    ORDER BY a.id DESC LIMIT 500) n
WHERE n.project_id = %(project)s AND n.state NOT IN (0, 4, 5, 9) ORDER BY n.id DESC LIMIT %(least)s
"""
_DAYS = """
SELECT d.id, max(d.answers) FROM (
    SELECT w.id, date_trunc('day', a.submitted_at AT TIME ZONE p.time_zone) AS day, count(*) AS answers
    FROM unnest(%(workers)s::bigint[]) w (id) JOIN person p ON p.id = w.id
    CROSS JOIN LATERAL (SELECT x.assignment_id FROM worker_answer x WHERE x.project_id = %(project)s
        AND x.worker_id = w.id ORDER BY x.assignment_id DESC LIMIT 2000) n
    JOIN assignment a ON a.project_id = %(project)s AND a.id = n.assignment_id
    GROUP BY w.id, day) d
GROUP BY d.id HAVING max(d.answers) > %(most)s
"""
