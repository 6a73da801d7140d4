"""Word transition networks: texts laid side by side, word under word, to be voted on (ROVER)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tagwerk.inference.agreement.resampling import draw
from tagwerk.inference.part import Codes
from tagwerk.inference.text.words import Floats, Ints, edits

_compiled: Callable[..., Any] = njit(cache=True, nogil=True)
_inlined: Callable[..., Any] = njit(inline="always")
SILENT = -1
SAME = 1e-9  # votes nearer than this are the same


@dataclass(frozen=True, eq=False)
class Networks:
    """Task t has the slots slots[t]:slots[t+1]; with n answers, answer k says cell[first[t] + n * slot + k] there.

    A cell is a word's code or SILENT. `apart` is each answer's mean distance to the others, as a share of words.
    """

    slots: Ints
    first: Ints
    cell: Codes
    apart: Floats


def networks(tasks: Ints, text: Codes, start: Ints, code: Codes) -> Networks:
    """Align the answers of each task; task t has the answers tasks[t]:tasks[t+1], whose words are
    code[start[text]:start[text+1]]."""
    return Networks(*_networks(tasks, text, start, code))


@_compiled
def _networks(tasks: Ints, text: Codes, start: Ints, code: Codes) -> tuple[Ints, Ints, Codes, Floats]:
    count = len(tasks) - 1
    most, widest = _extent(tasks, text, start)
    slots, first = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    kept, apart = np.empty(_room(tasks, text, start), np.int32), np.zeros(len(text))
    cell, silent = np.empty((2, most, widest), np.int32), np.empty((2, most), np.bool_)
    room = np.empty((most + 1, most + 1), np.int32)
    for t in range(count):
        mine = text[tasks[t] : tasks[t + 1]]
        order = _from_the_middle(mine, start, code, apart[tasks[t] : tasks[t + 1]])
        size, side = 0, 0
        for given in range(len(order)):
            one = mine[order[given]]
            said = code[start[one] : start[one + 1]]
            _align(cell[side], silent[side], size, given, said, room)
            size = _merge(cell, silent, side, size, given, said, room)
            side = 1 - side
        slots[t + 1], first[t + 1] = slots[t] + size, first[t] + size * len(order)
        for slot in range(size):
            for given in range(len(order)):
                kept[first[t] + slot * len(order) + order[given]] = cell[side, slot, given]
    return slots, first, kept[: first[count]], apart


@_compiled
def _extent(tasks: Ints, text: Codes, start: Ints) -> tuple[int, int]:
    """The most words that the answers to one task have together, and the most answers."""
    most, widest = 1, 1
    for t in range(len(tasks) - 1):
        whole = 0
        for at in range(tasks[t], tasks[t + 1]):
            whole += start[text[at] + 1] - start[text[at]]
        most, widest = max(most, whole), max(widest, tasks[t + 1] - tasks[t])
    return most, widest


@_compiled
def _room(tasks: Ints, text: Codes, start: Ints) -> int:
    """Cells enough for all networks: no task has more slots than words."""
    cells = 0
    for t in range(len(tasks) - 1):
        for at in range(tasks[t], tasks[t + 1]):
            cells += (tasks[t + 1] - tasks[t]) * (start[text[at] + 1] - start[text[at]])
    return cells


@_compiled
def _from_the_middle(text: Codes, start: Ints, code: Codes, apart: Floats) -> Ints:
    """The order from the answer nearest to the others to the farthest; equals stay as they are.

    Into `apart`: each answer's mean distance to the others, edits as a share of the longer one's words.
    """
    longest, order = 0, np.arange(len(text))
    for one in text:
        longest = max(longest, start[one + 1] - start[one])
    row = np.empty(longest + 1, np.int64)
    for i in range(len(text)):
        one = code[start[text[i]] : start[text[i] + 1]]
        for j in range(i):
            if text[i] != text[j]:
                other = code[start[text[j]] : start[text[j] + 1]]
                far = edits(one, other, row) / max(len(one), len(other)) / (len(text) - 1)
                apart[i] += far
                apart[j] += far
    for i in range(1, len(text)):
        j, mine = i, order[i]
        while j > 0 and apart[order[j - 1]] > apart[mine]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = mine
    return order


@_inlined
def _lacks(cell, given, said):  # type: ignore[no-untyped-def]
    """1 where none of the answers so far says this word in the slot, else 0."""
    place = 0
    while place < given and cell[place] != said:
        place += 1
    return 1 if place == given else 0


@_compiled
def _align(cell: Any, silent: Any, size: int, given: int, said: Codes, room: Any) -> None:
    """Edits between beginnings of what is said and beginnings of the network, into `room` (words + 1, slots + 1).

    A word costs nothing in a slot that has it, and passing a slot by costs nothing where somebody was silent there.
    """
    room[0, 0] = 0
    for j in range(size):
        room[0, j + 1] = room[0, j] + (0 if silent[j] else 1)
    for i in range(len(said)):
        room[i + 1, 0] = i + 1
        for j in range(size):
            along = room[i, j] + _lacks(cell[j], given, said[i])
            passed = room[i + 1, j] + (0 if silent[j] else 1)
            room[i + 1, j + 1] = min(along, passed, room[i, j + 1] + 1)


@_compiled
def _merge(cell: Any, silent: Any, side: int, size: int, given: int, said: Codes, room: Any) -> int:
    """The network with one more answer, written to the other side; how many slots it has then."""
    i, j, total = len(said), size, 0
    while i or j:  # once to count, so that the slots can be written in their places
        i, j = _back(cell[side], silent[side], given, said, room, i, j)
        total += 1
    i, j, other = len(said), size, 1 - side
    for new in range(total - 1, -1, -1):
        before_i, before_j = _back(cell[side], silent[side], given, said, room, i, j)
        kept = before_j < j
        for place in range(given):
            cell[other, new, place] = cell[side, j - 1, place] if kept else -1
        cell[other, new, given] = said[i - 1] if before_i < i else -1
        silent[other, new] = (silent[side, j - 1] if kept else given > 0) or before_i == i
        i, j = before_i, before_j
    return total


@_compiled
def _back(cell: Any, silent: Any, given: int, said: Codes, room: Any, i: int, j: int) -> tuple[int, int]:
    """Where the cheapest way to (words i, slots j) came from; of equal ways a word in a slot, then a silence."""
    if i and j and room[i, j] == room[i - 1, j - 1] + _lacks(cell[j - 1], given, said[i - 1]):
        return i - 1, j - 1
    if j and room[i, j] == room[i, j - 1] + (0 if silent[j - 1] else 1):
        return i, j - 1
    return i - 1, j


@_compiled
def vote(
    tasks: Ints, slots: Ints, first: Ints, cell: Codes, weight: Floats, salt: NDArray[np.uint64]
) -> tuple[Codes, NDArray[np.bool_]]:
    """What is voted for in each slot, SILENT or a word, and whether it was drawn among equals.

    Every answer weighs weight[…]; equals are drawn by salt[t], whatever order they are in.
    """
    found, drawn = np.empty(slots[-1], np.int32), np.zeros(slots[-1], np.bool_)
    for t in range(len(tasks) - 1):
        size, mine = tasks[t + 1] - tasks[t], weight[tasks[t] : tasks[t + 1]]
        votes = np.empty(size)
        for slot in range(slots[t + 1] - slots[t]):
            said = cell[first[t] + slot * size : first[t] + (slot + 1) * size]
            winner, among = _elected(said, mine, votes, salt[t] + np.uint64(slot), SILENT)
            found[slots[t] + slot] = winner
            drawn[slots[t] + slot] = among > 1
    return found, drawn


@_compiled
def spell(
    tasks: Ints,
    text: Codes,
    words: tuple[Ints, Codes],
    laid: tuple[Ints, Ints, Codes],
    voted: Codes,
    weight: Floats,
    salt: NDArray[np.uint64],
) -> Codes:
    """How most of those who say the word that was voted for in a slot spell it; SILENT where no word was.

    `words`: what `networks` had as start and code, before words were made alike; `laid`: its slots, first and cell.
    """
    start, code = words
    slots, first, cell = laid
    found = np.full(slots[-1], SILENT, np.int32)
    for t in range(len(tasks) - 1):
        size, mine = tasks[t + 1] - tasks[t], weight[tasks[t] : tasks[t + 1]]
        next_word = start[text[tasks[t] : tasks[t + 1]]]
        spelt, votes = np.empty(size, np.int32), np.empty(size)
        for slot in range(slots[t + 1] - slots[t]):
            right = voted[slots[t] + slot]
            for one in range(size):
                said = cell[first[t] + slot * size + one]
                spelt[one] = code[next_word[one]] if said == right >= 0 else SILENT
                next_word[one] += said >= 0
            if right >= 0:
                found[slots[t] + slot] = _elected(spelt, mine, votes, salt[t] + np.uint64(slot), 0)[0]
    return found


@_compiled
def _elected(said: Codes, weight: Floats, votes: Floats, salt: np.uint64, least: int) -> tuple[int, int]:
    """The word with most votes, and how many have as many; `least`: smaller codes cannot be elected."""
    best = 0.0
    for one in range(len(said)):
        votes[one] = 0.0
        for other in range(len(said)):
            if said[other] == said[one] >= least:
                votes[one] += weight[other]
        best = max(best, votes[one])
    found: tuple[int, int] = _equals(said, votes, best - SAME, salt)
    return found


@_compiled
def _equals(said: Codes, votes: Floats, enough: float, salt: np.uint64) -> tuple[int, int]:
    """One of the words with enough votes, and how many there are."""
    equal, among = np.empty(len(said), np.int32), 0
    for one in range(len(said)):
        if votes[one] >= enough:
            at = among  # in the order of codes, which is that of words, whatever else there is
            while at > 0 and equal[at - 1] > said[one]:
                at -= 1
            if at == 0 or equal[at - 1] != said[one]:
                for place in range(among, at, -1):
                    equal[place] = equal[place - 1]
                equal[at] = said[one]
                among += 1
    return equal[draw(salt * np.uint64(0x9E3779B97F4A7C15), among)], among


@_compiled
def missed(
    tasks: Ints,
    slots: Ints,
    first: Ints,
    cell: Codes,
    worker: Codes,
    voted: Codes,
    drawn: NDArray[np.bool_],
    workers: int,
) -> Floats:
    """For each worker the slots where they say something else than was voted for, and all their slots; (workers, 2).

    Slots where both are silent are not counted: how many there are depends on what others said. Nor are those that
    were drawn: chance says nothing about anybody.
    """
    found = np.zeros((workers, 2))
    for t in range(len(tasks) - 1):
        size = tasks[t + 1] - tasks[t]
        for slot in range(slots[t + 1] - slots[t]):
            for one in range(size):
                said, right = cell[first[t] + slot * size + one], voted[slots[t] + slot]
                if (said >= 0 or right >= 0) and not drawn[slots[t] + slot]:
                    found[worker[tasks[t] + one], 0] += said != right
                    found[worker[tasks[t] + one], 1] += 1.0
    return found
