"""Signals: what in somebody's answers chance does not explain. Evidence for a person, never a verdict. Pure.

Each statistic says how likely it is for who works by themselves: a signal is found where that is below FALSE_ALARM, so
that at most one look in a million at an honest worker finds one of a kind (after all pairs that were compared). What is
usual is never a signal: chance is what others say to the very same tasks.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference import vote

FALSE_ALARM = 1e-6
FEWEST_ALIKE = 5  # rare answers in common, before anything is said of copying
RARE = 0.2  # an answer that is less likely than this to be right
WITHIN_SECONDS = 3600  # between two answers to the same task, for copying
SECOND = 0.25  # who came second in fewer of the answers in common was copied from, and is left alone
FASTER = 3.0  # times, with all of the interval
FEWEST_PACED = 20
SHINGLE = 5  # words
FEWEST_SHINGLES = 8
OVERLAP = 0.6  # of a text's shingles
FEWEST_PASTED = 3
MOST_EVIDENCE = 12
MAD = 1.4826  # times the median absolute deviation: the standard deviation, where times are normal


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: whose, to which task, when; labels by their places, texts by their shingles."""

    assignment_id: int
    task_id: int
    worker_id: int
    at: float
    active_ms: int
    places: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """A worker's newest answers in order, the answers of others to the same tasks, and the known right answers."""

    own: Sequence[Given]
    others: Mapping[int, Sequence[Given]]  # by task
    gold: Mapping[tuple[int, str], int]  # (task, question) → place
    labels: Mapping[str, int]  # question → how many
    alike: Sequence[Sequence[str]] = ()  # questions with the same labels, three or more
    skills: Mapping[int, float] = field(
        default_factory=dict
    )  # worker → accuracy on gold; without it, the prior's mean


@dataclass(frozen=True, slots=True)
class Found:
    """A signal: of which kind, about what, with which figures; `evidence`: (own answer, the other's or 0)."""

    kind: str
    about: str
    figures: dict[str, Any]
    evidence: tuple[tuple[int, int], ...]


def find_signals(look: Look) -> list[Found]:
    """Everything that chance does not explain in a worker's newest answers."""
    found = [streak(look, question) for question in look.labels]
    found += [straight_lining(look, questions) for questions in look.alike]
    found += [pasted(look, question) for question in sorted({q for one in look.own for q in one.texts})]
    found.append(fast(look))
    return [one for one in found if one is not None] + copying(look)


def pace(own_ms: int, others: Iterable[Given]) -> float | None:
    """The log of the active time by the median of others at the same task; None where nothing can be compared."""
    times = [one.active_ms for one in others if one.active_ms > 0]
    return math.log(own_ms / median(times)) if times and own_ms > 0 else None


def one_sided(people: Iterable[int]) -> bool:
    """Whether most of the answers that somebody was compared with came from one person: which of the two is unusual, nobody
    can say then."""
    counts = Counter(people)
    return 2 * max(counts.values(), default=0) > counts.total()


def fast(look: Look) -> Found | None:
    """Clearly faster than others at the same tasks: the median of log-ratios, its error from the median deviation."""
    ratios = [(pace(one.active_ms, look.others.get(one.task_id, ())), one) for one in look.own]
    known = [(ratio, one) for ratio, one in ratios if ratio is not None]
    beside = (other.worker_id for _, one in known for other in look.others[one.task_id])
    if len(known) < FEWEST_PACED or one_sided(beside):
        return None
    values = [ratio for ratio, _ in known]
    middle = median(values)
    error = 1.2533 * MAD * median(abs(value - middle) for value in values) / math.sqrt(len(values))
    slowest = middle + 4.9 * error  # all but one in a million, if times are log-normal
    if math.exp(-slowest) < FASTER:
        return None
    figures = {
        "times_faster": round(math.exp(-middle), 2), "at_least": round(math.exp(-slowest), 2), "answers": len(known),
        "seconds": round(median(one.active_ms for _, one in known) / 1000, 1),
    }  # fmt: skip
    quickest = sorted(known, key=lambda pair: pair[0])[:MOST_EVIDENCE]
    return Found("fast", "", figures, tuple((one.assignment_id, 0) for _, one in quickest))


def streak(look: Look, question: str) -> Found | None:
    """The same answer again and again, where others answer these tasks in different ways."""
    said = [one for one in look.own if question in one.places]
    classes = look.labels[question]
    if len(said) < FEWEST_ALIKE:
        return None
    best: tuple[float, list[Given]] = (0.0, [])
    usual = _usual(look, question, classes)
    for place, run in groupby(said, key=lambda one: one.places[question]):
        these = list(run)
        logs = sum(math.log(_chance(look, question, one, usual)[place]) for one in these)
        best = min(best, (logs, these), key=lambda pair: pair[0])
    chance = len(said) * classes * math.exp(best[0])
    if chance >= FALSE_ALARM:
        return None
    run_of = best[1]
    figures = {"in_a_row": len(run_of), "answers": len(said), "chance": chance}
    return Found("streak", question, figures, tuple((one.assignment_id, 0) for one in run_of[:MOST_EVIDENCE]))


