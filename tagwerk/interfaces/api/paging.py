"""Pages of a list: where one ends the next begins, whatever was added or removed meanwhile.

A cursor is the place of the last entry, signed for the address it was given out by: it cannot be made up, nor
carried to another list.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.core import signing
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from tagwerk.base.errors import Invalid

T = TypeVar("T")
Place = int | str | list[Any]


class Page(BaseModel, Generic[T]):
    """A page of a list."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null where this is the last")


class Paging(BaseModel):
    """Which page of a list is asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200, description="How many entries at most")
    cursor: str | None = Field(None, max_length=500, description="`next` of the page before")


class LongPaging(Paging):
    """Which page of a list of many small entries is asked for."""

    limit: int = Field(200, ge=1, le=1000, description="How many entries at most")


def place_of(request: HttpRequest, cursor: str | None) -> Any:
    """Where the page before ended; None: this is the first."""
    if cursor is None:
        return None
    try:
        return signing.loads(cursor, salt=_salt(request))
    except signing.BadSignature:
        raise Invalid(
            "cursor_unknown",
            "This cursor is not one of this list; take it from the page before, or leave it out to begin.",
            path="cursor",
        ) from None


def cursor_at(request: HttpRequest, place: Place) -> str:
    """The cursor that continues after this place."""
    return signing.dumps(place, salt=_salt(request))


def next_cursor(request: HttpRequest, places: Sequence[Any], limit: int) -> str | None:
    """The cursor after a full page, of which these are the places; None after one that is not full."""
    return cursor_at(request, places[-1]) if len(places) >= limit else None


def _salt(request: HttpRequest) -> str:
    return f"tagwerk.api.cursor:{request.path}"
