"""From the answers to some tasks to where each of them stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tagwerk.domain.quality.rules.judging import Ballot, Outcome, Vote, judge
from tagwerk.domain.quality.rules.modelling import Fitted, by_model
from tagwerk.domain.quality.rules.stopping import Certainty, Plan, Standing, standing
from tagwerk.domain.quality.rules.words import Method, Recheck, TaskState
from tagwerk.inference import vote
from tagwerk.inference.stopping import Rule


@dataclass(frozen=True)
class Beliefs:
    """What is known of workers: question → worker → accuracy on gold, and question → fitted models, where there are any.

    `votes`: question → the vote that the project's plan or its data ask for instead.
    """

    skills: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    fitted: Mapping[str, Fitted] = field(default_factory=dict)
    votes: Mapping[str, Method] = field(default_factory=dict)


@dataclass
class Known:
    """A task's last judgement (state None: never judged) and its results by question."""

    state: TaskState | None = None
    wanted: int | None = None
    least: int = 0  # a member asked for so many answers at least
    values: dict[str, Any] = field(default_factory=dict)
    overruled: set[str] = field(default_factory=set)
    unanswerable: bool = False  # said so by several workers: its result stays, and nothing more is asked

    @property
    def settled(self) -> bool:
        return self.state is not None and self.state is not TaskState.OPEN


@dataclass
class Findings:
    """What judging comes to, before it is written."""

    outcomes: dict[tuple[int, str], Outcome] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)


def find(
    ballots: Sequence[Ballot],
    plan: Plan,
    votes: Sequence[Vote],
    beliefs: Beliefs,
    known: Mapping[int, Known],
    asked_again: Mapping[int, Recheck],
) -> Findings:
    """Judge every question of the tasks in `known`, then where each of them stands."""
    found = Findings(answers=dict.fromkeys(known, 0))
    for one in votes:
        found.answers[one.task_id] += 1
    certain: dict[int, list[Certainty]] = {task_id: [] for task_id in known}
    left = {
        task_id: 0 if before.settled and asked_again.get(task_id) is not Recheck.REOPEN
        else max(_plan_of(plan, before).most - found.answers[task_id], 0)
        for task_id, before in known.items()
    }  # fmt: skip
    for ballot in ballots:
        for task_id, (outcome, certainty) in _judged(ballot, plan, votes, beliefs, left).items():
            if ballot.question in known[task_id].overruled or known[task_id].unanswerable:
                continue  # decided: nothing to find, nothing unsure
            found.outcomes[task_id, ballot.question] = outcome
            if ballot.decides:
                certain[task_id].append(certainty)
    deciding = {ballot.question for ballot in ballots if ballot.decides}
    for task_id, before in known.items():
        all_decided = bool(deciding) and deciding <= before.overruled
        answers = max(found.answers[task_id], plan.least) if all_decided else found.answers[task_id]
        if before.unanswerable and not all_decided:
            found.standings[task_id] = Standing(TaskState.EXHAUSTED, before.wanted or plan.least, 0, None)
            continue
        why = asked_again.get(task_id, Recheck.NO)
        found.standings[task_id] = _stands(plan, before, answers, certain[task_id], why)
    return found


def _judged(
    ballot: Ballot, plan: Plan, votes: Sequence[Vote], beliefs: Beliefs, left: Mapping[int, int]
) -> Mapping[int, tuple[Outcome, Certainty]]:
    """One question of all tasks, by its models where there are any, else by a vote."""
    fitted = beliefs.fitted.get(ballot.question)
    if fitted is not None:
        rule = Rule(least_gain=plan.least_gain, least=0, sure=plan.confidence)
        return by_model(ballot, fitted, votes, list(left), left, rule)
    by_worker = beliefs.skills.get(ballot.question, {})
    method = beliefs.votes.get(ballot.question, Method.GOLD_VOTE)
    outcomes = judge(ballot, votes, by_worker, list(left), method)
    return {t: (outcome, _certainty(ballot, outcome, by_worker.values())) for t, outcome in outcomes.items()}


def _certainty(ballot: Ballot, outcome: Outcome, skills: Collection[float]) -> Certainty:
    typical = sum(skills) / len(skills) if skills else float(vote.accuracy(0, 0))
    return Certainty(outcome.confidence, len(ballot.places), typical)


def _plan_of(plan: Plan, before: Known) -> Plan:
    """The plan of a task for which a member may have asked for more answers."""
    if before.least <= plan.least:
        return plan
    return replace(plan, least=before.least, most=max(plan.most, before.least))


def _stands(
    plan: Plan, before: Known, answers: int, deciding: Collection[Certainty], why: Recheck
) -> Standing:
    plan = _plan_of(plan, before)
    wanted = plan.least if before.wanted is None else before.wanted
    if not before.settled:
        return standing(plan, answers=answers, wanted=wanted, deciding=deciding)
    if (
        why is Recheck.REOPEN
    ):  # it is closed, so nothing is on its way: what is missing must be asked for anew
        return standing(plan, answers=answers, wanted=min(wanted, answers), deciding=deciding)
    now = standing(plan, answers=answers, wanted=wanted, deciding=deciding)
    if now.state is not TaskState.OPEN:
        return now
    # It is not opened again because weights moved or an answer came late: its result may have gone out.
    assert before.state is not None
    return replace(now, state=before.state, wanted=wanted, more=0)


def newly_settled(standings: Mapping[int, Standing], known: Mapping[int, Known]) -> list[int]:
    """Tasks that are settled now and were not before."""
    return [t for t, one in standings.items() if one.state is not TaskState.OPEN and not known[t].settled]


def results_to_tell(found: Findings, known: Mapping[int, Known]) -> list[int]:
    """Tasks whose result stands now, or stood before and is different."""
    changed = {
        task_id
        for (task_id, question), outcome in found.outcomes.items()
        if known[task_id].settled and known[task_id].values.get(question) != outcome.value
    }
    stand = {t for t in changed if found.standings[t].state is not TaskState.OPEN}
    return sorted(stand | set(newly_settled(found.standings, known)))
