"""The media origin: who holds a link sees one file, and nothing that lies there can do anything."""

from types import SimpleNamespace

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from tagwerk.config import settings as shipped
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries
from tagwerk.interfaces.web import media
from tests.orders import project
from tests.people import actor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tagwerk.config.media_urls")]
SOUND = b"ID3" + bytes(range(97))


@pytest.fixture(autouse=True)
def _as_the_media_process(settings, tmp_path):
    settings.MIDDLEWARE = shipped._MEDIA_MIDDLEWARE
    folder = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": folder}


@pytest.fixture
def stored():
    made = project()
    return projects.upload_media(
        actor=actor("ada"), project_id=made.id, name="a/über.mp3", content=ContentFile(SOUND)
    )


@pytest.fixture
def link(stored):
    return "/m/" + queries.media_link(stored).partition("/m/")[2]


def body(reply) -> bytes:
    return b"".join(reply.streaming_content) if reply.streaming else reply.content


def test_a_file_comes_whole_and_nailed_down(link):
    reply = Client().get(link)
    assert reply.status_code == 200 and body(reply) == SOUND
    wanted = {
        "Content-Type": "audio/mpeg",
        "Content-Length": "100",
        "Content-Disposition": "inline",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, max-age=3600",
        "Referrer-Policy": "no-referrer",
    }
    assert {name: reply.headers.get(name) for name in wanted} == wanted
    assert not reply.cookies and "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    ("asked", "status", "range_", "content"),
    [
        ("bytes=0-9", 206, "bytes 0-9/100", SOUND[:10]),
        ("bytes=90-", 206, "bytes 90-99/100", SOUND[90:]),
        ("bytes=-5", 206, "bytes 95-99/100", SOUND[95:]),
        ("bytes=-500", 206, "bytes 0-99/100", SOUND),
        ("bytes=99-5000", 206, "bytes 99-99/100", SOUND[99:]),
        ("bytes=100-", 416, "bytes */100", b""),
        ("bytes=9-3", 416, "bytes */100", b""),
        ("bytes=-0", 416, "bytes */100", b""),
        ("bytes=0-1,5-6", 200, None, SOUND),
        ("bytes=-", 200, None, SOUND),
        ("lines=1-2", 200, None, SOUND),
        ("bytes=" + "9" * 5000 + "-", 200, None, SOUND),
        ("bytes=٣-٤", 200, None, SOUND),
    ],
)
def test_players_seek(link, asked, status, range_, content):
    reply = Client().get(link, headers={"Range": asked})
    assert (reply.status_code, reply.headers.get("Content-Range"), body(reply)) == (status, range_, content)
    assert reply.headers["Content-Security-Policy"].startswith("sandbox")
    assert reply.headers["Content-Length" if status != 416 else "Accept-Ranges"]


def test_asking_what_there_is_and_asking_for_anything_else(link):
    reply = Client().head(link)
    assert (reply.status_code, reply.headers["Content-Length"], body(reply)) == (200, "100", b"")
    assert [getattr(Client(), method)(link).status_code for method in ("post", "put", "delete")] == [405] * 3


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/projects", "/work/", "/m/", "/healthz"])
def test_nothing_else_lives_there(path):
    reply = Client().get(path)
    assert (reply.status_code, reply.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert not reply.cookies and reply.headers["X-Content-Type-Options"] == "nosniff"


def test_our_own_mistakes_are_said_plainly_too(link, monkeypatch):
    monkeypatch.setattr(media, "_opened", lambda _: 1 / 0)
    reply = Client(raise_request_exception=False).get(link)
    assert (reply.status_code, reply.content) == (500, b"Something went wrong here.")


def test_a_link_ends(link, monkeypatch):
    now = signing.time.time()
    for hours, status in ((5.9, 200), (6.1, 404)):
        monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda at=now + hours * 3600: at))
        assert Client().get(link).status_code == status


@pytest.mark.parametrize("token", ["1", "forged:token", "a:b:c", "%00", "..%2f..%2fsecrets.json", "x" * 3000])
def test_a_forged_link_opens_nothing(link, token):
    reply = Client().get(f"/m/{token}/a.mp3")
    assert reply.status_code == 404
    assert not reply.cookies


def test_a_link_made_for_something_else_opens_nothing(stored):
    for salt in ("django.core.signing", "tagwerk.export"):
        assert Client().get(f"/m/{signing.dumps(stored.id, salt=salt)}/a.mp3").status_code == 404


def test_a_file_that_is_gone_is_not_there(link, stored):
    default_storage.delete(stored.stored_as)
    assert Client().get(link).status_code == 404
