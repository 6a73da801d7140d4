"""The table of results: filters and order in its address, page by page, with few queries."""

from typing import Any

import pytest

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work.models import Task
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor
from tests.workshop import do_work, judge, launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
ROWS = [{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(6)]


@pytest.fixture
def made(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS)
    for name in ("ben", "bea", "bob"):
        do_work(
            project.id,
            name,
            lambda data, name=name: {
                "sentiment": "negative" if data["text"] == "Text 2" or (name, data["text"]) == ("bob", "Text 4") else "positive"
            },
        )  # fmt: skip
        judge(project.id)
    return project


def get(project: ProjectView, query: str = "") -> Any:
    return visitor("ada").get(f"/projects/{project.public_id}/results/{query}")


def ids(answer: Any) -> list[str]:
    return [record.id for record in answer.context["records"]]


def test_filters_stand_in_the_address_and_can_be_taken_off(made: ProjectView) -> None:
    answer = get(made, "?result=sentiment~negative&sure_from=50")
    assert ids(answer) == ["row-2"]
    text = words(answer)
    assert "How does it sound? negative" in text and "Certainty from %: 50" in text
    assert 'href="?sure_from=50#results"' in answer.content.decode()
    assert ids(get(made, "?source=overruled")) == []
    task = Task.objects.filter(project_id=made.id, external_id="row-3").values_list("id", flat=True)[0]
    quality.overrule_result(
        actor=actor("ada"), project_id=made.id, task_id=task, question="sentiment", value="neutral"
    )
    assert ids(get(made, "?source=overruled")) == ["row-3"]
    none = get(made, "?sure_to=1")
    assert "No result fits all the filters" in words(none)


def test_what_makes_no_sense_is_not_asked_and_what_is_empty_leaves_the_address(made: ProjectView) -> None:
    everything = [row["_id"] for row in ROWS]
    assert (
        ids(get(made, "?sure_from=many&agreement_to=200&source=x&sort=y&result=z&sure_to=nan")) == everything
    )
    left = get(made, "?id=&sort=sure&result=")
    assert left.status_code == 303 and left["Location"].endswith("/results/?sort=sure#results")


@pytest.mark.parametrize("sort", ["sure", "-sure", "agreement", "-agreement"])
def test_every_order_page_by_page(made: ProjectView, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    from tagwerk.interfaces.web.pages.requester import project_results

    whole = ids(get(made, f"?sort={sort}"))
    assert sorted(whole) == [row["_id"] for row in ROWS]
    monkeypatch.setattr(project_results, "PAGE", 4)
    first = get(made, f"?sort={sort}")
    second = get(made, first.context["older"])
    assert ids(first) + ids(second) == whole
    assert "Back to the beginning" in words(second)


def test_the_least_agreement_stands_first(made: ProjectView) -> None:
    assert ids(get(made, "?sort=agreement"))[0] == "row-4"
    assert ids(get(made, "?agreement_to=90")) == ["row-4"]


def test_the_table_needs_few_queries(made: ProjectView, django_assert_max_num_queries: Any) -> None:
    client = visitor("ada")
    client.get("/projects/")  # a session is written once, by whichever page comes first
    with django_assert_max_num_queries(20):
        client.get(f"/projects/{made.public_id}/results/?sort=-agreement&sure_from=10&source=vote")
