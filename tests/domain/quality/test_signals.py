"""Signals: what chance does not explain is found, what is usual is not. Everything is drawn from a seed."""

from random import Random

import pytest

from tagwerk.domain.quality.rules import signals
from tagwerk.domain.quality.rules.signals import Given, Look, at_least, find_signals, shingles

LABELS = {"q": 3}


def given(task, worker, place, *, at=None, ms=10_000, **more):
    number = worker * 10_000 + task
    places = {} if place is None else {"q": place}
    return Given(
        number, task, worker, float(at if at is not None else task * 60 + worker), ms, places, **more
    )


def wrong(truth, chance):
    return (truth + chance.choice([1, 2])) % 3


def people(seed, tasks, rights, *, truths=None):
    """Truths, and for each worker their answers by task: right with the worker's chance, else one of the others."""
    chance = Random(seed)
    truths = truths or [chance.randrange(3) for _ in range(tasks)]
    said = [
        [truth if chance.random() < right else wrong(truth, chance) for truth in truths] for right in rights
    ]
    return truths, said


def look(own, others, gold=None, *, alike=(), skills=None):
    by_task = {}
    for one in others:
        by_task.setdefault(one.task_id, []).append(one)
    return Look(own, by_task, gold or {}, LABELS, alike, skills or {})


def kinds(found):
    return {one.kind for one in found}


def test_the_tail_is_exact():
    assert at_least(2, [0.5, 0.5, 0.5]) == pytest.approx(0.5)
    assert at_least(3, [0.1, 0.2, 0.3]) == pytest.approx(0.006)
    assert at_least(1, [0.1, 0.2]) == pytest.approx(1 - 0.9 * 0.8)
    assert at_least(0, []) == 1.0 and at_least(1, []) == 0.0


def test_who_copies_is_found_and_who_was_copied_is_not():
    """A copies 120 answers of B (75 % right) a minute later; C and D say what is right. 30 wrong ones in common by chance
    have a probability of about 1e-20; a run fails with less than 1e-9."""
    _, (b, c, d) = people(1, 120, [0.75, 0.9, 0.9])
    others = [given(t, w, said[t], at=t * 60) for w, said in ((2, b), (3, c), (4, d)) for t in range(120)]
    copier = [given(t, 1, b[t], at=t * 60 + 40) for t in range(120)]
    skills = {1: 0.75, 2: 0.75, 3: 0.9, 4: 0.9}
    [found] = signals.copying(look(copier, others, skills=skills))
    assert found.figures["with"] == 2 and found.figures["alike"] >= 15
    assert found.figures["second"] == found.figures["alike"]
    assert found.evidence[0][1] == found.evidence[0][0] + 10_000  # the same task, the other's answer
    copied = [one for one in others if one.worker_id == 2]
    rest = [one for one in others if one.worker_id != 2]
    assert signals.copying(look(copied, [*rest, *copier], skills=skills)) == []


@pytest.mark.parametrize("seed", range(10))
def test_two_good_ones_who_contradict_a_copier_and_their_source_are_no_copiers(seed):
    """Two say the same wrong thing to nearly half of the tasks: who is right then agrees against them, again and again."""
    _, (c, d, b) = people(seed, 100, [0.97, 0.97, 0.55])
    others = [given(t, w, said[t]) for w, said in ((2, b), (3, b), (4, d)) for t in range(100)]
    skills = {1: 0.95, 2: 0.55, 3: 0.55, 4: 0.95}
    assert signals.copying(look([given(t, 1, c[t]) for t in range(100)], others, skills=skills)) == []
    assert (
        signals.copying(look([given(t, 1, c[t]) for t in range(100)], others)) == []
    )  # nor without any gold


@pytest.mark.parametrize("seed", range(20))
def test_careless_people_are_not_taken_for_copiers(seed):
    """Five people who are right in 60 %, side by side on the same 200 tasks: they make many mistakes in common."""
    _, said = people(seed, 200, [0.6] * 5)
    others = [given(t, w, said[w][t]) for w in range(1, 5) for t in range(200)]
    own = [given(t, 9, said[0][t]) for t in range(200)]
    assert find_signals(look(own, others)) == []


