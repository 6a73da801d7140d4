"""Whether a worker leans to the left or to the right, whatever is shown there."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.pairwise.comparisons import Floats
from tagwerk.inference.pairwise.crowd import Labels

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)


@_compiled
def leaning(labels_start: Any, left: Any, right: Any, outcome: Any, score: Floats, spread: float) -> Floats:
    """Each worker's shift b of the log-odds of the left item, and its standard error; shape (workers, 2).

    P(left) = sigma(score[left] - score[right] + b), scores as they are, b ~ Normal(0, spread²): the posterior mode
    and curvature, by Newton's method; the posterior is concave in b. A tie is half a win for both.
    """
    found = np.zeros((len(labels_start) - 1, 2))
    for w in range(len(found)):
        b = 0.0
        bend = 1.0 / spread**2
        for _ in range(100):
            slope, bend = -b / spread**2, 1.0 / spread**2
            for at in range(labels_start[w], labels_start[w + 1]):
                p = 1.0 / (1.0 + np.exp(score[right[at]] - score[left[at]] - b))
                slope += (0.5 if outcome[at] == 2 else 1.0 - outcome[at]) - p
                bend += p * (1.0 - p)
            step = max(-1.0, min(1.0, slope / bend))
            b += step
            if abs(step) < 1e-10:
                break
        found[w, 0], found[w, 1] = b, 1.0 / np.sqrt(bend)
    return found


def shares(labels: Labels, score: Floats) -> tuple[Floats, Floats]:
    """Each worker's share of answers for the left item, and what the scores make one expect; shape (workers,)."""
    said = np.choose(labels.outcome, [1.0, 0.0, 0.5])
    likely = 1.0 / (1.0 + np.exp(score[labels.right] - score[labels.left]))
    sums = np.vstack([np.concatenate([[0.0], np.cumsum(values)])[labels.start] for values in (said, likely)])
    given = np.maximum(np.diff(labels.start), 1)
    return tuple(np.diff(sums, axis=1) / given)
