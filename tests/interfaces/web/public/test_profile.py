"""One's own profile and keys."""

import re

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, key_for, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

FACTS = {"display_name": "Benno", "country": "AT"}


def test_the_profile_shows_what_is_known():
    response = visitor("ben").get("/profile/")
    assert str(person("ben").uuid) in words(response)
    assert '<option value="DE" selected>Germany' in response.content.decode()


def test_it_is_changed():
    assert visitor("ben").post("/profile/change/", FACTS).status_code == 303
    ben = queries.person(person("ben").id)
    assert (ben.display_name, ben.country) == ("Benno", "AT")


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays():
    response = visitor("ben").post("/profile/change/", FACTS | {"display_name": "\u200b", "country": "AT"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"display_name"}
    assert '<option value="AT" selected>' in response.content.decode()
    assert queries.person(person("ben").id).country == "DE"


def test_languages_are_set_a_row_without_one_is_left_out():
    person("ben")
    sent = {
        "language_1": "de",
        "level_1": "native",
        "language_2": "",
        "level_2": "B1",
        "language_3": "fr",
        "level_3": "B2",
    }
    assert visitor("ben").post("/profile/languages/", sent).status_code == 303
    assert queries.worker_profile(person("ben").id).languages == {"de": "native", "fr": "B2"}


def test_a_language_needs_a_level_and_stands_once():
    sent = {
        "language_1": "de",
        "level_1": "",
        "language_2": "en",
        "level_2": "C1",
        "language_3": "en",
        "level_3": "B1",
    }
    response = visitor("ben").post("/profile/languages/", sent)
    assert response.status_code == 422
    assert response.context["languages_form"].errors.keys() == {"level_1", "language_3"}


def test_a_regional_language_from_elsewhere_stays():
    client = visitor("fay", languages={"de-AT": "native"})
    page = client.get("/profile/").content.decode()
    assert re.search(r'<option value="de-AT" selected>(Austrian German|German \(Austria\))', page)
    client.post("/profile/languages/", {"language_1": "de-AT", "level_1": "native"})
    assert queries.worker_profile(person("fay").id).languages == {"de-AT": "native"}


def test_a_key_is_shown_once_and_opens_the_door():
    client = visitor("ben")
    made = client.post("/profile/keys/", {"name": "my program", "expires_on": ""})
    (text,) = set(re.findall(r"twk_[a-z2-7]{52}", made.content.decode()))
    assert made.headers["Cache-Control"] == "no-store"
    found = queries.actor_of_key(text)
    assert found is not None and found.person_id == person("ben").id
    again = client.get("/profile/keys/")
    assert text not in again.content.decode() and "my program" in words(again)


def test_a_key_is_replaced_and_revoked():
    text = key_for("ben")
    (key,) = queries.keys_of(actor("ben"))
    client = visitor("ben")
    replaced = client.post(f"/profile/keys/{public_id('key', key.id)}/replace/")
    (new,) = set(re.findall(r"twk_[a-z2-7]{52}", replaced.content.decode()))
    assert queries.actor_of_key(text) is None and queries.actor_of_key(new) is not None
    alive = next(one for one in queries.keys_of(actor("ben")) if one.state == "alive")
    assert client.post(f"/profile/keys/{public_id('key', alive.id)}/revoke/").status_code == 303
    assert queries.actor_of_key(new) is None


def test_a_last_day_in_the_past_is_refused():
    response = visitor("ben").post("/profile/keys/", {"name": "old", "expires_on": "2020-01-01"})
    assert response.status_code == 422 and response.context["form"].errors.keys() == {"expires_on"}


def test_another_persons_key_does_not_exist():
    text = key_for("ben")
    (key,) = queries.keys_of(actor("ben"))
    for step in ("replace", "revoke"):
        assert visitor("cyn").post(f"/profile/keys/{public_id('key', key.id)}/{step}/").status_code == 404
    assert queries.actor_of_key(text) is not None
    assert visitor("ben").get(f"/profile/keys/{public_id('key', key.id)}/revoke/").status_code == 405
