"""Refusals in words, and the language and time zone of the person."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone, translation

from tagwerk.base import errors
from tagwerk.config.urls import urlpatterns as platform
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.interfaces.web.guards import ActorRequest, operator_only, requester_only, signed_in
from tests.people import organisation, person

REFUSALS = [
    (errors.Invalid, 422),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
]


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    kind = next(kind for kind, code in REFUSALS if code == status)
    raise kind("too_small", "“{thing}” is too small.", path="ask.better", thing="<b>")


def local(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


@signed_in
def mine(request: ActorRequest) -> HttpResponse:
    return HttpResponse(request.actor.name)


@operator_only
def operators(request: ActorRequest) -> HttpResponse:
    return HttpResponse("engine room")


@requester_only
def requesters(request: ActorRequest) -> HttpResponse:
    return HttpResponse("order desk")


urlpatterns = [
    *platform,
    path("refuse/<int:status>/", refuse),
    path("local/", local),
    path("mine/", mine),
    path("operators/", operators),
    path("requesters/", requesters),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.usefixtures("static_files")]


def as_person(name: str, **changes: Any) -> Client:
    client = Client()
    client.force_login(person(name, **changes))
    return client


@pytest.mark.parametrize(("kind", "status"), REFUSALS)
def test_a_refusal_becomes_a_page_with_its_status_and_code(kind: Any, status: int, client: Client) -> None:
    response = client.get(f"/refuse/{status}/")
    text = response.content.decode()
    assert response.status_code == status
    assert response.headers["X-Refusal"] == "too_small"
    assert "“&lt;b&gt;” is too small." in text
    assert "ask.better" in text
    assert "<h1>" in text


def test_a_script_gets_the_refusal_as_json(client: Client) -> None:
    response = client.get("/refuse/422/", headers={"accept": "application/json"})
    assert response.json() == {"code": "too_small", "message": "“<b>” is too small.", "path": "ask.better"}


def test_htmx_gets_a_fragment(client: Client) -> None:
    text = client.get("/refuse/409/", headers={"hx-request": "true"}).content.decode()
    assert "too small" in text
    assert "<html" not in text


def test_an_unknown_address_is_a_page_of_ours(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "site-head" in response.content.decode()


def test_the_language_of_the_browser_the_person_and_the_choice() -> None:
    assert Client(headers={"accept-language": "de-AT"}).get("/local/").content.startswith(b"de")
    german = as_person("ben", ui_language="de")
    assert german.get("/local/", headers={"accept-language": "en"}).content == b"de Europe/Berlin"
    undecided = as_person("cyn", ui_language=None)
    for asked in ("de", "en"):
        assert undecided.get("/local/", headers={"accept-language": asked}).content.startswith(asked.encode())
    german.post("/language/", {"language": "en", "next": "/local/"})
    assert german.get("/local/").content == b"en Europe/Berlin"


def test_a_language_that_we_do_not_speak_gets_that_of_the_instance(client: Client) -> None:
    accounts.change_instance(actor=CONSOLE, language="de")
    for asked, got in (("fr-FR", b"de"), ("fr, en;q=0.5", b"en"), ("", b"en")):
        assert client.get("/local/", headers={"accept-language": asked}).content.startswith(got)


def test_a_page_says_its_language_and_what_it_depends_on(client: Client) -> None:
    response = client.get("/local/")
    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_choice_of_a_language_leads_nowhere_else(back: str, client: Client) -> None:
    response = client.post("/language/", {"language": "de", "next": back})
    assert response.headers["Location"] == "/"


def test_an_unknown_language_is_refused(client: Client) -> None:
    assert client.post("/language/", {"language": "tlh"}).headers["X-Refusal"] == "unknown_language"


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get("/mine/?page=2")
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=/mine/%3Fpage%3D2"


def test_who_is_signed_in_is_the_actor() -> None:
    assert as_person("ben").get("/mine/").content == b"Ben"


def test_pages_of_the_operator_do_not_exist_for_others() -> None:
    assert as_person("ben").get("/operators/").status_code == 404
    assert as_person("dan").get("/operators/").status_code == 200


def test_pages_of_requesters_are_for_members() -> None:
    organisation("acme", owner="ada")
    assert as_person("ben").get("/requesters/").headers["X-Refusal"] == "member_only"
    assert as_person("ada").get("/requesters/").status_code == 200


def test_every_page_carries_the_policy(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
