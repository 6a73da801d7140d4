"""SQL for tables that are asked and written by the thousand. Only actions call `write`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def rows(question: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(question: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
    """The first row of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def value(question: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """The single value that the question asks for; None where there is no row."""
    found = row(question, values)
    return found[0] if found else None


def write(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Carry out a statement of an action; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
