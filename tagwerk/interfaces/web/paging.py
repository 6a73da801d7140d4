"""Lists by keyset: the place of the last line goes into the next page's address, as a public id."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number

Line = TypeVar("Line")
BEFORE = "before"


@dataclass(frozen=True)
class ListPage(Generic[Line]):
    """The lines of a page and the addresses of its neighbours; "newest" leads back to the first page."""

    lines: Sequence[Line]
    newer: str
    older: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all, neither here nor before."""
        return not (self.lines or self.newer or self.older)


def place(request: HttpRequest, prefix: str, name: str = BEFORE) -> int | None:
    """The number behind ?before=…, or what another list of the page calls it; None on the first page."""
    text = request.GET.get(name, "")
    return row_number(prefix, text) if text else None


def plain_place(request: HttpRequest) -> int | None:
    """?before=… where the place is a plain sequence number that tells nothing."""
    text = request.GET.get(BEFORE, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound("page_not_found", "There is nothing here.")
    return int(text)


def cut(
    request: HttpRequest,
    found: Sequence[Line],
    size: int,
    name: Callable[[Line], str],
    place_in: str = BEFORE,
) -> ListPage[Line]:
    """The first `size` of the lines found (one more was asked for) and where the list goes on. `place_in`: what the
    place is called in the address, where a page has several lists."""
    older = _address(request, name(found[size - 1]), place_in) if len(found) > size else ""
    return ListPage(found[:size], _address(request, "", place_in) if request.GET.get(place_in) else "", older)


def following(
    request: HttpRequest, found: Sequence[Line], size: int, name: Callable[[Line], str]
) -> ListPage[Line]:
    """The same for lists that run upwards: the place is that of the line before, and what follows is newer."""
    page = cut(request, found, size, name)
    return ListPage(page.lines, newer=page.older, older=page.newer)


def _address(request: HttpRequest, before: str, place_in: str) -> str:
    query = request.GET.copy()
    query.pop(place_in, None)
    if before:
        query[place_in] = before
    return f"{request.path}?{query.urlencode()}" if query else request.path
