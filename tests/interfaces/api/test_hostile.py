"""Malformed, huge, hostile and foreign input on every operation: never our mistake, always an answer in our shape."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tagwerk.interfaces.api.document import document
from tests import people
from tests.interfaces.api.access_table import TABLE, WORK
from tests.interfaces.api.calling import call
from tests.interfaces.api.conforming import check_conforms
from tests.interfaces.api.test_access import OPERATIONS, Scene
from tests.interfaces.api.test_story import FILE, worker
from tests.kept import kept

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]
SHAPE = {"code", "message", "path"}
PLAIN, LONG = 2, 200  # examples per operation

# What somebody sends who wants to know what breaks. The first of them are found soonest.
HOSTILE: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 10**400, -0.0, 1.5, 1e308, "", " ", "0", "-1", "1e9", "1" * 5000, "NaN", "Infinity",
    "\0", "\ud800", "\u202e\u200b", "ÅΩ😀" * 50, "a" * 20_000, "x\r\nSet-Cookie: a=b", "{{ 7 * 7 }}", "{% include 'x' %}",
    "{0.__class__}", "%s%n", "' OR 1=1 --", "\\", "../../etc/passwd", "<script>alert(1)</script>", "=1+1",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z", "prj_", "tsk_aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "null", "[]", [], {}, [[]], [None], [{}], {"": ""}, {"__proto__": {}}, {"\0": 1}, [0] * 2_000, {"a": [[[[[[]]]]]]},
    "title: &a [*a, *a]\n", "a: &a [x]\nb: [*a, *a, *a]\n", "!!python/object:os.system {}", "- " * 3_000,
]  # fmt: skip
RAW: list[tuple[bytes, str]] = [
    (b"", "application/json"),
    (b"\xff\xfe\x00", "application/json"),
    (b"[" * 100_000, "application/json"),
    (b'{"a":' * 90 + b"1" + b"}" * 90, "application/json"),
    (b"x" * 3_000_000, "application/json"),
    (b'{"a": 1}' * 3, "application/json; charset=utf-16"),
    (b'{"a": 1}', "text/plain; charset=no-such"),
    (b"a=1&a=2", "application/x-www-form-urlencoded"),
    (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
    (b"PK\x03\x04" + b"\0" * 40, "application/zip"),
    (b"\x1f\x8b\x08\0", "application/gzip"),
]
HEADERS: list[dict[str, str]] = [
    {},
    {},
    {"Idempotency-Key": "once"},
    {"Idempotency-Key": "a b"},
    {"Idempotency-Key": "x" * 4_000},
    {"Accept-Language": "de;q=x, *;q=9, " + "a-" * 300},
    {"Accept": "text/html;q=NaN"},
    {"Content-Length": "-1"},
    {"Range": "bytes=5-1"},
    {"Cookie": "sessionid=\xff; ="},
    {"X-Forwarded-For": "x" * 3_000, "X-Forwarded-Host": "evil.example"},
]


@schemathesis.serializer("application/zip")
def _as_it_is(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, default=str).encode()


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    """The operations as the document has them, answered by the whole application without a network."""
    # As Django's own test client does: the end of a request would close the connection that holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    loaded = schemathesis.openapi.from_dict(deepcopy(document()))
    loaded.app = WSGIHandler()
    yield loaded
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Siege:
    """One of everything, and whoever asks for it: with the right key, with another's, with none."""

    def __init__(self, settings: Any) -> None:
        self.scene = Scene(settings)
        foreign = people.key_for("eve", people.organisation("other", "eve"))
        self.strangers = [None, "twk_" + "a" * 52, "\xff", foreign, worker("s9")]

    def keys(self, operation: str) -> list[str | None]:
        """Whoever may, mostly; then everybody else."""
        right = self.scene.worker if TABLE[operation][0] == WORK else self.scene.key
        other = self.scene.key if right == self.scene.worker else self.scene.worker
        return [right] * 6 + [other, *self.strangers]

    def right_body(self, operation: str) -> Any:
        """A body that is right, to be spoilt."""
        body = TABLE[operation][1]
        if body == {"file": "FILE"}:
            return {"file": FILE}
        return {"answers": [self.scene.ids["answer"]]} if body == {"answers": ["ANSWER"]} else body


def _spoilt(body: Any) -> st.SearchStrategy[Any]:
    """The body with one place of it replaced, left out or added."""
    if isinstance(body, bytes):
        junk = [
            b"",
            b"\0" * 50,
            b"{",
            b"a,b\n1",
            b"\xff\xd8\xff",
            b"%PDF-1.4",
            b"<svg onload=x>",
            b"[[[",
            body * 40,
        ]
        return st.sampled_from(junk)
    places = _places(body, ())
    hostile = st.sampled_from(HOSTILE)
    replaced = st.tuples(st.sampled_from(places), hostile).map(lambda one: _with(body, *one))
    if not isinstance(body, dict):
        return replaced
    added = st.tuples(st.sampled_from(["more", "", "id", "__class__", "\0", "organisation_id"]), hostile)
    return st.one_of(replaced, replaced, added.map(lambda one: {**body, one[0]: one[1]}))


