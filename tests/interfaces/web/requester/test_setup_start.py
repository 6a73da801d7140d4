"""A draft is begun from own rows, a template or an older project; what is no file of rows makes none."""

import pytest

from tagwerk.base.ids import row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.pages.requester.file_text import text_of as yaml_of
from tests.interfaces.web.requester.drafting import (
    PAIRS,
    ROWS,
    at,
    draft,
    file,
    now,
    seen,
    send,
    started,
    uploaded,
)
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.orders import project
from tests.people import organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def test_own_rows_become_a_draft_that_shows_them_and_has_them_as_tasks() -> None:
    made = draft()
    assert made.title == "Kettle reviews"
    assert file(made)["show"] == [{"text": "{{ review }}", "label": "Review"}]
    assert work.progress(made.id).tasks == 4
    page = seen(made, "data")
    assert "4 rows are in" in page
    assert "number" in page and "kept, not shown" in page


@pytest.mark.parametrize("kind", ["choice", "rating", "comparison", "text"])
def test_every_kind_of_question_can_be_asked_about_own_rows(kind: str) -> None:
    made = draft(content=PAIRS, kind=kind, language="de")
    [question] = file(made)["ask"].values()
    assert question["kind"] == kind
    assert made.currency == "EUR" and made.title
    assert work.progress(made.id).tasks == 1


@pytest.mark.parametrize(
    ("content", "name", "given", "said"),
    [
        ("", "rows.csv", {}, "empty"),
        ("review\n", "rows.csv", {}, "There is no row in this file"),
        ("Größe,x\n1,2\n".encode() + b"\xff,\n", "rows.csv", {}, "not text that can be read"),
        (b"PK\x03\x04\x14\x00", "rows.csv", {}, "This is no CSV file"),
        (ROWS, "rows.xlsx", {}, "save its sheet as “CSV UTF-8”"),
        (ROWS, "rows.docx", {}, "cannot be read"),
        ("a,a\n1,2\n", "rows.csv", {}, "names its columns"),
        ("review\nThe only column that there is.\n", "rows.csv", {"kind": "comparison"}, "needs two columns"),
    ],
    ids=["empty", "header", "encoding", "disguised", "workbook", "kind", "twice", "nothing-to-compare"],
)  # fmt: skip
def test_a_file_that_is_none_makes_no_draft(
    content: str, name: str, given: dict[str, str], said: str
) -> None:
    number = organisation("acme")
    answer = started(content, name, **given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert projects.projects_of([number]) == []


def test_a_template_becomes_a_draft_and_takes_over_the_columns_of_the_first_file() -> None:
    number = organisation("acme")
    visitor("ada").post("/projects/new/", {"do": "template", "template": "choice"})
    [made] = projects.projects_of([number])
    assert "The design shows" in seen(made, "data")
    assert send(made, "data", {"do": "file", "rows": uploaded(ROWS)}).status_code == 303
    assert file(made)["show"] == [{"text": "{{ review }}"}]
    assert work.progress(made.id).tasks == 4


def test_a_template_can_be_tried_with_its_own_rows() -> None:
    number = organisation("acme")
    visitor("ada").post("/projects/new/", {"do": "template", "template": "rating"})
    [made] = projects.projects_of([number])
    assert send(made, "data", {"do": "example"}).status_code == 303
    assert work.progress(made.id).tasks == 1 and work.progress(made.id).gold_tasks == 1


def test_a_file_with_too_few_columns_for_a_template_is_refused_in_words() -> None:
    number = organisation("acme")
    visitor("ada").post("/projects/new/", {"do": "template", "template": "comparison"})
    [made] = projects.projects_of([number])
    answer = send(made, "data", {"do": "file", "rows": uploaded("only\nThe one text of this row.\n")})
    assert answer.status_code == 422
    assert "has no such columns" in text_of(answer)
    assert "answer_b" in yaml_of(now(made).file)


def test_a_copy_of_an_older_project_has_its_file_and_none_of_its_tasks() -> None:
    old = draft()
    answer = visitor("ada").post("/projects/new/", {"do": "copy", "project": old.public_id})
    made = projects.project(row_number("prj", answer["Location"].split("/")[2]))
    assert made.title == "Copy of Kettle reviews"
    assert file(made)["ask"] == file(old)["ask"]
    assert work.progress(made.id).tasks == 0


def test_nobody_copies_a_project_of_others() -> None:
    organisation("acme")
    organisation("other", "eve")
    foreign = project("eve", "other")
    answer = visitor("ada").post("/projects/new/", {"do": "copy", "project": foreign.public_id})
    assert answer.status_code == 422


def test_bad_rows_are_named_and_the_others_can_be_imported_after_all() -> None:
    made = draft(
        content="review,stars\nThe kettle is fine and boils.,1\nA line without its second value\nThe kettle leaks at its lid.,3\nThe lid is loose but it works.,4\nIt whistles so loud that I like it.,5\nThe handle gets hot every time.,6\n"
    )
    page = seen(made, "data")
    assert "Nothing was imported, because 1 row cannot be used." in page
    assert "Values on this line: 1" in page and "Download these rows" in page
    assert send(made, "data", {"do": "good"}).status_code == 303
    assert work.progress(made.id).tasks == 5
    assert "1 row was left out" in seen(made, "data")


def test_the_good_rows_of_a_file_that_is_not_kept_are_not_imported_again() -> None:
    made = draft()
    answer = send(made, "data", {"do": "good"})
    assert answer.status_code == 422
    assert "not kept any more" in text_of(answer)


def test_a_repeated_id_is_a_bad_row() -> None:
    made = draft(content="_id,review\n1,The kettle is fine and boils.\n1,The kettle leaks at its lid.\n")
    assert "another task with the id" in seen(made, "data")


def test_empty_cells_of_a_column_that_is_shown_are_told() -> None:
    made = draft(content=ROWS + ",5\n")
    assert "In 1 of 5 rows “review” is empty" in seen(made, "data")


def test_rows_can_be_thrown_away_and_others_sent() -> None:
    made = draft()
    assert send(made, "data", {"do": "discard"}).status_code == 303
    assert work.progress(made.id).tasks == 0
    other = uploaded("comment\nSomething else to look at here.\n")
    assert send(made, "data", {"do": "file", "rows": other}).status_code == 303
    assert file(made)["show"][0]["text"] == "{{ comment }}"


def test_a_large_file_is_brought_in_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagwerk.interfaces.web.pages.requester.setup_data.AT_ONCE_BYTES", 10)
    made = draft()
    assert "is being checked and brought in" in seen(made, "data")
    running = visitor("ada").get(at(made, "data"), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in running
    newest = work.newest_import(made.id)
    assert newest is not None
    work_actions.run_import(import_id=newest.id)
    ended = visitor("ada").get(at(made, "data"), headers={"HX-Request": "true"})
    assert ended["HX-Refresh"] == "true"
    assert "4 rows are in" in seen(made, "data")
