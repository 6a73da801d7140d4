"""Agreement is counted by day from sums that are kept while tasks are settled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.quality.rules.agreeing import agreement_sums, alpha
from tagwerk.domain.quality.rules.judging import Vote, ballot
from tagwerk.inference import agreement

MOOD = ("good", "so-so", "bad")


def mood(options: tuple[str, ...] = MOOD):  # type: ignore[no-untyped-def]
    kind = KINDS["choice"]
    return ballot("mood", kind, kind.Options(kind="choice", options=list(options)), decides=True)


def votes(said: list[list[int]]) -> list[Vote]:
    return [
        Vote(task, worker, {"mood": MOOD[place]})
        for task, places in enumerate(said)
        for worker, place in enumerate(places)
    ]


@given(st.lists(st.lists(st.integers(0, 2), max_size=5), max_size=12), st.integers(0, 12))
def test_sums_of_parts_are_the_sums_of_the_whole(said: list[list[int]], cut: int) -> None:
    asked = mood()
    given_ = votes(said)
    whole = agreement_sums(asked, given_, range(len(said)))
    parts = [
        agreement_sums(asked, given_, part) for part in (range(min(cut, len(said))), range(cut, len(said)))
    ]
    known = [one for one in parts if one]
    assert (whole.tasks if whole else 0) == sum(one.tasks for one in known)
    if whole:
        assert np.array_equal(whole.named, np.sum([one.named for one in known], axis=0))
        assert whole.unlike == pytest.approx(sum(one.unlike for one in known))
        table = np.array([[places.count(k) for k in range(3)] for places in said], np.float64)
        assert alpha(whole, asked) == agreement.alpha(table, asked.apart)


def test_labels_that_changed_since_are_not_compared() -> None:
    sums = agreement_sums(mood(), votes([[0, 1], [0, 0]]), [0, 1])
    assert sums is not None
    assert alpha(sums, mood(("good", "bad"))) is None
    assert agreement_sums(mood(), votes([[0], [1]]), [0, 1]) is None


def test_entropy_is_in_bits() -> None:
    bits = agreement.entropies(np.array([[4.0, 0, 0], [1, 1, 0], [1, 1, 2], [0, 0, 0]]))
    assert bits.tolist() == [0, 1, 1.5, 0]
