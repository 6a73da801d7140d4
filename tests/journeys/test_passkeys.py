"""Somebody adds a passkey, signs out, and signs in with nothing else."""

import re
from typing import Any

import pytest

from tests.journeys.looking import looked_at, sign_in, watched
from tests.people import PASSWORD, person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Any) -> Any:
    """A page of a browser with a fingerprint reader, whose finger is always there."""
    made = watched(browser)
    devices = made.context.new_cdp_session(made)
    devices.send("WebAuthn.enable")
    reader = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options = {
        **reader,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield made
    made.context.close()


def test_a_passkey_is_added_and_is_enough_to_sign_in(site: str, page: Any) -> None:
    person("ben", password=PASSWORD)
    sign_in(page, site, "ben", to="/work/")
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/webauthn/add/**")
    looked_at(page)
    page.fill("[name=name]", "Telefon")
    page.check("[name=passwordless]")
    with page.expect_navigation(
        url=re.compile(r"/2fa/(?!webauthn/add/)")
    ):  # the form has gone, and come back with where to
        page.click("#mfa_webauthn_add")
    page.goto(f"{site}/accounts/2fa/webauthn/")
    assert page.is_visible("text=Telefon")
    assert page.is_visible(".badge:has-text('passkey')")
    looked_at(page)

    page.goto(f"{site}/accounts/logout/")
    page.click("main button")
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/work/")
    page.wait_for_url("**/accounts/login/**")
    looked_at(page)
    page.click("#passkey_login")
    page.wait_for_url(f"{site}/work/")
    assert page.is_visible("text=Ben")
