"""Who may open the pages of a project: members by their role, operators to look, nobody else."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.projects.queries import ProjectView
from tests.interfaces.web.visiting import visitor
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ROWS = [{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(3)]
PAGES = {
    "view": ["", "tasks/", "threads/", "file/"],
    "manage": ["import/", "import/example.csv", "import/example.jsonl", "media/", "file/revise/"],
    "review": ["review/", "people/"],
    "export": ["results/"],
}
MAY = {
    "ada": {"view", "manage", "review", "export"},
    "max": {"view", "manage", "review", "export"},
    "rob": {"view", "review"},
    "fin": {"view"},
    "vic": {"view"},
}
ROLES = {"max": "manager", "rob": "reviewer", "fin": "finance", "vic": "viewer"}
STEPS = ["launch", "pause", "resume", "budget", "finish", "archive"]


@pytest.fixture
def running(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS)
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    judge(project.id)
    return project


@pytest.mark.parametrize("name", MAY)
def test_members_open_what_their_role_allows(running: ProjectView, name: str) -> None:
    if name in ROLES:
        member(name, running.organisation_id, ROLES[name])
    client = visitor(name)
    for permission, paths in PAGES.items():
        for path in paths:
            status = client.get(f"/projects/{running.public_id}/{path}").status_code
            assert status == (200 if permission in MAY[name] else 403), path


@pytest.mark.parametrize("name", ["cyn", "eve", "ben"])
def test_for_others_the_project_does_not_exist(running: ProjectView, name: str) -> None:
    organisation("other", "eve")
    client = visitor(name)
    for paths in PAGES.values():
        for path in paths:
            assert client.get(f"/projects/{running.public_id}/{path}").status_code == 404, path
    for step in STEPS:
        assert client.post(f"/projects/{running.public_id}/{step}/").status_code == 404, step


def test_operators_look_and_change_nothing(running: ProjectView) -> None:
    client = visitor("dan")
    for path in PAGES["view"]:
        assert client.get(f"/projects/{running.public_id}/{path}").status_code == 200, path
    for path in PAGES["manage"] + PAGES["review"] + PAGES["export"]:
        assert client.get(f"/projects/{running.public_id}/{path}").status_code == 404, path
    for step in STEPS:
        assert client.post(f"/projects/{running.public_id}/{step}/").status_code == 404, step


def test_who_is_not_signed_in_is_sent_to_sign_in(running: ProjectView) -> None:
    client = visitor()
    for path in ["/projects/", "/projects/new/", f"/projects/{running.public_id}/"]:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["rob", "fin", "vic"])
def test_only_who_manages_takes_steps(running: ProjectView, name: str) -> None:
    member(name, running.organisation_id, ROLES[name])
    client = visitor(name)
    for step in STEPS:
        assert client.post(f"/projects/{running.public_id}/{step}/").status_code == 403, step


def test_things_of_one_project_are_not_found_in_another(running: ProjectView) -> None:
    other = launched(ROWS)
    number = exports.start_export(actor=actor("ada"), project_id=running.id, format="jsonl")
    client = visitor("ada")
    assert client.get(f"/projects/{running.public_id}/results/{public_id('exp', number)}/").status_code == 200
    assert client.get(f"/projects/{other.public_id}/results/{public_id('exp', number)}/").status_code == 404
    for path in (
        "tasks/tsk_nothing/",
        "results/exp_nothing/",
        "threads/msg_nothing/",
        "import/nothing/",
        "tasks/7/",
    ):
        assert client.get(f"/projects/{running.public_id}/{path}").status_code == 404, path


def test_who_belongs_to_no_organisation_has_no_projects() -> None:
    person("cyn")
    assert visitor("cyn").get("/projects/").status_code == 403
    assert visitor("cyn").get("/projects/new/").status_code == 403


def test_who_may_not_manage_makes_no_projects(running: ProjectView) -> None:
    member("vic", running.organisation_id, "viewer")
    assert visitor("vic").get("/projects/new/").status_code == 403
    assert "New project" not in visitor("vic").get("/projects/").content.decode()
