"""Where no mail leaves the instance, no page says that one was sent."""

from typing import Any

import pytest
from django.test import Client

from tests.interfaces.web.visiting import plain_files, words

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def test_no_page_says_that_a_mail_was_sent(settings: Any) -> None:
    page = "/accounts/password/reset/done/"
    assert "is on its way" in words(Client().get(page))
    assert "is on its way" in words(Client().get("/accounts/confirm-email/"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    for address in (page, "/accounts/confirm-email/"):
        text = words(Client().get(address))
        assert "no mail leaves it" in text and "on its way" not in text
