"""When gold is known, or its key is wrong: exact, and seldom wrong about sound gold."""

from itertools import combinations

import numpy as np
import pytest

from tagwerk.domain.quality.rules import leaks
from tagwerk.domain.quality.rules.leaks import Answered, leak_in, wrong_key_in


def answers(*rights: bool, ms: int = 9_000, elsewhere: float | None = 0.7, start: int = 0) -> list[Answered]:
    return [Answered(start + n, bool(right), ms + n % 7 * 300, elsewhere) for n, right in enumerate(rights)]


def test_the_distribution_is_that_of_counting():
    items = [True] * 4 + [False] * 5
    counted = np.bincount([sum(drawn) for drawn in combinations(items, 3)], minlength=4)
    assert leaks.hypergeometric(9, 4, 3) == pytest.approx(counted / counted.sum())


def test_what_a_look_may_spend_adds_up():
    assert sum(leaks.allowed(0.01, look) for look in range(1, 2_000)) == pytest.approx(0.01, rel=1e-3)
    assert sum(leaks.allowed(0.01, look) for look in range(1, 2_000)) < 0.01


def test_hard_gold_that_everybody_suddenly_knows():
    hard = [n % 4 == 0 for n in range(30)]
    found = leak_in([*answers(*hard), *answers(*[True] * 10, start=30)], 1)
    assert found is not None
    assert (found.why, found.since_seq, found.newest_right, found.before_right) == ("known", 30, 10, 8)
    assert leak_in([*answers(*hard), *answers(*hard[:10], start=30)], 1) is None


def test_better_workers_are_no_leak():
    """The newest are right because good people came: within their band nothing has changed."""
    poor = answers(*[n % 4 == 0 for n in range(30)], elsewhere=0.4)
    good = answers(*[True] * 25, elsewhere=0.95, start=100)
    assert leak_in([*poor, *good], 1) is None


def test_answers_faster_than_reading():
    easy = answers(*[True] * 40)
    assert leak_in([*easy, *answers(*[True] * 10, ms=1_000, start=40)], 1).why == "fast"
    assert leak_in([*easy, *answers(*[True] * 10, ms=6_000, start=40)], 1) is None  # practised
    assert (
        leak_in([*easy, *answers(*[False] * 10, ms=1_000, start=40)], 1) is None
    )  # careless, which is no leak


def test_sound_gold_is_seldom_taken_for_known():
    """All looks of the whole lives of 300 gold tasks: at most one in a thousand may be wrong, so few are."""
    chance = np.random.default_rng(7)
    alarms = 0
    for _ in range(300):
        hardness = chance.uniform(0.1, 0.9)
        rights = chance.random(300) < hardness
        times = chance.lognormal(9, 0.6, 300).astype(int)
        mine = [
            Answered(n, bool(r), int(t), None) for n, (r, t) in enumerate(zip(rights, times, strict=True))
        ]
        looked_at, look = 0, 0
        for seen in range(10, 301, 10):
            if leaks.due(seen, looked_at):
                looked_at, look = seen, look + 1
                alarms += leak_in(mine[:seen], look) is not None
    assert alarms <= 2  # expected: less than 0.3


def test_a_key_that_good_workers_do_not_find_is_probably_wrong():
    good = answers(*[False] * 9, elsewhere=0.9)
    found = wrong_key_in("mood", good, 1)
    assert found is not None and (found.question, found.good_workers, found.right) == ("mood", 9, 0)
    assert wrong_key_in("mood", good[:5], 1) is None
    assert wrong_key_in("mood", answers(*[False] * 30, elsewhere=0.5), 1) is None
    assert wrong_key_in("mood", answers(*[False] * 6, *[True] * 4, elsewhere=0.9), 1) is None


def test_a_gold_task_is_looked_at_when_it_has_a_tenth_more():
    assert [leaks.due(seen, looked) for seen, looked in ((9, 0), (10, 0), (109, 100), (110, 100), (1099, 1000))] == [
        False, True, False, True, False,
    ]  # fmt: skip
