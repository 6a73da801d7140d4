"""Bodies: JSON that any table can hold, and uploads that never lie in memory whole."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NoReturn, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import ValidationError as InputWrong
from ninja.parser import Parser
from pydantic import BaseModel, ValidationError

from tagwerk.base.errors import Invalid
from tagwerk.interfaces.api.problems import Unreadable, too_large

DEEPEST = 64  # levels of nested lists and objects
_CHUNK_BYTES = 1 << 20
F = TypeVar("F", bound=Callable[..., Any])
M = TypeVar("M", bound=BaseModel)


class StrictParser(Parser):
    """JSON as RFC 8259 has it, of which every text can be stored."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body's value; a refusal says what is wrong with it."""
        return cast(dict[str, Any], parse_json(request.body))


def parse_json(body: bytes) -> Any:
    """The value of a JSON text; refuses NaN, NUL, half characters, numbers of absurd length, deep nesting."""
    try:
        value = _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("json_unreadable", "The body is not JSON: {why}.", why=_why(error)) from None
    if b"\\u" in body or body.count(b"{") + body.count(b"[") > DEEPEST:
        _check(value, 0)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)  # made once: making one costs more than most bodies


def read_body(request: HttpRequest, model: type[M]) -> M:
    """The body as a model, read here: what is called most often goes past ninja's own way, which costs more."""
    try:
        return model.model_validate(parse_json(request.body))
    except ValidationError as wrong:
        raise InputWrong([{**error, "loc": ("body", *error["loc"])} for error in wrong.errors()]) from None


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Unreadable("json_unreadable", "The body is not JSON: {why}.", why="nested too deeply")
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth + 1)
    elif isinstance(value, dict):
        for name, part in value.items():
            check_text(name)
            _check(part, depth + 1)


def check_text(text: str) -> None:
    """Refuse a text that holds what no database can: NUL, or half of a surrogate pair."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
        raise Invalid("text_impossible", "A text holds characters that are none (NUL or half of a pair).")


class Upload:
    """A body on disk, with its size and SHA-256."""

    def __init__(self, file: IO[bytes], size_bytes: int, digest: bytes) -> None:
        self.file = file
        self.size_bytes = size_bytes
        self.digest = digest


def takes_upload(view: F) -> F:
    """Mark an operation whose body is a file: it is read by `uploaded`, never into memory."""
    view.takes_upload = True  # type: ignore[attr-defined]
    return view


@contextmanager
def uploaded(request: HttpRequest) -> Iterator[Upload]:
    """The raw body in a temporary file: a slow sender holds no transaction open. Read once, kept for the request."""
    upload = getattr(request, "upload", None)
    if upload is None:
        upload = _spool(request)
        request.upload = upload  # type: ignore[attr-defined]
    upload.file.seek(0)
    yield upload


def close_upload(request: HttpRequest) -> None:
    """The request has been answered; its temporary file goes."""
    upload = getattr(request, "upload", None)
    if upload is not None:
        upload.file.close()


def _spool(request: HttpRequest) -> Upload:
    limit = settings.UPLOAD_LIMIT_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise too_large(limit)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close_upload` when the request has been answered)
    size, sha = 0, hashlib.sha256()
    while chunk := request.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        sha.update(chunk)
        file.write(chunk)
    return Upload(file, size, sha.digest())
