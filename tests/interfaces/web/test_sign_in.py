"""Signing up, in and out, second steps and passkeys, through the pages."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import Person
from tagwerk.domain.accounts.rules import CONSOLE
from tests.people import PASSWORD, actor, organisation, person

pytestmark = pytest.mark.django_db

FORM = {
    "email": "Mia@Example.org",
    "password1": PASSWORD,
    "display_name": "Mia",
    "country": "AT",
    "time_zone": "Europe/Vienna",
    "language_1": "de",
    "level_1": "native",
    "language_2": "en",
    "level_2": "B2",
    "adult": "on",
    "terms": "on",
    "terms_version": "2026-11",
}


@pytest.fixture(autouse=True)
def _as_shipped(settings):
    settings.TERMS_VERSION = "2026-11"
    settings.SIGN_UP = "open"
    # The pages' addresses matter here, not the hashed names of their files.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def client() -> Client:
    # Rate limits are kept per address; each test comes from its own.
    _as_from[0] += 1
    return Client(REMOTE_ADDR=f"10.0.{_as_from[0] // 250}.{_as_from[0] % 250}")


_as_from = [0]


def sign_up(client: Client, **changes: Any) -> Any:
    return client.post("/accounts/signup/", FORM | changes)


def link_in(mail: Any) -> str:
    """The path of the first link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def sign_in_freshly(client: Client, email: str) -> None:
    """Sign in and give the password once more, as changes to the account ask for it."""
    sign_in(client, email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def somebody(name: str = "fay") -> Person:
    return person(name, password=PASSWORD)


def signed_in_id(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def test_signing_up_takes_a_click_in_a_mail(client, mailoutbox):
    page = client.get("/accounts/signup/")
    assert page.status_code == 200 and b"terms_version" in page.content
    assert sign_up(client).status_code == 302
    mia = Person.objects.get(email="mia@example.org")
    assert signed_in_id(client) is None and mia.email_verified_at is None
    assert queries.worker_profile(mia.id).languages == {"de": "native", "en": "B2"}
    assert queries.has_consented(mia.id, "terms", "2026-11")

    link = link_in(mailoutbox[0])
    assert client.get(link).status_code == 200
    mia.refresh_from_db()
    assert mia.email_verified_at is None, "a mail scanner that opens the link confirms nothing"
    assert client.post(link).status_code == 302
    mia.refresh_from_db()
    assert mia.email_verified_at is not None
    sign_in(client, "mia@example.org")
    assert signed_in_id(client) == mia.id
    assert queries.actor_of_person(mia.id).name == "Mia"


def test_without_the_click_nobody_gets_in(client, mailoutbox):
    sign_up(client)
    response = sign_in(Client(REMOTE_ADDR="10.9.9.9"), "mia@example.org")
    assert response.status_code == 302 and "confirm-email" in response["Location"]
    assert signed_in_id(client) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"adult": ""}, "adult"),
        ({"terms": ""}, "terms"),
        ({"terms_version": "2020-01"}, "terms_version"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Moon"}, "time_zone"),
        ({"language_1": ""}, "language_1"),
        ({"level_2": ""}, "level_2"),
        ({"display_name": "\u200b"}, "display_name"),
        ({"password1": "12345678"}, "password1"),
        ({"email": "mia"}, "email"),
    ],
)
def test_a_sign_up_that_lacks_something_is_shown_again(client, change, field):
    response = sign_up(client, **change)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Person.objects.filter(email="mia@example.org").exists()


def test_who_comes_to_order_is_asked_for_no_languages_and_nobody_is_taken_for_a_native_speaker(client):
    form = client.get("/accounts/signup/").context["form"]
    assert form["language_1"].initial == "en" and not form["level_1"].initial
    assert "language_1" not in client.get("/accounts/signup/?next=/found/").context["form"].fields
    told = {name: value for name, value in FORM.items() if not name.startswith(("language", "level"))}
    client.post("/accounts/signup/", told | {"next": "/found/"})
    mia = Person.objects.get(email="mia@example.org")
    assert queries.languages_of(mia.id) == {}


def test_new_terms_are_read_again(client):
    response = sign_up(client, terms_version="2020-01")
    assert response.context["form"]["terms_version"].value() == "2026-11"


