"""What all models of comparisons give: scores, their covariance, and a ranking."""

from typing import Any, Self

import numpy as np

from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.pairwise import ranks
from tagwerk.inference.pairwise.comparisons import Floats
from tagwerk.inference.pairwise.reading import Read


class Scored:
    """Items with strengths on the logarithmic scale, measured from their mean."""

    scores_: Any
    strengths_: Any

    def fit(self, labels: Any) -> Self:
        """Estimate from a table of comparisons."""
        raise NotImplementedError

    @crowdkit_names
    def fit_predict(self, labels: Any) -> Any:
        """Fit, and return `scores_`."""
        return self.fit(labels).scores_

    def ranking(self, confidence: float = 0.95) -> Any:
        """Items from the best to the worst, and which differences may be chance.

        Columns: item; rank; best_rank and worst_rank, between which the true rank lies with this confidence; tied,
        how many items are not surely better or worse; strength with standard_error, low and high.
        """
        found = ranks.ranks(self._strengths, self._covariance_of_scores(), confidence)
        return self._kind.records(ranks.columns(found, self._items))

    def covariance(self) -> Any:
        """Covariance of `strengths_`, items by items; 8 bytes for each pair of items."""
        values = self._covariance_of_scores()
        return self._kind.frame(
            self._items, self._items, values, names=("label", "other"), value="covariance"
        )

    def _covariance_of_scores(self) -> Floats:
        """Shape (items, items); worked out when it is asked for."""
        raise NotImplementedError

    def _score(self, data: Read, strengths: Floats) -> None:
        """Keep what was found."""
        self._kind, self._items = data.kind, data.items
        self._strengths = strengths - strengths.mean()
        worth = np.exp(strengths - strengths.max())
        for name, values, column in (
            ("scores_", worth / worth.sum(), "agg_score"),
            ("strengths_", self._strengths, "strength"),
        ):
            setattr(self, name, data.kind.series(data.items, values, name=column, index_name="label"))

    def _followed(self, losses: list[float], converged: bool, labels: int) -> None:
        """Keep how the fit went; `losses` begins with that of the start."""
        self.loss_history_ = [-loss / labels for loss in losses[1:]]
        self.n_iter_, self.converged_ = len(losses) - 1, converged
