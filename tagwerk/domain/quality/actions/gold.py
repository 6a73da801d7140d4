"""Gold: score first answers to it, keep the workers' records, pause who clearly guesses."""

from collections.abc import Mapping, Sequence

from tagwerk.base.events import record
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.events import GoldFailed
from tagwerk.domain.quality.queries.answers import GoldAnswer, tasks_answered_by
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.gold import Record, guesses, score, weight_changed
from tagwerk.domain.quality.rules.words import Recheck
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.rules.pausing import GOLD_FAILED

Changes = Mapping[tuple[int, str], tuple[Record, Record]]


def score_gold(project: ProjectView, answers: Sequence[GoldAnswer]) -> None:
    """Score first answers to gold, in the transaction that moves the judge's cursor past them."""
    ballots = ballots_of(project.design_id)
    scored: dict[tuple[int, str], Record] = {}
    for one in answers:
        for question, right in score(one.right, one.answers, ballots).items():
            before = scored.get((one.worker_id, question), Record())
            scored[one.worker_id, question] = Record(before.seen + 1, before.correct + right)
    changes = tables.add_to_records(project.id, scored)
    guessers = _pause(project, changes)
    _weigh_again(project, changes, guessers)


def _pause(project: ProjectView, changes: Changes) -> set[int]:
    """Pause who clearly guesses since this gold; once: a member who lets them go on has decided that."""
    classes = {ballot.question: len(ballot.places) for ballot in ballots_of(project.design_id)}
    paused: set[int] = set()
    for (worker_id, question), (before, after) in changes.items():
        if worker_id in paused or guesses(before, classes[question]) or not guesses(after, classes[question]):
            continue
        paused.add(worker_id)
        work.pause_worker(project_id=project.id, worker_id=worker_id, reason=GOLD_FAILED)
        record(
            GoldFailed(
                organisation_id=project.organisation_id, project_id=project.id, worker_id=worker_id,
                question=question, seen=after.seen, correct=after.correct,
            )
        )  # fmt: skip
    return paused


def _weigh_again(project: ProjectView, changes: Changes, guessers: set[int]) -> None:
    """What guessers answered may need other answers; what others answered is weighed anew as gold doubles."""
    reweighed = {
        worker_id
        for (worker_id, _), (before, after) in changes.items()
        if weight_changed(before.seen, after.seen)
    }
    for worker_ids, why in ((guessers, Recheck.REOPEN), (reweighed - guessers, Recheck.REWEIGH)):
        if worker_ids:
            tables.mark(project.id, tasks_answered_by(project.id, worker_ids), why)
