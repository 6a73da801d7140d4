"""Hostile values in addresses, questions, forms and cookies of every page: never our mistake."""

import re
from html import unescape
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.interfaces.web.access_table import TABLE
from tests.interfaces.web.scene import Scene, arguments
from tests.interfaces.web.visiting import plain_files

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

HOSTILE = [
    "\0", "%ED%A0%80", "9" * 5000, str(2**63), "-1", "../../etc/passwd", "<script>alert(1)</script>", "%s%n{0.__class__}",
    "prj_" + "a" * 26, '"\\u0000"', '"\\ud800"', "٣", "' or 1=1 --", "x" * 20_000,
]  # fmt: skip
ROUNDS = [1, pytest.param(3, marks=pytest.mark.long)]  # in each of them every field gets another value
ASKED = (
    "about", "account", "add", "after", "agreement_from", "agreement_to", "ahead", "amount", "answers", "batch", "before", "by", "calm", "code", "column", "columns",
    "currency", "dir", "done", "edit", "ended", "evidence", "example", "gold", "hourly", "id", "instructions", "kind", "lang", "language",
    "messages", "minutes", "next", "opposite", "organisation", "person", "project", "q", "question", "result", "row", "rule", "search", "seconds",
    "proof", "show", "signal", "since", "sort", "source", "state", "sure_from", "sure_to", "task", "theme", "topic", "until", "vat", "version", "why", "worker",
)  # fmt: skip
FIELD = re.compile(r"<(?:input|select|textarea|button)[^>]*?\sname=\"([^\"]+)\"")
FORM = re.compile(r"<form([^>]*)>(.*?)</form>", re.S)


@pytest.fixture
def scene(kept_scene: Scene) -> Scene:
    for client in kept_scene.clients.values():
        client.raise_request_exception = False
    return kept_scene


def someone_in(may: set[Any] | None) -> str | None:
    """Who may, the one who sees most."""
    return next((who for who in ("ada", "ben", "dan", "gus", "cyn") if who in (may or ())), None)


def written(value: str) -> str:
    """A value in an address; what is escaped already stays so."""
    return value if re.fullmatch(r"(%[0-9A-F]{2})+", value) else quote(value, safe="")


def filled(fields: list[str], rounds: int) -> list[dict[str, str]]:
    """Rounds of hostile values, one of NUL alone before them: it is refused wherever it stands."""
    step = len(HOSTILE) // rounds
    found = [
        {field: HOSTILE[1 + (place + turn * step) % (len(HOSTILE) - 1)] for place, field in enumerate(fields)}
        for turn in range(rounds)
    ]
    return [dict.fromkeys(fields, "\0"), *found]


def test_the_questions_of_pages_are_all_here():
    from tests.cluster import ROOT

    code = "".join(path.read_text() for path in (ROOT / "tagwerk/interfaces/web").rglob("*.py"))
    assert set(re.findall(r"\.GET\.get(?:list)?\(\"(\w+)\"", code)) <= set(ASKED)


@pytest.mark.parametrize("each", [2, pytest.param(len(HOSTILE), marks=pytest.mark.long)])
def test_hostile_addresses(scene, each):
    """So many values in each place of each address, others in the next."""
    broken, values = [], cycle(HOSTILE)
    for name, (may_get, may_post, _sent) in TABLE.items():
        ask = scene.get if may_get else scene.post
        for argument in arguments(name):
            mark = "1234567" if isinstance(scene.ids[argument], int) else "zzzz"
            pattern = scene.address(name, **{argument: mark})
            for value in islice(values, each):
                reply = ask(someone_in(may_get or may_post), pattern.replace(mark, written(value)), {})
                if reply.status_code >= 500:
                    broken.append((name, argument, value[:30]))
    assert not broken, "\n".join(map(str, broken))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_hostile_questions(scene, rounds):
    broken = []
    for name, (may_get, _may_post, _sent) in TABLE.items():
        for turn, values in enumerate(filled(list(ASKED), rounds) if may_get else ()):
            asked = "&".join(f"{field}={written(value)}" for field, value in values.items())
            reply = scene.get(someone_in(may_get), f"{scene.address(name)}?{asked}")
            if reply.status_code >= 500 or (turn == 0 and reply.status_code != 400):
                broken.append((name, turn, reply.status_code))
    assert not broken, "\n".join(map(str, broken))


def forms_on(scene: Scene, who: str | None, address: str) -> list[tuple[str, list[str]]]:
    """The forms of a page: where they go, and what they ask."""
    reply = scene.get(who, address)
    page = reply.content.decode() if "html" in reply["Content-Type"] and not reply.streaming else ""
    found = []
    for marks, inside in FORM.findall(page):
        if "post" in marks:
            to = re.search(r"action=\"([^\"]*)\"", marks)
            fields = sorted(set(FIELD.findall(inside)) - {"csrfmiddlewaretoken"})
            found.append((unescape(to[1]) if to and to[1] else address, fields))
    return found


@pytest.mark.parametrize("rounds", ROUNDS)
def test_hostile_forms(scene, rounds):
    broken, tried = [], set()
    for name, (may_get, _may_post, _sent) in TABLE.items():
        who = someone_in(may_get)
        for to, fields in forms_on(scene, who, scene.address(name)) if may_get else ():
            if (to, *fields) in tried:
                continue
            tried.add((to, *fields))
            for turn, values in enumerate(filled(fields, rounds)):
                reply = scene.send(who, to, values)
                if reply.status_code >= 500 or (turn == 0 and fields and reply.status_code != 400):
                    broken.append((name, to, turn, reply.status_code))
    assert not broken, "\n".join(map(str, broken))
    assert len(tried) > 30


def test_hostile_answers_and_drafts(scene):
    broken = []
    for name in ("task", "task_answer", "task_draft"):
        for value in HOSTILE:
            for to_json in (False, True):
                reply = scene.send(
                    "ben", scene.address(name), {"answer.sentiment": value, "active": value}, to_json
                )
                if reply.status_code >= 500:
                    broken.append((name, value[:30], reply.status_code))
    for body in (
        b'{"answers": {"sentiment": "\\u0000"}}',
        b'{"answers": {"\\ud800": "x"}}',
        b"[" * 90_000,
        b"\xff",
    ):
        client = scene.clients["ben"]
        reply = client.generic("POST", scene.address("task_draft"), body, "application/json")
        if reply.status_code >= 500:
            broken.append(("task_draft", body[:40], reply.status_code))
    assert not broken, "\n".join(map(str, broken))


@pytest.mark.parametrize("name", ["session", "csrf", "language"])
def test_hostile_cookies(name, settings):
    cookie = {
        "session": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "language": settings.LANGUAGE_COOKIE_NAME,
    }[name]
    for value in ('"' + "\\000" * 32 + '"', "x" * 5000, "../../x", "\xff", "%00"):
        for path in ("/", "/work/", "/accounts/login/"):
            reply = Client(raise_request_exception=False, headers={"Cookie": f"{cookie}={value}"}).get(path)
            assert reply.status_code < 500, (value[:40], path)
