"""One pass over the labels of some tasks: posteriors, and the sums that workers' tables are made of, at once.

Each pass is a pure function of a `Part` and of tables over all workers; what it gives back are sums, which are added up
over the parts. A cluster can run one per machine: send the tables, add the `Sums`, make new tables.

Two models cover all methods that know no task difficulty. In a **mixture**, a task has one of S hidden states and a
worker's label depends on it freely (Dawid-Skene, IBCC, EBCC): tables of shape (workers, classes, S). In **votes**, a
label only speaks for the class it names (one-coin, MACE, votes): tables of shape (workers, classes) or (workers, 1).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numba.cpython.unsafe.tuple import tuple_setitem
from numpy.typing import NDArray

from tagwerk.inference import plain
from tagwerk.inference.exponential import exponential
from tagwerk.inference.part import Part

Floats = NDArray[np.float64]
BLOCK = 64  # tasks whose posteriors are made together, so that they stay in the nearest cache
LINE = 8  # float64 numbers in a line of the cache
HUGE = 1e280
UNROLLED = 8  # up to so many states, a pass of its own is compiled for each number


_compiled = njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")
_within = njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")


@dataclass(frozen=True, slots=True)
class Sums:
    """What a pass found, to be added over parts.

    `counts`: the posterior mass behind each entry of the workers' table. `states` (S,): the mass of each state.
    `log_likelihood`: of the labels under the tables that came in, natural logarithm.
    """

    counts: Floats
    states: Floats
    log_likelihood: float

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.counts + other.counts,
            self.states + other.states,
            self.log_likelihood + other.log_likelihood,
        )


def mixture_pass(part: Part, log_errors: Floats, log_priors: Floats, posterior: Floats) -> Sums:
    """E step, sums for the M step and log-likelihood of a mixture, in one pass.

    `log_errors` (workers, classes, S): log-probability that a worker says a class in a state; `log_priors` (S,) of the
    states, where each class has S / classes states in a row. `posterior` (tasks of the part, S) is written.
    """
    if not part.compiled:
        return Sums(*plain.mixture(part, log_errors, log_priors, posterior))
    shape = log_errors.shape
    counts, states = zeros(shape), np.zeros(shape[2])
    arguments = (
        part.starts,
        part.worker,
        part.label,
        part.known,
        np.int64(shape[2] // part.classes),
        log_errors.reshape(-1, shape[2]),
        log_priors,
        posterior,
        counts.reshape(-1, shape[2]),
        states,
        np.int64(shape[1]),
    )
    few = shape[2] <= UNROLLED
    found = _mixture_few(_width(shape[2]), *arguments) if few else _mixture_many(*arguments)
    return Sums(counts, states, float(found))


def votes_pass(part: Part, weights: Floats, log_priors: Floats, posterior: Floats) -> Sums:
    """The same where a label adds its worker's weight to the score of the class that it names, and nothing to others.

    `weights` (workers, classes), or (workers, 1) where it does not matter which class is named: log-likelihood ratio
    of the named class against any other. The log-likelihood lacks what every class gets alike.
    """
    if not part.compiled:
        return Sums(*plain.votes(part, weights, log_priors, posterior))
    counts, states = np.zeros(weights.shape), np.zeros(len(log_priors))
    found = _votes(
        _width(len(log_priors)),
        part.starts,
        part.worker,
        part.label,
        part.known,
        weights.ravel(),
        log_priors,
        posterior,
        counts.ravel(),
        states,
        np.int64(weights.shape[1]),
    )
    return Sums(counts, states, float(found))


def shares_pass(part: Part, weights: Floats, posterior: Floats) -> None:
    """Each task's share of votes for each class, weighted by worker (workers,); known classes get all."""
    if not part.compiled:
        plain.shares(part, weights, posterior)
        return
    _shares(_width(part.classes), part.starts, part.worker, part.label, part.known, weights, posterior)


