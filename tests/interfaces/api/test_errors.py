"""One shape for everything that goes wrong, and never a 500 for what somebody sent."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from tagwerk.interfaces.api import door
from tests import people
from tests.interfaces.api.calling import call

pytestmark = pytest.mark.django_db
HOOK = {"url": "https://example.org/hooks", "events": ["result.ready"]}


@pytest.fixture
def key() -> str:
    return people.key_for("ada", people.organisation())


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "operation_unknown"),
        ("GET", "/", 404, "operation_unknown"),
        ("GET", "/webhooks//deliveries", 404, "operation_unknown"),
        ("DELETE", "/me", 405, "method_unknown"),
        ("GET", "/webhooks/whk_aaaaaaaaaaaaaaaaaaaaaaaaaa", 404, "unknown_id"),
        ("GET", "/webhooks/prj_x", 404, "unknown_id"),
        ("GET", "/webhooks/ü%00", 404, "unknown_id"),
        ("GET", "/webhooks?limit=0", 422, "input_invalid"),
        ("GET", "/webhooks?limit=9999999999999999999999", 422, "input_invalid"),
        ("GET", "/webhooks?order_by=secret", 422, "parameter_unknown"),
        ("GET", "/webhooks?created_by__password__startswith=a", 422, "parameter_unknown"),
        ("GET", "/webhooks?cursor=made-up", 422, "cursor_unknown"),
        ("GET", "/webhooks?cursor=%00", 422, "text_impossible"),
    ],
)
def test_every_refusal_has_the_same_shape(key, method, path, status, code):
    refused = call(method, path, key)
    assert (refused.status, refused.code) == (status, code)
    assert set(refused.value) <= {"code", "message", "path"}
    assert refused.value["message"]


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 422, "input_invalid"),
        (b"{", 400, "json_unreadable"),
        (b"[]", 422, "input_invalid"),
        (b"null", 422, "input_invalid"),
        (b"\xff\xfe", 400, "json_unreadable"),
        (b'{"url": NaN}', 400, "json_unreadable"),
        (b'{"url": ' + b"9" * 5000 + b"}", 400, "json_unreadable"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400, "json_unreadable"),
        (b"[" * 100_000, 400, "json_unreadable"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, 400, "json_unreadable"),
        (b'{"url": "\\u0000"}', 422, "text_impossible"),
        (b'{"url": "\\ud800"}', 422, "text_impossible"),
        (b'{"url": "x", "events": ["nope"]}', 422, "input_invalid"),
        (b'{"url": "x", "events": ["result.ready"], "more": 1}', 422, "input_invalid"),
        (b"x" * 3_000_000, 413, "body_too_large"),
    ],
)
def test_a_body_that_is_none_is_refused(key, raw, status, code):
    refused = call("POST", "/webhooks", key, raw=raw)
    assert (refused.status, refused.code) == (status, code)


def test_the_place_of_a_mistake_is_named(key):
    assert call("POST", "/webhooks", key, {"url": "https://example.org"}).value == {
        "code": "input_invalid", "message": "This is missing.", "path": "events",
    }  # fmt: skip
    assert call("POST", "/webhooks", key, HOOK | {"events": []}).value["path"] == "events"
    assert call("GET", "/webhooks?limit=x", key).value["path"] == "limit"


def test_every_refusal_leads_to_the_page_of_all_codes(key, settings):
    settings.APP_URL = "https://work.example.org"
    link = call("GET", "/nothing", key).headers["Link"]
    assert link == '<https://work.example.org/docs/reference/refusals/>; rel="help"'
    assert reverse("docs_page", args=["reference/refusals"]) in link


def test_a_refusal_of_a_room_comes_with_its_code_and_status(key):
    refused = call("POST", "/webhooks", key, HOOK | {"url": "http://user:pw@example.org"})
    assert (refused.status, refused.code, refused.value["path"]) == (422, "webhook_url_unusable", "url")


def test_our_own_mistakes_say_so_and_tell_nothing(key, monkeypatch, caplog):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("tagwerk.domain.accounts.queries.organisations_of", broken)
    failed = call("GET", "/me", key)
    assert (failed.status, failed.code) == (500, "unexpected")
    assert "secret detail" not in str(failed.value)
    assert "secret detail" in caplog.text


def test_a_database_that_is_away_asks_to_come_again(key, monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("tagwerk.domain.accounts.queries.organisations_of", away)
    failed = call("GET", "/me", key)
    assert (failed.status, failed.code, failed.headers["Retry-After"]) == (503, "unavailable", "1")


def test_the_message_is_in_the_language_asked_for(key, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "tagwerk.interfaces.api.problems.gettext", lambda text: asked.append(current()) or text
    )
    from django.utils.translation import get_language as current

    call("GET", "/nothing", key, Accept_Language="fr, de-AT;q=0.8, en;q=0.5")
    call("GET", "/nothing", key)
    assert asked == ["de", "en"]


def test_no_answer_is_kept_or_guessed_at(key):
    headers = call("GET", "/me", key).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert call("GET", "/me").headers["WWW-Authenticate"].startswith("Bearer")


def test_the_door_hands_on_what_is_not_ours(rf):
    passed = []
    middleware = door.ApiDoor(lambda request: passed.append(request.path) or door.HttpResponse())
    middleware(rf.get("/projects/"))
    assert middleware(rf.get("/api/v1/me")).status_code == 401
    assert passed == ["/projects/"]
