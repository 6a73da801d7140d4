"""Notes of members on the page of a task."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.work import queries as work
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import member, organisation
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_a_note_is_written_read_and_stands_in_the_history():
    made = launched([{"text": "good"}])
    task = public_id("tsk", work.tasks_after(made.id, 0, 1)[0].id)
    page = f"/projects/{made.public_id}/tasks/{task}/"
    ada = visitor("ada")
    assert ada.post(page, {"do": "note", "note": "Ask the author.\nTwice."}).status_code == 303
    refused = ada.post(page, {"do": "note", "note": " "})
    assert refused.status_code == 422 and "1 to 4000 characters" in words(refused)
    text = words(ada.get(page))
    assert "Ask the author. Twice." in text and "Ada wrote a note about a task" in text
    member("vic", organisation(), "viewer")
    text = words(visitor("vic").get(page))
    assert "Ask the author." in text and "Add the note" not in text
