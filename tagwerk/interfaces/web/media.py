"""The media origin: uploaded files behind signed links, and nothing else.

No session exists here, so a hostile file finds no cookie; what a browser may do with one is nailed down by headers.
"""

import re
from collections.abc import Iterator
from typing import IO

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.domain.projects import queries
from tagwerk.domain.projects.queries import MediaView

PIECE = 1 << 18
Range = tuple[int, int] | str | None


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file behind a link that is signed and not too old; parts of it for players that seek."""
    media = queries.media_behind(token)
    wanted = _range(request.headers.get("Range", ""), media.size_bytes)
    if wanted == "wrong":
        response: HttpResponseBase = HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{media.size_bytes}"}
        )
    else:
        response = _sent(_opened(media), media.size_bytes, wanted)
    return _nailed_down(response, media.media_type)


def nothing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is no link; the platform's pages, which speak of signing in, have no place here."""
    return _plain("There is nothing here.", 404)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is none."""
    return _plain("This request cannot be read.", 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Our mistake; the log says which."""
    return _plain("Something went wrong here.", 500)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _opened(media: MediaView) -> IO[bytes]:
    try:
        return default_storage.open(media.stored_as)
    except FileNotFoundError:
        raise NotFound("media_not_found", "There is no such file.") from None


def _sent(content: IO[bytes], size: int, wanted: Range) -> HttpResponseBase:
    if isinstance(wanted, tuple):
        first, last = wanted
        response: HttpResponseBase = StreamingHttpResponse(_pieces(content, first, last), status=206)
        response["Content-Length"] = str(last - first + 1)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    else:
        response = FileResponse(content)
        response["Content-Length"] = str(size)
    return response


def _nailed_down(response: HttpResponseBase, media_type: str) -> HttpResponseBase:
    response["Content-Type"] = media_type
    response["Content-Disposition"] = "inline"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _range(header: str, size: int) -> Range:
    """One range of bytes (RFC 9110, section 14): first and last; "wrong" where there is nothing; None for the whole."""
    found = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", header.strip())
    if not found or found.group(0) == "bytes=-":
        return None
    start, end = found.groups()
    if not start:
        first, last = max(0, size - int(end)), size - 1
    else:
        first, last = int(start), min(int(end), size - 1) if end else size - 1
    return (first, last) if first <= last and first < size else "wrong"


def _pieces(content: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        left = last - first + 1
        while left > 0 and (piece := content.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
