"""A new project: from an example, pasted or uploaded; every problem with its line, what was typed stays."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tagwerk.base.ids import public_id
from tagwerk.domain.designs.rules.design import design_view, spec_of
from tagwerk.domain.designs.rules.render import compile_row_check
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tagwerk.domain.projects import queries
from tagwerk.interfaces.web.pages.requester.examples import KINDS, example
from tagwerk.interfaces.web.pages.requester.file_text import kept_form
from tagwerk.interfaces.web.pages.requester.file_text import text_of as yaml_of
from tagwerk.interfaces.web.pages.requester.showing import columns_of, sample_row, unsaved_design
from tests.domain.designs.test_yaml_text import BLOCKS, QUESTIONS, SMALL, WRONG
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.orders import FILE
from tests.people import organisation

pytestmark = pytest.mark.usefixtures("static_files")

CHAT = """
title: "No: 12:30"
language: de-DE
instructions: |
  Erste Zeile.

    Eingerückt „so“.
show:
  - chat: "{{ messages }}"
  - image: {url: "{{ picture.url }}", alt: "{{ alt }}"}
  - compare: {second: "{{ b }}", first: "{{ a }}", as: text}
ask:
  zeta: {kind: comparison, of: [second, first], scale: 3}
  alpha: {kind: choice, options: {"no": Nein, "yes": Ja}, many: true, required: false, when: "zeta != 0"}
