"""How many answers stopping has saved: the run, beside what a fixed number of answers from the same people comes to.

The fixed numbers are simulated on the same people, tasks and gold, so often that chance hardly matters, and their answers
are added up by the same rules as those of the run. Between two numbers some tasks would get one and some the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from tagwerk.base.ids import public_id, row_number
from tagwerk.client import Client, Design, Project, data_digest
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.rules.finding import Beliefs, Known, find
from tagwerk.domain.quality.rules.fitting import Said, fit
from tagwerk.domain.quality.rules.judging import Ballot, Vote
from tagwerk.domain.quality.rules.modelling import Fitted
from tagwerk.domain.quality.rules.stopping import Plan
from tagwerk.inference import vote
from tagwerk.interfaces.cli.truth import Truths, is_right
from tagwerk.simulation.fixed import answers_of
from tagwerk.simulation.workforce import Done, Report

TIMES = 10  # that each fixed number is simulated
ALMOST = 1e-12


@dataclass(frozen=True)
class Saving:
    """Answers per task and share of right results, as it was and with fixed numbers; `equal`: the fixed number that is
    as right, the most that the plan allows where none is (`best`); `saved`: the share of its answers that were not
    needed."""

    tasks: int
    answers_per_task: float
    accuracy: float
    fixed: dict[int, float]
    equal: float
    best: bool
    saved: float


def saving_of(client: Client, project: Project, report: Report, truths: Truths) -> Saving | None:
    """What a project's stopping has saved; None where nothing of it can be counted and known."""
    number = row_number("prj", project.id)
    view = projects.project(number)
    design = report.designs.get(public_id("dsn", view.design_id))
    ballots = [one for one in quality.ballots_of(view.design_id) if one.decides and one.classes]
    records = list(client.results(project.id))
    asked = {
        digest: truths[digest] for one in records if not one.gold and (digest := data_digest(one.data)) in truths
    }  # fmt: skip
    per_task = quality.progress(number).answers_per_task
    if design is None or not ballots or not asked or per_task is None or view.answers_min == view.answers_max:
        return None
    gold: Truths = {data_digest(one.data): one.result for one in records if one.gold and one.result}
    crowd = _Crowd(ballots, report.people, design, asked, gold, view.gold_share_bp / 10_000)
    fixed = {
        each: float(np.mean([crowd.accuracy(each, f"{each}/{time}") for time in range(TIMES)]))
        for each in range(1, view.answers_max + 1)
    }
    found = {
        (data_digest(one.data), ballot.question): (one.result or {}).get(ballot.question)
        for one in records for ballot in ballots
    }  # fmt: skip
    return compared(len(asked), per_task, crowd.right(found), fixed)


def compared(tasks: int, per_task: float, accuracy: float, fixed: Mapping[int, float]) -> Saving:
    """A run beside fixed numbers of answers: the cheapest that is as right, and how many answers it would have taken."""
    enough = [each for each, right in fixed.items() if right >= accuracy - ALMOST]
    equal = float(min(enough, default=max(fixed)))
    below = fixed.get(int(equal) - 1)
    if enough and below is not None:
        equal -= (fixed[int(equal)] - accuracy) / (fixed[int(equal)] - below)
    saved = round(1.0 - per_task / equal, 3)
    return Saving(tasks, per_task, accuracy, dict(fixed), round(equal, 2), not enough, saved)


def saved_in_all(savings: Sequence[Saving]) -> float:
    """The share of all answers of as right fixed numbers that were not needed."""
    taken = sum(one.tasks * one.answers_per_task for one in savings)
    return 1.0 - taken / sum(one.tasks * one.equal for one in savings)


@dataclass(frozen=True)
class _Crowd:
    """People, the tasks that they are asked, and gold, of which each of them gets a share."""

    ballots: Sequence[Ballot]
    people: Sequence[Done]
    design: Design
    tasks: Truths
    gold: Truths
    gold_share: float

    def accuracy(self, each: int, seed: str) -> float:
        """The share of right results with so many answers to each task."""
        given = list(answers_of(self.people, self.design, self.tasks, each, seed))
        per_person = len(given) / max(len(self.people), 1) * self.gold_share / (1.0 - self.gold_share)
        on_gold = [
            one
            for one in answers_of(self.people, self.design, self.gold, len(self.people), f"{seed}/gold")
            if Random(f"{seed}/{one[0]}/{one[1]}").random() < per_person / max(len(self.gold), 1)  # noqa: S311
        ]
        number = {task: place for place, task in enumerate((*self.tasks, *self.gold))}
        plan = Plan(each, each, 0.5)
        said = [Vote(number[task], worker, answers) for task, worker, answers in given]
        known = {number[task]: Known() for task in self.tasks}
        beliefs = self._beliefs(
            [Vote(number[task], worker, answers) for task, worker, answers in on_gold], said, number
        )
        found = find(self.ballots, plan, said, beliefs, known, {}).outcomes
        return self.right(
            {(task, ballot.question): found[number[task], ballot.question].value for task in self.tasks for ballot in self.ballots}
        )  # fmt: skip

    def right(self, found: Mapping[tuple[str, str], Any]) -> float:
        """The share of results that say what is true."""
        hits = [
            is_right(found.get((task, one.question)), truth[one.question])
            for task, truth in self.tasks.items()
            for one in self.ballots
            if one.question in truth
        ]
        return float(np.mean(hits)) if hits else 0.0

    def _beliefs(self, gold: Sequence[Vote], said: Sequence[Vote], number: Mapping[str, int]) -> Beliefs:
        right = {number[task]: answers for task, answers in self.gold.items()}
        skills: dict[str, dict[int, float]] = {}
        fitted: dict[str, Fitted] = {}
        for ballot in self.ballots:
            hits: dict[int, list[bool]] = {}
            for one in gold:
                hits.setdefault(one.worker_id, []).append(
                    ballot.code(one.answers) == ballot.code(right[one.task_id])
                )
            skills[ballot.question] = {
                w: float(vote.accuracy(sum(some), len(some))) for w, some in hits.items()
            }
            rows = [
                (one.task_id, one.worker_id, number_of)
                for one in (*said, *gold)
                if (number_of := ballot.code(one.answers)) is not None
            ]
            task, worker, code = np.array(rows, np.int64).reshape(-1, 3).T
            known = {t: at for t, answers in right.items() if (at := ballot.code(answers)) is not None}
            made = fit(
                Said(task, worker, code, known, frozenset(right), len(ballot.classes), len(ballot.members)),
                None,
            )
            if made.models:
                places = {w: place for place, w in enumerate(made.workers.tolist())}
                fitted[ballot.question] = Fitted(1, made.method, made.models, places)
        return Beliefs(skills, fitted)
