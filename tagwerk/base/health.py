"""One question to the database, for those who look after it."""

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


def database_answers() -> bool:
    """Whether the database can be asked at all."""
    try:
        return bool(one("select true"))
    except Error:
        return False
