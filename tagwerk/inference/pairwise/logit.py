"""The most likely scores of compared items: Newton's method on sparse pairs.

The model is a choice between three: the left item (utility d/2), the right one (-d/2) and neither (eta), where
d = score[left] - score[right] + shift. Without ties it is that of Bradley & Terry (1952), with them Davidson's
(1970), with the shift for the place on the screen that of Davidson & Beaver (1977). Its log-likelihood is concave, so
there is one answer; the steps solve for it with conjugate gradients, which need one pass over the pairs each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tagwerk.inference.pairwise.comparisons import Codes, Comparisons, Floats

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)
_HALVINGS = 40


@dataclass(frozen=True)
class Terms:
    """What the model has beside the scores, and how strong the prior is (virtual wins and losses, see `fit`)."""

    shift: bool
    ties: bool
    prior: float


@dataclass(frozen=True, eq=False)
class Fit:
    """The answer: `point` is scores (sum 0), shift, eta; `losses` the objective before and after every step."""

    point: Floats
    losses: list[float]
    n_iter: int
    converged: bool


def fit(pairs: Comparisons, terms: Terms, n_iter: int, tol: float) -> Fit:
    """Minimise `loss`, until no number moves by more than `tol` in a step.

    Newton's steps converge quadratically: what is left after the last is about its square.
    """
    data = (pairs.left, pairs.right, pairs.left_wins, pairs.right_wins, pairs.ties)
    point = np.zeros(pairs.items + 2)
    best, gradient, bend = loss(*data, point, terms.ties, terms.prior)
    losses, converged, done = [float(best)], pairs.items == 0, 0
    while done < n_iter and not converged:
        _freeze(gradient, terms)
        step = _solve(
            pairs.left, pairs.right, bend, curvature_of_prior(point, terms.prior), gradient, *_free(terms)
        )
        for _ in range(_HALVINGS):
            found, gradient, bend = loss(*data, point - step, terms.ties, terms.prior)
            if found <= best + 1e-12 * abs(best):
                break
            step = step / 2.0
        point, best, done = point - step, found, done + 1
        losses.append(float(best))
        converged = bool(np.abs(step).max() <= tol)
    point[: pairs.items] -= point[: pairs.items].mean() if pairs.items else 0.0
    return Fit(point, losses, done, converged)


def _free(terms: Terms) -> tuple[bool, bool]:
    return terms.shift, terms.ties


def _freeze(gradient: Floats, terms: Terms) -> None:
    """The gradient is this module's own: what the model does not have does not move."""
    gradient[-2] *= terms.shift
    gradient[-1] *= terms.ties


@_compiled
def loss(
    left: Codes,
    right: Codes,
    left_wins: Floats,
    right_wins: Floats,
    tied: Floats,
    point: Floats,
    ties: bool,
    prior: float,
) -> tuple[float, Floats, Floats]:
    """Minus the log-likelihood and log-prior of a point, its gradient, and the curvature of every pair, (pairs, 3).

    The curvature is of d, of d and eta, and of eta. The prior is that of `prior` wins and as many losses of every
    item against one of score 0, of the left place against the right one, and of ties against decisions.
    """
    items = len(point) - 2
    total, gradient, bend = 0.0, np.zeros(len(point)), np.zeros((len(left), 3))
    eta = np.exp(point[-1]) if ties else 0.0
    for p in range(len(left)):
        a, b = left[p], right[p]
        half = (point[a] - point[b] + point[-2]) / 2.0
        high = abs(half)
        up, down, even = np.exp(half - high), np.exp(-half - high), eta * np.exp(-high)
        whole = up + down + even
        met = left_wins[p] + right_wins[p] + tied[p]
        total += met * (np.log(whole) + high) - (left_wins[p] - right_wins[p]) * half
        apart, tie = (up - down) / whole, even / whole
        slope = (met * apart - left_wins[p] + right_wins[p]) / 2.0
        gradient[a] += slope
        gradient[b] -= slope
        gradient[-2] += slope
        bend[p, 0] = met * ((up + down) / whole - apart * apart) / 4.0
        if ties:
            total -= tied[p] * point[-1]
            gradient[-1] += met * tie - tied[p]
            bend[p, 1] = -met * apart * tie / 2.0
            bend[p, 2] = met * tie * (1.0 - tie)
    for i in range(len(point)):
        if i < items or i == items or ties:
            x = point[i] - (np.log(2.0) if i == items + 1 else 0.0)
            total += prior * (np.logaddexp(0.0, x) + np.logaddexp(0.0, -x))
            gradient[i] += prior * np.tanh(x / 2.0)
    return total, gradient, bend


