"""SQL for tables that are asked and written by the thousand. Only actions call `write`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

# Of an assignment `a`: nobody can undo its answer any more. Before that, only its worker knows of it.
PAST_UNDO = """NOT EXISTS (SELECT FROM inbox i
    WHERE i.project_id = a.project_id AND i.due_at = a.judged_from AND i.assignment_id = a.id)"""
# Of an assignment `a`: nobody has to do anything before it may be approved.
NOT_DEFERRED = """NOT EXISTS (SELECT FROM deferral d
    WHERE d.project_id = a.project_id AND d.assignment_id = a.id)"""
# Of an assignment `a`: what was set aside for time that was agreed beyond what is paid without asking; it is in its spare money.
AGREED = """(CASE WHEN a.most_seconds IS NULL THEN 0 ELSE coalesce((SELECT sum(q.agreed_micros) FROM time_request q
    WHERE q.project_id = a.project_id AND q.assignment_id = a.id), 0) END)::bigint"""
# Of a project `p`: something may still come of its answers. An archived one may be paying its last ones, and what is
# fed in the moment in which it is settled is still to be judged and announced.
NOT_AT_REST = """NOT (p.state = 'archived' AND EXISTS (SELECT FROM opening o
    WHERE o.project_id = p.id AND o.settled_at < statement_timestamp() - interval '1 day'))"""


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


def read_json(text: Any) -> Any:
    """What a column of JSON holds, whether the driver has read it already or not."""
    return json.loads(text) if isinstance(text, str) else text
