"""Refusals: what people can do wrong, said in words with a stable code.

`message` is an English text that is also the key of its translation; named places in braces are filled
from `params` after translation. What *we* can do wrong is an `assert`, never a refusal.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


class Sentence:
    """Words to be said in the reader's language; what fills their places may be a sentence or a refusal."""

    def __init__(self, message: str, /, **params: Any) -> None:
        self.message = message
        self.params = params

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The words in a language."""
        filled = {
            name: value.said(translate) if isinstance(value, Sentence | Refusal) else value
            for name, value in self.params.items()
        }
        text = translate(self.message)
        return text.format(**filled) if filled else text

    def __str__(self) -> str:
        return self.said()


def minutes_said(count: int) -> Sentence:
    """So many minutes, as the reader's language counts them: “1 minute”, “20 minutes”."""
    return Sentence("1 minute") if count == 1 else Sentence("{count} minutes", count=count)


class Refusal(Exception):
    """Something is refused for a reason that the person can understand and act on."""

    status = 400

    def __init__(self, code: str, message: str, *, path: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.path = path  # where in the input: "ask.better.scale", "row 7, column _gold"
        self.params = params

    @property
    def sentence(self) -> Sentence:
        """What it says, without its place."""
        return Sentence(self.message, **self.params)

    def __str__(self) -> str:
        return self.said()

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The message in a language, after the place in the input that it is about."""
        text = self.sentence.said(translate)
        return f"{self.path}: {text}" if self.path else text


class Invalid(Refusal):
    """The input is wrong; the message says what would be right."""

    status = 422


class NotAllowed(Refusal):
    """The person is known, sees the thing, and may not do this with it."""

    status = 403


class NotFound(Refusal):
    """It does not exist, or is not theirs, which is the same."""

    status = 404


class Conflict(Refusal):
    """It was right a moment ago, but the state of things has changed."""

    status = 409


class TooMany(Refusal):
    """Too often or too much; later or less will do."""

    status = 429


class Joined(Sentence):
    """Several sentences, one in each line."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        super().__init__("")
        self.sentences = tuple(sentences)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """All of them in a language."""
        return "\n".join(one.said(translate) for one in self.sentences)


SAID_LINES = 20  # so many wrong lines are said in words; all are in `lines`


class BadLines(Invalid):
    """Lines of a file or of a pasted list are wrong, so none of it is carried out. `lines`: number → why."""

    lines: Mapping[int, Refusal]


def bad_lines(lines: Mapping[int, Refusal]) -> BadLines:
    """The refusal of a list, with the first SAID_LINES of its wrong lines in words."""
    in_order = dict(sorted(lines.items()))
    said = [
        Sentence("Line {number}: {problem}", number=number, problem=refusal.sentence)
        for number, refusal in [*in_order.items()][:SAID_LINES]
    ]
    refusal = BadLines(
        "lines_wrong",
        "Lines that cannot be used: {count}. Nothing was carried out.\n{lines}",
        count=len(in_order),
        lines=Joined(said),
    )
    refusal.lines = in_order
    return refusal
