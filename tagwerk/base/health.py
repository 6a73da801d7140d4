"""One question to the database, for those who look after it."""

from dataclasses import dataclass
from typing import Any

from django.db import DataError, Error, InterfaceError, OperationalError, connection

UNSTORABLE = (DataError,)  # a value that no column can hold
UNAVAILABLE = (OperationalError, InterfaceError)  # away, restarting or too busy: the same again later will do


def one(question: str) -> Any:
    """The single value that a question of our own wording gives; never built from anybody's input."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True)
class DatabaseState:
    """How large and how busy the database is."""

    version: int  # such as 180001
    size_bytes: int
    connections: int
    most_connections: int
    oldest_transaction_seconds: int  # of those of our own role: what vacuum has to wait for


def database_state() -> DatabaseState:
    """One look at the server, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_setting('server_version_num')::int, pg_database_size(current_database()),
                (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                current_setting('max_connections')::int,
                (SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::int FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid())"""
        )
        return DatabaseState(*cursor.fetchone())


def database_answers() -> bool:
    """Whether the database can be asked at all."""
    try:
        return bool(one("select true"))
    except Error:
        return False
