"""The table of tasks: filters in its address, columns that one chooses, no more queries for more rows."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.workshop import do_work, judge, launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
ROWS = [{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(6)]
GOLD = [{"_id": "gold-0", "text": "gold", "_gold": {"sentiment": "neutral"}}]


@pytest.fixture
def made(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS + GOLD)
    for name in ("ben", "bea", "bob"):
        do_work(
            project.id,
            name,
            lambda data: {"sentiment": "negative" if data["text"] == "Text 2" else "positive"},
        )
        judge(project.id)
    return project


def get(project: ProjectView, query: str = "", client: Any = None) -> Any:
    return (client or visitor("ada")).get(f"/projects/{project.public_id}/tasks/{query}")


def ids(answer: Any) -> list[str]:
    return [line.own_id for line in answer.context["lines"]]


def test_filters_stand_in_the_address_and_can_be_taken_off(made: ProjectView) -> None:
    answer = get(made, "?result=sentiment~positive&gold=no&state=done")
    assert ids(answer) == ["row-0", "row-1", "row-3", "row-4", "row-5"]
    text = words(answer)
    for chip in ("State: certain", "How does it sound? positive", "Gold: without gold", "Show all"):
        assert chip in text, chip
    assert 'href="?gold=no&amp;state=done"' in answer.content.decode()
    assert ids(get(made, "?gold=yes")) == ["gold-0"]
    assert ids(get(made, "?state=nonsense&result=sentiment~nobody&batch=bat_x")) == [
        *(row["_id"] for row in ROWS),
        "gold-0",
    ]


def test_what_the_form_leaves_empty_leaves_the_address(made: ProjectView) -> None:
    answer = get(made, "?id=&state=done&result=&gold=")
    assert answer.status_code == 303 and answer["Location"].endswith("/tasks/?state=done")


def test_the_least_certain_first_page_by_page(made: ProjectView, monkeypatch: pytest.MonkeyPatch) -> None:
    from tagwerk.interfaces.web.pages.requester import project_tasks

    monkeypatch.setattr(project_tasks, "PAGE", 4)
    first = get(made, "?sort=sure")
    second = get(made, first.context["older"])
    assert sorted(ids(first) + ids(second)) == [row["_id"] for row in ROWS]  # gold is not judged
    certainty = [line.confidence for page in (first, second) for line in page.context["lines"]]
    assert certainty == sorted(certainty)
    assert words(second).endswith("Back to the beginning")


def test_only_a_whole_list_of_one_leads_to_its_task(
    made: ProjectView, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tagwerk.interfaces.web.pages.requester import project_tasks

    monkeypatch.setattr(project_tasks, "PAGE", 5)
    last = get(made, get(made, "?id=row-").context["older"])
    assert ids(last) == ["row-5"]
    assert get(made, "?id=row-5").status_code == 303


def test_columns_are_chosen_and_remembered(made: ProjectView) -> None:
    client = visitor("ada")
    chosen = words(get(made, "?columns=chosen&column=state&column=batch", client))
    assert "Batch" in chosen and "negative" not in chosen.partition("row-0")[2]
    again = get(made, "", client)
    assert again.context["view"].shows == {"task", "state", "batch"}


def test_a_batch_and_a_search_that_goes_on(made: ProjectView, monkeypatch: pytest.MonkeyPatch) -> None:
    from tagwerk.domain.exports.queries import listing
    from tagwerk.domain.work import actions

    actions.import_tasks(project_id=made.id, rows=[{"_id": "late", "text": "later"}])
    newest = public_id("bat", work.batches_of(made.id)[0].id)
    assert ids(get(made, f"?batch={newest}")) == ["late"]
    monkeypatch.setattr(listing, "LOOKED_AT", 2)
    page = get(made, "?gold=no&batch=" + newest + "&state=done")
    assert "Nothing found so far" in words(page) or "No tasks here" in words(page)
    assert "Search on" in words(get(made, "?gold=no"))


def test_the_table_needs_few_queries_whatever_the_number_of_rows(
    made: ProjectView, django_assert_max_num_queries: Any
) -> None:
    client = visitor("ada")
    get(made, "", client)
    with django_assert_max_num_queries(14):
        get(made, "?state=done", client)
