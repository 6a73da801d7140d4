"""From new answers to results: gold is scored, tasks are judged, more answers are asked for or none.

One chunk of a project's answer feed is one transaction under one advisory lock: results, records of workers, what
is asked for and how far we have read change together or not at all. Killed at any point, it is done again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.gold import score_gold, score_old_gold
from tagwerk.domain.quality.actions.locking import judge_lock, wait_for_judge
from tagwerk.domain.quality.actions.waiting import mark_reviews
from tagwerk.domain.quality.events import ResultsReady
from tagwerk.domain.quality.models import JudgeCursor
from tagwerk.domain.quality.queries.answers import counted_answers, fed_tasks, gold_answers, room_of, tasks_of
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.fitted import beliefs_of
from tagwerk.domain.quality.queries.standing import known_of, rechecks
from tagwerk.domain.quality.rules.agreeing import agreement_sums
from tagwerk.domain.quality.rules.finding import Known, find, newly_settled, results_to_tell
from tagwerk.domain.quality.rules.judging import Vote
from tagwerk.domain.quality.rules.stopping import Plan, Standing
from tagwerk.domain.quality.rules.words import Recheck, TaskState
from tagwerk.domain.work import actions as work

CHUNK = 500
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
def recheck_tasks(*, project_id: int, task_ids: Collection[int]) -> None:
    """Have tasks judged again that lost an answer which was asked for, even those that nobody has answered."""
    wait_for_judge(project_id=project_id)
    tables.stand(project_id, task_ids, wanted=projects.project(project_id).answers_min)
    tables.mark(project_id, task_ids, Recheck.REOPEN)


@transaction.atomic
def _judge_chunk(project_id: int) -> tuple[int, bool]:
    """One transaction; (tasks looked at, whether there may be more to do)."""
    if not judge_lock(project_id=project_id):
        return 0, False  # somebody else is at it and will see what we would
    project = projects.project(project_id)
    cursor, _ = JudgeCursor.objects.get_or_create(project_id=project_id)
    if cursor.gold_unscored:
        score_old_gold(project, cursor)
    fed = fed_tasks(project_id, cursor.seq, CHUNK)
    if fed:
        score_gold(project, gold_answers(project_id, cursor.seq, fed[-1].seq))
        cursor.seq = fed[-1].seq
        cursor.save(update_fields=["seq"])
    asked_again = rechecks(project_id, CHUNK)
    fresh = {one.task_id for one in fed if not one.is_gold}
    task_ids = sorted(fresh | asked_again.keys())
    if task_ids:
        _judge_tasks(project, task_ids, asked_again)
    if fed:
        tables.ask_refit(project_id)
    return len(task_ids), len(fed) == CHUNK or len(asked_again) == CHUNK


def _judge_tasks(project: ProjectView, task_ids: Sequence[int], asked_again: Mapping[int, Recheck]) -> None:
    votes = [Vote(one.task_id, one.worker_id, one.answers) for one in counted_answers(project.id, task_ids)]
    known = known_of(project.id, task_ids)
    plan = Plan(project.answers_min, project.answers_max, project.confidence)
    ballots = ballots_of(project.design_id)
    beliefs = beliefs_of(project, ballots, {one.worker_id for one in votes})
    found = find(ballots, plan, votes, beliefs, known, asked_again)
    found.standings |= _ask(project, found.standings, known)
    tables.write_results(project.id, found.outcomes)
    tables.write_judgements(project.id, found.standings, found.answers)
    mark_reviews(project, found.standings)
    settled = newly_settled(found.standings, known)
    for ballot in ballots:
        if sums := agreement_sums(ballot, votes, settled):
            tables.add_agreement(project.id, project.design_id, ballot.question, sums)
    if settled and project.state in ASKING:
        work.close_tasks(project_id=project.id, task_ids=settled)
    _tell(project, results_to_tell(found, known))


def _ask(
    project: ProjectView, standings: Mapping[int, Standing], known: Mapping[int, Known]
) -> dict[int, Standing]:
    """Ask for more answers where some are missing; the standings of tasks for which no more can be had."""
    missing = {task_id: one.more for task_id, one in standings.items() if one.more}
    if not missing:
        return {}
    room = room_of(project.id, missing) if project.state in ASKING else {}
    wants = {
        t: min(more, room[t].answers) for t, more in missing.items() if t in room and room[t].answers > 0
    }
    closed = [task_id for task_id in wants if room[task_id].closed]
    for task_id in closed:  # seldom: each costs money anew, which may not be there
        if not work.want_more_answers(project_id=project.id, wants={task_id: wants[task_id]}):
            del wants[task_id]
    if fresh := {task_id: more for task_id, more in wants.items() if task_id not in closed}:
        work.want_more_answers(project_id=project.id, wants=fresh)
    asking, over = project.state in ASKING, TaskState.EXHAUSTED
    ends = {t: over if asking or known[t].settled else TaskState.OPEN for t in missing if t not in wants}
    return {t: replace(standings[t], state=end, more=0) for t, end in ends.items()} | {
        t: replace(standings[t], wanted=standings[t].wanted - missing[t] + more) for t, more in wants.items()
    }


def _tell(project: ProjectView, task_ids: Sequence[int]) -> None:
    for start in range(0, len(task_ids), CHUNK):
        chunk = list(task_ids[start : start + CHUNK])
        record(ResultsReady(organisation_id=project.organisation_id, project_id=project.id, task_ids=chunk))
