"""Limits on guessing and flooding: they count the visitor, also behind a proxy, and nobody can make them forget."""

import itertools

import pytest
from django.conf import settings as shipped
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tagwerk.config.stalled import tidy_up
from tests.people import PASSWORD, email_of, person

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _quick(settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(params=["directly", "behind a proxy"])
def visitor(request, settings):
    """Makes a visitor with an address of their own."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0 if request.param == "directly" else 1
    place = next(_numbers)

    def made() -> Client:
        address = f"198.51.{place}.{next(_numbers) % 250}"
        if request.param == "directly":
            return Client(REMOTE_ADDR=address)
        # The left part is what a visitor claims; the proxy adds the right one.
        return Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"203.0.113.{place}, {address}"})

    return made


def sign_in(client, email, password="wrong-password-1"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def ask_reset(client, email):
    return client.post("/accounts/password/reset/", {"email": email})


def sign_up(client, email):
    return client.post("/accounts/signup/", {"email": email})


def test_one_account_cannot_be_guessed_at_from_many_places(visitor):
    person("fay", password=PASSWORD)
    for _ in range(5):
        assert "Too many" not in sign_in(visitor(), email_of("fay")).content.decode()
    answer = sign_in(visitor(), email_of("fay"), PASSWORD)
    assert answer.status_code == 200 and "Too many failed" in answer.content.decode()


def test_one_place_cannot_guess_at_many_accounts_and_shuts_out_nobody_else(visitor):
    person("fay", password=PASSWORD)
    guesser = visitor()
    for number in range(10):
        assert "Too many" not in sign_in(guesser, f"someone-{number}@example.org").content.decode()
    assert "Too many failed" in sign_in(guesser, "another@example.org").content.decode()
    assert sign_in(visitor(), email_of("fay"), PASSWORD).status_code == 302


@pytest.mark.parametrize(("ask", "limit"), [(sign_up, "signup"), (ask_reset, "reset_password")])
def test_one_place_has_its_fill_and_others_go_on(visitor, settings, ask, limit):
    assert "20/m/ip" in shipped.ACCOUNT_RATE_LIMITS[limit]
    settings.ACCOUNT_RATE_LIMITS = shipped.ACCOUNT_RATE_LIMITS | {
        limit: "3/m/ip"
    }  # such a page takes its time
    flooder = visitor()
    for number in range(3):
        assert ask(flooder, f"no-{number}@example.org").status_code != 429
    assert ask(flooder, "no-3@example.org").status_code == 429
    assert ask(visitor(), "no-4@example.org").status_code != 429


def test_one_mailbox_cannot_be_filled_from_many_places(visitor, mailoutbox):
    person("fay", password=PASSWORD)
    for _ in range(7):
        ask_reset(visitor(), email_of("fay"))
    assert len(mailoutbox) == 5


def test_a_claimed_address_counts_for_nothing_without_a_proxy():
    place = f"198.18.0.{next(_numbers)}"
    for number in range(10):
        sign_in(Client(REMOTE_ADDR=place), f"someone-{number}@example.org")
    claimed = Client(REMOTE_ADDR=place, headers={"X-Forwarded-For": "203.0.113.250"})
    assert "Too many failed" in sign_in(claimed, "another@example.org").content.decode()


def test_other_counters_push_none_out():
    """Django's own limit is 300 entries; counters that are over go, whatever their number."""
    assert shipped.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 1_000_000
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into shared_cache (cache_key, value, expires)"
            " select ':1:!' || n, '', now() + interval '1 day' * (case when n < 500 then 1 else -1 end)"
            " from generate_series(1, 1000) n"
        )
        for number in range(3):
            cache.set(f"guessed-{number}", number, 300)
        cursor.execute("select count(*) from shared_cache where cache_key like ':1:!%'")
        assert cursor.fetchone()[0] == 1000
        tidy_up()
        cursor.execute("select count(*) from shared_cache where cache_key like ':1:!%'")
        assert cursor.fetchone()[0] == 499
    assert [cache.get(f"guessed-{number}") for number in range(3)] == [0, 1, 2]
