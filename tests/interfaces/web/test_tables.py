"""Tables: the order and the columns that the address and the person ask for, and no others."""

from typing import Any

from django.http import HttpRequest
from django.test import RequestFactory

from tagwerk.interfaces.web.tables import Column, table_view
from tests.interfaces.web.test_templatetags import rendered

COLUMNS = (
    Column("task", "Task", sortable=True, fixed=True),
    Column("answers", "Answers", number=True, sortable=True),
    Column("state", "State"),
    Column("author", "Author", extra=True),
)


def asked(address: str, session: dict[str, Any] | None = None) -> HttpRequest:
    request = RequestFactory().get(address)
    request.session = {} if session is None else session  # type: ignore[assignment]
    return request


def test_the_address_says_how_lines_are_sorted_and_a_head_leads_to_the_other_way() -> None:
    view = table_view(asked("/?sort=-answers&state=open&before=x"), "tasks", COLUMNS, sort="task")
    assert (view.sort, view.descending) == ("answers", True)
    heads = {head.column.key: head for head in view.heads}
    assert heads["answers"].sorted == "descending"
    assert heads["answers"].href == "?sort=answers&state=open"
    assert heads["task"].href == "?sort=task&state=open"
    assert (heads["state"].href, heads["state"].sorted) == ("", "")


def test_nobody_sorts_by_what_the_page_does_not_offer() -> None:
    for wish in ("state", "-author", "password", "--answers", ""):
        view = table_view(asked(f"/?sort={wish}"), "tasks", COLUMNS, sort="-task")
        assert (view.sort, view.descending) == ("task", True), wish


def test_the_choice_of_columns_is_remembered_per_table() -> None:
    session: dict[str, Any] = {}
    assert table_view(asked("/", session), "tasks", COLUMNS).shows == {"task", "answers", "state"}
    chosen = table_view(asked("/?columns=chosen&column=author&column=password", session), "tasks", COLUMNS)
    assert chosen.shows == {"task", "author"}
    assert table_view(asked("/", session), "tasks", COLUMNS).shows == {"task", "author"}
    assert table_view(asked("/", session), "people", COLUMNS).shows == {"task", "answers", "state"}
    assert table_view(asked("/?columns=chosen", session), "tasks", COLUMNS).shows == {"task"}


def test_choosing_columns_keeps_the_filters_and_begins_at_the_beginning() -> None:
    view = table_view(asked("/?state=open&state=done&before=tsk_1&column=author"), "tasks", COLUMNS)
    assert view.kept == (("state", "open"), ("state", "done"))


def test_the_component_draws_the_head_from_the_view() -> None:
    view = table_view(asked("/?sort=-answers"), "tasks", COLUMNS, sort="task")
    text = rendered('{% wrap "table" caption="Tasks" view=view %}<tbody></tbody>{% endwrap %}', view=view)
    assert '<th scope="col" class="number" aria-sort="descending">' in text
    assert '<input type="checkbox" name="column" value="author">' in text
    assert '<input type="checkbox" name="column" value="state" checked>' in text
    assert 'value="task"' not in text
