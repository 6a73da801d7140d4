"""Gold by hand: a row of a draft gets its right answer on the task's own page, and loses it again."""

import json
from typing import Any

import pytest

from tagwerk.base.errors import Conflict, Invalid
from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import project
from tests.people import actor
from tests.workshop import do_work, launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
ROWS = [{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(3)]
FORM = {"least": "2", "most": "4", "confidence": "90", "review": "0", "days": "3"}
GOLD = {"answer.sentiment": json.dumps("neutral")}


@pytest.fixture
def made() -> ProjectView:
    draft = project()
    work.import_tasks(project_id=draft.id, rows=ROWS)
    return draft


def at(made: ProjectView, number: int | None = None) -> str:
    task = "" if number is None else public_id("tsk", queries.tasks_after(made.id, 0, 9)[number].id) + "/"
    return f"/projects/{made.public_id}/setup/gold/{task}"


def gold(made: ProjectView) -> list[Any]:
    return [task.gold for task in queries.tasks_after(made.id, 0, 9)]


def test_a_row_becomes_gold_and_ceases_to_be(made: ProjectView) -> None:
    ada = visitor("ada")
    assert "No row is gold yet" in words(ada.get(f"/projects/{made.public_id}/setup/quality/"))
    done = ada.post(at(made, 1), GOLD)
    assert (done.status_code, done["Location"]) == (303, at(made, 2)), "on to the next row"
    assert gold(made) == [None, {"sentiment": "neutral"}, None]
    assert (queries.progress(made.id).tasks, queries.progress(made.id).gold_tasks) == (2, 1)
    assert "row-1 gold neutral" in words(ada.get(at(made)))
    assert "row-0" not in words(ada.get(at(made) + "?show=gold"))
    ada.post(at(made, 1), {"do": "none"})
    assert gold(made) == [None, None, None] and queries.progress(made.id).gold_tasks == 0


def test_the_form_is_saved_on_the_way_there(made: ProjectView) -> None:
    given = FORM | {"gold": "10", "do": "gold"}
    sent = visitor("ada").post(f"/projects/{made.public_id}/setup/quality/", given)
    assert (sent.status_code, sent["Location"]) == (303, at(made))


def test_the_first_right_answer_has_gold_served(made: ProjectView) -> None:
    ada = visitor("ada")
    quality = f"/projects/{made.public_id}/setup/quality/"
    ada.post(quality, FORM | {"gold": "0", "do": "go"})
    said = words(ada.post(at(made, 1), GOLD, follow=True))
    assert "From now on, 10% of the tasks that somebody gets are gold." in said
    assert projects.project(made.id).gold_share_bp == 1_000
    ada.post(quality, FORM | {"gold": "0", "do": "go"})
    assert "From now on" not in words(ada.post(at(made, 2), GOLD, follow=True)), "who wants none is heeded"
    assert projects.project(made.id).gold_share_bp == 0
    for step in ("quality", "check", "launch"):
        page = ada.get(f"/projects/{made.public_id}/setup/{step}/")
        assert "2 rows are gold, but no gold is among the tasks" in words(page), step
        assert f'href="{quality}#id_gold"' in page.content.decode(), step


def test_rows_are_searched_piece_by_piece(made: ProjectView, monkeypatch: pytest.MonkeyPatch) -> None:
    from tagwerk.interfaces.web.pages.requester import setup_gold

    ada = visitor("ada")
    assert [line.own_id for line in ada.get(at(made) + "?q=text+2").context["found"]] == ["row-2"]
    assert [line.own_id for line in ada.get(at(made) + "?q=ROW-1").context["found"]] == ["row-1"]
    assert "No row holds this text" in words(ada.get(at(made) + "?q=zebra"))
    monkeypatch.setattr(setup_gold, "SEARCHED", 2)
    first = ada.get(at(made) + "?q=text+2")
    assert "there are more rows" in words(first)
    assert [line.own_id for line in ada.get(at(made) + first.context["older"]).context["found"]] == ["row-2"]


def test_no_answer_and_a_wrong_one_are_refused(made: ProjectView) -> None:
    assert visitor("ada").post(at(made, 0), {}).status_code == 422
    task = queries.tasks_after(made.id, 0, 1)[0].id
    with pytest.raises(Invalid):
        work.set_gold(actor=actor("ada"), project_id=made.id, task_id=task, right={"sentiment": "splendid"})
    assert gold(made) == [None, None, None]


def test_gold_by_hand_is_given_out_as_any_other_and_stays_once_launched(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    made = launched(ROWS, quality={"gold_share": 0.3})
    task = queries.tasks_after(made.id, 0, 1)[0].id
    with pytest.raises(Conflict):
        work.set_gold(actor=actor("ada"), project_id=made.id, task_id=task, right=None)
    draft = project(title="Another")
    work.import_tasks(project_id=draft.id, rows=ROWS)
    for one in queries.tasks_after(draft.id, 0, 9)[1:]:
        work.set_gold(actor=actor("ada"), project_id=draft.id, task_id=one.id, right={"sentiment": "neutral"})
    work.launch(actor=actor("ada"), project_id=draft.id)
    work.open_covered_tasks(project_id=draft.id)
    do_work(draft.id, "ben", lambda data: {"sentiment": "positive"})
    assert queries.progress(draft.id).opened == 1
