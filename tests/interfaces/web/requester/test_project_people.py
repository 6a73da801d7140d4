"""Who works on a project: how well, who is paused and why, and who goes on."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Enrolment
from tagwerk.interfaces.web.pages.requester import project_people
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ROWS = [{"text": "a"}, {"text": "b"}]
GOLD = [{"text": f"gold {n}", "_gold": {"sentiment": "neutral"}} for n in range(4)]


@pytest.fixture
def busy(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS + GOLD, quality={"answers": {"min": 2, "max": 4}, "gold_share": 0.5})
    member("cyn", project.organisation_id, "viewer")
    for name in ("ben", "cyn"):
        do_work(project.id, name, lambda data: {"sentiment": "neutral"})
    judge(project.id)
    return project


def pseudonym(project: ProjectView, name: str) -> str:
    return Enrolment.objects.get(project_id=project.id, worker_id=person(name).id).pseudonym


def page(project: ProjectView, query: str = "", name: str = "ada") -> Any:
    return visitor(name).get(f"/projects/{project.public_id}/people/{query}")


def post(project: ProjectView, name: str = "ada", **given: str) -> Any:
    return visitor(name).post(f"/projects/{project.public_id}/people/", given)


def test_workers_stand_under_pseudonyms_and_own_staff_by_name(busy: ProjectView) -> None:
    text = text_of(page(busy))
    assert pseudonym(busy, "ben") in text and "Ben" not in text
    assert pseudonym(busy, "cyn") in text and "Cyn" in text
    assert person("cyn").email not in text


def test_it_says_how_much_and_how_right(busy: ProjectView) -> None:
    (ben,) = [
        one
        for one in queries.workers_of_project(actor("ada"), busy.id)
        if one.pseudonym == pseudonym(busy, "ben")
    ]
    assert ben.gold_answers > 0 and ben.gold_right == ben.gold_answers
    assert ben.answers == ben.gold_answers + len(ROWS)
    assert f"{ben.answers} 100 % {ben.gold_right} of {ben.gold_answers}" in words(page(busy)).replace(
        "100%", "100 %"
    )


def test_a_worker_is_paused_with_a_reason_and_goes_on(busy: ProjectView) -> None:
    who = pseudonym(busy, "ben")
    refused = post(busy, do="pause", worker=who, reason=" ")
    assert refused.status_code == 422 and "why the worker gets no more tasks" in text_of(refused)
    assert post(busy, do="pause", worker=who, reason="Too <quick>.").status_code == 303
    assert "Too &lt;quick&gt;." in text_of(page(busy))
    enrolment = Enrolment.objects.get(project_id=busy.id, pseudonym=who)
    assert enrolment.pause_reason == "Too <quick>." and enrolment.paused_at is not None
    assert "Too &lt;quick&gt;." in text_of(visitor("ben").get(f"/work/{busy.public_id}/"))
    assert post(busy, do="resume", worker=who).status_code == 303
    enrolment.refresh_from_db()
    assert enrolment.pause_reason is None and enrolment.paused_at is None


def test_what_the_house_decided_is_said_to_each_in_their_words(busy: ProjectView) -> None:
    work.pause_worker(project_id=busy.id, worker_id=person("ben").id, reason="gold_failed")
    assert "Most answers to gold were wrong." in text_of(page(busy))
    assert "Most of your answers to control tasks" in text_of(visitor("ben").get(f"/work/{busy.public_id}/"))


def test_the_list_goes_on_by_pseudonym_and_tells_no_numbers(
    busy: ProjectView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_people, "PAGE", 1)
    first, last = sorted([pseudonym(busy, "ben"), pseudonym(busy, "cyn")])
    text = text_of(page(busy))
    assert first in text and last not in text
    assert f"?before={first}" in text
    assert last in text_of(page(busy, f"?before={first}"))


def test_workers_of_other_projects_are_not_found(busy: ProjectView) -> None:
    other = launched(ROWS)
    answer = visitor("ada").post(
        f"/projects/{other.public_id}/people/",
        {"do": "pause", "worker": pseudonym(busy, "ben"), "reason": "x"},
    )
    assert answer.status_code == 404
    assert "Nobody works on this project yet" in text_of(page(other))


def test_nobody_lets_themselves_go_on(busy: ProjectView) -> None:
    member("rob", busy.organisation_id, "reviewer")
    work.enrol(person_id=person("rob").id, project_id=busy.id)
    work.pause_worker(project_id=busy.id, worker_id=person("rob").id, reason="x")
    assert post(busy, "rob", do="resume", worker=pseudonym(busy, "rob")).status_code == 403
    assert post(busy, "rob", do="pause", worker=pseudonym(busy, "ben"), reason="x").status_code == 403
    assert Enrolment.objects.get(worker_id=person("rob").id).pause_reason == "x"


@pytest.mark.parametrize(
    ("name", "status"), [("rob", 303), ("vic", 403), ("fin", 403), ("eve", 404), ("ben", 404)]
)
def test_only_reviewers_pause(busy: ProjectView, name: str, status: int) -> None:
    organisation("other", "eve")
    if role := {"rob": "reviewer", "vic": "viewer", "fin": "finance"}.get(name):
        member(name, busy.organisation_id, role)
    who = pseudonym(busy, "ben")
    assert post(busy, name, do="pause", worker=who, reason="x").status_code == status
    assert post(busy, name, do="resume", worker=who).status_code == status
    assert public_id("per", person("ben").id) not in text_of(page(busy))
