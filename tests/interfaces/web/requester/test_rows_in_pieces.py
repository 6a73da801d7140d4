"""A large file of rows comes in pieces; the form that follows takes it in as if it had come with it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import project

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
ROWS = b"text\nGood\nBad\nSo so\n"
MARKS = {"name": "rows.csv", "size": str(len(ROWS)), "changed": "1"}
ARRIVED = {f"arrived_{key}": value for key, value in MARKS.items()}


def piece(made: ProjectView, offset: int | None = None, end: int | None = None) -> Any:
    given: dict[str, Any] = dict(MARKS)
    if offset is not None:
        given |= {"offset": str(offset), "piece": SimpleUploadedFile("piece", ROWS[offset:end])}
    return visitor("ada").post(f"/projects/{made.public_id}/import/piece/", given).json()


def test_a_file_that_broke_off_goes_on_and_is_imported_by_its_form() -> None:
    made = project()
    assert piece(made, 0, 9) == {"received": 9}
    early = visitor("ada").post(
        f"/projects/{made.public_id}/import/",
        {"on_bad": "refuse", **ARRIVED},
        headers={"Accept": "application/json"},
    )
    assert (early.status_code, early.json()["code"]) == (409, "pieces_missing")
    assert piece(made) == {"received": 9}, "nothing is lost"
    assert piece(made, 9) == {"received": len(ROWS)}
    sent = visitor("ada").post(f"/projects/{made.public_id}/import/", {"on_bad": "refuse", **ARRIVED})
    assert sent.status_code == 303
    work.run_import(import_id=queries.newest_import(made.id).id)
    assert queries.progress(made.id).tasks == 3
    assert piece(made) == {"received": 0}


def test_the_data_step_takes_it_too() -> None:
    made = project()
    piece(made, 0)
    done = visitor("ada").post(f"/projects/{made.public_id}/setup/data/", {"do": "file", **ARRIVED})
    assert done.status_code == 303
    assert "3 rows are in" in words(visitor("ada").get(f"/projects/{made.public_id}/setup/data/"))
