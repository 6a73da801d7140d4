"""Shapes that several nouns share."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field

from tagwerk.base.money import plain


class Body(BaseModel):
    """Base of what is sent to us: a field that we do not know is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Money(BaseModel):
    """An amount of money, as a decimal text: never a float."""

    amount: str = Field(examples=["0.30"])
    currency: str = Field(examples=["EUR"])


def money(micros: int, currency: str) -> Money:
    """Micros as the API writes them."""
    return Money(amount=plain(micros), currency=currency)


Json = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Any])


def proves_key(view: F) -> F:
    """Mark an operation that has its key looked at by its own statement (`asking.unproven_key`), reads its body by
    itself and gives a whole answer: the door calls it without detours."""
    view.proves_key = True  # type: ignore[attr-defined]
    return view


def in_many_transactions(view: F) -> F:
    """Mark an operation that leaves the same behind however often it is carried out, and takes a transaction for each
    piece: no reply of it is kept, because that would make one transaction of all."""
    view.in_many_transactions = True  # type: ignore[attr-defined]
    return view


def upload_body(*types: str, what: str) -> dict[str, Any]:
    """The OpenAPI description of a raw body of one of these media types."""
    content = {name: {"schema": {"type": "string", "format": "binary"}} for name in types}
    return {"requestBody": {"required": True, "description": what, "content": content}}


def json_answer(value: Any, status: int = 200) -> HttpResponse:
    """An answer written at once: for what is asked for often or is long, where building models would cost most."""
    return HttpResponse(dumps(value), status=status, content_type="application/json")


def dumps(value: Any) -> str:
    """JSON with times as ISO 8601."""
    return _ENCODER.encode(value)


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is nothing that the API writes")


_ENCODER = json.JSONEncoder(default=_time, ensure_ascii=False, separators=(",", ":"))
