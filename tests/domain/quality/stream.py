"""A stream of answers without a database: simulated people are asked as judging asks, by the vote or by fitted models."""

from dataclasses import dataclass, field

import numpy as np

from tagwerk.domain.quality.rules.finding import Beliefs, Known, find
from tagwerk.domain.quality.rules.fitting import FEWEST, Said, fit
from tagwerk.domain.quality.rules.judging import Ballot, Vote
from tagwerk.domain.quality.rules.modelling import Fitted
from tagwerk.domain.quality.rules.stopping import Plan
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.inference import vote

GROWN = 1.3


@dataclass
class Crowd:
    """People who answer a question of so many classes; a third of them is careless, and errs towards one neighbour."""

    classes: int = 3
    people: int = 12
    tasks: int = 200
    gold: int = 12
    seed: int = 0
    said: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)
        careless = np.arange(self.people) % 3 == 0
        self.skill = np.where(
            careless,
            self.chance.uniform(0.5, 0.75, self.people),
            self.chance.uniform(0.85, 0.97, self.people),
        )
        self.truth = self.chance.integers(0, self.classes, self.tasks + self.gold)  # gold comes last

    def answer(self, task: int, worker: int) -> int:
        """What a person says to a task; the same whenever they are asked."""
        if (task, worker) not in self.said:
            right = self.chance.random() < self.skill[worker]
            self.said[task, worker] = int(
                self.truth[task] if right else (self.truth[task] + 1) % self.classes
            )
        return self.said[task, worker]


@dataclass(frozen=True)
class Came:
    """What a way of asking came to."""

    answers: int
    accuracy: float


def asked(crowd: Crowd, ballot: Ballot, plan: Plan, *, by_models: bool) -> Came:
    """Ask in rounds, as many answers as judging wants, until every task stands."""
    chance = np.random.default_rng(crowd.seed + 1)
    gold = range(crowd.tasks, crowd.tasks + crowd.gold)
    skills = {
        w: float(vote.accuracy(sum(crowd.answer(t, w) == crowd.truth[t] for t in gold), len(gold)))
        for w in range(crowd.people)
    }
    turns = [list(chance.permutation(crowd.people)) for _ in range(crowd.tasks)]
    known = {task: Known() for task in range(crowd.tasks)}
    votes: list[Vote] = []
    wanted = dict.fromkeys(known, plan.least)
    fitted: dict[str, Fitted] = {}
    done_at, values = 0, {}
    while any(not one.settled for one in known.values()):
        for task, one in known.items():
            have = crowd.people - len(turns[task])
            for _ in range(0 if one.settled else wanted[task] - have):
                worker = int(turns[task].pop())
                label = ballot.labels[crowd.answer(task, worker)]
                votes.append(Vote(task, worker, {ballot.question: label}))
        if by_models and len(votes) >= max(FEWEST, GROWN * done_at):
            fitted, done_at = {ballot.question: refitted(crowd, ballot, votes)}, len(votes)
        beliefs = Beliefs({ballot.question: skills}, fitted)
        found = find([ballot], plan, votes, beliefs, known, {})
        for task, one in found.standings.items():
            values[task] = found.outcomes[task, ballot.question].value
            known[task].state, known[task].wanted = one.state, one.wanted
            wanted[task] = one.wanted
    assert all(one.state is not TaskState.OPEN for one in known.values())
    right = np.mean([values[task] == ballot.labels[crowd.truth[task]] for task in known])
    return Came(len(votes), float(right))


def refitted(crowd: Crowd, ballot: Ballot, votes: list[Vote]) -> Fitted:
    """The models of these answers and of all gold."""
    gold = range(crowd.tasks, crowd.tasks + crowd.gold)
    rows = [(one.task_id, one.worker_id, ballot.code(one.answers)) for one in votes]
    rows += [(task, worker, crowd.answer(task, worker)) for task in gold for worker in range(crowd.people)]
    task, worker, code = np.array(rows).T
    known = {task: int(crowd.truth[task]) for task in gold}
    one = fit(Said(task, worker, code, known, frozenset(gold), crowd.classes), None)
    return Fitted(1, one.method, one.models, {w: place for place, w in enumerate(one.workers.tolist())})
