"""What the next answers of a project will cost and how right they will be, from what was measured in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import Count, Q
from django.utils.timezone import localdate

from tagwerk.domain.payments import queries as payments
from tagwerk.domain.payments.rules.vat import VatCase
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality.models import GoldAnswer
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.rules.control import interval
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Estimate
from tagwerk.inference.redundancy import measured_vote
from tagwerk.inference.sampling import Interval, bootstrap, median_interval

ENOUGH_GOLD = 20  # answers to gold from which on the share of right ones is believed
ENOUGH_TIMES, ENOUGH_WORKERS = 20, 3  # fewer say little, and would tell how one person works
WHOLE = 10_000
PILOT_TASKS, PILOT_ANSWERS, PILOT_WORKERS = 30, 100, 10
MOST_GOLD = 2_000  # tasks of gold whose answers are counted


@dataclass(frozen=True, eq=False)
class Times:
    """Active times of a project's newest answers, in seconds, with who needed them."""

    seconds: tuple[float, ...]
    workers: tuple[int, ...]

    @property
    def answers(self) -> int:
        return len(self.seconds)

    @property
    def people(self) -> int:
        return len(set(self.workers))

    @property
    def is_enough(self) -> bool:
        """Whether they say something about the project, and nothing about one worker."""
        return self.answers >= ENOUGH_TIMES and self.people >= ENOUGH_WORKERS

    @cached_property
    def median(self) -> Interval | None:
        """The typical time (95 %, by order statistics)."""
        return median_interval(self.seconds)

    @cached_property
    def mean(self) -> Interval | None:
        """The time that hours and capacity follow from (90 %, by drawing workers anew)."""
        return bootstrap(self.seconds, self.workers, np.mean) if self.people > 1 else None

    @cached_property
    def typical(self) -> Interval | None:
        """The median with its 90 % interval by drawing workers anew: what a price by the hour would follow."""
        return bootstrap(self.seconds, self.workers, np.median) if self.people > 1 else None


@dataclass(frozen=True, slots=True)
class GoldShare:
    """How often one answer is right, and how often a majority of so many that were really given: (answers, share, tasks)."""

    seen: int
    right: int
    votes: tuple[tuple[int, float, int], ...]

    @property
    def share(self) -> float:
        return self.right / self.seen

    @property
    def range(self) -> tuple[float, float]:
        """Wilson, 95 %."""
        return interval(self.right, self.seen)


def times_of(project_id: int) -> Times:
    """How long answers take; for who has passed the project's gate."""
    rows = work.timed_answers(project_id)
    return Times(tuple(ms / 1000 for _, ms in rows), tuple(worker for worker, _ in rows))


def gold_share_of(project: ProjectView, *, most: int = 9) -> GoldShare | None:
    """How right answers to gold are, of the deciding question with the fewest labels; None where too few are known."""
    deciding = [one for one in ballots_of(project.design_id) if one.decides and one.places]
    if not deciding:
        return None
    question = min(deciding, key=lambda one: (len(one.places), one.question)).question
    rows = GoldAnswer.objects.filter(project_id=project.id, question=question)
    counted = rows.values("task_id").annotate(
        seen=Count("assignment_id"), correct=Count("assignment_id", filter=Q(right=True))
    )
    tasks = [
        (seen, right) for seen, right in counted.order_by("-task_id").values_list("seen", "correct")[:MOST_GOLD]
    ]  # fmt: skip
    seen, right = sum(one for one, _ in tasks), sum(one for _, one in tasks)
    if seen < ENOUGH_GOLD:
        return None
    votes = ((k, measured_vote(tasks, k)) for k in range(1, most + 1, 2))
    return GoldShare(seen, right, tuple((k, *vote) for k, vote in votes if vote is not None))


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured in a project; each None where too little is known."""

    gold: GoldShare | None
    times: Times | None

    @property
    def assumptions(self) -> dict[str, int | None]:
        """By the names of an estimate."""
        found: dict[str, int | None] = {}
        if self.gold:
            low, high = self.gold.range
            found["accuracy_bp"] = min(max(round(self.gold.share * WHOLE), 100), 9_999)
            found["accuracy_spread_bp"] = min(5_000, round((high - low) / 2 * WHOLE))
        times = self.times
        if times and times.median and times.mean and times.median.value >= 0.5:
            median, mean = times.median.value, times.mean.value
            found["seconds"] = max(1, round(median))
            found["mean_bp"] = min(max(round(mean / max(1, round(median)) * WHOLE), 5_000), 100_000)
            found["time_spread_bp"] = min(9_000, round(max(0.0, 1 - times.mean.low / mean) * WHOLE))
        return found


def measured_in(project: ProjectView) -> Measured:
    """What was measured in a project so far; for who has passed its gate."""
    times = times_of(project.id) if project.launched_at else None
    gold = gold_share_of(project) if project.launched_at else None
    return Measured(gold, times if times and times.is_enough else None)


def estimate_of(
    project: ProjectView, *, given: Mapping[str, int | None] | None = None, measured: Measured | None = None
) -> Estimate:
    """The estimate of a project on what was measured in it; for who has passed its gate."""
    seen = measured if measured is not None else measured_in(project)
    known = {"vat_bp": vat_bp(project.organisation_id)} if project.paid else {}
    found = {**seen.assumptions, **work.measured_factor(project)}
    return work.estimate(project.id, known=known, measured=found, given=given)


def vat_bp(organisation_id: int) -> int | None:
    """The VAT that comes on top for an organisation today, in basis points; None where the operator has said nothing of VAT."""
    found = payments.treatment(organisation_id, localdate())
    return None if found.case is VatCase.NONE else found.rate_bp


def pilot_size(*, answers_min: int, tasks: int) -> int:
    """How many tasks a pilot proposes: thirty, or as many as it takes for a hundred answers; a quarter of few, never all."""
    wanted = max(PILOT_TASKS, -(-PILOT_ANSWERS // max(1, answers_min)))
    return min(wanted, max(1, tasks // 4))
