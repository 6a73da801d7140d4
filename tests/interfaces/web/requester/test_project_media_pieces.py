"""Media in pieces: what was sent stays, a broken connection goes on, and the whole is taken in as any upload is."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from tagwerk.domain.projects import actions, queries
from tagwerk.domain.projects.actions import pieces
from tests.interfaces.web.visiting import visitor
from tests.orders import project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def send(
    made: queries.ProjectView, content: bytes, *, offset: int | None = None, end: int | None = None,
    name: str = "a.png", who: str = "ada",
) -> Any:  # fmt: skip
    given: dict[str, Any] = {"name": name, "size": str(len(content)), "changed": "1"}
    if offset is not None:
        given |= {"offset": str(offset), "piece": SimpleUploadedFile("piece", content[offset:end])}
    address = f"/projects/{made.public_id}/media/piece/"
    return visitor(who).post(address, given, headers={"Accept": "application/json"})


def test_a_file_comes_in_pieces_and_goes_on_where_it_stopped() -> None:
    made, content = project(), picture()
    assert send(made, content).json() == {"received": 0}
    assert send(made, content, offset=0, end=50).json() == {"received": 50}
    assert send(made, content).json() == {"received": 50}, "another day"
    done = send(made, content, offset=50).json()
    assert done == {"received": len(content), "stored": 1, "refused": []}
    assert [one.name for one in queries.media_page(made.id)] == ["a.png"]
    assert send(made, content).json() == {"received": 0}, "nothing of it is left behind"


def test_a_piece_at_another_place_is_refused_and_says_where_to_go_on() -> None:
    made, content = project(), picture()
    send(made, content, offset=0, end=50)
    again = send(made, content, offset=0, end=50)
    assert (again.status_code, again.json()["code"]) == (409, "piece_elsewhere")
    assert send(made, content, offset=80).status_code == 409
    assert send(made, content).json() == {"received": 50}


def test_the_same_name_with_other_bytes_begins_anew() -> None:
    made = project()
    send(made, picture(), offset=0, end=50)
    assert send(made, picture("blue") + b"more").json() == {"received": 0}


@pytest.mark.parametrize(
    ("content", "name", "code"), [(b"", "a.png", "media_empty"), (b"no picture at all, is it?" * 9, "a.png", "media_type")]
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_kept_nowhere(content: bytes, name: str, code: str) -> None:
    made = project()
    answer = send(made, content, offset=0, name=name)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert queries.media_page(made.id) == []


def test_more_than_the_file_or_the_site_allows_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, content = project(), picture()
    monkeypatch.setattr(pieces, "LARGEST_PIECE_BYTES", 10)
    assert send(made, content, offset=0, end=11).json()["code"] == "piece_unfit"
    settings.UPLOAD_LIMIT_BYTES = 20
    assert send(made, content).json()["code"] == "media_too_large"


def test_an_archive_in_pieces_is_unpacked() -> None:
    made, out = project(), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("birds/1.png", picture())
        archive.writestr("notes.txt", "no picture")
    content = out.getvalue()
    send(made, content, offset=0, end=100, name="birds.zip")
    done = send(made, content, offset=100, name="birds.zip").json()
    assert done["stored"] == 1 and [name for name, _why in done["refused"]] == ["notes.txt"]


def test_pieces_that_nobody_went_on_sending_are_thrown_away() -> None:
    made, content = project(), picture()
    send(made, content, offset=0, end=50)
    actions.forget_old_pieces(now=now())
    assert send(made, content).json() == {"received": 50}
    assert actions.forget_old_pieces(now=now() + timedelta(days=4)) >= 1
    assert send(made, content).json() == {"received": 0}
    assert default_storage.listdir(f"pieces/{made.id}")[0] == []
