"""Idempotent replies: the same request under the same key is carried out once, however often it is sent.

The lock, the change and the stored reply share one transaction: who comes second waits and reads the reply of the
first; when the first fails, nothing is stored and the second is carried out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection, transaction

from tagwerk.base.errors import Conflict

KEPT_DAYS = 7


@dataclass(frozen=True)
class Reply:
    """A reply as it went out."""

    status: int
    content_type: str
    body: bytes
    replayed: bool = False


class _NothingDone(Exception):
    """The request was refused, so its transaction ends without a trace."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def reply_once(*, key_id: int, name: str, digest: bytes, reply: Callable[[], Reply]) -> Reply:
    """The stored reply to this request, else that of `reply()`, stored with what it changed; `digest`: 32 bytes.

    Raises Conflict("idempotency_key_reused") where the name came with another request before.
    """
    try:
        with transaction.atomic():
            stored = _locked_reply(key_id, name, digest)
            if stored is not None:
                return stored
            made = reply()
            if made.status >= 400:
                raise _NothingDone(made)
            _store(key_id, name, digest, made)
            return made
    except _NothingDone as refused:
        return refused.reply


def forget_old_replies() -> int:
    """Delete replies that are older than a week; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM stored_reply WHERE created_at < now() - make_interval(days => %s)", [KEPT_DAYS]
        )
        return int(cursor.rowcount)


def _locked_reply(key_id: int, name: str, digest: bytes) -> Reply | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [name, key_id])
        cursor.execute(
            "SELECT digest, status, content_type, body, created_at < now() - make_interval(days => %s)"
            " FROM stored_reply WHERE key_id = %s AND name = %s",
            [KEPT_DAYS, key_id, name],
        )
        row = cursor.fetchone()
        if row is not None and row[4]:
            cursor.execute("DELETE FROM stored_reply WHERE key_id = %s AND name = %s", [key_id, name])
            row = None
    if row is None:
        return None
    if bytes(row[0]) != digest:
        raise Conflict(
            "idempotency_key_reused",
            "This idempotency key came with another request before; use a new one for each new request.",
            path="Idempotency-Key",
        )
    return _read(row)


def _read(row: tuple[bytes, int, str, bytes, bool]) -> Reply | None:
    try:
        body = Fernet(settings.FIELD_KEY).decrypt(bytes(row[3]))
    except InvalidToken:
        raise Conflict(
            "reply_unreadable",
            "This request was carried out, but its reply can no longer be read; look the result up instead.",
        ) from None
    return Reply(row[1], row[2], body, replayed=True)


def _store(key_id: int, name: str, digest: bytes, made: Reply) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stored_reply (key_id, name, digest, status, content_type, body) VALUES (%s, %s, %s, %s, %s, %s)",
            [
                key_id,
                name,
                digest,
                made.status,
                made.content_type,
                Fernet(settings.FIELD_KEY).encrypt(made.body),
            ],
        )
