"""Texts that simulated people write: of a wanted length, after a pattern, or almost like another."""

import re
from importlib import import_module
from random import Random
from typing import Any

# How Python itself reads a pattern: no stubs know these two modules.
sre: Any = import_module("re._constants")
sre_parser: Any = import_module("re._parser")

WORDS = {
    "de": "die erste Antwort ist genauer und nennt die Quelle während die zweite wichtige Schritte auslässt außerdem "
    "klingt sie freundlich bleibt aber bei der Frage und erklärt kurz warum das Ergebnis stimmt",
    "en": "the first answer is more precise and names its source while the second leaves out important steps it also "
    "sounds friendly but stays with the question and explains briefly why the result is right",
}
USUAL_WORDS = 12
USUAL_REPEATS = 3
TRIES = 300


def some_text(options: dict[str, Any], language: str, chance: Random) -> str:
    """A text within the limits of a text question; one that matches its pattern where it has one."""
    if options.get("pattern"):
        return _patterned(options, chance)
    least, most = options.get("min_words") or 1, options.get("max_words") or 10_000
    count = min(max(least, USUAL_WORDS), most)
    words = WORDS.get(language[:2], WORDS["en"]).split()
    start = chance.randrange(len(words))
    text = " ".join(words[(start + place) % len(words)] for place in range(count))
    return _of_length(text[:1].upper() + text[1:], options, words)


def _patterned(options: dict[str, Any], chance: Random) -> str:
    """A text like the pattern and within the other limits: tried until one fits, the last one if none does."""
    wanted = max(options.get("min_chars") or 0, 5 * (options.get("min_words") or 0))
    writer = _Writer(options["pattern"], chance, spaces=(options.get("min_words") or 0) > 1)
    text = ""
    for _ in range(TRIES):
        text = writer.text(USUAL_REPEATS + int(wanted * chance.uniform(0, 1.5)))
        if _fits_limits(text, options):
            break
    return text


def _fits_limits(text: str, options: dict[str, Any]) -> bool:
    for count, unit in ((len(text), "chars"), (len(text.split()), "words")):
        if not (options.get(f"min_{unit}") or 1) <= count <= (options.get(f"max_{unit}") or 50_000):
            return False
    return text == text.strip()  # else it is handed in without what stands around it


def _of_length(text: str, options: dict[str, Any], words: list[str]) -> str:
    least, most = options.get("min_chars") or 0, options.get("max_chars") or 50_000
    place = 0
    while len(text) < least:
        # Where the number of words is bounded, the last word grows; else there are more words.
        text += words[place % len(words)] if options.get("max_words") else " " + words[place % len(words)]
        place += 1
    if len(text) > most:
        text = text[:most].rstrip()
        text += "x" * (least - len(text))
    return text


def almost(text: str, options: dict[str, Any], chance: Random) -> str:
    """A text with a mistake in it that keeps its number of words: two letters changed places, or one is doubled."""
    places = [place for place in range(len(text) - 1) if text[place].isalpha() and text[place + 1].isalpha()]
    if options.get("pattern") or not places:
        return text
    place = chance.choice(places)
    wrong = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return wrong if wrong != text else text[:place] + text[place + 1 :]


def text_like(pattern: str, chance: Random) -> str:
    """A text that matches a regular expression of letters, sets, groups, |, *, +, ?, {m,n}."""
    return _Writer(pattern, chance).text(USUAL_REPEATS)


class _Writer:
    """Writes texts that match one regular expression; with `spaces`, of several words where the pattern allows it."""

    def __init__(self, pattern: str, chance: Random, *, spaces: bool = False) -> None:
        self.parsed = sre_parser.parse(pattern)
        self.chance = chance
        self.spaces = spaces
        self._signs: dict[
            int, list[str]
        ] = {}  # by the place in the pattern, which lives as long as this does

    def text(self, more: int) -> str:
        """One text; what may be repeated is repeated at most `more` times more often than it must be."""
        return self._sequence(self.parsed, more)

    def _sequence(self, items: Any, more: int) -> str:
        return "".join(self._item(code, argument, more) for code, argument in items)

    def _item(self, code: Any, argument: Any, more: int) -> str:
        if code is sre.LITERAL:
            return chr(argument)
        if code in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, body = argument
            count = self.chance.randint(least, min(int(most), least + more))
            return "".join(self._sequence(body, more) for _ in range(count))
        if code is sre.SUBPATTERN:
            return self._sequence(argument[3], more)
        if code is sre.BRANCH:
            return self._sequence(self.chance.choice(argument[1]), more)
        return "" if code is sre.AT else self._sign(code, argument)

    def _sign(self, code: Any, argument: Any) -> str:
        signs = self._signs.get(id(argument))
        if signs is None:
            signs = self._signs[id(argument)] = _signs_of(code, argument)
        if self.spaces and " " in signs and self.chance.random() < 0.2:
            return " "
        return self.chance.choice(signs)


def _signs_of(code: Any, argument: Any) -> list[str]:
    """The signs that may stand at a place of a pattern, of those that people usually write."""
    if code is sre.ANY:
        return list("abcdefghij ")
    candidates = [*"abcxyzABCXYZ0123456789 _-.,:;!?/@", *map(chr, range(33, 127)), *"äöüß\t"]
    fits = [sign for sign in candidates if _fits(sign, code, argument)]
    if not fits and code is sre.IN:  # a set far from the usual signs: take what it names
        fits = [
            chr(part[1] if part[0] is sre.LITERAL else part[1][0])
            for part in argument
            if part[0] is not sre.NEGATE
        ]
    return fits or ["a"]


def _fits(sign: str, code: Any, argument: Any) -> bool:
    if code is sre.NOT_LITERAL:
        return sign != chr(argument)
    if code is sre.CATEGORY:
        return _in_category(sign, argument)
    negated = any(part[0] is sre.NEGATE for part in argument)
    inside = any(_in_part(sign, part) for part in argument)
    return inside != negated


def _in_part(sign: str, part: tuple[Any, Any]) -> bool:
    code, argument = part
    if code is sre.LITERAL:
        return bool(ord(sign) == argument)
    if code is sre.RANGE:
        return bool(argument[0] <= ord(sign) <= argument[1])
    return code is sre.CATEGORY and _in_category(sign, argument)


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _in_category(sign: str, category: Any) -> bool:
    return re.fullmatch(_CATEGORIES[category], sign, re.ASCII) is not None
