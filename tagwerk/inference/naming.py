"""crowd-kit's names of arguments beside ours, so that its users change an import and go on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

NAMES = {"data": "labels", "true_labels": "gold"}  # theirs → ours
Fit = TypeVar("Fit", bound=Callable[..., Any])


def crowdkit_names(fit: Fit) -> Fit:
    """Let a method take `data` for labels and `true_labels` for gold; TypeError where both names of one are given."""

    @wraps(fit)
    def called(*given: Any, **named: Any) -> Any:
        for theirs, ours in NAMES.items():
            if theirs in named:
                if ours in named:
                    raise TypeError(f"{theirs} is another name for {ours}: give one of them")
                named[ours] = named.pop(theirs)
        return fit(*given, **named)

    return cast(Fit, called)
