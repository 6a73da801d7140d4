"""Whether a control rule holds for a worker, answer by answer, and with which figures. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.quality.rules.gold import Record, guesses
from tagwerk.domain.quality.rules.signals import one_sided

Figures = dict[str, Any]
"""What a rule saw, as JSON holds it: numbers under names."""
WILSON_Z = 1.959964  # of 95 %


@dataclass(frozen=True, slots=True)
class Item:
    """One answer of a worker as rules look at it; questions that say nothing are left out.

    `gold`: right or wrong, question by question; `agrees`: the same as the result of a task that is done; `approved`:
    None while nobody has decided; `pace`: log of the active time by the median of others at the same task, `beside`: who
    those are.
    """

    assignment_id: int
    at: float  # seconds
    gold: Mapping[str, bool] = field(default_factory=dict)
    agrees: Mapping[str, bool] = field(default_factory=dict)
    approved: bool | None = None
    pace: float | None = None
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule holds from this answer on, with these figures."""

    assignment_id: int
    figures: Figures


def interval(right: int, seen: int) -> tuple[float, float]:
    """The Wilson score interval of a share (95 %): where the true one lies, whatever the number. Wilson 1927 (JASA 22, 209)."""
    if not seen:
        return 0.0, 1.0
    share, z2 = right / seen, WILSON_Z**2
    middle = (share + z2 / (2 * seen)) / (1 + z2 / seen)
    half = WILSON_Z / (1 + z2 / seen) * math.sqrt(share * (1 - share) / seen + z2 / (4 * seen**2))
    return (middle - half if right else 0.0), (middle + half if right < seen else 1.0)


def first_firing(
    rule: Rule, items: Sequence[Item], classes: Mapping[str, int], *, after: int = 0
) -> Firing | None:
    """The first answer beyond `after` at which the rule holds; `items` in the order in which the tasks were taken."""
    looks = _LOOKS.get(rule.collector)
    if looks is None:
        return None  # skips, days and signals are counted elsewhere
    for item, figures in looks(rule, items, classes):
        if item.assignment_id > after:
            return Firing(item.assignment_id, figures)
    return None


def share_holds(rule: Rule, right: int, seen: int) -> bool:
    """Whether a share that was seen fulfils a rule's conditions."""
    if seen < rule.least:
        return False
    if rule.share_below is not None:
        return right < rule.share_below * seen
    return rule.share_from is not None and right >= rule.share_from * seen


def share_figures(right: int, seen: int) -> Figures:
    """A share with its interval."""
    low, high = interval(right, seen)
    return {"right": right, "answers": seen, "low": round(low, 4), "high": round(high, 4)}


def _shares(rule: Rule, items: Sequence[Item], _classes: Mapping[str, int]) -> Iterator[tuple[Item, Figures]]:
    """A sliding window over the answers that say something; a task with two questions counts twice."""
    window: list[tuple[int, int]] = []
    right = seen = 0
    for item in items:
        counted = _counted(rule, item)
        if not counted:
            continue
        window.append((sum(counted), len(counted)))
        right, seen = right + window[-1][0], seen + window[-1][1]
        if len(window) > rule.window:
            gone = window.pop(0)
            right, seen = right - gone[0], seen - gone[1]
        if share_holds(rule, right, seen):
            yield item, share_figures(right, seen)


def _counted(rule: Rule, item: Item) -> list[bool]:
    if rule.collector == "decisions":
        return [] if item.approved is None else [item.approved]
    said = item.gold if rule.collector == "gold" else item.agrees
    return [right for question, right in said.items() if rule.question in (None, question)]


def _guessing(
    rule: Rule, items: Sequence[Item], classes: Mapping[str, int]
) -> Iterator[tuple[Item, Figures]]:
    counts: dict[str, tuple[int, int]] = {}
    for item in items:
        for question, right in item.gold.items():
            seen, correct = counts.get(question, (0, 0))
            counts[question] = seen, correct = seen + 1, correct + right
            if rule.question in (None, question) and guesses_by(
                rule, Record(seen, correct), classes.get(question, 0)
            ):
                yield item, {**share_figures(correct, seen), "question": question}


def guesses_by(rule: Rule, record: Record, classes: int) -> bool:
    """Whether somebody clearly guesses at a question of so many labels, as this rule says it."""
    return guesses(record, classes, fewest=rule.least, sure=rule.sure)


def _speed(rule: Rule, items: Sequence[Item], _classes: Mapping[str, int]) -> Iterator[tuple[Item, Figures]]:
    paced: list[Item] = []
    for item in items:
        if item.pace is None:
            continue
        paced = [*paced, item][-rule.least :]
        if len(paced) < rule.least or one_sided(person for one in paced for person in one.beside):
            continue
        faster = math.exp(-median(one.pace for one in paced if one.pace is not None))
        if rule.times_faster is not None and faster >= rule.times_faster:
            yield item, {"times_faster": round(faster, 2), "answers": rule.least}


def _count(rule: Rule, items: Sequence[Item], _classes: Mapping[str, int]) -> Iterator[tuple[Item, Figures]]:
    times: list[float] = []
    for item in items:
        times.append(item.at)
        if len(times) < rule.least:
            continue
        if rule.minutes is None or item.at - times[-rule.least] <= 60 * rule.minutes:
            yield item, {"answers": rule.least, **({"minutes": rule.minutes} if rule.minutes else {})}


_LOOKS = {
    "guessing": _guessing,
    "gold": _shares,
    "agreement": _shares,
    "decisions": _shares,
    "speed": _speed,
    "count": _count,
}


def pause_code(rule: Rule) -> str:
    """The code of the words in which a worker reads why they are paused."""
    return {"guessing": "gold_failed"}.get(rule.collector, f"rule_{rule.collector}")


def figures_text(rule: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """The figures that made a rule fire and its limit, in signs that every language reads: `4 / 12 = 33 % (< 70 %)`."""
    if "right" in figures and figures["answers"]:
        share = round(100 * figures["right"] / figures["answers"])
        limit = _limit(rule)
        return f"{figures['right']} / {figures['answers']} = {share} %{f' ({limit})' if limit else ''}"
    if "times_faster" in figures:
        return f"{figures['times_faster']:g} ×"
    if "alike" in figures:
        return f"{figures['alike']} / {figures['compared']}"
    if "minutes" in figures:
        return f"{figures['answers']} / {figures['minutes']} min"
    return str(figures.get("answers", "–"))


def _limit(rule: Mapping[str, Any]) -> str:
    if rule.get("share_below") is not None:
        return f"< {100 * rule['share_below']:g} %"
    if rule.get("share_from") is not None:
        return f"≥ {100 * rule['share_from']:g} %"
    return ""
