"""The references say what the program does."""

import pytest

from tools import references


@pytest.fixture(scope="module")
def pages():
    return references.pages()


@pytest.mark.parametrize(
    "name", ["settings.md", "project-file.md", "cli.md", "events.md", "refusals.md", "api.md", "openapi.json"]
)
def test_the_references_are_up_to_date(name, pages):
    """Otherwise: .venv/bin/python tools/references.py write"""
    written = references.REFERENCE / name
    assert written.is_file() and written.read_text("utf-8") == pages[name]


def test_every_reference_is_compared(pages):
    kept = {path.name for path in references.REFERENCE.iterdir()}
    assert kept == set(pages)


def test_a_refusal_is_found_with_its_status_and_message(pages):
    page = pages["refusals.md"]
    assert "| `role_missing` | 403 (not allowed) |" in page
    assert "| `answer_wrong` | 422 (the input is wrong) |" in page
    assert "| `bad_rows` | 422 (the input is wrong) | Nothing was imported" in page


def test_an_event_is_there_with_its_facts(pages):
    page = pages["events.md"]
    assert (
        "| `MemberJoined` | An invited person joined the organisation. | `person_id`: int, `role`: str |"
        in page
    )
