"""Which uploaded files are let in, under which name, and what becomes of pictures. Pure: bytes in, bytes out.

A file is what its bytes say, not what its name says. Pictures are drawn again, so that nothing but pixels gets through
(no metadata with a place, no second file behind the first).
"""

import io
import re
import unicodedata
from pathlib import PurePosixPath

from PIL import Image, ImageSequence, UnidentifiedImageError

from tagwerk.base.errors import Invalid

LARGEST_PICTURE_PIXELS = 100_000_000
LONGEST_NAME = 120
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
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
    for place, mark, kind in _MARKS:
        if head[place : place + len(mark)] == mark:
            return kind
    try:
        with Image.open(io.BytesIO(head)) as picture:
            kind = PICTURES.get(picture.format or "", "")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        kind = ""
    if not kind:
        raise Invalid(
            "media_type",
            "This is no picture, sound or film that a browser shows (PNG, JPEG, WebP, GIF, MP3, WAV, Ogg, FLAC, MP4, WebM).",
        )
    return kind


def picture_again(content: bytes) -> bytes:
    """Draw a picture anew in its own format: upright, without metadata, animation kept."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > LARGEST_PICTURE_PIXELS:
                raise Invalid("media_too_many_pixels", "The picture has more than 100 million pixels.")
            return _drawn(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("media_broken", "The picture cannot be read; it may be damaged.") from None


def _drawn(picture: Image.Image) -> bytes:
    from PIL import ImageOps

    kind = picture.format or "PNG"
    out = io.BytesIO()
    if getattr(picture, "n_frames", 1) > 1:
        frames = [frame.copy() for frame in ImageSequence.Iterator(picture)]
        frames[0].save(out, format=kind, save_all=True, append_images=frames[1:], loop=0)
        return out.getvalue()
    upright = ImageOps.exif_transpose(picture) or picture
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    if upright.mode == "P":
        clean.putpalette(upright.getpalette() or [])
    options = {"quality": 92} if kind in ("JPEG", "WEBP") else {}
    clean.save(out, format=kind, **options)
    return out.getvalue()
