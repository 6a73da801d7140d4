"""The passes of `passes`, and the expectations of `dirichlet`, by NumPy alone.

Compiling the kernels takes half a minute on a cold machine; so many labels that NumPy needs as long are never few. Each
function gives what its compiled twin gives, to rounding.
"""

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.part import Part

Floats = NDArray[np.float64]
_FAR = 10.0  # from here on, the asymptotic series are exact to the last bits
_HALF_LOG_TAU = 0.9189385332046727


def mixture(
    part: Part, log_errors: Floats, log_priors: Floats, posterior: Floats
) -> tuple[Floats, Floats, float]:
    """See `passes.mixture_pass`: counts, states, log-likelihood; `posterior` is written."""
    task, cell = part.task, _cells(part, log_errors.shape[1])
    flat = log_errors.reshape(-1, log_errors.shape[2])
    for state in range(flat.shape[1]):
        posterior[:, state] = log_priors[state] + np.bincount(task, flat[cell, state], part.tasks)
    likely = _soften(part, posterior)
    mass, states = counts(part, posterior)
    return mass, states, likely


def votes(part: Part, weights: Floats, log_priors: Floats, posterior: Floats) -> tuple[Floats, Floats, float]:
    """See `passes.votes_pass`."""
    task, cell, size = part.task, _cells(part, weights.shape[1]), len(log_priors)
    named = task.astype(np.int64) * size + part.label
    posterior[:] = np.bincount(named, weights.ravel()[cell], part.tasks * size).reshape(-1, size) + log_priors
    likely = _soften(part, posterior)
    agreed = np.bincount(cell, posterior.ravel()[named], weights.size).reshape(weights.shape)
    return np.asarray(agreed, np.float64), posterior.sum(axis=0), likely


def shares(part: Part, weights: Floats, posterior: Floats) -> None:
    """See `passes.shares_pass`."""
    size = posterior.shape[1]
    named = part.task.astype(np.int64) * size + part.label
    posterior[:] = np.bincount(named, weights[part.worker], part.tasks * size).reshape(-1, size)
    total = posterior.sum(axis=1, keepdims=True)
    posterior[:] = np.where(total > 0.0, posterior / np.where(total > 0.0, total, 1.0), 1.0 / size)
    if len(part.known):
        fixed = part.known >= 0
        posterior[fixed] = np.eye(size)[part.known[fixed]]


def counts(part: Part, posterior: Floats) -> tuple[Floats, Floats]:
    """See `passes.count_pass`: counts and states."""
    size, task, cell = posterior.shape[1], part.task, _cells(part, part.classes)
    cells = part.workers * part.classes
    columns = [np.bincount(cell, posterior[task, state], cells) for state in range(size)]
    mass = np.stack(columns, axis=1).reshape(part.workers, part.classes, size)
    return np.ascontiguousarray(mass, np.float64), posterior.sum(axis=0)


def expected_logs(masses: Floats, priors: Floats, logs: Floats | None = None) -> tuple[Floats, float]:
    """See `dirichlet.expected_logs`."""
    if masses.ndim == 1:
        found, apart = expected_logs(masses[None, :, None], priors[:, None])
        return found[0, :, 0], apart
    before = np.broadcast_to(priors if priors.ndim == 3 else priors[None], masses.shape)
    after = masses + before
    written = np.empty_like(masses) if logs is None else logs
    written[:] = _digamma(after) - _digamma(after.sum(axis=1))[:, None]
    apart = _log_gamma(after.sum(axis=1)).sum() - _log_gamma(before.sum(axis=1)).sum()
    apart += (_log_gamma(before) - _log_gamma(after) + masses * written).sum()
    return written, float(apart)


def _cells(part: Part, columns: int) -> NDArray[np.int64]:
    """For each label its place in a table of workers and classes, or of workers alone."""
    place = part.worker.astype(np.int64)
    return place * columns + part.label if columns > 1 else place


def _soften(part: Part, scores: Floats) -> float:
    """Log-scores become probabilities, all of it in the states of a known class; the sum of log-normalisers."""
    if len(part.known):
        per = scores.shape[1] // part.classes
        fixed = np.flatnonzero(part.known >= 0)
        other = np.arange(scores.shape[1])[None] // per != part.known[fixed, None]
        scores[fixed] = np.where(other, -np.inf, scores[fixed])
    best = scores.max(axis=1, keepdims=True)
    np.exp(scores - best, out=scores)
    mass = scores.sum(axis=1, keepdims=True)
    scores /= mass
    return float((best + np.log(mass)).sum())


def _digamma(x: Floats) -> Floats:
    below, far = np.zeros_like(x), np.array(x)
    while (near := far < _FAR).any():
        below[near] -= 1.0 / far[near]
        far[near] += 1.0
    y = 1.0 / (far * far)
    series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760)))))
    return np.asarray(below + np.log(far) - 0.5 / far - series, np.float64)


def _log_gamma(x: Floats) -> Floats:
    below, far = np.zeros_like(x), np.array(x)
    while (near := far < _FAR).any():
        below[near] -= np.log(far[near])
        far[near] += 1.0
    y = 1.0 / (far * far)
    series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / far
    return np.asarray(below + (far - 0.5) * np.log(far) - far + _HALF_LOG_TAU + series, np.float64)