def _places(value: Any, here: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for name, part in parts for place in _places(part, (*here, name)))]


def _with(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[place[0]] = _with(value[place[0]], place[1:], new)
    return changed


def _attacks(siege: Siege, operation: Any, name: str) -> st.SearchStrategy[Case]:
    """Right by the document on what is there, wrong by the document, and right but for one hostile place."""
    ids = siege.scene.ids
    right = operation.as_strategy(path_parameters=dict(ids))
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    body = siege.right_body(name)
    query = [one.name for one in operation.query]
    odd_ids = st.sampled_from([*ids.values(), "%00", "😀", "..", "a" * 3_000, "prj_" + "7" * 26])

    def spoil(case: Case, what: Any, place: str | None, value: Any, odd: str) -> Case:
        path, asked = dict(case.path_parameters or {}), dict(case.query or {})
        if place is not None:
            asked[place] = _sendable(value)
        elif body is None and path:
            path[next(iter(path))] = odd
        content = {} if body is None else {"body": what, "media_type": case.media_type}
        return operation.Case(path_parameters=path, query=asked, **content)

    spoilt = st.builds(
        spoil, right, st.just(None) if body is None else _spoilt(body),
        st.sampled_from(query) if query else st.none(), st.sampled_from(HOSTILE), odd_ids,
    )  # fmt: skip
    return st.one_of(spoilt, spoilt, right, wrong)


def _sendable(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)[:5_000]
    return text.encode("utf-8", "replace").decode()


def _besiege(api: Any, siege: Siege, noun: str, examples: int) -> None:
    """Try the operations of one noun; what each did is taken back before the next."""
    for found in api.get_all_operations():
        operation = found.ok()
        if operation.tags != [noun]:
            continue
        name = operation.definition.raw["operationId"]

        @hypothesis_settings(
            max_examples=examples, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        @given(_attacks(siege, operation, name), st.sampled_from(siege.keys(name)), st.sampled_from(HEADERS))
        def attack(case: Case, key: str | None, headers: dict[str, str]) -> None:
            sent = dict(headers) if key is None else {**headers, "Authorization": f"Bearer {key}"}
            _check(case, sent)

        attack()


def _check(case: Case, headers: dict[str, str]) -> None:
    with transaction.atomic():
        answered = case.call(headers=headers)
        transaction.set_rollback(True)
    note(f"{case.method} {case.formatted_path} {case.query!r:.500} {case.body!r:.1000} {headers!r:.500}")
    _check_answer(case.method, case.formatted_path, answered.status_code, answered.headers, answered.content)


def _check_answer(method: str, path: str, status: int, headers: Any, content: bytes) -> None:
    assert status < 500, f"{status} {content[:500]!r}"
    kind = headers.get("content-type", "")
    kind = kind[0] if isinstance(kind, list) else kind
    if status >= 400:
        assert kind == "application/json"
        value = json.loads(content)
        assert {"code", "message"} <= set(value) <= SHAPE
        assert value["message"].strip()
    if content and kind.startswith("application/json"):
        check_conforms(method, path, status, json.loads(content))


NOUNS = sorted({one["tags"][0] for methods in document()["paths"].values() for one in methods.values()})


@pytest.fixture(scope="module")
def besieged(django_db_setup: None, django_db_blocker: Any) -> Iterator[Siege]:
    with kept(django_db_blocker) as settings:
        yield Siege(settings)


@pytest.fixture
def siege(besieged: Siege, settings: Any) -> Siege:
    """One of everything, and everybody who asks for it."""
    settings.ALLOWED_HOSTS = ["*"]
    return besieged


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_that_is_sent_is_our_mistake(api, siege, noun):
    _besiege(api, siege, noun, PLAIN)


@pytest.mark.long
@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_that_is_sent_for_long_is_our_mistake(api, siege, noun):
    _besiege(api, siege, noun, LONG)


@pytest.mark.parametrize("each", [2, pytest.param(len(RAW), marks=pytest.mark.long)])
def test_no_body_that_is_none_is_our_mistake(api, siege, each):
    """What is no JSON, no upload, or far too large, to each operation that changes something: so many of them to each,
    others to the next."""
    for place, (name, (method, path)) in enumerate(OPERATIONS.items()):
        if method in ("GET", "DELETE"):
            continue
        for placeholder, value in siege.scene.ids.items():
            path = path.replace(f"{{{placeholder}}}", value)
        key = siege.keys(name)[0]
        for content, kind in (RAW * 2)[place * each % len(RAW) :][:each]:
            with transaction.atomic():
                answered = call(method, path, key, raw=content, content_type=kind)
                transaction.set_rollback(True)
            assert answered.status < 500, (name, content[:40], kind)
            if answered.status >= 400:
                assert {"code", "message"} <= set(answered.value) <= SHAPE


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer \0", "Bearer " + "x" * 9_000, "\xff"]
)
def test_no_key_is_our_mistake(siege, authorization):
    answered = call("GET", "/me", Authorization=authorization)
    assert answered.status == 401
    assert set(answered.value) <= SHAPE
