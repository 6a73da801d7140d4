"""Scores of items and the reliability of workers together."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.pairwise import logit
from tagwerk.inference.pairwise.comparisons import Floats, count
from tagwerk.inference.pairwise.crowd import Beliefs, Labels, covariance, loss_of, split, weights
from tagwerk.inference.pairwise.descent import descend
from tagwerk.inference.pairwise.places import leaning, shares
from tagwerk.inference.pairwise.reading import Read, comparisons
from tagwerk.inference.pairwise.scored import Scored

CAREFUL, CARELESS, LEAN = 4.0, 1.0, 1.0


@dataclass(eq=False)
class NoisyBradleyTerry(Scored):
    """Each worker looks with a probability of their own, and else guesses, perhaps always the same side.

    P(left) = c_w sigma(s_left - s_right) + (1 - c_w) sigma(q_w). Source: Bugakova, Fedorova, Gusev & Drutsa 2019,
    "Aggregation of pairwise comparisons with reduction of biases" (arXiv:1906.03711). The mode of the posterior, by
    limited-memory BFGS from the scores of `BradleyTerry`, with priors that say: an item of mean strength has won and
    lost `prior` times, a worker has looked at four labels of five, and guesses either side.

    Args:
        n_iter: steps at most.
        tol: the fit is done when no number would gain more than about so many standard errors.
        prior: virtual wins and losses of every item against one of mean strength; must be above 0.
        tie_label: what stands for a tie in the column label; a tie is half a win for both.
        random_state: as in crowd-kit; nothing is drawn here.

    Attributes:
        scores_: exp(s) as shares (they add up to 1), per item; strengths_: s, measured from their mean.
        skills_: c, the probability to look, per worker; biases_: sigma(q), how often a guess is for the left.
        loss_history_: log-posterior per comparison after every step; n_iter_, converged_.

    Errors: ValueError for a table that does not fit.

    >>> games = {"worker": [1] * 4 + [2] * 4, "left": list("abab") * 2, "right": list("baba") * 2,
    ...          "label": list("aaaa") + list("abab")}
    >>> model = NoisyBradleyTerry().fit(games)
    >>> bool(model.scores_["a"] > model.scores_["b"]), bool(model.skills_[1] > model.skills_[2])
    (True, True)
    """

    n_iter: int = 1000
    tol: float = 1e-3
    prior: float = 1.0
    tie_label: Any = "tie"
    random_state: int = 0

    def __post_init__(self) -> None:
        if self.prior <= 0.0:
            raise ValueError("prior is a number of virtual wins: above 0")

    @crowdkit_names
    def fit(self, labels: Any) -> Self:
        """Estimate from a table with columns worker, left, right, label; the table is not changed."""
        data = comparisons(labels, self.tie_label, workers=True)
        known = Labels.of(
            data.worker, data.left, data.right, data.outcome, len(data.workers), len(data.items)
        )
        beliefs = Beliefs(self.prior, CAREFUL, CARELESS, LEAN)
        found = descend(
            lambda point: loss_of(known, beliefs, point),
            self._start(data, known),
            np.sqrt(weights(known)) / 2.0,
            self.n_iter,
            self.tol,
        )
        strengths, care, lean = split(known, found.point)
        self._score(data, strengths)
        self._known, self._beliefs, self._point = known, beliefs, found.point
        self.skills_ = data.kind.series(data.workers, _sigma(care), name="skill", index_name="worker")
        self.biases_ = data.kind.series(data.workers, _sigma(lean), name="bias", index_name="worker")
        self._followed(found.losses, found.converged, len(data.left))
        return self

    def _covariance_of_scores(self) -> Floats:
        return covariance(self._known, self._beliefs, self._point)

    def _start(self, data: Read, known: Labels) -> Floats:
        pairs = count(data.left, data.right, data.outcome, known.items, ordered=False).halved()
        fit = logit.fit(pairs, logit.Terms(False, False, self.prior), 100, 1e-2)
        care = np.full(known.workers, np.log(CAREFUL / CARELESS))
        return np.concatenate([fit.point[: known.items], care, np.zeros(known.workers)])


def position_bias(labels: Any, *, spread: float = 1.0, tie_label: Any = "tie", prior: float = 0.1) -> Any:
    """How much each worker leans to the left or right place, whatever is shown there.

    P(left) = sigma(s_left - s_right + b_w), s the scores of `BradleyTerry` from all workers, b_w ~ Normal(0, spread²):
    the posterior mode, which needs no iteration over items. Source: the order effect of Davidson & Beaver 1977
    (Biometrics 33:693), one per worker.

    Args:
        labels: a table with columns worker, left, right, label.
        spread: standard deviation of the shifts (log-odds) that are believed before.
        tie_label, prior: as for `BradleyTerry`; a tie is half a win for both.

    Returns:
        Columns worker, comparisons, left (share of answers for the left item), expected (what the scores say), shift
        (log-odds, positive: to the left), standard_error.

    >>> shown = {"worker": ["x"] * 8 + ["y"] * 8, "left": list("abab") * 4, "right": list("baba") * 4}
    >>> found = position_bias(shown | {"label": list("aaaaaaaa") + list("abababab")})
    >>> found["worker"], found["left"], [round(shift, 1) for shift in found["shift"]]
    (['x', 'y'], [0.5, 1.0], [0.0, 2.2])
    """
    data = comparisons(labels, tie_label, workers=True)
    known = Labels.of(data.worker, data.left, data.right, data.outcome, len(data.workers), len(data.items))
    pairs = count(data.left, data.right, data.outcome, known.items, ordered=True).halved()
    score = logit.fit(pairs, logit.Terms(True, False, prior), 100, 1e-8).point[: known.items]
    shifts = leaning(known.start, known.left, known.right, known.outcome, score, spread)
    left, expected = shares(known, score)
    return data.kind.records(
        {
            "worker": data.workers,
            "comparisons": np.diff(known.start),
            "left": left,
            "expected": expected,
            "shift": shifts[:, 0],
            "standard_error": shifts[:, 1],
        }
    )


def _sigma(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-x)), np.float64)
