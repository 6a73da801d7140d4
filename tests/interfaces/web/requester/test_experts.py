"""From a project with tasks that are not certain to a draft for experts, and back."""

from typing import Any

import pytest

from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import UNRESOLVED
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Task
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.people import actor, member, organisation
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "no_undo")]

PLAN = {"answers": {"min": 2, "max": 2, "confidence": 0.8}, "gold_share": 0.1}


@pytest.fixture
def no_undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 0


@pytest.fixture
def unsure() -> ProjectView:
    """Two tasks; about one of them two people disagree."""
    made = launched([{"text": "Clear"}, {"text": "Hard"}], quality=PLAN)
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(made.id, "eve", lambda d: {"sentiment": "positive" if d["text"] == "Clear" else "negative"})
    judge(made.id)
    return made


def asked(source: ProjectView, ada: Any = None) -> tuple[Any, ProjectView]:
    """The reply to the button, and the draft that it made."""
    reply = (ada or visitor("ada")).post("/projects/new/", {"do": "experts", "project": source.public_id})
    (made,) = projects.projects_fed_by(source.id)
    return reply, made


def test_a_button_makes_the_project_for_experts(unsure: ProjectView) -> None:
    for path in ("quality", "results"):
        page = text_of(visitor("ada").get(f"/projects/{unsure.public_id}/{path}/"))
        assert "1 task needs an expert" in page, path
        assert "Ask experts" in page, path
    ada = visitor("ada")
    reply, made = asked(unsure, ada)
    assert reply["Location"].endswith(f"/projects/{made.public_id}/setup/people/")
    assert made.source_each == UNRESOLVED and made.title == "Sentiment: experts"
    assert made.file["ask"] == unsure.file["ask"] and made.gold_share_bp == 0
    page = text_of(ada.get(reply["Location"]))
    assert "Choose the people and the pay" in page


def test_both_projects_say_where_tasks_come_from_and_go_to(unsure: ProjectView) -> None:
    _reply, made = asked(unsure)
    page = text_of(visitor("ada").get(f"/projects/{unsure.public_id}/quality/"))
    assert (
        f'<a href="/projects/{made.public_id}/">Sentiment: experts</a>' in page and "Ask experts" not in page
    )
    for path in ("", "setup/data/"):
        page = text_of(visitor("ada").get(f"/projects/{made.public_id}/{path}"))
        assert f'<a href="/projects/{unsure.public_id}/">Sentiment</a>' in page
        assert "what is decided here is the result there" in page
    go_on = visitor("ada").post(f"/projects/{made.public_id}/setup/data/", {"do": "go"})
    assert go_on["Location"].endswith("/setup/design/")


def test_a_result_says_that_experts_decided_it(unsure: ProjectView) -> None:
    _reply, made = asked(unsure)
    quality.fill_stage(project_id=made.id)
    work.launch(actor=actor("ada"), project_id=made.id)
    for name in ("bob", "fay", "gil"):
        do_work(made.id, name, lambda data: {"sentiment": "neutral"})
        judge(made.id)
    (task,) = Task.objects.filter(project_id=made.id).values_list("id", "external_id")
    assert quality.give_back_results(project_id=made.id, task_ids=[task[0]]) == 1
    page = text_of(visitor("ada").get(f"/projects/{unsure.public_id}/tasks/{task[1]}/"))
    assert "decided by experts" in page


@pytest.mark.parametrize("name", ["mona", "otto", "olga"])
def test_who_may_not_manage_the_project_makes_none(unsure: ProjectView, name: str) -> None:
    if name == "mona":
        member("mona", unsure.organisation_id, "reviewer")
    if name == "olga":
        organisation("other", "olga")
    reply = visitor(name).post("/projects/new/", {"do": "experts", "project": unsure.public_id})
    assert reply.status_code in (403, 404, 422)
    assert projects.projects_fed_by(unsure.id) == []
