"""Founding an organisation."""

import pytest

from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

FORM = {"name": "Bee Lab", "country": "DE", "currency": "EUR"}


def test_the_form_proposes_country_and_currency():
    page = visitor("ben").get("/found/").content.decode()
    assert '<option value="DE" selected>' in page and '<option value="EUR" selected>' in page


def test_who_founds_one_owns_it_and_it_waits_for_approval():
    response = visitor("ben").post("/found/", FORM, follow=True)
    (made,) = queries.organisations_of(actor("ben"))
    assert response.redirect_chain == [("/projects/", 303)]
    said = words(response)
    assert made.approved_at is None and "has to be approved" in said and "Make the first project" in said
    assert actor("ben").roles == {made.id: "owner"}


def test_what_is_wrong_is_said(monkeypatch):
    client = visitor("ben")
    assert client.post("/found/", FORM | {"currency": "XXX"}).status_code == 422
    assert client.post("/found/", FORM | {"name": ""}).status_code == 422
    for _ in range(3):
        client.post("/found/", FORM)
    refused = client.post("/found/", FORM)
    assert refused.status_code == 422 and "wait for approval already" in words(refused)
    assert 'value="Bee Lab"' in refused.content.decode()


def test_nobody_signed_in_founds_nothing():
    assert visitor().post("/found/", FORM).headers["Location"] == "/accounts/login/?next=/"
