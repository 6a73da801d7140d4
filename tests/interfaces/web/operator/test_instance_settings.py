"""The page of settings: what operators say, a test mail, and where every value comes from."""

import pytest
from django.conf import settings as platform

from tagwerk.config.environment import read_environment, shown_settings
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import CONSOLE
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
AT = "/operator/settings/"


def test_each_form_is_saved_by_itself():
    dan = visitor("dan")
    dan.post(AT, {"what": "name", "name": "Nordlicht", "language": "de", "contact_email": ""})
    dan.post(AT, {"what": "money", "currency": "EUR", "fee": "17.25"})
    sent = dan.post(
        AT, {"what": "texts", "imprint_en": "# Us", "imprint_de": "# Wir", "privacy_de": "Nichts"}
    )
    assert sent.status_code == 303
    found = queries.instance()
    assert (found.name, found.fee_bp) == ("Nordlicht", 1725)
    assert found.imprint == {"en": "# Us", "de": "# Wir"} and found.privacy == {"de": "Nichts"}
    page = dan.get(AT).content.decode()
    assert "# Wir" in page and 'value="17.25"' in page
    for wrong, field in (
        ({"what": "money", "currency": "EUR", "fee": "101"}, "fee"),
        ({"what": "name", "name": "", "language": "de"}, "name"),
    ):
        refused = dan.post(AT, wrong)
        assert refused.status_code == 422
        assert refused.context[f"{wrong['what']}_form"].errors.keys() == {field}
    assert dan.post(AT, {"what": "all"}).status_code == 404


def test_name_and_contact_stand_on_every_page():
    made = launched([{"text": "good"}])
    at = visitor("ben").post(f"/work/{made.public_id}/next")["Location"]
    assert " · tagwerk</title>" in visitor().get("/").content.decode()
    accounts.change_instance(actor=CONSOLE, name="Nord & licht", contact_email="hello@example.org")
    for who, path in ((None, "/"), ("ben", "/work/"), ("ada", "/projects/")):
        page = visitor(who).get(path).content.decode()
        assert " · Nord &amp; licht</title>" in page and ">Nord &amp; licht</span></a>" in page
        assert 'href="mailto:hello@example.org"' in page
    assert " · Nord &amp; licht</title>" in visitor("ben").get(at).content.decode()
    assert " · Nord &amp; licht</title>" in visitor().get("/nowhere/").content.decode()


def test_a_mail_server_that_refuses_is_quoted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    page = words(visitor("dan").post(AT, {"what": "mail", "to": "dan@example.org"}))
    assert "The mail server 127.0.0.1:1 did not take it" in page and "ConnectionRefusedError" in page


def test_every_setting_has_its_source(settings):
    accounts.change_instance(actor=CONSOLE, fee_bp=100)
    page = words(visitor("dan").get(AT))
    assert "TAGWERK_FEE_BP 100 this page" in page and "TAGWERK_CURRENCY EUR default" in page
    assert "TAGWERK_SECRET_KEY ••• generated" in page
    assert platform.SECRET_KEY not in page and platform.SET_UP_CODE not in page


def test_nothing_secret_is_shown():
    said = {
        "TAGWERK_EMAIL_URL": "smtp://me:geheim@mail.example.org:587",
        "DATABASE_URL": "postgresql://app:geheim@db/tagwerk?sslpassword=geheim",
        "TAGWERK_OIDC_SECRET": "geheim",
        "TAGWERK_SECRET_KEY": "geheim" * 20,
    }
    shown = {one.name: one for one in shown_settings(read_environment(said), said)}
    assert "geheim" not in repr(shown)
    assert shown["TAGWERK_EMAIL_URL"].value == "smtp://me:…@mail.example.org:587"
    assert [shown[name].source for name in said] == ["environment"] * 4
    assert shown["TAGWERK_ID_KEY"].source == "generated"
    child = said | {"TAGWERK_PORT": "8001", "TAGWERK_SAID": "TAGWERK_EMAIL_URL"}
    shown = {one.name: one for one in shown_settings(read_environment(child), child)}
    assert (shown["TAGWERK_PORT"].source, shown["TAGWERK_EMAIL_URL"].source) == ("default", "environment")
