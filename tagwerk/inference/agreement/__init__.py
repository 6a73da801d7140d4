"""Agreement: how alike are the answers to one task, and how much of that is more than chance?

`krippendorff`, `fleiss`, `gwet` and `cohen` judge a whole table of labels and can say how sure they are;
`between_workers` compares every two workers, `entropy` every task. The functions of `tables` work on plain arrays.
"""

from tagwerk.inference.agreement.coefficients import Coefficient, cohen, fleiss, gwet, krippendorff
from tagwerk.inference.agreement.pairs import Between, between_workers, entropy
from tagwerk.inference.agreement.tables import (
    alpha,
    counts,
    distances,
    interval,
    likeness,
    nominal,
    ordinal,
    pair_agreement,
    ratio,
)

__all__ = [
    "Between",
    "Coefficient",
    "alpha",
    "between_workers",
    "cohen",
    "counts",
    "distances",
    "entropy",
    "fleiss",
    "gwet",
    "interval",
    "krippendorff",
    "likeness",
    "nominal",
    "ordinal",
    "pair_agreement",
    "ratio",
]
