"""Agreement: how alike are the answers to one task, and how much of that is more than chance?

`krippendorff`, `fleiss`, `gwet` and `cohen` judge a whole table of labels and can say how sure they are;
`between_workers` compares every two workers, `entropy` every task. They are loaded when first asked for; the functions
of `tables` work on plain arrays and need no compiler.
"""

from importlib import import_module
from typing import Any

from tagwerk.inference.agreement.tables import (
    alpha,
    alpha_of_sums,
    alpha_sums,
    counts,
    distances,
    entropies,
    interval,
    likeness,
    nominal,
    ordinal,
    pair_agreement,
    ratio,
)

_HOMES = {
    "Between": "pairs",
    "Coefficient": "coefficients",
    "between_workers": "pairs",
    "cohen": "coefficients",
    "entropy": "pairs",
    "fleiss": "coefficients",
    "gwet": "coefficients",
    "krippendorff": "coefficients",
}  # name → the module that it lives in

__all__ = [
    "alpha",
    "alpha_of_sums",
    "alpha_sums",
    "counts",
    "distances",
    "entropies",
    "interval",
    "likeness",
    "nominal",
    "ordinal",
    "pair_agreement",
    "ratio",
    *_HOMES,
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
