"""Gold that people know, or whose key is wrong: exact tests with a stated rate of false alarms.

Gold is looked at each time it has a tenth more answers (ten at least). A look may spend a share of the false alarms that are
allowed over the whole life of a gold task: the k-th 1 / (k (k + 1)) of them, which add up to no more than all (union
bound), so looking often costs power and never makes false alarms likelier. Of 1,000 sound gold tasks at most one is ever
retired by either sign, however long they serve.

*Known*: among the newest answers more are right than among those before, given how good their workers are on other gold.
Workers are put into bands by their accuracy elsewhere; if nothing has changed, the answers of a band could have come in any
order, so the number of right ones among its newest is hypergeometric, and their sum over the bands a convolution (the exact
test of Cochran, Mantel and Haenszel). *Fast*: among the newest answers so many are right, and given in less than half the
time of the fastest tenth before. If nothing has changed, times could have come in any order, so the number of newest among the
fastest is hypergeometric too; who is merely practised is not twice as fast as the fastest.

*Wrong key*: good workers (at least 80 % right on other gold) are right so seldom that this would be unlikely if they were right
half of the time. Its allowed false alarms are one in a hundred, because all that follows is that members are asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb

import numpy as np
from numpy.typing import NDArray

LEAK_ALARMS = 1 / 1_000  # of sound gold tasks, over their whole life, both signs together
KEY_ALARMS = 1 / 100
WINDOWS = (10, 40)  # newest answers that are held against those before
FEWEST_BEFORE = 20
FEWEST_ELSEWHERE = 5  # answers to other gold before a worker's accuracy is one
BANDS = (0.6, 0.8, 0.9)  # of accuracy elsewhere
GOOD = 0.8
SELDOM = 0.25
LOOKED_BACK = 500  # answers
FEWEST_NEW = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a gold task; `elsewhere`: its worker's share of right answers on other gold, None where too few are known."""

    seq: int
    right: bool
    active_ms: int
    elsewhere: float | None


@dataclass(frozen=True, slots=True)
class Leak:
    """What gave gold away: from which answer on, and the figures."""

    why: str  # known | fast
    since_seq: int
    newest: int
    newest_right: int
    before: int
    before_right: int
    chance: float  # of so much or more if nothing had changed
    seconds_newest: float | None = None
    seconds_before: float | None = None


@dataclass(frozen=True, slots=True)
class WrongKey:
    """How good workers did on a question of gold."""

    question: str
    good_workers: int
    right: int
    chance: float


def due(seen: int, looked_at: int) -> bool:
    """Whether a gold task has so many new answers that it is to be looked at."""
    return seen - looked_at >= max(FEWEST_NEW, looked_at // 10)


def allowed(alarms: float, look: int) -> float:
    """How likely a false alarm may be at the `look`-th look, counted from 1."""
    return alarms / (look * (look + 1))


def leak_in(answers: Sequence[Answered], look: int) -> Leak | None:
    """Whether the newest of a gold task's answers, oldest first, show that people know it."""
    limit = allowed(LEAK_ALARMS, look) / (2 * len(WINDOWS))
    for size in WINDOWS:
        before, newest = answers[:-size], answers[-size:]
        if len(before) < FEWEST_BEFORE:
            continue
        for why, chance in (("known", _chance_known(before, newest)), ("fast", _chance_fast(before, newest))):
            if chance <= limit:
                return _leak(why, before, newest, chance)
    return None


def wrong_key_in(question: str, answers: Sequence[Answered], look: int) -> WrongKey | None:
    """Whether good workers are right so seldom that the key is probably wrong."""
    good = [one for one in answers if one.elsewhere is not None and one.elsewhere >= GOOD]
    right = sum(one.right for one in good)
    if not good or right > SELDOM * len(good):
        return None
    chance = sum(comb(len(good), number) for number in range(right + 1)) / 2 ** len(good)
    return WrongKey(question, len(good), right, chance) if chance <= allowed(KEY_ALARMS, look) else None


def _leak(why: str, before: Sequence[Answered], newest: Sequence[Answered], chance: float) -> Leak:
    return Leak(
        why, newest[0].seq, len(newest), sum(one.right for one in newest), len(before),
        sum(one.right for one in before), chance, _middle_seconds(newest), _middle_seconds(before),
    )  # fmt: skip


def _middle_seconds(answers: Sequence[Answered]) -> float | None:
    times = sorted(one.active_ms for one in answers if one.active_ms > 0)
    return round(times[len(times) // 2] / 1000, 1) if times else None


def band(elsewhere: float | None) -> int:
    """The band of a worker's accuracy elsewhere; those of whom too little is known are a band of their own."""
    return -1 if elsewhere is None else sum(elsewhere >= edge for edge in BANDS)


def _chance_known(before: Sequence[Answered], newest: Sequence[Answered]) -> float:
    """The chance of so many right answers among the newest, or more."""
    total = np.ones(1)
    for number in {band(one.elsewhere) for one in newest}:
        old = [one.right for one in before if band(one.elsewhere) == number]
        new = [one.right for one in newest if band(one.elsewhere) == number]
        total = np.convolve(total, hypergeometric(len(old) + len(new), sum(old) + sum(new), len(new)))
    return float(total[sum(one.right for one in newest) :].sum())


def _chance_fast(before: Sequence[Answered], newest: Sequence[Answered]) -> float:
    """The chance of so many right and fast answers among the newest, or more."""
    times = sorted(one.active_ms for one in before if one.active_ms > 0)
    fresh = [one for one in newest if one.active_ms > 0]
    if len(times) < FEWEST_BEFORE or not fresh:
        return 1.0
    tenth = max(2, ceil(len(times) / 10))
    limit = times[tenth - 1] / 2
    fast = sum(one.right and one.active_ms < limit for one in fresh)
    if not fast:
        return 1.0
    # More than `fast` of the newest lie below the tenth-smallest time before if and only if `fast` of the newest are
    # among the fast + tenth - 1 smallest of all.
    drawn = hypergeometric(len(times) + len(fresh), len(fresh), fast + tenth - 1)
    return float(drawn[fast:].sum())


def hypergeometric(whole: int, marked: int, drawn: int) -> NDArray[np.float64]:
    """The chances of 0 … `drawn` marked ones among `drawn` of `whole`, exact before the last division."""
    ways = comb(whole, drawn)
    return np.array(
        [comb(marked, one) * comb(whole - marked, drawn - one) / ways for one in range(drawn + 1)]
    )
