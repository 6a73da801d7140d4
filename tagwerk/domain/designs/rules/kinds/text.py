"""Words of the worker's own."""

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from tagwerk.base.errors import Invalid, Sentence
from tagwerk.domain.designs.rules.pattern import lengths_of, longest_text, problem_with
from tagwerk.domain.designs.rules.question import (
    Column,
    Merged,
    Merging,
    QuestionOptions,
    Value,
    is_number,
    refuse,
    wrong,
    wrong_as,
)

LONGEST: Final = 50_000
BY_WORDS: Final = 2_000  # texts longer than this are compared word by word
POINTS: Final = " .,;:!?…\"'„“”‚‘’«»"
ROUNDING: Final = 1e-9
NEARLY: Final = 0.5  # texts less far apart say nearly the same
ENOUGH: Final = 3  # two cannot outvote one another
MOST_WORDS: Final = 10_000  # of all answers together; aligning takes their square
TOKENS: Final = re.compile(r"\n|\S+")
WORD_CHARS: Final = re.compile(r"\w")
# letters of scripts that set no blanks between words: Thai to Tibetan and Myanmar, Khmer, the Tai scripts, Balinese and
# Javanese, Chinese and Japanese
UNSPACED: Final = re.compile(
    "[\u0e00-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aad\u1b00-\u1b7f\u2e80-\u312f\u31a0-\ua4cf\ua980-\ua9df"
    "\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]"
)


class Options(QuestionOptions):
    """Write a text, within limits."""

    kind: Literal["text"] = Field(description="`text`")
    min_words: int | None = Field(None, ge=0, le=10_000, description="The fewest words")
    max_words: int | None = Field(None, ge=1, le=10_000, description="The most words")
    min_chars: int | None = Field(None, ge=0, le=LONGEST, description="The fewest characters")
    max_chars: int | None = Field(
        None, ge=1, le=LONGEST, description="The most characters; without it, 50000"
    )
    pattern: str | None = Field(
        None, description="A regular expression that the whole text must match; `\\d` and `\\w` mean ASCII"
    )
    lines: int = Field(3, ge=1, le=40, description="The height of the field in lines; 1 for a single line")

    @field_validator("pattern")
    @classmethod
    def _pattern_is_safe(cls, pattern: str | None) -> str | None:
        problem = problem_with(pattern) if pattern is not None else None
        if problem:
            raise wrong_as(problem)
        return pattern

    @model_validator(mode="after")
    def _limits_fit(self) -> Self:
        for low, high in (("min_words", "max_words"), ("min_chars", "max_chars")):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and least > most:
                raise wrong(
                    "“{low}” ({least}) must not be more than “{high}” ({most})",
                    low=low,
                    least=least,
                    high=high,
                    most=most,
                )
        if (self.min_chars or 0) > self.most_chars:
            raise wrong(
                "“min_chars” is more than the {most} characters that this pattern can be tried on",
                most=self.most_chars,
            )
        return self

    def misfits(self) -> Iterator[tuple[str, Sentence]]:
        """Limits that no text can keep at once."""
        most, by_words = self.most_chars, 2 * (self.min_words or 0) - 1  # one letter each, and spaces between
        fewest = max(by_words, self.min_chars or 0)
        if by_words > most:
            message = (
                "{words} words do not fit into {most} characters; take fewer “min_words” or more “max_chars”"
            )
            yield "min_words", Sentence(message, words=self.min_words, most=most)
        elif self.pattern:
            shortest, longest = lengths_of(self.pattern)
            if shortest > most or longest < fewest:
                message = "a text that “pattern” allows has {shortest} to {longest} characters; the other limits want {fewest} to {most}"
                yield (
                    "pattern",
                    Sentence(
                        message, shortest=shortest, longest=min(longest, LONGEST), fewest=fewest, most=most
                    ),
                )

    @cached_property
    def most_chars(self) -> int:
        """The limit in force: the requester's, or how long a text the pattern can be tried on."""
        limits = [LONGEST if self.max_chars is None else self.max_chars]
        return min(limits + ([longest_text(self.pattern)] if self.pattern else []))

    @cached_property
    def matcher(self) -> re.Pattern[str] | None:
        """The compiled pattern."""
        return re.compile(self.pattern, re.ASCII) if self.pattern else None


