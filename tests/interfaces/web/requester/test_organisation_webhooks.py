"""Webhooks through the pages: made, tested, switched, replayed, removed."""

import re

import pytest
from django.utils import timezone

from tagwerk.base.ids import public_id
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Delivery
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

FORM = {"url": "https://example.org/hook", "events": ["result.ready", "budget.low"], "description": "etl"}


@pytest.fixture
def client():
    organisation()
    return visitor("ada")


def url(path=""):
    return f"/organisation/{public_id('org', organisation())}/webhooks/{path}"


@pytest.fixture
def endpoint(client):
    client.post(url(), FORM)
    (found,) = queries.endpoints_of(actor("ada"), organisation())
    return found


def one(endpoint, path=""):
    return url(f"{public_id('whk', endpoint.id)}/{path}")


def test_the_secret_of_a_new_one_is_shown_once(client):
    made = client.post(url(), FORM)
    (found,) = queries.endpoints_of(actor("ada"), organisation())
    secret = queries.endpoint_secret(actor("ada"), found.id)
    assert secret in made.content.decode() and made.headers["Cache-Control"] == "no-store"
    assert (found.events, found.accept) == (("result.ready", "budget.low"), False)
    again = client.get(url())
    assert secret not in again.content.decode() and "https://example.org/hook" in words(again)


def test_an_unusable_address_is_said_at_its_field(client):
    refused = client.post(url(), FORM | {"url": "ftp://example.org"})
    assert refused.status_code == 422 and refused.context["form"].errors.keys() == {"url"}
    assert client.post(url(), {"url": "https://example.org"}).status_code == 422


def test_a_test_is_queued_and_stands_in_the_log(client, endpoint):
    assert client.post(one(endpoint, "test/")).status_code == 303
    page = words(client.get(one(endpoint)))
    assert "webhook.test" in page and "waiting" in page and "This is a test of tagwerk." in page


def test_switching_off_and_on(client, endpoint):
    client.post(one(endpoint, "switch/"), {"active": "no"})
    assert "switched off" in words(client.get(one(endpoint)))
    client.post(one(endpoint, "switch/"), {"active": "yes"})
    assert queries.endpoint_for(actor("ada"), endpoint.id).active


def test_a_new_secret_is_shown_once_and_the_old_one_signs_for_a_day(client, endpoint):
    old = queries.endpoint_secret(actor("ada"), endpoint.id)
    page = client.post(one(endpoint, "secret/"))
    new = queries.endpoint_secret(actor("ada"), endpoint.id)
    assert new != old and new in page.content.decode() and old not in page.content.decode()
    assert "both the new and the old secret" in words(page)
    assert new not in client.get(one(endpoint)).content.decode()


def test_what_it_is_called_for_is_changed(client, endpoint):
    client.post(one(endpoint), FORM | {"events": "project.finished", "accept": "on"})
    found = queries.endpoint_for(actor("ada"), endpoint.id)
    assert (found.events, found.accept) == (("project.finished",), True)


def test_messages_are_sent_again(client, endpoint):
    number = notices.send_test(actor=actor("ada"), endpoint_id=endpoint.id)
    tried = [
        {
            "at": timezone.now().isoformat(),
            "status": 500,
            "duration_ms": 12,
            "error": "",
            "reply": "<b>no</b>",
        }
    ]
    Delivery.objects.filter(id=number).update(state="failed", attempts=9, log=tried)
    page = client.get(one(endpoint, "?state=failed"))
    assert (
        "given up" in words(page) and "500 12 ms" in words(page) and "<b>no</b>" not in page.content.decode()
    )
    assert "No messages here" in words(client.get(one(endpoint, "?state=delivered")))
    client.post(one(endpoint, f"messages/{public_id('dlv', number)}/replay/"))
    assert queries.delivery_for(actor("ada"), number).state == "waiting"
    Delivery.objects.filter(id=number).update(state="failed")
    done = client.post(one(endpoint, "replay/"), follow=True)
    assert "1 message is sent again." in words(done)
    assert queries.delivery_for(actor("ada"), number).state == "waiting"


def test_removing(client, endpoint):
    assert client.post(one(endpoint, "remove/")).headers["Location"] == url()
    assert queries.endpoints_of(actor("ada"), organisation()) == []


def test_the_log_has_pages(client, endpoint, django_assert_max_num_queries):
    for _ in range(32):
        notices.send_test(actor=actor("ada"), endpoint_id=endpoint.id)
    client.get(one(endpoint))
    with django_assert_max_num_queries(10):
        first = client.get(one(endpoint))
    assert len(first.context["deliveries"]) == 30
    assert len(client.get(first.context["page"].older).context["deliveries"]) == 2
    assert re.search(r"\?before=dlv_", first.context["page"].older)