def curvature_of_prior(point: Floats, prior: float) -> Floats:
    """Second derivative of the prior's part of `loss`, shape of `point`."""
    x = point.copy()
    x[-1] -= np.log(2.0)
    return np.asarray(prior * (1.0 - np.tanh(x / 2.0) ** 2) / 2.0, np.float64)


@_compiled
def _bent(
    left: Codes, right: Codes, bend: Floats, ridge: Floats, pin: float, v: Floats, shift: bool, ties: bool
) -> Floats:
    """The matrix of second derivatives times v; `pin` holds the mean of the scores where nothing else does."""
    found = ridge * v
    items = len(v) - 2
    found[:items] += pin * v[:items].sum()
    for p in range(len(left)):
        a, b = left[p], right[p]
        d = v[a] - v[b] + (v[-2] if shift else 0.0)
        e = v[-1] if ties else 0.0
        along = bend[p, 0] * d + bend[p, 1] * e
        found[a] += along
        found[b] -= along
        found[-2] += along
        found[-1] += bend[p, 1] * d + bend[p, 2] * e
    found[-2] *= shift
    found[-1] *= ties
    return found


@_compiled
def _solve(
    left: Codes, right: Codes, bend: Floats, ridge: Floats, gradient: Floats, shift: bool, ties: bool
) -> Floats:
    """Conjugate gradients, preconditioned by the diagonal, to a relative error of 1e-7."""
    diagonal = ridge.copy()
    for p in range(len(left)):
        diagonal[left[p]] += bend[p, 0]
        diagonal[right[p]] += bend[p, 0]
        diagonal[-2] += bend[p, 0]
        diagonal[-1] += bend[p, 2]
    pin = diagonal[:-2].mean() / (len(diagonal) - 2) if ridge[0] == 0.0 else 0.0
    for i in range(len(diagonal)):
        diagonal[i] = max(diagonal[i] + (pin if i < len(diagonal) - 2 else 0.0), 1e-300)
    step, rest = np.zeros(len(gradient)), gradient.copy()
    eased = rest / diagonal
    way, size = eased.copy(), (rest * eased).sum()
    enough = size * 1e-14
    for _ in range(10 * len(gradient)):
        if size <= enough or size < 1e-300:
            break
        bent = _bent(left, right, bend, ridge, pin, way, shift, ties)
        along = (way * bent).sum()
        if along <= 0.0:
            break
        step += (size / along) * way
        rest -= (size / along) * bent
        eased = rest / diagonal
        now = (rest * eased).sum()
        way = eased + (now / size) * way
        size = now
    return step


def covariance(pairs: Comparisons, point: Floats, terms: Terms) -> Floats:
    """Covariance of the scores and, where the model has them, shift and eta; shape (items + 2, items + 2).

    The inverse of the second derivatives at the answer; scores are measured from their mean, so rows sum to 0.
    """
    _, _, bend = loss(
        pairs.left, pairs.right, pairs.left_wins, pairs.right_wins, pairs.ties, point, terms.ties, terms.prior
    )
    size = len(point)
    table = np.diag(curvature_of_prior(point, terms.prior))
    _fill(pairs, bend, table)
    used = np.concatenate([np.arange(pairs.items), np.flatnonzero(_free(terms)) + pairs.items])
    centre = np.eye(size)
    centre[: pairs.items, : pairs.items] -= 1.0 / max(pairs.items, 1)
    inner = table[np.ix_(used, used)]
    inner[: pairs.items, : pairs.items] += float(
        terms.prior == 0.0
    )  # the mean is free then: any value will do
    found = np.zeros((size, size))
    found[np.ix_(used, used)] = np.linalg.inv(inner) if len(inner) else inner
    return np.asarray(centre @ found @ centre.T, np.float64)


def _fill(pairs: Comparisons, bend: Floats, table: Floats) -> None:
    """Add the pairs' curvatures to the dense table."""
    shift, eta = (np.full(len(pairs.left), len(table) - place, np.int32) for place in (2, 1))
    sides = ((pairs.left, 1.0), (pairs.right, -1.0), (shift, 1.0))
    for one, one_sign in sides:
        for other, other_sign in sides:
            np.add.at(table, (one, other), one_sign * other_sign * bend[:, 0])
        np.add.at(table, (one, eta), one_sign * bend[:, 1])
        np.add.at(table, (eta, one), one_sign * bend[:, 1])
    table[-1, -1] += bend[:, 2].sum()