def straight_lining(look: Look, questions: Sequence[str]) -> Found | None:
    """All questions of a task answered alike, much more often than others do at the same tasks."""
    said = [one for one in look.own if all(question in one.places for question in questions)]
    peers = [one for these in look.others.values() for one in these if _answered(one, questions)]
    usual = (sum(_is_straight(one, questions) for one in peers) + 1) / (len(peers) + 4)
    chances = []
    for one in said:
        these = [other for other in look.others.get(one.task_id, ()) if _answered(other, questions)]
        chances.append((sum(_is_straight(o, questions) for o in these) + 2 * usual) / (len(these) + 2))
    straight = [one for one in said if _is_straight(one, questions)]
    chance = at_least(len(straight), chances)
    if len(straight) < FEWEST_ALIKE or chance >= FALSE_ALARM:
        return None
    figures = {
        "alike": len(straight), "compared": len(said), "expected": round(sum(chances), 1), "chance": chance,
    }  # fmt: skip
    evidence = tuple((one.assignment_id, 0) for one in straight[:MOST_EVIDENCE])
    return Found("straight_lining", ",".join(questions)[:80], figures, evidence)


def copying(look: Look) -> list[Found]:
    """The same rare answers as somebody else within a short time, more often than two people make the same mistake.

    Given what the other one answered, how often would this worker answer the same by themselves? The truth is what gold
    says, or all answers by their workers' accuracy on gold, those of the two as well: else two good ones who contradict
    a copier and their source would be taken for copiers. How a worker errs is their own confusion, shrunk to
    everybody's. Only answers that are probably wrong are counted: that good workers agree on right ones says nothing.
    """
    pairs = _pairs(look)
    if not pairs:
        return []
    truths = _Truths(look)
    found = []
    for other_id, shared in sorted(pairs.items()):
        one = _compare(look, truths, other_id, shared, len(pairs))
        if one is not None:
            found.append(one)
    return found


Pair = tuple[Given, Given]


def _pairs(look: Look) -> dict[int, list[Pair]]:
    pairs: dict[int, list[Pair]] = {}
    for mine in look.own:
        for theirs in look.others.get(mine.task_id, ()):
            if abs(mine.at - theirs.at) <= WITHIN_SECONDS:
                pairs.setdefault(theirs.worker_id, []).append((mine, theirs))
    return {other: shared for other, shared in pairs.items() if len(shared) >= FEWEST_ALIKE}


def _compare(
    look: Look, truths: "_Truths", other_id: int, shared: Sequence[Pair], pairs: int
) -> Found | None:
    chance, alike, compared = 1.0, list[Pair](), 0
    for question, classes in look.labels.items():
        both = [pair for pair in shared if question in pair[0].places and question in pair[1].places]
        known = [(pair, truths.of(pair[0], question)) for pair in both]
        mine = _coincidences(truths, question, classes, known, 0)
        theirs = _coincidences(truths, question, classes, known, 1)
        worse = max(mine, theirs, key=lambda one: one[0])  # whoever of the two is thought to have copied
        if worse[0] < chance:
            chance, alike, compared = worse
    chance = min(1.0, chance * pairs * len(look.labels))
    second = sum(mine.at >= theirs.at for mine, theirs in alike)
    if len(alike) < FEWEST_ALIKE or chance >= FALSE_ALARM or second < SECOND * len(alike):
        return None
    figures = {
        "alike": len(alike), "compared": compared, "shared": len(shared), "second": second, "chance": chance,
        "with": other_id, "minutes": round(median(abs(a.at - b.at) for a, b in alike) / 60, 1),
    }  # fmt: skip
    evidence = tuple((mine.assignment_id, theirs.assignment_id) for mine, theirs in alike[:MOST_EVIDENCE])
    return Found("copying", f"worker:{other_id}", figures, evidence)


def _coincidences(
    truths: "_Truths",
    question: str,
    classes: int,
    known: Sequence[tuple[Pair, NDArray[np.float64]]],
    side: int,
) -> tuple[float, list[Pair], int]:
    """(chance, pairs alike, rare answers compared) if the one on this side chose by themselves, given the other's."""
    confusion = truths.confusion_of(question, classes, [(pair[side], truth) for pair, truth in known])
    chances, alike, compared = [], [], 0
    for pair, truth in known:
        given = pair[1 - side].places[question]
        if truth[given] >= RARE:
            continue
        compared += 1
        chances.append(float(truth @ confusion[:, given]))
        if pair[side].places[question] == given:
            alike.append(pair)
    return at_least(len(alike), chances), alike, compared


