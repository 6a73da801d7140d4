"""The design step: fields and file are the same thing, errors are said at their place, a preview shows real rows."""

import pytest

from tests.interfaces.web.requester.drafting import GO, at, draft, fields, file, now, seen, send
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def test_fields_change_the_file() -> None:
    made = draft()
    changes = {
        "ask-0-label": "Is it a good kettle?",
        "ask-0-options": "y = Yes, it is\nn = No",
        "ask-0-name": "good",
    }
    assert send(made, "design", fields(made, **changes) | GO)["Location"] == at(made, "people")
    assert file(made)["ask"] == {
        "good": {
            "kind": "choice",
            "label": "Is it a good kettle?",
            "options": [{"y": "Yes, it is"}, {"n": "No"}],
        }
    }
    assert now(made).version == 2


def test_a_changed_file_goes_before_the_fields() -> None:
    made = draft()
    given = fields(made, **{"ask-0-label": "from the fields"})
    given["yaml"] = given["yaml"].replace("What fits best?", "from the file")
    send(made, "design", given | GO)
    assert file(made)["ask"]["answer"]["label"] == "from the file"


def test_what_the_fields_do_not_have_stays() -> None:
    made = draft()
    given = fields(made)
    given["yaml"] = (
        given["yaml"]
        .replace("ask:\n", "ask:\n  first: {kind: choice, options: [a, b]}\n")
        .replace("    kind: choice\n", "    kind: choice\n    when: first == 'a'\n")
    )
    send(made, "design", given | GO)
    changes = {
        "ask-0-name": "first",
        "ask-0-options": "a\nb",
        "ask-1-label": "Really?",
        "ask-1-options": "yes\nno",
    }
    send(made, "design", fields(made, **changes) | GO)
    assert file(made)["ask"]["answer"]["when"] == "first == 'a'"
    assert file(made)["ask"]["answer"]["label"] == "Really?"


def test_an_error_is_said_at_its_line_and_nothing_is_lost() -> None:
    made = draft()
    given = fields(made)
    given["yaml"] = given["yaml"].replace("kind: choice", "kind: chioce")
    answer = send(made, "design", given | GO)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "did you mean “choice”" in page and 'data-line="' in page and "chioce" in page
    assert now(made).version == 1


def test_a_file_that_cannot_be_read_at_all_is_kept_in_its_field() -> None:
    made = draft()
    given = fields(made, yaml="title: [\n")
    answer = send(made, "design", given | GO)
    assert answer.status_code == 422
    assert "title: [" in text_of(answer) and "not YAML" in text_of(answer)


def test_a_column_that_a_template_names_and_no_row_has_is_a_problem_of_the_design() -> None:
    made = draft()
    given = fields(made)
    given["yaml"] = given["yaml"].replace("{{ review }}", "{{ reviw }}")
    assert send(made, "design", given | GO).status_code == 303
    assert "4 of the first 4 rows lack what the design shows." in seen(made, "check")
    assert "setup-step-problem" in seen(made, "check")


def test_questions_are_added_moved_and_removed() -> None:
    made = draft()
    page = text_of(send(made, "design", fields(made) | {"do": "add-question:rating"}))
    assert "kind: rating" in page and "How good is it?" in page
    assert now(made).version == 1, "a button within the form saves nothing"
    page = text_of(send(made, "design", fields(made) | {"do": "drop-question:0"}))
    assert "kind: choice" in page, "the last question stays"
    page = text_of(send(made, "design", fields(made) | {"do": "add-block:text"}))
    assert page.count("show-1-kind") > 0


def test_each_side_follows_the_other_without_the_page() -> None:
    made = draft()
    htmx = {"HX-Request": "true"}
    given = fields(made, **{"ask-0-label": "Fine at all?"})
    answer = text_of(visitor("ada").post(at(made, "design"), given | {"changed": "fields"}, headers=htmx))
    assert "label: Fine at all?" in answer and 'id="design-fields"' not in answer
    given = fields(made)
    given["yaml"] = given["yaml"].replace("What fits best?", "Which one?")
    answer = text_of(visitor("ada").post(at(made, "design"), given | {"changed": "file"}, headers=htmx))
    assert 'value="Which one?"' in answer and '<textarea id="yaml"' not in answer


def test_the_preview_shows_a_real_row_of_the_file_as_it_is_typed() -> None:
    made = draft()
    given = fields(made, **{"ask-0-label": "Fine at all?", "row": "3"})
    answer = visitor("ada").post(at(made, "design/preview"), given)
    page = text_of(answer)
    assert "The kettle number 3" in page and "Fine at all?" in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "frame-src 'self'" in visitor("ada").get(at(made, "design"))["Content-Security-Policy"]
    assert "until the file is right" in text_of(
        visitor("ada").post(at(made, "design/preview"), {"yaml": "x"})
    )
