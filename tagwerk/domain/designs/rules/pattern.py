"""Regular expressions that a requester writes: only those whose cost has a bound.

Python's matcher backtracks. Without nested repetition, a text of n characters and k repetitions of open end are
tried in at most n^k / k! ways, so what is refused here is nesting, and texts are kept short where k is 2 or 3.
"""

import re
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser
from typing import Any, Final

from tagwerk.base.errors import Sentence

LONGEST_PATTERN: Final = 300
MOST_WAYS: Final = 2_000
LONGEST_TEXT: Final = {0: 50_000, 1: 50_000, 2: 4_000, 3: 400}  # by the number of repetitions of open end
_OPEN: Final = 100  # a repetition with more room than this counts as one of open end
_PLAIN: Final = {sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.CATEGORY}
_REPEATS: Final = {sre.MAX_REPEAT, sre.MIN_REPEAT}


class _Unsafe(Exception):
    """Says what is not possible."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


def problem_with(pattern: str) -> Sentence | None:
    """Why this pattern cannot be used; None: it can."""
    try:
        _measure(pattern)
    except _Unsafe as unsafe:
        return unsafe.why
    except (re.error, OverflowError, RecursionError) as error:
        message = "“{pattern}” is not a regular expression: {reason}"
        return Sentence(message, pattern=pattern[:80], reason=str(error))
    return None


def longest_text(pattern: str) -> int:
    """The longest text that a pattern without problems is tried on."""
    return LONGEST_TEXT[_measure(pattern)[1]]


def lengths_of(pattern: str) -> tuple[int, int]:
    """The lengths of the shortest and of the longest text that a pattern allows."""
    shortest, longest = sre_parser.parse(pattern).getwidth()
    return int(shortest), int(longest)


@lru_cache(maxsize=1024)
def _measure(pattern: str) -> tuple[int, int]:
    """(ways of bounded choices, number of repetitions of open end)."""
    if len(pattern) > LONGEST_PATTERN:
        raise _Unsafe(Sentence("a pattern has at most {most} characters", most=LONGEST_PATTERN))
    parsed = sre_parser.parse(pattern)
    if parsed.state.flags & ~re.UNICODE:
        raise _Unsafe(Sentence("flags such as (?i) do not work in every browser; write [Aa] instead"))
    if parsed.state.groupdict:
        raise _Unsafe(Sentence("groups with names do not work in every browser; write ( ) without a name"))
    ways, opens = _sequence(parsed)
    if ways > MOST_WAYS or opens not in LONGEST_TEXT:
        raise _Unsafe(
            Sentence("the pattern can match in too many ways; use fewer *, +, ? and | (at most three * or +)")
        )
    return ways, opens


def _sequence(items: Any) -> tuple[int, int]:
    ways, opens = 1, 0
    for code, argument in items:
        more_ways, more_opens = _item(code, argument)
        ways, opens = min(ways * more_ways, 10**9), opens + more_opens
    return ways, opens


def _item(code: Any, argument: Any) -> tuple[int, int]:
    if code in _PLAIN or (code is sre.AT and argument in (sre.AT_BEGINNING, sre.AT_END)):
        return 1, 0
    if code in _REPEATS:
        return _repeat(*argument)
    if code is sre.SUBPATTERN and not argument[1] and not argument[2]:
        return _sequence(argument[3])
    if code is sre.BRANCH:
        parts = [_sequence(part) for part in argument[1]]
        return sum(ways for ways, _ in parts), max(opens for _, opens in parts)
    raise _Unsafe(
        Sentence("only letters, [sets], groups ( ), |, *, +, ?, {m,n}, ^ and $ work in every browser")
    )


def _repeat(least: int, most: int, body: Any) -> tuple[int, int]:
    ways, opens = _sequence(body)
    if most <= 1:  # may be left out
        return ways + 1 - least, opens
    if opens or (ways > 1 and most > 4):
        raise _Unsafe(
            Sentence(
                "repeating what can itself match in several ways, such as (a+)* or (a|ab)*, can take for ever; "
                "write it without nesting"
            )
        )
    room = int(most) - int(least)
    if room > _OPEN:
        return 1, 1
    return int(ways ** int(most)) * (room + 1), 0