def test_nobody_learns_who_is_here(client, mailoutbox):
    somebody()
    known, unknown = sign_up(client, email="FAY@example.org"), sign_up(Client(REMOTE_ADDR="10.8.8.8"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Person.objects.filter(email="fay@example.org").count() == 1
    wrong = [
        sign_in(client, email, "wrong-password-9").content for email in ("fay@example.org", "nix@example.org")
    ]
    assert [b"not correct" in content for content in wrong] == [True, True]


def test_the_form_speaks_german(client):
    page = client.get("/accounts/signup/", headers={"Accept-Language": "de"})
    assert "Österreich" in page.content.decode()


def test_whom_an_operator_made_signs_in_at_once(client):
    fay = somebody()
    sign_in(client, "Fay@Example.org")
    assert signed_in_id(client) == fay.id
    client.post("/accounts/logout/")
    assert signed_in_id(client) is None
    sign_in(client, "fay@example.org")
    assert signed_in_id(client) == fay.id


def test_who_is_shut_out_does_not_get_in(client):
    fay = somebody()
    sign_in(client, "fay@example.org")
    assert client.get("/accounts/email/").status_code == 200
    accounts.suspend_person(actor=actor("dan"), person_id=fay.id, reason="other")
    for browser in (client, Client(REMOTE_ADDR="10.7.7.7")):
        sign_in(browser, "fay@example.org")
        response = browser.get("/accounts/email/")
        assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")


def test_who_is_suspended_reads_why_after_the_right_password_only(client):
    fay = somebody()
    accounts.change_instance(actor=actor("dan"), contact_email="help@example.org")
    accounts.suspend_person(
        actor=actor("dan"), person_id=fay.id, reason="identity", note="Send us your papers."
    )
    page = sign_in(client, "fay@example.org").content.decode()
    assert "It has to be made clear who you are" in page and "Send us your papers." in page
    assert "help@example.org" in page and signed_in_id(client) is None
    wrong = sign_in(Client(REMOTE_ADDR="10.7.7.8"), "fay@example.org", "wrong-password-9").content.decode()
    assert "Send us your papers." not in wrong


def test_guessing_passwords_is_slowed_down(client):
    somebody()
    for _ in range(5):
        sign_in(client, "fay@example.org", "wrong-password-9")
    response = sign_in(client, "fay@example.org")
    assert signed_in_id(client) is None
    assert b"Too many failed login attempts" in response.content


def test_a_password_is_reset_by_mail(client, mailoutbox):
    fay = somebody()
    client.post("/accounts/password/reset/", {"email": "fay@example.org"})
    asked = client.get(link_in(mailoutbox[0]), follow=True)
    path = asked.redirect_chain[-1][0]
    client.post(path, {"password1": "another-long-password-8", "password2": "another-long-password-8"})
    sign_in(client, "fay@example.org", "another-long-password-8")
    assert signed_in_id(client) == fay.id


def test_an_address_changes_when_the_new_one_is_confirmed(client, mailoutbox):
    fay = somebody()
    sign_in_freshly(client, "fay@example.org")
    client.post("/accounts/email/", {"action_add": "", "email": "fay.new@example.org"})
    fay.refresh_from_db()
    assert fay.email == "fay@example.org"
    client.post(link_in(next(mail for mail in mailoutbox if mail.to == ["fay.new@example.org"])))
    fay.refresh_from_db()
    assert fay.email == "fay.new@example.org" and fay.email_verified_at is not None
    assert queries.person_id_of_email("fay.new@example.org") == fay.id


# Invitations


def invited(**facts: Any) -> str:
    """The token in the mail of an invitation."""
    acme = organisation()
    invitation_id = accounts.invite_member(
        actor=actor("ada"), organisation_id=acme, email="mia@example.org", role="reviewer", **facts
    )
    mail = queries.invitation_mail(invitation_id)
    assert mail is not None
    return mail.token


def test_by_invitation_only_the_invited_sign_up(client, settings, mailoutbox):
    settings.SIGN_UP = "invitation"
    token = invited()
    sign_up(client)
    client.get("/accounts/signup/?invitation=nonsense")
    sign_up(client)
    assert not Person.objects.filter(email="mia@example.org").exists()

    assert b"terms_version" in client.get(f"/accounts/signup/?invitation={token}").content
    other = sign_up(client, email="somebody.else@example.org")
    assert "email" in other.context["form"].errors
    sign_up(client)
    mia = Person.objects.get(email="mia@example.org")
    assert signed_in_id(client) == mia.id, "the link came to this address, so it is confirmed"
    assert mia.email_verified_at is not None and mailoutbox == []


def test_who_came_by_the_link_joins(client):
    client.get(f"/accounts/signup/?invitation={invited()}")
    sign_up(client)
    mia = queries.actor_of_person(queries.person_id_of_email("mia@example.org"))
    [invitation] = queries.invitations_for(mia)
    accounts.accept_invitation(actor=mia, invitation_id=invitation.id, agrees_to_name=True)
    assert StoredEvent.objects.filter(name="MemberJoined").exists()


def test_a_link_confirms_no_other_address(client, mailoutbox):
    client.get(f"/accounts/signup/?invitation={invited()}")
    sign_up(client, email="gus@example.org")
    gus = Person.objects.get(email="gus@example.org")
    assert gus.email_verified_at is None and signed_in_id(client) is None
    assert len(mailoutbox) == 1


def test_an_operator_invites_workers(client, settings):
    settings.SIGN_UP = "invitation"
    mail = queries.invitation_mail(accounts.invite_worker(actor=CONSOLE, email="mia@example.org"))
    assert mail is not None
    client.get(f"/accounts/signup/?invitation={mail.token}")
    sign_up(client)
    assert signed_in_id(client) == Person.objects.get(email="mia@example.org").id


# Second steps


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_a_second_step_is_asked_for_and_its_secret_is_encrypted(client):
    fay = somebody()
    sign_in_freshly(client, "fay@example.org")
    form = client.get("/accounts/2fa/totp/activate/").context["form"]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(form.secret)})
    kept = Authenticator.objects.get(user_id=fay.id, type="totp")
    assert form.secret not in str(kept.data)
    assert Authenticator.objects.filter(user_id=fay.id, type="recovery_codes").exists()

    client.post("/accounts/logout/")
    response = sign_in(client, "fay@example.org")
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert signed_in_id(client) is None
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert signed_in_id(client) is None
    spare = RecoveryCodes(Authenticator.objects.get(user_id=fay.id, type="recovery_codes")).get_unused_codes()
    client.post("/accounts/2fa/authenticate/", {"code": spare[0]})
    assert signed_in_id(client) == fay.id


def test_passkeys_are_offered(client):
    response = client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert response.status_code == 200
    assert response.json()["request_options"]["publicKey"]["challenge"]
