"""What a page of the requester's says, with its markup: tests look for values in it."""

from typing import Any


def text_of(response: Any) -> str:
    """The page as it was sent."""
    return str(response.content.decode())
