"""Scores of items from comparisons, with ties or without: Bradley & Terry's model and Davidson's."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.pairwise import logit
from tagwerk.inference.pairwise.comparisons import TIE, Comparisons, Floats, count, everybody_met
from tagwerk.inference.pairwise.reading import Read, comparisons
from tagwerk.inference.pairwise.scored import Scored


@dataclass(eq=False)
class BradleyTerry(Scored):
    """Each item has a strength, and wins in proportion to it: P(i beats j) = p_i / (p_i + p_j).

    Sources: Bradley & Terry 1952 (Biometrika 39:324); for the place on the screen Davidson & Beaver 1977 (Biometrics
    33:693). The log-likelihood is concave and is maximised by Newton's method on sparse pairs, to convergence.

    Args:
        n_iter: Newton's steps at most; about seven are needed.
        tol: the fit is done when no strength (a logarithm) moves by more in a step; what is left is about tol².
        ties: "half", a tie is half a win for both; or "drop". `Davidson` has a model of them.
        position: also estimate how much the left place helps, whatever is shown there.
        prior: so many virtual wins and as many losses of every item against one of mean strength. 0 gives the maximum
            of the likelihood, which exists only where a chain of wins leads from every item to every other.
        tie_label: what stands for a tie in the column label.

    Attributes:
        scores_: strengths p as shares (they add up to 1), per item.
        strengths_: their logarithms, measured from their mean.
        position_: log-odds that the left place adds to the left item (0 without `position`), with its standard error
            in `position_error_`.
        loss_history_: log-likelihood and log-prior per comparison after every step; n_iter_, converged_.

    Errors: ValueError for a table that does not fit, and where prior=0 and the maximum does not exist.

    >>> games = {"left": ["a", "a", "a", "b"], "right": ["b", "b", "b", "a"], "label": ["a", "a", "b", "a"]}
    >>> model = BradleyTerry(prior=0).fit(games)
    >>> {item: round(share, 3) for item, share in model.scores_.items()}
    {'a': 0.75, 'b': 0.25}
    """

    n_iter: int = 100
    tol: float = 1e-5
    ties: str = "half"
    position: bool = False
    prior: float = 0.1
    tie_label: Any = "tie"

    def __post_init__(self) -> None:
        if self.ties not in self._ties_known:
            raise ValueError(f"ties is one of {', '.join(self._ties_known)}")
        if self.prior < 0.0:
            raise ValueError("prior is a number of virtual wins: not negative")

    _ties_known: ClassVar[tuple[str, ...]] = ("half", "drop")

    @crowdkit_names
    def fit(self, labels: Any) -> Self:
        """Estimate from a table with columns left, right, label: the items shown, and the one preferred.

        Other columns (task, worker) may be there and are not used; the table is not changed.
        """
        data = comparisons(labels, self.tie_label, workers=False)
        self._fit(data, self._count(data))
        return self

    def _count(self, data: Read) -> Comparisons:
        """Ties are counted as such only where the model knows them."""
        kept = np.flatnonzero((data.outcome != TIE) | (self.ties != "drop"))
        found = count(
            data.left[kept], data.right[kept], data.outcome[kept], len(data.items), ordered=self.position
        )
        return found if self.ties == "model" else found.halved()

    def _fit(self, data: Read, pairs: Comparisons) -> None:
        if not self.prior and not everybody_met(pairs):
            raise ValueError(
                "no scores make these comparisons most likely: some items never lost or never won against the others; "
                "use a prior above 0"
            )
        self._terms = logit.Terms(self.position, bool(pairs.ties.any()), self.prior)
        self._pairs, self._fit_ = pairs, logit.fit(pairs, self._terms, self.n_iter, self.tol)
        self._score(data, self._fit_.point[: pairs.items])
        self.position_ = float(self._fit_.point[-2])
        self._followed(self._fit_.losses, self._fit_.converged, len(data.left))

    @property
    def position_error_(self) -> float:
        """Standard error of `position_`."""
        return float(np.sqrt(self._covariance()[-2, -2]))

    def _covariance_of_scores(self) -> Floats:
        return self._covariance()[: self._pairs.items, : self._pairs.items]

    def _covariance(self) -> Floats:
        return logit.covariance(self._pairs, self._fit_.point, self._terms)


@dataclass(eq=False)
class Davidson(BradleyTerry):
    """Bradley-Terry with ties, which are the more likely the closer two items are.

    P(i beats j) = p_i / (p_i + p_j + nu sqrt(p_i p_j)), P(tie) = nu sqrt(p_i p_j) / (…). Source: Davidson 1970
    (J. Am. Stat. Assoc. 65:317). Concave in the logarithms, and maximised like `BradleyTerry`.

    Args and attributes as for `BradleyTerry` (without `ties`), and
        tie_strength_: nu; two equal items tie with probability nu / (2 + nu).
        tie_strength_error_: standard error of its logarithm (0 where there was no tie, and nu is 0).

    >>> games = {"left": ["a"] * 6, "right": ["b"] * 6, "label": ["a", "a", "a", "a", "b", "tie"]}
    >>> model = Davidson(prior=0).fit(games)
    >>> round(model.scores_["a"] / model.scores_["b"], 3), round(model.tie_strength_, 3)
    (4.0, 0.5)
    """

    ties: str = field(default="model", init=False)
    _ties_known: ClassVar[tuple[str, ...]] = ("model",)

    def _fit(self, data: Read, pairs: Comparisons) -> None:
        super()._fit(data, pairs)
        self.tie_strength_ = float(np.exp(self._fit_.point[-1])) if self._terms.ties else 0.0

    @property
    def tie_strength_error_(self) -> float:
        """Standard error of the logarithm of `tie_strength_`."""
        return float(np.sqrt(self._covariance()[-1, -1]))
