"""Dirichlet distributions: what is expected of the logarithm of a probability, and how far two of them are apart."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_FAR = 10.0  # from here on, the asymptotic series of the digamma function is exact to the last bits


@njit(cache=True, nogil=True)
def digamma(x):  # type: ignore[no-untyped-def]
    """The derivative of log-gamma for x > 0, to about 1e-14 (Abramowitz and Stegun 6.3.5 and 6.3.18)."""
    below = 0.0
    while x < _FAR:
        below -= 1.0 / x
        x += 1.0
    y = 1.0 / (x * x)
    series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760)))))
    return below + math.log(x) - 0.5 / x - series


@njit(cache=True, nogil=True)
def _expected(masses, priors, logs):  # type: ignore[no-untyped-def]
    """Over the middle axis: expected logarithms are written; the divergence of the posteriors from the priors."""
    apart = 0.0
    for outer in range(masses.shape[0]):
        prior = priors[outer if priors.shape[0] > 1 else 0]
        for inner in range(masses.shape[2]):
            total, before = 0.0, 0.0
            for at in range(masses.shape[1]):
                total += masses[outer, at, inner] + prior[at, inner]
                before += prior[at, inner]
            middle = digamma(total)
            apart += math.lgamma(total) - math.lgamma(before)
            for at in range(masses.shape[1]):
                mass = masses[outer, at, inner] + prior[at, inner]
                log = digamma(mass) - middle
                logs[outer, at, inner] = log
                apart += math.lgamma(prior[at, inner]) - math.lgamma(mass)
                apart += masses[outer, at, inner] * log
    return apart


def expected_logs(masses: Floats, priors: Floats, logs: Floats | None = None) -> tuple[Floats, float]:
    """What is expected of log p for p ~ Dirichlet(priors + masses), normalised over the second last axis.

    `masses` (outer, values, inner) or (values,); `priors` of the same shape, or without `outer`. Also gives the sum
    of the Kullback-Leibler divergences of these distributions from Dirichlet(priors). `logs` is written where given.
    """
    if masses.ndim == 1:
        found, apart = expected_logs(masses[None, :, None], priors[:, None])
        return found[0, :, 0], apart
    written = np.empty_like(masses) if logs is None else logs
    return written, float(_expected(masses, priors if priors.ndim == 3 else priors[None], written))