class _Truths:
    """What is right, for each task, according to gold or to all answers, and how people err."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.everybody = {q: self._pooled(q, classes) for q, classes in look.labels.items()}

    def _pooled(self, question: str, classes: int) -> NDArray[np.float64]:
        """Everybody's confusion, (truth, said): from gold and from what most others say; with 3 right answers, and one
        wrong one for every other label, seen before the first."""
        table = np.ones((classes, classes)) + 2.0 * np.eye(classes)
        for task_id, these in self.look.others.items():
            said = [one.places[question] for one in these if question in one.places]
            for number, place in enumerate(said):
                rest = said[:number] + said[number + 1 :]
                truth = self.look.gold.get((task_id, question))
                if truth is None and len(rest) > 1:
                    top = max(set(rest), key=rest.count)
                    truth = top if 2 * rest.count(top) > len(rest) else None
                if truth is not None:
                    table[truth, place] += 1
        return np.asarray(table / table.sum(axis=1, keepdims=True), np.float64)

    def of(self, mine: Given, question: str) -> NDArray[np.float64]:
        """The posterior of a task over its labels."""
        classes = self.look.labels[question]
        right = self.look.gold.get((mine.task_id, question))
        if right is not None:
            return np.asarray(np.eye(classes)[right], np.float64)
        said = [one for one in (mine, *self.look.others.get(mine.task_id, ())) if question in one.places]
        unknown = float(vote.accuracy(0, 0))
        skills = [self.look.skills.get(one.worker_id, unknown) for one in said]
        return vote.posterior([one.places[question] for one in said], skills, classes=classes)

    def confusion_of(
        self, question: str, classes: int, said: Sequence[tuple[Given, NDArray[np.float64]]]
    ) -> NDArray[np.float64]:
        """How one worker errs: their own counts, and ten answers like everybody's in each row."""
        table = 10.0 * self.everybody[question]
        for one, truth in said:
            table[:, one.places[question]] += truth
        return np.asarray(table / table.sum(axis=1, keepdims=True), np.float64)


def pasted(look: Look, question: str) -> Found | None:
    """Texts that repeat long parts of what others wrote before about the same tasks, where others do not."""
    alike, compared = [], 0
    for mine in look.own:
        text = mine.texts.get(question, frozenset())
        before = [
            one for one in look.others.get(mine.task_id, ()) if one.at <= mine.at and one.texts.get(question)
        ]
        if len(text) < FEWEST_SHINGLES or not before:
            continue
        compared += 1
        source = max(before, key=lambda one: overlap(text, one.texts[question]))
        if overlap(text, source.texts[question]) >= OVERLAP:
            alike.append((mine.assignment_id, source.assignment_id))
    usual = _usually_pasted(look, question)
    chance = at_least(len(alike), [usual] * compared)
    if len(alike) < FEWEST_PASTED or chance >= FALSE_ALARM:
        return None
    figures = {
        "alike": len(alike), "compared": compared, "expected": round(usual * compared, 1), "chance": chance,
    }  # fmt: skip
    return Found("pasted", question, figures, tuple(alike[:MOST_EVIDENCE]))


def _usually_pasted(look: Look, question: str) -> float:
    """How often a text of others repeats an earlier one of another person, from the same tasks; at least one in a hundred."""
    alike = compared = 0
    for these in look.others.values():
        written = sorted((one for one in these if one.texts.get(question)), key=lambda one: one.at)
        for number, one in enumerate(written[1:], start=1):
            if len(one.texts[question]) >= FEWEST_SHINGLES:
                compared += 1
                alike += any(
                    overlap(one.texts[question], e.texts[question]) >= OVERLAP for e in written[:number]
                )
    return (alike + 0.1) / (compared + 10)


def shingles(text: str, but: frozenset[int] = frozenset()) -> frozenset[int]:
    """The runs of five words of a text, without those of what the task itself shows."""
    words = re.findall(r"\w+", text.casefold())
    runs = {hash(tuple(words[start : start + SHINGLE])) for start in range(len(words) - SHINGLE + 1)}
    return frozenset(runs - but)


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of one text's runs of words that the other has too."""
    return len(one & other) / len(one) if one else 0.0


def at_least(count: int, chances: Sequence[float]) -> float:
    """P(at least `count` happen) of independent things with these chances: the Poisson-binomial tail, exactly."""
    if count <= 0:
        return 1.0
    table = np.zeros(count + 1)
    table[0] = 1.0
    for chance in chances:
        kept = table[count] + table[count - 1] * chance
        table[1:count] = table[1:count] * (1 - chance) + table[: count - 1] * chance
        table[0] *= 1 - chance
        table[count] = kept
    return float(table[count])


def _usual(look: Look, question: str, classes: int) -> list[float]:
    """How often others give each label, all tasks of the look together."""
    counts = [1.0] * classes
    for these in look.others.values():
        for one in these:
            if question in one.places:
                counts[one.places[question]] += 1
    return [count / sum(counts) for count in counts]


def _chance(look: Look, question: str, one: Given, usual: Sequence[float]) -> list[float]:
    """The chance of each label at this task: what others say to it, with two answers as usual ones added."""
    counts = [2 * share for share in usual]
    for other in look.others.get(one.task_id, ()):
        if question in other.places:
            counts[other.places[question]] += 1
    return [count / sum(counts) for count in counts]


def _answered(one: Given, questions: Sequence[str]) -> bool:
    return all(question in one.places for question in questions)


def _is_straight(one: Given, questions: Sequence[str]) -> bool:
    return len({one.places[question] for question in questions}) == 1