pay: {amount: "0.30", currency: CHF, estimate_seconds: 60}
audience: {languages: {de: C1}, countries: [DE, AT], invited: [ben@example.org]}
approve_after: 1 day 12 hours
"""


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_a_good_file_with_rows_that_fit(kind: str, language: str) -> None:
    with translation.override(language):
        found = example(kind)
    file = read_project_file(found.file)
    assert file.language.startswith(language)
    assert kind in {question.kind for question in file.ask.values()}
    check = compile_row_check(unsaved_design(file))
    for row in found.rows:
        check(row)


@pytest.mark.parametrize("text", [FILE, CHAT, *(example(kind).file for kind in KINDS)])
def test_the_text_of_a_file_reads_back_as_the_same_file(text: str) -> None:
    file = read_project_file(text)
    kept = json.loads(json.dumps(kept_form(file), sort_keys=True))  # as PostgreSQL forgets the order of keys
    written = yaml_of(kept)
    again = read_project_file(written)
    assert again == file
    assert list(again.ask) == list(file.ask)
    assert yaml_of(kept_form(again)) == written


def test_a_made_up_row_fits_the_design() -> None:
    file = read_project_file(CHAT)
    design = design_view(id=0, organisation_id=0, spec=spec_of(file.design), digest="")
    compile_row_check(design)(sample_row(design))
    assert columns_of(design) == ["messages", "picture", "alt", "b", "a"]


@pytest.mark.django_db
def test_the_page_begins_with_an_example_in_the_currency_of_the_organisation() -> None:
    organisation("acme")
    page = text_of(visitor("ada").get("/projects/new/?example=rating"))
    assert "kind: rating" in page
    assert "currency: EUR" in page
    assert "name=&quot;organisation&quot;" not in page


@pytest.mark.django_db
def test_create_makes_a_draft_and_leads_to_its_tasks() -> None:
    organisation_id = organisation("acme")
    answer = visitor("ada").post("/projects/new/", {"file": FILE, "do": "create"})
    [made] = queries.projects_of([organisation_id])
    assert answer.status_code == 303
    assert answer["Location"] == f"/projects/{made.public_id}/setup/data/"
    assert made.title == "Sentiment"


@pytest.mark.django_db
def test_an_uploaded_file_takes_the_place_of_the_text() -> None:
    organisation_id = organisation("acme")
    upload = SimpleUploadedFile("project.yaml", FILE.replace("Sentiment", "Uploaded").encode())
    answer = visitor("ada").post("/projects/new/", {"file": "title: x", "upload": upload, "do": "create"})
    assert answer.status_code == 303
    assert queries.projects_of([organisation_id])[0].title == "Uploaded"


@pytest.mark.django_db
def test_problems_come_with_line_and_path_and_the_text_stays() -> None:
    organisation_id = organisation("acme")
    wrong = FILE.replace("kind: choice", "kind: chioce").replace("min: 2", "min: 0")
    answer = visitor("ada").post("/projects/new/", {"file": wrong, "row": '{"text": "kept"}', "do": "create"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Line 8" in page and "ask.sentiment" in page
    assert "Line 9" in page and "quality.answers.min" in page
    assert "kind: chioce" in page and "kept" in page
    assert queries.projects_of([organisation_id]) == []


@pytest.mark.django_db
def test_problems_are_said_in_the_reader_s_language() -> None:
    organisation("acme")
    wrong = FILE.replace("kind: choice", "kind: chioce").replace("min: 2", "min: 0")
    ada = visitor("ada")
    ada.cookies["django_language"] = "de"
    page = text_of(ada.post("/projects/new/", {"file": wrong, "do": "create"}))
    assert "es gibt keine Art „chioce“; meinten Sie „choice“?" in page
    assert "0 ist nicht möglich; es muss mindestens 1 sein" in page


@pytest.mark.parametrize("broken", [line for line, _ in [*WRONG, *QUESTIONS, *BLOCKS]])
def test_every_problem_of_a_file_is_known_in_german(broken: str) -> None:
    unknown = []

    def german(text: str) -> str:
        said = translation.gettext(text)
        if said == text and re.sub(r"\{\w+\}", "", text).strip(" :"):
            unknown.append(text)
        return said

    is_block, is_question = broken in dict(BLOCKS), broken in dict(QUESTIONS)
    file = SMALL.replace('text: "{{ text }}"', broken) if is_block else SMALL
    file += f"  q: {broken}\n" if is_question else "" if is_block else f"{broken}\n"
    with translation.override("de"), pytest.raises(ProjectFileError) as refused:
        read_project_file(file)
    with translation.override("de"):
        refused.value.sentence.said(german)
    assert unknown == []


@pytest.mark.django_db
def test_what_only_the_organisation_can_know_is_said_at_its_place() -> None:
    organisation("acme")
    text = FILE + "audience: {qualifications: {nothing: 80}}\n"
    answer = visitor("ada").post("/projects/new/", {"file": text, "do": "create"})
    assert answer.status_code == 422
    assert "audience.qualifications" in text_of(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("upload", "said"),
    [(b"\xff\xfe", "not UTF-8"), (b"x" * 2_000_002, "larger than")],
    ids=["bytes", "large"],
)
def test_unreadable_uploads_are_refused(upload: bytes, said: str) -> None:
    organisation("acme")
    answer = visitor("ada").post(
        "/projects/new/", {"upload": SimpleUploadedFile("p.yaml", upload), "do": "create"}
    )
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.django_db
def test_preview_shows_the_task_with_the_given_row_and_makes_nothing() -> None:
    organisation_id = organisation("acme")
    given = {"file": FILE, "row": '{"text": "A <b>fine</b> day"}', "do": "preview"}
    page = text_of(visitor("ada").post("/projects/new/", given))
    assert "A &lt;b&gt;fine&lt;/b&gt; day" in page
    assert "<tw-choice" in page
    assert queries.projects_of([organisation_id]) == []


@pytest.mark.django_db
def test_preview_makes_a_row_up_and_says_so() -> None:
    organisation("acme")
    page = text_of(visitor("ada").post("/projects/new/", {"file": FILE, "do": "preview"}))
    assert "(text)" in page
    assert "made up" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "said"), [('{"txt": "x"}', "is missing"), ("[1]", "JSON object"), ("{", "JSON object")]
)
def test_a_row_that_does_not_fit_is_refused(row: str, said: str) -> None:
    organisation("acme")
    answer = visitor("ada").post("/projects/new/", {"file": FILE, "row": row, "do": "preview"})
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.django_db
def test_who_orders_for_several_organisations_chooses_one() -> None:
    organisation("acme")
    second = organisation("bcme")
    client = visitor("ada")
    assert "bcme" in text_of(client.get("/projects/new/"))
    client.post("/projects/new/", {"file": FILE, "organisation": public_id("org", second), "do": "create"})
    assert len(queries.projects_of([second])) == 1


@pytest.mark.django_db
def test_nobody_orders_for_an_organisation_of_others() -> None:
    organisation("acme")
    foreign = organisation("other", "eve")
    given: dict[str, Any] = {"file": FILE, "organisation": public_id("org", foreign), "do": "create"}
    visitor("ada").post("/projects/new/", given)
    assert queries.projects_of([foreign]) == []
