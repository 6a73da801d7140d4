"""From new answers to results: gold is scored, tasks are judged, more answers are asked for or none.

One chunk of a project's answer feed is one transaction under one advisory lock: results, records of workers, what
is asked for and how far we have read change together or not at all. Killed at any point, it is done again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.gold import score_gold
from tagwerk.domain.quality.events import ResultsReady
from tagwerk.domain.quality.models import JudgeCursor
from tagwerk.domain.quality.queries.answers import counted_answers, fed_tasks, gold_answers, tasks_of
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.standing import Known, known_of, rechecks
from tagwerk.domain.quality.queries.workers import accuracies_of
from tagwerk.domain.quality.rules.judging import Ballot, Outcome, Vote, judge
from tagwerk.domain.quality.rules.stopping import Certainty, Plan, Standing, standing
from tagwerk.domain.quality.rules.words import Recheck, TaskState
from tagwerk.domain.work import actions as work
from tagwerk.inference import vote

CHUNK = 500
LOCK = 0x6A756467  # "judg": the first key of the advisory lock, the project is the second
ASKING = (State.OPEN, State.PAUSED)  # a finished project asks for nothing more


def judge_answers(*, project_id: int) -> int:
    """Judge all answers in the project's feed that are not judged yet; how many tasks were looked at."""
    tasks = 0
    while True:
        looked_at, more = _judge_chunk(project_id)
        tasks += looked_at
        if not more:
            return tasks


@transaction.atomic
def recheck_answers(*, project_id: int, assignment_ids: Collection[int]) -> None:
    """Have the tasks of answers judged again: they count no more, or count after all."""
    tables.mark(project_id, tasks_of(project_id, assignment_ids), Recheck.REOPEN)


@transaction.atomic
def _judge_chunk(project_id: int) -> tuple[int, bool]:
    """One transaction; (tasks looked at, whether there may be more to do)."""
    if not _alone(project_id):
        return 0, False  # somebody else is at it and will see what we would
    project = projects.project(project_id)
    cursor, _ = JudgeCursor.objects.get_or_create(project_id=project_id)
    fed = fed_tasks(project_id, cursor.seq, CHUNK)
    if fed:
        score_gold(project, gold_answers(project_id, cursor.seq, fed[-1].seq))
        cursor.seq = fed[-1].seq
        cursor.save(update_fields=["seq"])
    asked_again = rechecks(project_id, CHUNK)
    fresh = {one.task_id for one in fed if not one.is_gold}
    task_ids = sorted(fresh | asked_again.keys())
    _judge_tasks(project, task_ids, asked_again)
    return len(task_ids), len(fed) == CHUNK or len(asked_again) == CHUNK


def _alone(project_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, project_id & 0x7FFFFFFF])
        return bool(cursor.fetchone()[0])


@dataclass
class _Findings:
    """What judging a chunk comes to, before it is written."""

    outcomes: dict[tuple[int, str], Outcome] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)


def _judge_tasks(project: ProjectView, task_ids: Sequence[int], asked_again: dict[int, Recheck]) -> None:
    if not task_ids:
        return
    counted = counted_answers(project.id, task_ids)
    votes = [Vote(one.task_id, one.worker_id, one.answers) for one in counted]
    known = known_of(project.id, task_ids)
    found = _find(project, task_ids, votes, known, asked_again)
    tables.write_results(project.id, found.outcomes)
    tables.write_judgements(project.id, found.standings, found.answers)
    _ask(project, found.standings, known)
    _tell(project, found, known)


def _find(
    project: ProjectView,
    task_ids: Sequence[int],
    votes: Sequence[Vote],
    known: dict[int, Known],
    asked_again: dict[int, Recheck],
) -> _Findings:
    """Judge every question of every task, then where each task stands."""
    found = _Findings(answers=dict.fromkeys(task_ids, 0))
    for one in votes:
        found.answers[one.task_id] += 1
    accuracies = accuracies_of(project.id, {one.worker_id for one in votes})
    certain: dict[int, list[Certainty]] = {task_id: [] for task_id in task_ids}
    for ballot in ballots_of(project.design_id):
        skills = accuracies.get(ballot.question, {})
        outcomes = judge(ballot, votes, skills, task_ids)
        for task_id, outcome in outcomes.items():
            if ballot.question in known[task_id].overruled:
                continue  # a member decided: nothing to find, nothing unsure
            found.outcomes[task_id, ballot.question] = outcome
            if ballot.decides:
                certain[task_id].append(_certainty(ballot, outcome, skills.values()))
    plan = Plan(project.answers_min, project.answers_max, project.confidence)
    for task_id in task_ids:
        before = known[task_id]
        answers = (
            max(found.answers[task_id], plan.least)
            if before.overruled and not certain[task_id]
            else found.answers[task_id]
        )
        wanted = before.wanted if before.wanted is not None else plan.least
        now = standing(plan, answers=answers, wanted=wanted, deciding=certain[task_id])
        found.standings[task_id] = _kept(before, now, asked_again.get(task_id, Recheck.NO))
    return found


def _certainty(ballot: Ballot, outcome: Outcome, skills: Collection[float]) -> Certainty:
    typical = sum(skills) / len(skills) if skills else float(vote.accuracy(0, 0))
    return Certainty(outcome.confidence, len(ballot.places), typical)


def _kept(before: Known, now: Standing, recheck: Recheck) -> Standing:
    """A task that was settled is not opened again because weights moved: its result may have gone out."""
    if before.state in (None, TaskState.OPEN) or now.state is not TaskState.OPEN or recheck is Recheck.REOPEN:
        return now
    return Standing(before.state, before.wanted or now.wanted, 0, now.confidence)


def _ask(project: ProjectView, standings: dict[int, Standing], known: dict[int, Known]) -> None:
    """Ask for more answers where they are missing; close what is settled."""
    if project.state not in ASKING:
        return
    wants = {task_id: one.more for task_id, one in standings.items() if one.more}
    if wants:
        work.want_more_answers(project_id=project.id, wants=wants)
    if closed := _newly_settled(standings, known):
        work.close_tasks(project_id=project.id, task_ids=closed)


def _newly_settled(standings: dict[int, Standing], known: dict[int, Known]) -> list[int]:
    settled = (task_id for task_id, one in standings.items() if one.state is not TaskState.OPEN)
    return [task_id for task_id in settled if known[task_id].state in (None, TaskState.OPEN)]


def _tell(project: ProjectView, found: _Findings, known: dict[int, Known]) -> None:
    """Tell which results stand now, and which of those that stood are different."""
    ready = set(_newly_settled(found.standings, known))
    ready |= {
        task_id
        for (task_id, question), outcome in found.outcomes.items()
        if found.standings[task_id].state is not TaskState.OPEN
        and _changed(known[task_id], question, outcome.value)
    }
    for chunk in _chunks(sorted(ready)):
        record(ResultsReady(organisation_id=project.organisation_id, project_id=project.id, task_ids=chunk))


def _changed(before: Known, question: str, value: Any) -> bool:
    return before.state not in (None, TaskState.OPEN) and before.values.get(question) != value


def _chunks(task_ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(task_ids[start : start + CHUNK]) for start in range(0, len(task_ids), CHUNK))
