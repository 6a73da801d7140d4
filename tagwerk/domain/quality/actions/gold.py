"""Gold: score first answers to it, keep the workers' records, let the rules about gold act."""

from collections.abc import Sequence

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.actions import tables
from tagwerk.domain.quality.actions.control import Changes, fire_gold_rules
from tagwerk.domain.quality.queries.answers import GoldAnswer, tasks_answered_by
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.gold import Record, score, weight_changed
from tagwerk.domain.quality.rules.words import Recheck


def score_gold(project: ProjectView, answers: Sequence[GoldAnswer]) -> None:
    """Score first answers to gold, in the transaction that moves the judge's cursor past them."""
    ballots = ballots_of(project.design_id)
    scored: dict[tuple[int, str], Record] = {}
    for one in answers:
        for question, right in score(one.right, one.answers, ballots).items():
            before = scored.get((one.worker_id, question), Record())
            scored[one.worker_id, question] = Record(before.seen + 1, before.correct + right)
    changes = tables.add_to_records(project.id, scored)
    _weigh_again(project, changes, fire_gold_rules(project, changes))


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