def validate(options: Options, value: Value, *, path: str) -> Value:
    """The text without white space at its ends, line ends as \\n."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise refuse(path, "A text is needed here.")
    text = _clean(value, path)
    if not text:
        return None
    _check_chars(options, text, path)
    if options.min_words is not None or options.max_words is not None:
        _check_words(options, text, path)
    if options.matcher and not options.matcher.fullmatch(text):
        raise refuse(
            path, "The text does not have the form that is asked for ({pattern}).", pattern=options.pattern
        )
    return text


def _clean(value: str, path: str) -> str:
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\0" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
        raise refuse(path, "The text holds characters that are none (NUL or half of a pair).")
    return text


def _check_chars(options: Options, text: str, path: str) -> None:
    if options.min_chars is not None and len(text) < options.min_chars:
        raise refuse(path, "The text has {count} characters; at least {least} are needed.", count=len(text),
                     least=options.min_chars)  # fmt: skip
    if len(text) > options.most_chars:
        raise refuse(path, "The text has {count} characters; at most {most} are possible.", count=len(text),
                     most=options.most_chars)  # fmt: skip


def _check_words(options: Options, text: str, path: str) -> None:
    count = len(text.split())
    if options.min_words is not None and count < options.min_words:
        raise refuse(path, "The text has {count} words; at least {least} are needed.", count=count,
                     least=options.min_words)  # fmt: skip
    if options.max_words is not None and count > options.max_words:
        raise refuse(path, "The text has {count} words; at most {most} are possible.", count=count,
                     most=options.max_words)  # fmt: skip


def from_text(options: Options, text: str) -> Value:
    """The text itself."""
    return text


def distance(options: Options, a: Value, b: Value) -> float:
    """Edits from one to the other as a share of the longer one (Levenshtein; long texts by words)."""
    if a == b:
        return 0.0
    left: Sequence[Hashable] = a
    right: Sequence[Hashable] = b
    if max(len(a), len(b)) > BY_WORDS:
        left, right = a.split(), b.split()
    return edits(left, right) / max(len(left), len(right), 1)


def tolerance(options: Options, value: Value, *, path: str) -> Value:
    """The share of characters (of long texts words) that may differ; 0 without it, whatever case, spaces and points at
    the ends."""
    if value is None:
        return 0.0
    if is_number(value) and 0 <= value < 1:
        return float(value)
    raise refuse(
        path, "“{value}” is not a share of the text that may differ; write a number from 0 to less than 1.",
        value=str(value)[:60],
    )  # fmt: skip


def is_near(options: Options, given: Value, right: Value, tolerance: Value) -> bool:
    """So few edits apart, case, spaces and points at the ends left out of account."""
    return bool(distance(options, plain(given), plain(right)) <= tolerance + ROUNDING)


def plain(text: str) -> str:
    """A text without what two people who mean the same may write differently."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(POINTS)


def edits(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """Levenshtein's distance, one bit per element (Myers 1999, Hyyrö 2003)."""
    if not left:
        return len(right)
    places: dict[Hashable, int] = {}
    for number, element in enumerate(left):
        places[element] = places.get(element, 0) | 1 << number
    full, last, score = (1 << len(left)) - 1, 1 << (len(left) - 1), len(left)
    plus, minus = full, 0
    for element in right:
        match = places.get(element, 0)
        diagonal = (((match & plus) + plus) ^ plus) | match | minus
        rises, falls = minus | ~(diagonal | plus) & full, plus & diagonal
        score += bool(rises & last) - bool(falls & last)
        rises = rises << 1 | 1
        plus = (falls << 1 | ~(diagonal | rises)) & full
        minus = rises & diagonal & full
    return score


def labels(options: Options) -> list[str] | None:
    """Texts cannot be counted, so are not judged."""
    return None


def members(options: Options) -> list[str] | None:
    """An answer is one text."""
    return None


def to_label(options: Options, value: Value) -> str:
    """The text itself."""
    return str(value)


def from_label(options: Options, label: str) -> Value:
    """The text itself."""
    return label


def merge(options: Options, values: Sequence[Value]) -> Merged:
    """A text made word by word (ROVER) of those that say nearly the same, where they are enough; else the one that is
    nearest to all others. Answers in words of their own would become a text that nobody means."""
    middle = medoid(options, values)
    near = [one for one in values if distance(options, one, middle) <= NEARLY]
    if len(near) >= ENOUGH and 2 * len(near) > len(values) and _in_words(near):
        made = _word_by_word(near)
        if _fits(options, made):
            return Merged(made, Merging.ROVER)
    return Merged(middle, Merging.MEDOID)


def medoid(options: Options, values: Sequence[Value]) -> Value:
    """The text with the fewest edits to all others."""
    return min(values, key=lambda one: sum(distance(options, one, other) for other in values))


def _in_words(texts: Sequence[str]) -> bool:
    """Whether blanks set words apart, unlike in Chinese or Thai; and whether there are not too many to be aligned."""
    whole = " ".join(texts)
    return (
        2 * len(UNSPACED.findall(whole)) <= len(WORD_CHARS.findall(whole))
        and len(whole.split()) <= MOST_WORDS
    )


def _word_by_word(texts: Sequence[str]) -> str:
    from tagwerk.inference.text import ROVER  # compiled code; only jobs merge

    rover = ROVER(
        tokenizer=TOKENS.findall, detokenizer=_joined, fold=lambda word: plain(word) or word, n_iter=0
    )
    numbers = range(len(texts))
    return str(rover.fit_predict({"task": [0] * len(texts), "worker": list(numbers), "text": list(texts)})[0])


def _joined(words: Sequence[str]) -> str:
    return re.sub(" ?\n ?", "\n", " ".join(words))


def _fits(options: Options, text: str) -> bool:
    """Whether the text is an answer, as each of those that it was made of is."""
    try:
        return bool(validate(options, text, path="") == text)
    except Invalid:
        return False


def columns(options: Options) -> list[Column]:
    """The text."""
    return [Column("", "text")]


def cells(options: Options, value: Value) -> list[Any]:
    """The text."""
    return [value]


def literal_problem(options: Options, name: str, sign: str, literal: Any) -> Sentence | None:
    """Only texts can be met."""
    if isinstance(literal, str):
        return None
    return Sentence("its answers are texts; write it in quotation marks")
