"""Truth inference, rankings and agreement, a library by itself: NumPy and Numba, no Django.

Methods are imported when they are first asked for, so that whoever needs only a small part does not load a compiler.
"""

from importlib import import_module
from typing import Any

_HOMES = {  # method → the module that it lives in
    "Auto": "auto",
    "BradleyTerry": "pairwise",
    "Davidson": "pairwise",
    "DawidSkene": "dawid_skene",
    "EBCC": "bayes",
    "GLAD": "glad",
    "Gaussian": "numeric",
    "GoldMajorityVote": "votes",
    "GoldSkill": "votes",
    "IBCC": "bayes",
    "MACE": "mace",
    "MajorityVote": "votes",
    "Medoid": "text",
    "NoisyBradleyTerry": "pairwise",
    "OneCoin": "one_coin",
    "OrdinalDawidSkene": "ordinal",
    "OneCoinDawidSkene": "one_coin",
    "PerLabel": "multi_label",
    "ROVER": "text",
    "RobustMedian": "numeric",
    "WeightedMedoid": "medoid",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
