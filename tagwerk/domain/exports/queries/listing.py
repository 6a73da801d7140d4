"""The tasks of a project by what is asked of them, a page at a time: as quick with a million as with ten.

One of the conditions leads: it has an index in the order of the list. The others are looked at for so many rows of it at
most, then the page ends where that came to, and the next begins there. So no combination ever reads a whole project.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection

from tagwerk.domain.accounts.rules import Actor, Permission
from tagwerk.domain.quality.models import VALUE_CHARS
from tagwerk.domain.quality.rules.words import Source, TaskState
from tagwerk.domain.work.queries import project_with_answers

LOOKED_AT = 5_000  # rows of the leading condition in one page


class Order(StrEnum):
    """What a list is in the order of."""

    ADDED = "added"
    CERTAINTY = "certainty"
    AGREEMENT = "agreement"


@dataclass(frozen=True)
class Between:
    """From and to, both included; without bounds everything that is known lies between."""

    low: float = -1e9
    high: float = 1e9


@dataclass(frozen=True)
class TaskFilter:
    """What the tasks must be; what is left alone is not asked. `value` belongs to `question`.

    Certainty, agreement and source are asked of the result of the question `of`; without one, certainty of the whole task,
    the others of any question. An order by agreement needs `of`.
    """

    state: TaskState | None = None
    gold: bool | None = None
    batch_id: int | None = None
    prefix: str = ""  # the beginning of the requester's own id
    question: str = ""
    value: Any = None
    written_about: bool = False
    of: str = ""
    sure: Between | None = None
    agree: Between | None = None
    source: Source | None = None
    order: Order = Order.ADDED  # by certainty and by agreement only those that have one, the least first
    descending: bool = False


@dataclass(frozen=True)
class FoundTasks:
    """Tasks in their order, and where the next page begins (None: there is none). `searching`: more may come there."""

    ids: list[int]
    next_after: int | None
    searching: bool


def find_tasks(
    actor: Actor, project_id: int, wanted: TaskFilter, *, after: int = 0, limit: int = 50
) -> FoundTasks:
    """For members: the next tasks after a task; one query."""
    project = project_with_answers(actor, project_id, Permission.PROJECT_VIEW)
    statement, values = _statement(project.id, wanted, after, limit + 1)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ids, looked_at, last = cursor.fetchone()
    if len(ids) > limit:
        return FoundTasks(ids[:limit], ids[limit - 1], False)
    searching = looked_at >= LOOKED_AT
    return FoundTasks(ids, last if searching else None, searching)


def _statement(project_id: int, wanted: TaskFilter, after: int, limit: int) -> tuple[str, dict[str, Any]]:
    leading = _leading(wanted)
    values = {
        "project": project_id, "after": after, "limit": limit, "looked_at": LOOKED_AT,
        "state": wanted.state and str(wanted.state),
        "states": [str(one) for one in ([wanted.state] if wanted.state else TaskState)], "gold": wanted.gold, "batch": wanted.batch_id,
        "prefix": wanted.prefix, "question": wanted.question, "value": json.dumps(wanted.value),
        "of": wanted.of, "source": wanted.source and str(wanted.source),
        **_bounds("sure", wanted.sure), **_bounds("agree", wanted.agree),
    }  # fmt: skip
    others = " AND ".join(_others(wanted, leading)) or "true"
    # Materialised, so that the plan is ours: first so many rows of the leading condition, then the others.
    statement = f"""
        WITH looked AS MATERIALIZED ({_LEADING[leading]} LIMIT %(looked_at)s),
        found AS (SELECT l.id, l.nth FROM looked l WHERE {others} ORDER BY l.nth LIMIT %(limit)s)
        SELECT coalesce((SELECT array_agg(id ORDER BY nth) FROM found), '{{}}'), (SELECT count(*) FROM looked),
            (SELECT id FROM looked ORDER BY nth DESC LIMIT 1)
    """  # noqa: S608 (only our own words)
    return statement, values


def _bounds(name: str, between: Between | None) -> dict[str, float]:
    asked = between or Between()
    return {f"{name}_low": asked.low, f"{name}_high": asked.high}


def _leading(wanted: TaskFilter) -> str:
    """The condition that leaves the fewest."""
    if wanted.order is not Order.ADDED:
        measure = "agree" if wanted.order is Order.AGREEMENT else "sure_of" if wanted.of else "sure"
        return f"{measure}_{'down' if wanted.descending else 'up'}"
    if wanted.prefix:
        return "prefix"
    if wanted.source is Source.OVERRULED:
        return "by_hand"
    if wanted.written_about:
        return "written"
    if wanted.gold:
        return "gold"
    if wanted.question:
        return "value"
    if wanted.state is not None:
        return "state"
    return "batch" if wanted.batch_id is not None else "all"


def _others(wanted: TaskFilter, leading: str) -> list[str]:
    asked = {
        "prefix": bool(wanted.prefix),
        "written": wanted.written_about,
        "gold": wanted.gold is not None,
        "value": bool(wanted.question),
        "state": wanted.state is not None,
        "batch": wanted.batch_id is not None,
    }
    asked |= {
        "sure_of" if wanted.of else "sure": wanted.sure is not None,
        "agree_of" if wanted.of else "agree": wanted.agree is not None,
        "source_of" if wanted.of else "source": wanted.source is not None,
    }
    leads = _LEADS.get(leading, (leading,))
    return [_OTHER[name] for name, is_asked in asked.items() if is_asked and name not in leads]


_OF_TASK = "project_id = %(project)s AND task_id = l.id"
_BEGINS = f"left(value::text, {VALUE_CHARS}) = left(%(value)s::jsonb::text, {VALUE_CHARS})"
_SURE = "confidence BETWEEN %(sure_low)s AND %(sure_high)s"
_AGREE = "agreement BETWEEN %(agree_low)s AND %(agree_high)s"
_BY_CERTAINTY = """SELECT j.task_id AS id, row_number() OVER (ORDER BY j.confidence {direction}, j.task_id {direction}) AS nth
        FROM unnest(%(states)s::text[]) s (state), LATERAL (SELECT task_id, confidence FROM judgement
            WHERE project_id = %(project)s AND state = s.state AND confidence IS NOT NULL
                AND confidence BETWEEN %(sure_low)s AND %(sure_high)s
                AND (confidence, task_id) {beyond} (coalesce((SELECT confidence FROM judgement
                    WHERE project_id = %(project)s AND task_id = %(after)s), {from_the}), %(after)s)
            ORDER BY confidence {direction}, task_id {direction} LIMIT %(looked_at)s) j
        ORDER BY j.confidence {direction}, j.task_id {direction}"""
_BY_MEASURE = """SELECT task_id AS id, row_number() OVER (ORDER BY {measure} {direction}, task_id {direction}) AS nth
        FROM result WHERE project_id = %(project)s AND question = %(of)s AND {measure} IS NOT NULL
            AND {measure} BETWEEN %({bounds}_low)s AND %({bounds}_high)s
            AND ({measure}, task_id) {beyond} (coalesce((SELECT {measure} FROM result
                WHERE project_id = %(project)s AND question = %(of)s AND task_id = %(after)s), {from_the}), %(after)s)
        ORDER BY {measure} {direction}, task_id {direction}"""
_WAYS = {
    "up": {"beyond": ">", "direction": "ASC", "from_the": "-1e9"},
    "down": {"beyond": "<", "direction": "DESC", "from_the": "1e9"},
}
_MEASURES = {
    "sure_of": {"measure": "confidence", "bounds": "sure"},
    "agree": {"measure": "agreement", "bounds": "agree"},
}
# What a leading condition answers beside its own name.
_LEADS = {
    **dict.fromkeys(("sure_up", "sure_down"), ("state", "sure")),
    **dict.fromkeys(("sure_of_up", "sure_of_down"), ("sure_of",)),
    **dict.fromkeys(("agree_up", "agree_down"), ("agree_of",)),
    "by_hand": ("source",),  # with a question of which it is asked, that one is looked at too
}
# Each in its order, by an index that begins with the project.
_LEADING = {
    "all": "SELECT id, id AS nth FROM task WHERE project_id = %(project)s AND id > %(after)s ORDER BY id",
    "batch": """SELECT t.id, t.id AS nth FROM batch b JOIN task t ON t.project_id = b.project_id
        AND t.id BETWEEN b.first_id AND b.last_id AND t.id > %(after)s AND t.batch_id = b.id
        WHERE b.project_id = %(project)s AND b.id = %(batch)s ORDER BY t.id""",
    "prefix": """SELECT id, row_number() OVER (ORDER BY external_id) AS nth FROM task
        WHERE project_id = %(project)s AND external_id ^@ %(prefix)s AND external_id > coalesce(
            (SELECT external_id FROM task WHERE project_id = %(project)s AND id = %(after)s), '')
        ORDER BY external_id""",
    "written": """SELECT DISTINCT task_id AS id, task_id AS nth FROM thread
        WHERE project_id = %(project)s AND task_id > %(after)s ORDER BY task_id""",
    "gold": """SELECT task_id AS id, task_id AS nth FROM gold
        WHERE project_id = %(project)s AND task_id > %(after)s ORDER BY task_id""",
    "value": f"""SELECT task_id AS id, task_id AS nth FROM result WHERE project_id = %(project)s
        AND question = %(question)s AND {_BEGINS} AND confidence IS NOT NULL AND task_id > %(after)s ORDER BY task_id""",  # noqa: S608
    "state": """SELECT task_id AS id, task_id AS nth FROM judgement
        WHERE project_id = %(project)s AND state = %(state)s AND task_id > %(after)s ORDER BY task_id""",
    "by_hand": """SELECT DISTINCT task_id AS id, task_id AS nth FROM result
        WHERE project_id = %(project)s AND source = 'overruled' AND task_id > %(after)s ORDER BY task_id""",
    **{f"sure_{way}": _BY_CERTAINTY.format(**words) for way, words in _WAYS.items()},
    **{
        f"{name}_{way}": _BY_MEASURE.format(**measure, **words)
        for name, measure in _MEASURES.items()
        for way, words in _WAYS.items()
    },
}
_OTHER = {
    "prefix": "EXISTS (SELECT FROM task WHERE project_id = %(project)s AND id = l.id AND external_id ^@ %(prefix)s)",
    "written": f"EXISTS (SELECT FROM thread WHERE {_OF_TASK})",
    "gold": "EXISTS (SELECT FROM gold WHERE project_id = %(project)s AND task_id = l.id) = %(gold)s",
    "value": f"""EXISTS (SELECT FROM result WHERE {_OF_TASK} AND question = %(question)s AND {_BEGINS}
        AND confidence IS NOT NULL)""",
    "sure": f"EXISTS (SELECT FROM judgement WHERE {_OF_TASK} AND confidence BETWEEN %(sure_low)s AND %(sure_high)s)",
    "sure_of": f"EXISTS (SELECT FROM result WHERE {_OF_TASK} AND question = %(of)s AND {_SURE})",
    "agree": f"EXISTS (SELECT FROM result WHERE {_OF_TASK} AND {_AGREE})",
    "agree_of": f"EXISTS (SELECT FROM result WHERE {_OF_TASK} AND question = %(of)s AND {_AGREE})",
    "source": f"EXISTS (SELECT FROM result WHERE {_OF_TASK} AND source = %(source)s)",
    "source_of": f"EXISTS (SELECT FROM result WHERE {_OF_TASK} AND question = %(of)s AND source = %(source)s)",
    "state": f"EXISTS (SELECT FROM judgement WHERE {_OF_TASK} AND state = %(state)s)",
    "batch": "EXISTS (SELECT FROM task WHERE project_id = %(project)s AND id = l.id AND batch_id = %(batch)s)",
}
