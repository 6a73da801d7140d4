"""Going down a smooth function with its gradient: limited-memory BFGS (Nocedal & Wright 2006, algorithm 7.5)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], tuple[float, Floats]]

_MEMORY = 12
_ENOUGH = 1e-4  # Armijo: a step has to gain this share of what the slope promises
_STEEP = 0.9  # Wolfe: and to end less steep than this share of the slope


@dataclass(frozen=True, eq=False)
class Descent:
    """Where it ended, the function after every step, and whether the gradient is small enough there."""

    point: Floats
    losses: list[float]
    n_iter: int
    converged: bool


def descend(function: Function, start: Floats, scale: Floats, n_iter: int, tol: float) -> Descent:
    """Minimise until no entry of gradient / scale is above `tol`.

    `scale` is the square root of about the curvature of each entry: steps are taken in point * scale, where the
    gradient is measured in standard errors.
    """

    def scaled(x: Floats) -> tuple[float, Floats]:
        value, slope = function(x / scale)
        return value, slope / scale

    x = start * scale
    value, slope = scaled(x)
    losses = [value]
    past: deque[tuple[Floats, Floats]] = deque(maxlen=_MEMORY)
    done = 0
    while done < n_iter and np.abs(slope).max(initial=0.0) > tol:
        way = -_direction(slope, past)
        if not past:
            way /= max(1.0, _dot(slope, slope) ** 0.5)
        found = _line_search(scaled, x, value, slope, way)
        if found is None:
            if not past:
                break
            past.clear()  # what is remembered misleads: go straight down once
            continue
        new, value, new_slope = found
        if _dot(new - x, new_slope - slope) > 0.0:
            past.append((new - x, new_slope - slope))
        x, slope, done = new, new_slope, done + 1
        losses.append(value)
    return Descent(x / scale, losses, done, bool(np.abs(slope).max(initial=0.0) <= tol))


def _direction(slope: Floats, past: deque[tuple[Floats, Floats]]) -> Floats:
    """The slope times the remembered guess of the inverse curvature."""
    way, kept = slope.copy(), []
    for step, change in reversed(past):
        share = _dot(step, way) / _dot(step, change)
        way -= share * change
        kept.append(share)
    if past:
        step, change = past[-1]
        way *= _dot(step, change) / _dot(change, change)
    for (step, change), share in zip(past, reversed(kept), strict=True):
        way += step * (share - _dot(change, way) / _dot(step, change))
    return way


def _line_search(
    function: Function, x: Floats, value: float, slope: Floats, way: Floats
) -> tuple[Floats, float, Floats] | None:
    """A step along the way that meets Wolfe's conditions, found by bisection; None where there is none."""
    down = _dot(slope, way)
    if down >= 0.0:
        return None
    low, high, size = 0.0, np.inf, 1.0
    for _ in range(40):
        new = x + size * way
        found, new_slope = function(new)
        if not found <= value + _ENOUGH * size * down + 1e-13 * abs(value):
            high = size
        elif _dot(new_slope, way) < _STEEP * down:
            low = size
        else:
            return new, found, new_slope
        size = (low + high) / 2.0 if high < np.inf else 2.0 * size
    return None


def _dot(a: Floats, b: Floats) -> float:
    """Without BLAS, whose threads would spin over these short arrays."""
    return float(np.einsum("i,i", a, b))
