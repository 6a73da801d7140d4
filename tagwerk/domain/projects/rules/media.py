"""Which uploaded files are let in, under which name, and what becomes of pictures. Pure: bytes in, bytes out.

A file is what its bytes say, not what its name says. Pictures are drawn again, so that nothing but pixels gets through
(no metadata with a place, no second file behind the first).
"""

import io
import re
import struct
import unicodedata
import zlib
from pathlib import PurePosixPath
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from tagwerk.base.errors import Invalid

LARGEST_PICTURE_PIXELS = 100_000_000  # of all frames together
MOST_FRAMES = 2_000
LONGEST_NAME = 120
# Nobody else's parser sees hostile bytes. What phones call MPO is a JPEG with more of them behind the first.
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
_OPENED_AS = {"MPO": "JPEG"}
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)
_OF_PIXELS = ("transparency", "duration", "default_image")  # what of the rest of a frame belongs to its look
# Where in the first bytes a format says its name. Source: the formats' own registrations (IANA, RFC 9639, ISO 14496-12).
_MARKS = (
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)
# Pictures that begin like a film do (ISO 23008-12, AV1 Image File Format, Canon's raw files).
_STILL_BRANDS = {
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
    b"crx ",
}


def safe_name(name: str) -> str:
    """A file name without folders, controls or surprises: letters, digits, `. _ -`; kept in its folder's order.

    A path keeps its folders as `folder/name`; `..`, absolute paths and hidden files lose what makes them special.
    """
    plain = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = [re.sub(r"[^\w.\-]+", "_", part).strip(". ") for part in PurePosixPath(plain).parts]
    kept = "/".join(part for part in parts if part.strip("._/"))
    if not kept or len(kept) > LONGEST_NAME:
        raise Invalid(
            "media_name", "“{name}” cannot be the name of a file (at most 120 characters).", name=name[:80]
        )
    return kept


def require_within(*, size_bytes: int, limit_bytes: int) -> None:
    """Refuse a file that is empty or too large."""
    if size_bytes == 0:
        raise Invalid("media_empty", "The file is empty.")
    if size_bytes > limit_bytes:
        raise Invalid(
            "media_too_large", "The file is larger than {limit} MB.", limit=limit_bytes // 1_000_000
        )


def media_type_of(head: bytes) -> str:
    """The type that the first bytes (32 or more) speak of; refused where it is none that tasks can show."""
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        raise Invalid(
            "media_heic",
            "This picture is HEIC, AVIF or raw, which not every browser shows: save it as JPEG or PNG.",
        )
    for place, mark, kind in _MARKS:
        if head[place : place + len(mark)] == mark:
            return kind
    try:
        with _opened(head) as picture:
            return PICTURES[_format(picture)]
    except _BROKEN:
        raise Invalid(
            "media_type",
            "This is no picture, sound or film that a browser shows (PNG, JPEG, WebP, GIF, MP3, WAV, Ogg, FLAC, MP4, WebM).",
        ) from None


def picture_again(content: bytes) -> bytes:
    """Draw a picture anew in its own format: upright, without metadata, animation kept."""
    try:
        with _opened(content) as picture:
            _require_pixels(picture.width * picture.height)
            kind = _format(picture)
            if kind != "JPEG" and getattr(picture, "is_animated", False):
                return _moving(picture, kind)
            return _still(picture, kind)
    except Image.DecompressionBombError:  # a frame can be larger than the picture said
        raise _too_many_pixels() from None
    except _BROKEN:
        raise Invalid("media_broken", "The picture cannot be read; it may be damaged.") from None


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=list(PICTURES))
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None


def _format(picture: Image.Image) -> str:
    return _OPENED_AS.get(picture.format or "", picture.format or "")


def _require_pixels(count: int) -> None:
    if count > LARGEST_PICTURE_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> Invalid:
    return Invalid(
        "media_too_many_pixels", "The picture has more than 100 million pixels, all frames together."
    )


def _still(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    options = {"quality": 92} if kind in ("JPEG", "WEBP") else {}
    _bare(ImageOps.exif_transpose(picture)).save(out, format=kind, **options)
    return out.getvalue()


def _moving(picture: Image.Image, kind: str) -> bytes:
    frames, out = _frames(picture), io.BytesIO()
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "loop": 0}
    if kind == "WEBP":  # the others read it from each frame
        options["duration"] = [frame.info.get("duration", 100) for frame in frames]
    frames[0].save(out, format=kind, **options)
    return out.getvalue()


def _frames(picture: Image.Image) -> list[Image.Image]:
    """All frames, counted while they are drawn: what the file claims of itself is not believed."""
    frames: list[Image.Image] = []
    pixels = 0
    for frame in ImageSequence.Iterator(picture):
        pixels += frame.width * frame.height
        _require_pixels(pixels)
        if len(frames) == MOST_FRAMES:
            raise Invalid(
                "media_too_many_frames", "The picture has more than {most} frames.", most=MOST_FRAMES
            )
        frames.append(_bare(frame.copy()))
    return frames


def _bare(drawn: Image.Image) -> Image.Image:
    """A copy that knows nothing but how it looks."""
    drawn.info = {name: drawn.info[name] for name in _OF_PIXELS if name in drawn.info}
    return drawn
