"""How commands that belong together are added to the grammar."""

import argparse
from collections.abc import Callable
from typing import Any

from tagwerk.interfaces.cli.machinery import Machinery

Handler = Callable[[argparse.Namespace, Machinery], int]


def word(inner: Any, name: str, text: str, handler: Handler) -> argparse.ArgumentParser:
    """A command under another word; `text` says what it does."""
    made: argparse.ArgumentParser = inner.add_parser(name, help=text, description=text)
    made.set_defaults(handler=handler)
    return made


def words_of(inner: Any, name: str, text: str) -> Any:
    """A word with commands of its own under it."""
    return inner.add_parser(name, help=text, description=text).add_subparsers(
        dest=f"{name}_word", metavar="word", required=True
    )
