"""Which encoding the text of a file has: spreadsheets write UTF-8, UTF-16 or Windows-1252, and seldom say so."""

import codecs
from typing import IO

from tagwerk.base.errors import Invalid

_BLOCK = 65_536
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FOREIGN = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"PAR1",
    b"\x1f\x8b",
)  # no text, whatever its name says


def encoding_of(stream: IO[bytes]) -> str:
    """The encoding of a file that begins where the stream stands; the stream stands there again."""
    start = stream.tell()
    head = stream.read(_BLOCK)
    try:
        return _marked(head) or _zeros(head) or _valid(head, stream)
    finally:
        stream.seek(start)


def _marked(head: bytes) -> str | None:
    if head.startswith(_FOREIGN):
        raise Invalid(
            "file_not_csv",
            "This is no CSV file, although its name says so. If it is a workbook, save its sheet as “CSV UTF-8”.",
        )
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _zeros(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Latin letters is 0."""
    if b"\0" not in head:
        return None
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _valid(head: bytes, stream: IO[bytes]) -> str:
    """UTF-8 where it is; else Windows-1252, which older spreadsheets write. UTF-8 with a broken byte stays UTF-8: to
    read it as anything else would spoil every letter that is right."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    block, plain = head, True
    try:
        while block:
            plain = decoder.decode(block).isascii() and plain
            block = stream.read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return "cp1252" if plain and error.object[: error.start].isascii() else "utf-8"
    return "utf-8"
