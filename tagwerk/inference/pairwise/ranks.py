"""From scores and their covariance to ranks that say which differences may be chance."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.pairwise.comparisons import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ranks:
    """One entry per item, best first.

    `item` is the item's place among the scores that came in. `low` and `high` bound each score on its own. `best` and
    `worst` bound the rank; `tied` is how many items are above or below only by what may be chance.
    """

    item: Ints
    rank: Ints
    best: Ints
    worst: Ints
    tied: Ints
    score: Floats
    error: Floats
    low: Floats
    high: Floats


def ranks(scores: Floats, covariance: Floats, confidence: float) -> Ranks:
    """Rank items by score, shape (items,), with the covariance of the scores, shape (items, items).

    An item is surely above another where their difference is significant with Bonferroni's correction for the
    items - 1 comparisons that its rank rests on; so each interval of ranks covers the true rank with at least
    `confidence` (Mogstad, Romano, Shaikh & Wilhelm 2024, Rev. Econ. Stud. 91:476, marginal confidence sets).
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError("confidence lies between 0 and 1")
    items = len(scores)
    variance = np.diagonal(covariance)
    error = np.sqrt(np.maximum(variance, 0.0))
    apart = scores[None, :] - scores[:, None]  # how far the column's item is above the row's
    doubt = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2.0 * covariance, 0.0))
    bound = _normal(1.0 - (1.0 - confidence) / 2.0 / max(items - 1, 1))
    above, below = (apart > bound * doubt).sum(axis=1), (apart < -bound * doubt).sum(axis=1)
    order = np.lexsort((np.arange(items), -scores))
    wide = _normal(1.0 - (1.0 - confidence) / 2.0) * error
    found = Ranks(
        item=order,
        rank=1 + (apart > 0.0).sum(axis=1),
        best=1 + above,
        worst=items - below,
        tied=items - 1 - above - below,
        score=scores,
        error=error,
        low=scores - wide,
        high=scores + wide,
    )
    sorted_ = {name: getattr(found, name)[order] for name in Ranks.__dataclass_fields__ if name != "item"}
    return Ranks(item=order, **sorted_)


def columns(found: Ranks, items: list[Any]) -> dict[str, Any]:
    """The ranking as columns of a table."""
    return {
        "item": [items[place] for place in found.item.tolist()],
        "rank": found.rank,
        "best_rank": found.best,
        "worst_rank": found.worst,
        "tied": found.tied,
        "strength": found.score,
        "standard_error": found.error,
        "low": found.low,
        "high": found.high,
    }


def _normal(share: float) -> float:
    return NormalDist().inv_cdf(share)
