"""Gold: score first answers to it, keep the workers' records, let the rules about gold act."""

from collections.abc import Collection, Sequence

from django.db import transaction

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import gold_tables, tables
from tagwerk.domain.quality.actions.control import Changes, end_cleared_pauses, fire_gold_rules
from tagwerk.domain.quality.actions.locking import wait_for_judge
from tagwerk.domain.quality.models import GoldAnswer as ScoredAnswer
from tagwerk.domain.quality.models import GoldStanding, JudgeCursor
from tagwerk.domain.quality.queries.answers import (
    GoldAnswer,
    gold_answers,
    gold_answers_to,
    tasks_answered_by,
)
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.gold import Record, score, tolerances_of, weight_changed
from tagwerk.domain.quality.rules.words import Recheck

OLD_CHUNK = 5_000
RESCORED = 100  # gold tasks in one transaction; each may have thousands of answers


def score_gold(project: ProjectView, answers: Sequence[GoldAnswer]) -> None:
    """Score first answers to gold, in the transaction that moves the judge's cursor past them."""
    rows = _scored(project, answers)
    counted: dict[tuple[int, str], Record] = {}
    for row in rows:
        if row.counted:
            before = counted.get((row.worker_id, row.question), Record())
            counted[row.worker_id, row.question] = Record(
                before.seen + 1, before.correct + row.right, before.by_chance + row.by_chance
            )
    gold_tables.write_answers(rows)
    gold_tables.count_seen(project.id, _seen(rows))
    _act_on(project, tables.add_to_records(project.id, counted))


def rescore_gold(project: ProjectView, task_ids: Collection[int]) -> None:
    """Score all answers to gold tasks anew, because their right answers changed, and make the records anew from that;
    who clearly guesses only by the old ones goes on. Under the judge's lock."""
    cursor, _ = JudgeCursor.objects.get_or_create(project_id=project.id)
    before = gold_tables.workers_who_answered(project.id, task_ids)
    gold_tables.drop_answers(project.id, task_ids)
    gold_tables.write_answers(_scored(project, gold_answers_to(project.id, task_ids, cursor.seq)))
    recount_gold(project, task_ids, before)


def follow_tolerance(*, project_id: int, version: int) -> int:
    """Score gold anew where a version of the project file says otherwise how near is right; how many gold tasks."""
    files = {one.number: one.file for one in projects.versions_of(project_id)}
    if version - 1 not in files or tolerances_of(files[version - 1]) == tolerances_of(files[version]):
        return 0
    done, after = 0, 0
    while task_ids := gold_tables.tasks_answered(project_id, after, RESCORED):
        with transaction.atomic():
            wait_for_judge(project_id=project_id)
            rescore_gold(projects.project(project_id), task_ids)
        done, after = done + len(task_ids), task_ids[-1]
    return done


def recount_gold(project: ProjectView, task_ids: Collection[int], more: Collection[int] = ()) -> None:
    """Make the records anew of who answered gold tasks whose answers now count, or do not. Under the judge's lock."""
    gold_tables.recount_tasks(project.id, task_ids)
    workers = gold_tables.workers_who_answered(project.id, task_ids) | set(more)
    changes = gold_tables.recount_workers(project.id, workers)
    _act_on(project, changes)
    end_cleared_pauses(project, {worker_id for worker_id, _ in changes})


def score_old_gold(project: ProjectView, cursor: JudgeCursor) -> None:
    """Make up the scores of answers that were judged before scores were kept one by one."""
    at = 0
    while at < cursor.seq:
        upto = min(at + OLD_CHUNK, cursor.seq)
        rows = _scored(project, gold_answers(project.id, at, upto))
        gold_tables.write_answers(rows)
        gold_tables.recount_tasks(project.id, {row.task_id for row in rows})
        at = upto
    cursor.gold_unscored = False
    cursor.save(update_fields=["gold_unscored"])


def _scored(project: ProjectView, answers: Sequence[GoldAnswer]) -> list[ScoredAnswer]:
    ballots, tolerances = ballots_of(project.design_id), tolerances_of(project.file)
    standings = GoldStanding.objects.filter(
        project_id=project.id, task_id__in={one.task_id for one in answers}, counts_before__isnull=False
    )
    uncounted = {row.task_id: row.counts_before or 0 for row in standings}
    return [
        ScoredAnswer(
            project_id=project.id, assignment_id=one.assignment_id, question=question, task_id=one.task_id,
            worker_id=one.worker_id, seq=one.seq, active_ms=one.active_ms, right=scored.right,
            by_chance=scored.chance, counted=one.seq < uncounted.get(one.task_id, one.seq + 1),
        )
        for one in answers
        for question, scored in score(one.right, one.answers, ballots, tolerances).items()
    ]  # fmt: skip


def _seen(rows: Sequence[ScoredAnswer]) -> dict[int, tuple[int, int]]:
    """Task → answers, and those of them that are right in every question."""
    right: dict[tuple[int, int], bool] = {}
    for row in rows:
        key = row.task_id, row.assignment_id
        right[key] = right.get(key, True) and row.right
    seen: dict[int, tuple[int, int]] = {}
    for (task_id, _), is_right in right.items():
        answers, correct = seen.get(task_id, (0, 0))
        seen[task_id] = answers + 1, correct + is_right
    return seen


def _act_on(project: ProjectView, changes: Changes) -> None:
    _weigh_again(project, changes, fire_gold_rules(project, changes))


def _weigh_again(project: ProjectView, changes: Changes, guessers: set[int]) -> None:
    """What guessers answered may need other answers; what others answered is weighed anew as gold doubles."""
    reweighed = {
        worker_id
        for (worker_id, _), (before, after) in changes.items()
        if weight_changed(before.seen, after.seen) or after.seen <= before.seen
    }
    for worker_ids, why in ((guessers, Recheck.REOPEN), (reweighed - guessers, Recheck.REWEIGH)):
        if worker_ids:
            tables.mark(project.id, tasks_answered_by(project.id, worker_ids), why)
