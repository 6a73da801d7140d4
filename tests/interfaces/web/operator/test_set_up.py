"""The first run: the code opens it, each step is kept, and after the first operator it is closed to strangers."""

import pytest
from django.conf import settings as platform
from django.core import mail
from django.test import Client

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Person
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import PASSWORD, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

NAME = {"name": "Nordlicht", "language": "de", "contact_email": "wir@example.org"}
ME = {
    "display_name": "Olga",
    "email": "Olga@Example.org",
    "password": PASSWORD,
    "time_zone": "Europe/Berlin",
    "agrees": "on",
}


def with_code() -> Client:
    client = Client()
    sent = client.post("/setup/", {"code": platform.SET_UP_CODE.lower().replace("-", " ")})
    assert sent.headers["Location"] == "/setup/name/"
    return client


def test_a_first_run_from_the_code_to_the_overview():
    client = with_code()
    assert client.post("/setup/name/", NAME).headers["Location"] == "/setup/money/"
    assert client.get("/setup/").headers["Location"] == "/setup/money/"  # left, and taken up
    sent = client.post("/setup/money/", {"currency": "CHF", "fee": "12,5"})
    assert sent.headers["Location"] == "/setup/operator/"
    assert client.post("/setup/operator/", ME).headers["Location"] == "/setup/mail/"
    olga = Person.objects.get(email="olga@example.org")
    assert olga.is_operator and client.session["_auth_user_id"] == str(olga.id)
    assert "/setup/" in client.get("/operator/").content.decode()  # still to be ended
    page = words(client.post("/setup/mail/", {"to": "olga@example.org"}))
    assert mail.outbox[-1].subject == "A test mail of Nordlicht" and "reaches nobody" in page
    assert client.post("/setup/done/").headers["Location"] == "/setup/done/"
    done = words(client.get("/setup/done/"))
    assert "Nordlicht is ready" in done and "CHF" in done and "12.5% of the pay" in done
    found = queries.instance()
    assert (found.fee_bp, found.language, found.set_up_at is None) == (1250, "de", False)
    assert client.get("/operator/").status_code == 200  # nothing more to agree to


def test_a_wrong_code_opens_nothing_and_many_are_refused_for_a_while():
    client = Client()
    for number in range(10):
        refused = client.post("/setup/", {"code": f"AAAA-{number}"})
        assert refused.status_code == 422 and "not the code" in words(refused)
    assert "Too many wrong codes" in words(client.post("/setup/", {"code": platform.SET_UP_CODE}))
    for step in ("name", "money", "operator", "mail", "done"):
        assert client.get(f"/setup/{step}/").headers["Location"] == "/setup/"
        assert client.post(f"/setup/{step}/", NAME | ME).headers["Location"] == "/setup/"
    assert not queries.has_operator() and "name" not in queries.instance().said


def test_after_the_first_operator_the_code_opens_nothing():
    late = with_code()
    person("dan")
    for step in ("", "name/", "operator/"):
        assert late.get(f"/setup/{step}").headers["Location"].startswith("/accounts/login/")
        assert late.post(f"/setup/{step}", {"code": platform.SET_UP_CODE} | ME).status_code == 302
        assert visitor("ben").get(f"/setup/{step}").status_code == 404
    assert Person.objects.filter(is_operator=True).count() == 1
    with pytest.raises(NotFound):
        accounts.create_first_operator(
            email="x@example.org", display_name="X", password=PASSWORD, ui_language="en"
        )


def test_a_weak_password_and_a_missing_consent_are_said_at_their_field():
    client = with_code()
    weak = client.post("/setup/operator/", ME | {"password": "password12"})
    assert weak.status_code == 422 and weak.context["form"].errors.keys() == {"password"}
    no = client.post("/setup/operator/", {**ME, "agrees": ""})
    assert no.status_code == 422 and no.context["form"].errors.keys() == {"agrees"}
    assert not queries.has_operator()


def test_an_operator_made_at_the_console_names_the_instance_too():
    dan = visitor("dan")
    assert dan.get("/setup/").headers["Location"] == "/setup/name/"
    dan.post("/setup/name/", NAME)
    assert dan.post("/setup/money/", {"currency": "EUR", "fee": "0"}).headers["Location"] == "/setup/mail/"
    assert dan.get("/setup/operator/").headers["Location"] == "/setup/mail/"
    assert queries.instance().fee_bp == 0


def test_what_the_environment_sets_is_shown_and_stays(settings):
    settings.SET_BY_ENVIRONMENT = frozenset({"TAGWERK_FEE_BP"})
    settings.FEE_BP = 500
    dan = visitor("dan")
    page = dan.get("/setup/money/").content.decode()
    assert "The environment sets it" in page and 'value="5"' in page
    dan.post("/setup/money/", {"currency": "CHF", "fee": "99"})
    assert (queries.instance().currency, queries.instance().fee_bp) == ("CHF", 500)
