"""Agreement by day: sums over the tasks that were settled, from which alpha is counted for any number of days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from tagwerk.domain.quality.rules.judging import Ballot, Vote
from tagwerk.inference import agreement


@dataclass(frozen=True, slots=True)
class Sums:
    """Of so many tasks with two answers or more: how often each label was named, and their observed disagreement."""

    tasks: int
    named: tuple[int, ...]
    unlike: float


def agreement_sums(ballot: Ballot, votes: Sequence[Vote], task_ids: Collection[int]) -> Sums | None:
    """The sums of one question over these tasks; None where nothing can be counted."""
    rows = {task_id: row for row, task_id in enumerate(sorted(task_ids))}
    named = [(rows[one.task_id], ballot.place(one.answers)) for one in votes if one.task_id in rows]
    pairs = [(row, place) for row, place in named if place is not None]
    if not pairs or not ballot.places:
        return None
    row, place = zip(*pairs, strict=True)
    table = agreement.counts(row, place, units=len(rows), classes=len(ballot.places))
    counted, unlike = agreement.alpha_sums(table, ballot.apart)
    tasks = int((table.sum(axis=1) >= 2).sum())
    return Sums(tasks, tuple(int(one) for one in counted), unlike) if tasks else None


def alpha(sums: Sums, ballot: Ballot) -> float | None:
    """Krippendorff's alpha; None where it is not defined, or the labels are no longer those that were counted."""
    if len(sums.named) != len(ballot.places):
        return None
    return agreement.alpha_of_sums(np.array(sums.named, np.float64), sums.unlike, ballot.apart)