def count_pass(part: Part, posterior: Floats) -> Sums:
    """The sums of a mixture whose posterior is given, shape (tasks of the part, S)."""
    if not part.compiled:
        return Sums(*plain.counts(part, posterior), 0.0)
    size = posterior.shape[1]
    counts, states = zeros((part.workers, part.classes, size)), np.zeros(size)
    flat, classes = counts.reshape(-1, size), np.int64(part.classes)
    arguments = (part.starts, part.worker, part.label, posterior, flat, states, classes)
    if size <= UNROLLED:
        _count_few(_width(size), *arguments)
    else:
        _count_many(*arguments)
    return Sums(counts, states, 0.0)


def zeros(shape: tuple[int, ...]) -> Floats:
    """Zeros whose rows do not straddle more cache lines than they must."""
    size = int(np.prod(shape))
    raw = np.zeros(size + LINE)
    skip = -(raw.ctypes.data // raw.itemsize) % LINE
    return raw[skip : skip + size].reshape(shape)


def _width(states: int) -> tuple[float, ...]:
    return (0.0,) * states if states <= UNROLLED else ()


@_compiled
def _mixture_few(  # type: ignore[no-untyped-def]
    width, starts, worker, label, known, per, log_errors, log_priors, posterior, counts, states, classes
):
    """`width` is a tuple of as many zeros as there are states, so that the compiler knows how many and unrolls."""
    total = 0.0
    for begin in range(0, starts.size - 1, BLOCK):
        end = min(begin + BLOCK, starts.size - 1)
        for task in range(begin, end):
            scores = _row(width, log_priors)
            for row in range(starts[task], starts[task + 1]):
                cell = np.int64(worker[row]) * classes + np.int64(label[row])
                scores = _plus_row(scores, log_errors[cell])
            _write(scores, posterior[task])
        total += _soften(width, posterior[begin:end], known[begin:end], per, states)
        for task in range(begin, end):
            mass = _row(width, posterior[task])
            for row in range(starts[task], starts[task + 1]):
                cell = np.int64(worker[row]) * classes + np.int64(label[row])
                _write(_plus_row(mass, counts[cell]), counts[cell])
    return total


@_compiled
def _mixture_many(  # type: ignore[no-untyped-def]
    starts, worker, label, known, per, log_errors, log_priors, posterior, counts, states, classes
):
    total = 0.0
    for task in range(starts.size - 1):
        posterior[task] = log_priors
        for row in range(starts[task], starts[task + 1]):
            cell = np.int64(worker[row]) * classes + np.int64(label[row])
            for state in range(log_priors.size):
                posterior[task, state] += log_errors[cell, state]
        total += _soften((), posterior[task : task + 1], known[task : task + 1], per, states)
        for row in range(starts[task], starts[task + 1]):
            cell = np.int64(worker[row]) * classes + np.int64(label[row])
            for state in range(log_priors.size):
                counts[cell, state] += posterior[task, state]
    return total


@_compiled
def _votes(  # type: ignore[no-untyped-def]
    width, starts, worker, label, known, weights, log_priors, posterior, counts, states, classes
):
    total = 0.0
    for begin in range(0, starts.size - 1, BLOCK):
        end = min(begin + BLOCK, starts.size - 1)
        for task in range(begin, end):
            posterior[task] = log_priors
            for row in range(starts[task], starts[task + 1]):
                cell = _cell(worker[row], label[row], classes)
                posterior[task, label[row]] += weights[cell]
        total += _soften(width, posterior[begin:end], known[begin:end], np.int64(1), states)
        for task in range(begin, end):
            for row in range(starts[task], starts[task + 1]):
                cell = _cell(worker[row], label[row], classes)
                counts[cell] += posterior[task, label[row]]
    return total


@_within
def _cell(worker, label, classes):  # type: ignore[no-untyped-def]
    """The place in a table of one column, or of one for each class."""
    return np.int64(worker) * classes + (np.int64(label) if classes > 1 else 0)


@_within
def _row(width, values):  # type: ignore[no-untyped-def]
    found = width
    for at in range(len(width)):
        found = tuple_setitem(found, at, values[at])  # type: ignore[call-arg]
    return found


@_within
def _plus_row(numbers, values):  # type: ignore[no-untyped-def]
    found = numbers
    for at in range(len(numbers)):
        found = tuple_setitem(found, at, numbers[at] + values[at])  # type: ignore[call-arg]
    return found


@_within
def _write(numbers, values):  # type: ignore[no-untyped-def]
    for at in range(len(numbers)):
        values[at] = numbers[at]


@_compiled
def _soften(width, scores, known, per, states):  # type: ignore[no-untyped-def]
    """Log-scores of some tasks become probabilities, which are added to `states`; the sum of log-normalisers."""
    size = len(width) if len(width) > 0 else states.size
    if known.size > 0:
        _clamp(scores, known, per, -np.inf)
    total = _lower(size, scores)
    flat = scores.reshape(scores.shape[0] * size)
    for at in range(flat.size):
        flat[at] = exponential(flat[at])
    total += _normalise(size, scores)
    if known.size > 0:
        _clamp(scores, known, per, 0.0)
    for task in range(scores.shape[0]):
        for state in range(size):
            states[state] += scores[task, state]
    return total


@_within
def _lower(size, scores):  # type: ignore[no-untyped-def]
    """The best score of each task becomes 0; the sum of what was taken away."""
    total = 0.0
    for task in range(scores.shape[0]):
        best = scores[task, 0]
        for state in range(1, size):
            best = max(best, scores[task, state])
        total += best
        for state in range(size):
            scores[task, state] -= best
    return total


@_within
def _normalise(size, scores):  # type: ignore[no-untyped-def]
    """Each task's scores come to add up to 1; the sum of the logarithms of what they were."""
    total, product = 0.0, 1.0
    for task in range(scores.shape[0]):
        mass = 0.0
        for state in range(size):
            mass += scores[task, state]
        product *= mass
        if product > HUGE:  # one logarithm for many tasks: a mass lies between 1 and the number of states
            total += np.log(product)
            product = 1.0
        share = 1.0 / mass
        for state in range(size):
            scores[task, state] *= share
    return total + np.log(product)


@_compiled
def _clamp(scores, known, per, nothing):  # type: ignore[no-untyped-def]
    """Where a class is known, the states of all others get nothing."""
    for task in range(scores.shape[0]):
        if known[task] >= 0:
            scores[task, : known[task] * per] = nothing
            scores[task, (known[task] + 1) * per :] = nothing


@_compiled
def _shares(width, starts, worker, label, known, weights, posterior):  # type: ignore[no-untyped-def]
    size = len(width) if len(width) > 0 else posterior.shape[1]
    for task in range(starts.size - 1):
        for state in range(size):
            posterior[task, state] = 0.0
        total = 0.0
        if known.size > 0 and known[task] >= 0:
            posterior[task, known[task]] = total = 1.0
        else:
            for row in range(starts[task], starts[task + 1]):
                posterior[task, label[row]] += weights[worker[row]]
                total += weights[worker[row]]
        for state in range(size):
            posterior[task, state] = posterior[task, state] / total if total > 0.0 else 1.0 / size


@_compiled
def _count_few(width, starts, worker, label, posterior, counts, states, classes):  # type: ignore[no-untyped-def]
    for task in range(starts.size - 1):
        mass = _row(width, posterior[task])
        _write(_plus_row(mass, states), states)
        for row in range(starts[task], starts[task + 1]):
            cell = np.int64(worker[row]) * classes + np.int64(label[row])
            _write(_plus_row(mass, counts[cell]), counts[cell])


@_compiled
def _count_many(starts, worker, label, posterior, counts, states, classes):  # type: ignore[no-untyped-def]
    for task in range(starts.size - 1):
        for state in range(states.size):
            states[state] += posterior[task, state]
        for row in range(starts[task], starts[task + 1]):
            cell = np.int64(worker[row]) * classes + np.int64(label[row])
            for state in range(states.size):
                counts[cell, state] += posterior[task, state]
