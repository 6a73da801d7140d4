"""A key that asks too often waits; others and simulated people do not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagwerk.interfaces.api import rates
from tests import people
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked(monkeypatch):
    monkeypatch.setattr(rates, "_left", {})
    monkeypatch.setattr(rates, "monotonic", lambda: 0.0)  # however slow the machine is, no time passes


def test_a_bucket_fills_again_at_its_pace():
    assert [rates.seconds_to_wait(1, 3, now=100.0) for _ in range(5)] == [0, 0, 0, 20, 20]
    assert rates.seconds_to_wait(1, 3, now=119.5) == 1
    assert [rates.seconds_to_wait(1, 3, now=120.5) for _ in range(2)] == [0, 20]
    assert [rates.seconds_to_wait(1, 3, now=9_999.0) for _ in range(4)] == [0, 0, 0, 20]
    assert rates.seconds_to_wait(2, 3, now=100.0) == 0
    assert [rates.seconds_to_wait(3, 0) for _ in range(9)] == [0] * 9


def test_the_memory_of_buckets_is_bounded(monkeypatch):
    monkeypatch.setattr(rates, "MOST_KEYS", 3)
    for key in range(10):
        rates.seconds_to_wait(key, 60, now=0.0)
        assert len(rates._left) <= 3


def test_a_key_that_asks_too_often_is_told_when_to_ask_again(settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    ben, cyn = people.key_for("ben"), people.key_for("cyn")
    assert [call("GET", "/me", ben).status for _ in range(3)] == [200, 200, 429]
    refused = call("GET", "/work/projects", ben)
    assert (refused.code, refused.headers["Retry-After"]) == ("requests_too_many", "30")
    assert call("GET", "/me", cyn).status == 200
    settings.API_REQUESTS_PER_MINUTE = 0
    assert call("GET", "/me", ben).status == 200


def test_what_is_called_most_often_is_counted_without_a_query(settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    ben, nowhere = people.key_for("ben"), "/work/projects/prj_x/next"
    assert [call("POST", nowhere, ben).status for _ in range(2)] == [404, 404], "a refusal counts once"
    with CaptureQueriesContext(connection) as asked:
        assert call("POST", nowhere, ben).status == 429
    assert len(asked) == 0


def test_simulated_people_ask_as_often_as_they_like(settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    text = worker("s1")
    assert [call("GET", "/me", text).status for _ in range(3)] == [200] * 3
