"""Tables of long lists: which columns a person sees, by which one the lines are sorted.

A page names its columns once and asks `table_view(request, "tasks", COLUMNS)`. The component draws the head from it;
the page draws the lines and asks `view.shows`. What is sorted by must have an index: the page decides what may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from tagwerk.interfaces.web.paging import BEFORE

SORT, COLUMN, CHOSEN = "sort", "column", "columns"
PLACES = (BEFORE, "after")  # where a list goes on; another order begins at its beginning
KEPT = "table_columns"  # in the session: table → keys of the columns chosen


@dataclass(frozen=True)
class Column:
    """A column that a table can have. A `fixed` one is always there, an `extra` one only where it was chosen."""

    key: str
    label: str | Promise
    number: bool = False
    sortable: bool = False
    fixed: bool = False
    extra: bool = False
    hidden_label: bool = False  # such as that of the column with buttons


@dataclass(frozen=True)
class Head:
    """A column's head as the table shows it: the way to sort by it, and the word for aria-sort."""

    column: Column
    href: str
    sorted: str


@dataclass(frozen=True)
class Choice:
    """A column that can be chosen."""

    key: str
    label: str | Promise
    shown: bool


@dataclass(frozen=True)
class TableView:
    """How this person sees this table now."""

    heads: tuple[Head, ...]
    choices: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]  # the rest of the address, which the choice of columns keeps
    sort: str
    descending: bool

    @property
    def shows(self) -> frozenset[str]:
        """{% if "answers" in view.shows %}"""
        return frozenset(head.column.key for head in self.heads)


def table_view(
    request: HttpRequest, table: str, columns: Sequence[Column], *, sort: str = "", choice: bool = True
) -> TableView:
    """`sort` is what the list is sorted by unless the address says otherwise: "created", "-created"."""
    wanted = request.GET.get(SORT, sort)
    key, descending = wanted.removeprefix("-"), wanted.startswith("-")
    if key not in {column.key for column in columns if column.sortable}:
        key, descending = sort.removeprefix("-"), sort.startswith("-")
    free = [column.key for column in columns if not column.fixed] if choice else []
    shown = _shown(request, table, columns, free)
    return TableView(
        heads=tuple(_head(request, column, key, descending) for column in columns if column.key in shown),
        choices=tuple(Choice(c.key, c.label, c.key in shown) for c in columns if c.key in free),
        kept=_kept(request, {COLUMN, CHOSEN, *PLACES}),
        sort=key,
        descending=descending,
    )


def _shown(request: HttpRequest, table: str, columns: Sequence[Column], free: Sequence[str]) -> set[str]:
    """What was chosen just now, else what was chosen before in this session, else what the page proposes."""
    fixed = {column.key for column in columns if column.key not in free}
    kept: dict[str, list[str]] = request.session.get(KEPT, {})
    if free and request.GET.get(CHOSEN):
        chosen = [key for key in free if key in request.GET.getlist(COLUMN)]
        if kept.get(table) != chosen:
            request.session[KEPT] = {**kept, table: chosen}
        return fixed | set(chosen)
    if free and table in kept:
        return fixed | (set(kept[table]) & set(free))
    return fixed | {column.key for column in columns if not column.extra}


def _head(request: HttpRequest, column: Column, key: str, descending: bool) -> Head:
    if not column.sortable:
        return Head(column, "", "")
    is_current = column.key == key
    other = column.number if not is_current else not descending  # of numbers the largest come first
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    query[SORT] = f"-{column.key}" if other else column.key
    return Head(
        column,
        f"?{query.urlencode()}",
        ("descending" if descending else "ascending") if is_current else "none",
    )


def _kept(request: HttpRequest, without: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, value) for name, values in request.GET.lists() if name not in without for value in values
    )