def test_two_who_always_say_the_first_are_no_copiers_but_streaks():
    truths, (c, d) = people(3, 120, [0.9, 0.9])
    others = [given(t, w, said[t]) for w, said in ((3, c), (4, d)) for t in range(120)]
    lazy = [given(t, 2, 0) for t in range(120)]
    found = find_signals(look([given(t, 1, 0) for t in range(120)], [*others, *lazy]))
    assert kinds(found) == {"streak"} and found[0].figures["in_a_row"] == 120
    assert truths.count(0) < 70


def test_the_same_answer_again_and_again_is_right_where_it_is_right():
    _, said = people(4, 100, [0.95] * 3, truths=[1] * 100)
    others = [given(t, w, said[w - 2][t]) for w in (2, 3, 4) for t in range(100)]
    assert find_signals(look([given(t, 1, 1) for t in range(100)], others)) == []


def test_fast_is_the_median_against_others_and_slow_is_nothing():
    _, said = people(5, 60, [0.9] * 3)
    chance = Random(5)
    others = [
        given(t, w, said[w - 2][t], ms=int(10_000 * chance.lognormvariate(0, 0.4)))
        for w in (2, 3, 4) for t in range(60)
    ]  # fmt: skip
    quick = [
        given(t, 1, said[0][t], ms=int(1_000 * chance.lognormvariate(0, 0.4)), at=9e6) for t in range(60)
    ]
    slow = [given(t, 1, said[0][t], ms=50_000, at=9e6) for t in range(60)]
    assert kinds(find_signals(look(quick, others))) == {"fast"}
    assert find_signals(look(slow, others)) == []
    assert (
        find_signals(look(quick, [one for one in others if one.worker_id == 2])) == []
    )  # one may just be slow


def test_straight_lining_is_against_others_at_the_same_tasks():
    questions = ("a", "b", "c")
    chance = Random(6)
    spread = [
        Given(w * 1000 + t, t, w, 0.0, 5, {q: chance.randrange(5) for q in questions})
        for w in (2, 3) for t in range(30)
    ]  # fmt: skip
    straight = [Given(t + 1, t, 1, 0.0, 5, dict.fromkeys(questions, chance.randrange(5))) for t in range(30)]
    by_task = {t: [one for one in spread if one.task_id == t] for t in range(30)}
    labels = dict.fromkeys(questions, 5)
    found = signals.straight_lining(Look(straight, by_task, {}, labels), questions)
    assert found is not None and found.figures["alike"] == 30
    usual = {t: [Given(0, t, w, 0.0, 5, dict.fromkeys(questions, 1)) for w in (2, 3)] for t in range(30)}
    assert signals.straight_lining(Look(straight, usual, {}, labels), questions) is None


def text(*words):
    return {"q": shingles(" ".join(words))}


def test_texts_that_repeat_what_others_wrote_are_found_where_others_do_not():
    chance = Random(7)
    words = [f"word{n}" for n in range(400)]
    written = {(t, w): chance.sample(words, 20) for t in range(8) for w in (2, 3)}
    others = [given(t, w, None, at=w, texts=text(*written[t, w])) for t, w in written]
    paste = [given(t, 1, None, at=9, texts=text(*written[t, 2][:16], "and", "more")) for t in range(8)]
    own = [given(t, 1, None, at=9, texts=text(*chance.sample(words, 20))) for t in range(8)]
    [found] = find_signals(look(paste, others))
    assert found.kind == "pasted" and found.figures["alike"] == 8 and found.evidence[0] == (10_000, 20_000)
    assert find_signals(look(own, others)) == []
    said = chance.sample(words, 20)  # a transcript: everybody writes the same
    same = [given(t, w, None, at=w, texts=text(*said)) for t in range(8) for w in (2, 3)]
    assert find_signals(look([given(t, 1, None, at=9, texts=text(*said)) for t in range(8)], same)) == []


def test_what_the_task_itself_shows_is_not_pasted():
    shown = shingles("the quick brown fox jumps over the lazy dog again and again")
    assert shingles("The quick, brown fox jumps over the lazy dog", shown) == frozenset()
