import io
import zipfile

import pytest
from PIL import Image

from tests import orders, people
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok, worker

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    """A small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def key() -> str:
    return people.key_for("ada", orders.deposit(10_000_000))


def test_pictures_are_uploaded_and_shown_to_who_has_the_task(key):
    file = orders.FILE.replace('text: "{{ text }}"', 'image: "{{ bird }}"')
    project = ok(call("POST", "/projects", key, {"file": file}))["id"]
    raw = {"raw": picture(), "content_type": "application/octet-stream"}
    stored = call("POST", f"/projects/{project}/media?name=birds/1.png", key, **raw)
    assert (stored.status, stored.value["name"], stored.value["media_type"]) == (
        201,
        "birds/1.png",
        "image/png",
    )
    assert call("POST", f"/projects/{project}/media?name=x.png", key, raw=b"<svg/>").code == "media_type"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.png", picture())
        made.writestr("evil.html", "<script>")
    report = ok(call("POST", f"/projects/{project}/media/archive", key, raw=archive.getvalue()))
    assert report["stored"] == ["a.png"]
    assert [one["name"] for one in report["refused"]] == ["evil.html"]
    assert [one["name"] for one in ok(call("GET", f"/projects/{project}/media", key))["items"]] == [
        "a.png", "birds/1.png",
    ]  # fmt: skip
    ok(call("POST", f"/projects/{project}/tasks", key, {"tasks": [{"bird": "media:birds/1.png"}]}))
    ok(call("POST", f"/projects/{project}/launch", key, {}))
    held = ok(call("POST", f"/work/projects/{project}/next", worker("s1")))["held"]
    assert held["media"]["birds/1.png"].startswith("http")
