"""The media origin: uploaded files behind signed links, and nothing else.

No session exists here, so a hostile file finds no cookie; what a browser may do with one is nailed down by headers.
"""

import re
from collections.abc import Iterator
from typing import IO

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from tagwerk.domain.projects import queries

PIECE = 1 << 18


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file behind a link that is signed and not too old; parts of it for players that seek."""
    media = queries.media_behind(token)
    content = default_storage.open(media.stored_as)
    wanted = _range(request.headers.get("Range", ""), media.size_bytes)
    response: HttpResponseBase
    if wanted == "wrong":
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{media.size_bytes}"})
    elif isinstance(wanted, tuple):
        first, last = wanted
        response = StreamingHttpResponse(_pieces(content, first, last), status=206)
        response["Content-Length"] = str(last - first + 1)
        response["Content-Range"] = f"bytes {first}-{last}/{media.size_bytes}"
    else:
        response = FileResponse(content)
        response["Content-Length"] = str(media.size_bytes)
    return _nailed_down(response, media.media_type)


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


def _range(header: str, size: int) -> tuple[int, int] | str | None:
    """One range of bytes (RFC 9110, section 14): first and last; "wrong" where there is nothing; None for the whole."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
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
