"""The button of another sign-in leads out of the page and back, past the browser's content policy."""

from typing import Any

import pytest

from tagwerk.interfaces.web.oidc import providers
from tests.interfaces.web.openid import CLIENT, running
from tests.journeys.looking import looked_at, watched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_through_the_provider_to_the_form(site: str, browser: Any, settings: Any) -> None:
    settings.SIGN_UP = "open"
    page = watched(browser)
    with running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = providers(issuer=provider.address, **CLIENT)
        page.goto(f"{site}/accounts/login/")
        page.click("a:has-text('Acme')")
        looked_at(page)
        page.click("main button[type=submit]")
        page.wait_for_url("**/accounts/3rdparty/signup/")
        assert page.input_value("[name=email]") == "mia@example.org"
        looked_at(page)
    page.context.close()
