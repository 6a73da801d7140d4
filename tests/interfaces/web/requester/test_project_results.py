"""Results, exports, the program that makes the same export; versions of the project file."""

import json
import subprocess
from typing import Any

import pytest

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import queries
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work_actions
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.pages.requester.project_export import curl_snippet, python_snippet
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.orders import FILE, project, project_file
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ROWS = [{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(3)]


@pytest.fixture
def answered(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    made = launched(ROWS)
    for name in ("ben", "cyn", "dan", "eve"):
        do_work(made.id, name, lambda data: {"sentiment": "positive"})
        judge(made.id)
    return made


def get(made: ProjectView, path: str) -> str:
    return text_of(visitor("ada").get(f"/projects/{made.public_id}/{path}"))


def start(made: ProjectView, **given: Any) -> Any:
    return visitor("ada").post(f"/projects/{made.public_id}/results/", {"do": "export", **given})


def test_results_in_review_are_not_shown_as_delivered(answered: ProjectView) -> None:
    page = get(answered, "results/")
    assert "answers wait for approval" in page
    assert "Accept the rest, pay and export (9 answers, €1.08)" in page
    work_actions.accept_all(project_id=answered.id)
    assert "Accept the rest" not in get(answered, "results/"), "nothing is left to accept"


def test_export_progress_and_download(answered: ProjectView) -> None:
    answer = start(answered, format="csv", raw_answers="on", do="accept")
    assert answer.status_code == 303
    number = row_number("exp", answer["Location"].rstrip("/").rpartition("/")[2])
    view = queries.export_for(actor("ada"), number)
    assert (view.format, view.options, view.accept) == ("csv", {"raw_answers": True}, True)
    client = visitor("ada")
    assert "The file is being made." in text_of(client.get(answer["Location"]))
    assert client.get(answer["Location"] + "file").status_code == 409
    exports.run_export(export_id=number)
    page = text_of(client.get(answer["Location"]))
    assert "Download" in page and "hx-get" not in page
    file = client.get(answer["Location"] + "file")
    content = b"".join(file.streaming_content)
    assert len(content) == int(file["Content-Length"])
    assert b"row-2" in content
    assert work.progress(answered.id).approved == work.progress(answered.id).answers
    assert "100%" in get(answered, "results/") or "certain" in get(answered, "results/")


def test_htmx_gets_the_state_of_the_export_alone(answered: ProjectView) -> None:
    answer = start(answered, format="jsonl")
    fragment = text_of(visitor("ada").get(answer["Location"], headers={"HX-Request": "true"}))
    assert fragment.lstrip().startswith('<tw-live class="live" id="export-state" hx-get=')
    assert "<script" not in fragment


def test_an_export_that_the_project_cannot_give_is_refused_in_the_form(answered: ProjectView) -> None:
    assert start(answered, format="xlsx").status_code == 422
    assert start(answered, format="trl_preference").status_code == 422  # nothing is compared here
    assert start(answered, format="kto").status_code == 422
    assert start(answered, format="csv", min_confidence="7").status_code == 422
    assert queries.exports_of(actor("ada"), answered.id) == []


def test_training_files_are_offered_where_two_sides_are_compared() -> None:
    made = project(
        show=[{"text": "{{ q }}"}, {"compare": {"a": "{{ a }}", "b": "{{ b }}"}}],
        ask={"better": {"kind": "comparison", "of": ["a", "b"], "scale": 3}},
    )
    assert "TRL preferences" in get(made, "results/")
    assert start(made, format="trl_preference", min_confidence="0.5", question="better").status_code == 303


def test_the_programs_say_exactly_this_export(answered: ProjectView) -> None:
    number = exports.start_export(
        actor=actor("ada"), project_id=answered.id, format="csv", options={"raw_answers": True}, accept=True
    )
    view = queries.export_for(actor("ada"), number)
    python = python_snippet(answered.public_id, view)
    compile(python, "snippet", "exec")
    assert f'download("{answered.public_id}", "csv", "results.csv", accept=True' in python
    assert ", raw_answers=True)" in python
    curl = curl_snippet(answered.public_id, view)
    assert subprocess.run(["bash", "-n", "-c", curl], check=False).returncode == 0
    body = curl.partition("-d '")[2].partition("'")[0]
    assert json.loads(body) == {"format": "csv", "options": {"raw_answers": True}, "accept": True}
    page = get(answered, f"results/{public_id('exp', number)}/")
    assert "client.exports.download" in page and "curl" in page


def test_unpaid_projects_speak_of_no_pay(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    made = launched(ROWS, pay={"per": "none"}, audience={"team": "members"})
    assert "Accept the rest" not in get(made, "results/")
    member("ben", made.organisation_id)
    assert do_work(made.id, "ben", lambda data: {"sentiment": "positive"}) == 3
    judge(made.id)
    page = get(made, "results/")
    assert "Accept the rest and export (3 answers)" in page and "pay and export" not in page


def revise(made: ProjectView, text: str, do: str = "save") -> Any:
    return visitor("ada").post(f"/projects/{made.public_id}/file/revise/", {"file": text, "do": do})


def test_versions_and_what_each_changed() -> None:
    made = project()
    assert "Version 1" in get(made, "file/")
    answer = revise(made, FILE.replace("Read the text", "Read the whole text"))
    assert answer.status_code == 303
    page = get(made, "file/")
    assert "Version 2" in page
    assert 'class="difference-added"' in page and "whole text" in page
    assert "whole text" not in get(made, "file/?version=1")
    for wrong in ("3", "x", "-1"):
        assert visitor("ada").get(f"/projects/{made.public_id}/file/?version={wrong}").status_code == 404


def test_what_shows_worse_is_asked_consent_for_again() -> None:
    paid = FILE.replace('"0.10",', '"0.10", multipliers: {sensitivity: 1.25},')
    made = launched([{"text": "x"}], sensitivity=2, pay=project_file(paid).pay.model_dump(mode="json"))
    work_actions.consent(person_id=person("ben").id, project_id=made.id)
    assert revise(made, paid + "sensitivity: 3\n").status_code == 303
    assert work.enrolment(person("ben").id, made.id).consented_at is None


def test_preview_shows_what_would_change_and_saves_nothing() -> None:
    made = project()
    page = text_of(revise(made, FILE.replace("Read the text", "Read the whole text"), do="preview"))
    assert "What would change" in page and "<tw-choice" in page
    assert projects.project(made.id).version == 1


def test_what_answers_rest_on_cannot_change(answered: ProjectView) -> None:
    answer = revise(answered, FILE.replace("neutral", "mixed"))
    assert answer.status_code == 422
    assert "There are answers already" in text_of(answer)
    assert revise(answered, FILE.replace("Read the text", "Read the whole text")).status_code == 303


def test_the_same_file_again_changes_nothing() -> None:
    made = project()
    assert revise(made, FILE).status_code == 303
    assert projects.project(made.id).version == 1


def test_problems_of_a_revision_come_with_their_line() -> None:
    answer = revise(project(), FILE.replace("kind: choice", "kind: chioce"))
    assert answer.status_code == 422
    assert "Line 8" in text_of(answer)
