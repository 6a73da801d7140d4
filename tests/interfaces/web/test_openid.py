"""Signing up and in through an OpenID Connect provider, the whole way there and back, and what is not believed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Person
from tagwerk.interfaces.web.oidc import providers
from tests.interfaces.web.openid import CLIENT, STRANGE_KEY, Provider, running
from tests.interfaces.web.test_sign_in import FORM, link_in, signed_in_id
from tests.interfaces.web.visiting import plain_files  # noqa: F401 (used by pytest)
from tests.people import person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/oidc/login/"


@pytest.fixture(autouse=True)
def provider(settings: Any) -> Iterator[Provider]:
    with running() as found:
        settings.TERMS_VERSION = "2026-11"
        settings.SIGN_UP = "open"
        settings.SOCIALACCOUNT_PROVIDERS = providers(issuer=found.address, **CLIENT)
        yield found


def there(client: Client) -> dict[str, str]:
    """Press the button; what the provider is asked."""
    asked = urlsplit(client.post(LOGIN)["Location"])
    return {name: values[0] for name, values in parse_qs(asked.query).items()}


def back(client: Client, provider: Provider, asked: dict[str, str], **changes: str) -> Any:
    """Come back from the provider."""
    way = urlsplit(provider.way_back(asked))
    query = {name: values[0] for name, values in parse_qs(way.query).items()} | changes
    return client.get(way.path, query)


def sign_up(client: Client, **changes: str) -> Any:
    """Fill in the form that asks what the provider does not know."""
    form = {name: value for name, value in FORM.items() if name != "password1"}
    return client.post("/accounts/3rdparty/signup/", form | changes)


def refused(response: Any, client: Client) -> bool:
    """Nobody is in, nobody is made, and the page says that it failed."""
    assert "Third-Party Login Failure" in response.content.decode()
    return signed_in_id(client) is None and not Person.objects.filter(email="mia@example.org").exists()


def test_the_button_leads_to_the_provider(client: Client, provider: Provider) -> None:
    assert f'href="{LOGIN}' in client.get("/accounts/login/").content.decode()
    page = client.get(LOGIN)
    assert f"form-action 'self' {provider.address};" in page.headers["Content-Security-Policy"]
    asked = there(client)
    assert asked["client_id"] == "tagwerk" and asked["code_challenge_method"] == "S256"
    assert {"openid", "email"} <= set(asked["scope"].split())


def test_somebody_signs_up_agrees_to_the_terms_and_signs_in_again(client: Client, provider: Provider) -> None:
    response = back(client, provider, there(client))
    assert response["Location"] == "/accounts/3rdparty/signup/"
    assert not Person.objects.filter(email="mia@example.org").exists()
    form = client.get("/accounts/3rdparty/signup/")
    assert 'value="mia@example.org"' in form.content.decode()
    assert "terms" in sign_up(client, terms="").context["form"].errors
    assert sign_up(client).status_code == 302
    mia = Person.objects.get(email="mia@example.org")
    assert signed_in_id(client) == mia.id
    assert mia.email_verified_at is not None and not mia.has_usable_password()
    assert queries.has_consented(mia.id, "terms", "2026-11")
    assert queries.worker_profile(mia.id).languages == {"de": "native", "en": "B2"}

    again = Client()
    assert back(again, provider, there(again)).status_code == 302
    assert signed_in_id(again) == mia.id


def test_an_address_that_the_provider_does_not_vouch_for_is_confirmed_by_mail(
    client: Client, provider: Provider, mailoutbox: list[Any]
) -> None:
    provider.about["email_verified"] = "false"
    back(client, provider, there(client))
    sign_up(client)
    mia = Person.objects.get(email="mia@example.org")
    assert signed_in_id(client) is None and mia.email_verified_at is None
    client.post(link_in(mailoutbox[0]))
    mia.refresh_from_db()
    assert mia.email_verified_at is not None


@pytest.mark.parametrize("verified", [True, False])
def test_a_known_address_opens_nobody_s_account(client: Client, provider: Provider, verified: bool) -> None:
    mia = person("mia")
    provider.about["email_verified"] = verified
    back(client, provider, there(client))
    sign_up(client)
    assert signed_in_id(client) is None
    assert Person.objects.filter(email="mia@example.org").get() == mia
    assert not mia.socialaccount_set.exists()


def test_a_state_that_is_not_this_browser_s_is_refused(client: Client, provider: Provider) -> None:
    asked = there(client)
    assert refused(back(client, provider, asked, state="another"), client)
    stranger = Client()
    assert refused(back(stranger, provider, asked), stranger)


@pytest.mark.parametrize(
    "lie",
    [
        {"signed_by": STRANGE_KEY},
        {"signed_by": "a-client-secret-that-is-long-enough", "algorithm": "HS256"},
        {"signed_by": None, "algorithm": "none"},
        {"claims": {"nonce": "another"}},
        {"claims": {"sub": "somebody-else"}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1}},
    ],
    ids=[
        "another key",
        "the client's secret as key",
        "unsigned",
        "nonce",
        "subject",
        "audience",
        "issuer",
        "over",
    ],
)
def test_an_id_token_that_is_not_right_is_refused(
    client: Client, provider: Provider, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(provider, name, value)
    assert refused(back(client, provider, there(client)), client)


def test_a_provider_that_is_away_is_said(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers(issuer="http://127.0.0.1:9", **CLIENT)
    assert refused(client.get(LOGIN), client)


def test_sign_up_may_be_closed(client: Client, provider: Provider, settings: Any) -> None:
    settings.SIGN_UP = "invitation"
    back(client, provider, there(client))
    sign_up(client)
    assert not Person.objects.filter(email="mia@example.org").exists()


def test_without_a_provider_there_is_no_button(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers(name="", issuer="", client_id="", secret="")
    assert "/oidc/" not in client.get("/accounts/login/").content.decode()
    assert client.get(LOGIN).status_code == 404
