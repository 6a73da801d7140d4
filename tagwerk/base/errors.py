"""Refusals: what people can do wrong, said in words with a stable code.

`message` is an English text that is also the key of its translation; named places in braces are filled
from `params` after translation. What *we* can do wrong is an `assert`, never a refusal.
"""

from collections.abc import Callable
from typing import Any


class Refusal(Exception):
    """Something is refused for a reason that the person can understand and act on."""

    status = 400

    def __init__(self, code: str, message: str, *, path: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.path = path  # where in the input: "ask.better.scale", "row 7, column _gold"
        self.params = params

    def __str__(self) -> str:
        return self.at_its_place(str)

    def in_words(self, translate: Callable[[str], str]) -> str:
        """The message in a reader's language; a refusal among its params is said in the same."""
        text = translate(self.message)
        said = {
            name: value.at_its_place(translate) if isinstance(value, Refusal) else value
            for name, value in self.params.items()
        }
        return text.format(**said) if said else text

    def at_its_place(self, translate: Callable[[str], str]) -> str:
        """The message after the place in the input that it is about."""
        text = self.in_words(translate)
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
