"""Setting webhooks up, by who asks."""

from typing import Any

import pytest
from django.db.utils import IntegrityError
from django.utils import timezone

from tagwerk.base.errors import Invalid, NotAllowed, NotFound, TooMany
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Delivery, WebhookEndpoint
from tests.domain.notices.hooks import endpoint, hook, later, queue
from tests.people import actor, key_actor, member, organisation
from tests.providers.http.receivers import Receiver

pytestmark = pytest.mark.django_db


def create(by: Actor, **facts: Any) -> int:
    usual = {
        "organisation_id": organisation(),
        "url": "https://example.org/hooks",
        "events": ["result.ready"],
    }
    return notices.create_endpoint(actor=by, **(usual | facts)).endpoint_id


def test_a_webhook_is_made_told_and_shows_its_secret() -> None:
    organisation()
    made = notices.create_endpoint(
        actor=actor("ada"),
        organisation_id=organisation(),
        url="https://example.org/hooks",
        events=["result.ready", "answer.submitted"],
        accept=True,
        description=" training ",
    )
    (found,) = queries.endpoints_of(actor("ada"), organisation())
    assert (found.id, found.url, found.description) == (
        made.endpoint_id,
        "https://example.org/hooks",
        "training",
    )
    assert found.events == ("answer.submitted", "result.ready") and found.accept and found.active
    assert queries.endpoint_secret(actor("ada"), found.id) == made.secret
    assert StoredEvent.objects.get(name="WebhookCreated").facts == {"endpoint_id": found.id}


def test_the_secret_is_encrypted_in_the_table() -> None:
    organisation()
    create(actor("ada"))
    secret = queries.endpoint_secret(actor("ada"), endpoint().id)
    assert secret.startswith("whsec_") and secret not in str(WebhookEndpoint.objects.values().get())


def test_a_key_with_the_scope_may_and_one_without_may_not() -> None:
    organisation()
    assert create(key_actor("ada", organisation(), scopes=["webhooks"]), events=["budget.low"])
    with pytest.raises(NotAllowed):
        create(key_actor("ada", organisation(), scopes=["projects:write"]), events=["budget.low"])


ESCALATIONS: list[tuple[list[str], dict[str, Any]]] = [
    (["webhooks"], {"events": ["budget.low", "result.ready"]}),
    (["webhooks"], {"events": ["budget.low"], "accept": True}),
    (["webhooks", "projects:write"], {"events": ["result.ready"]}),
    (["webhooks", "results:read"], {"events": ["result.ready"], "accept": True}),
]


@pytest.mark.parametrize(("scopes", "wish"), ESCALATIONS)
def test_a_webhook_gives_a_key_no_more_than_its_scopes(scopes: list[str], wish: dict[str, Any]) -> None:
    organisation()
    poor = key_actor("ada", organisation(), scopes=scopes)
    with pytest.raises(NotAllowed):
        create(poor, **wish)
    webhook = create(actor("ada"), events=["budget.low"])
    with pytest.raises(NotAllowed):
        notices.update_endpoint(actor=poor, endpoint_id=webhook, **wish)
    assert queries.endpoint_for(actor("ada"), webhook).events == ("budget.low",)
    rich = key_actor("ada", organisation(), scopes=["webhooks", "projects:write", "results:read"])
    notices.update_endpoint(actor=rich, endpoint_id=webhook, **wish)


def test_what_another_set_up_cannot_be_turned_elsewhere_or_on_only_off() -> None:
    organisation()
    webhook = create(actor("ada"), accept=True)
    poor = key_actor("ada", organisation(), scopes=["webhooks"])
    notices.disable_endpoint(actor=poor, endpoint_id=webhook)
    for ask in (
        lambda: notices.update_endpoint(actor=poor, endpoint_id=webhook, url="https://evil.example/"),
        lambda: notices.enable_endpoint(actor=poor, endpoint_id=webhook),
    ):
        with pytest.raises(NotAllowed):
            ask()
    notices.update_endpoint(actor=poor, endpoint_id=webhook, events=["budget.low"], accept=False)
    notices.enable_endpoint(actor=poor, endpoint_id=webhook)


def test_who_may_not_read_results_sees_them_in_no_log() -> None:
    organisation()
    webhook = create(actor("ada"))
    queue()
    notices.send_test(actor=actor("ada"), endpoint_id=webhook)
    poor = key_actor("ada", organisation(), scopes=["webhooks"])
    rich = key_actor("ada", organisation(), scopes=["webhooks", "results:read"])
    test, result = queries.deliveries_page(poor, webhook)
    assert test.body is not None and result.body is None
    assert queries.delivery_for(poor, result.id).body is None
    for reader in (rich, actor("ada")):
        assert all(one.body for one in queries.deliveries_page(reader, webhook))


@pytest.mark.parametrize("role", ["reviewer", "finance", "viewer"])
def test_who_has_another_role_may_not(role: str) -> None:
    organisation()
    webhook = create(actor("ada"))
    colleague = member("hal", organisation(), role)
    with pytest.raises(NotAllowed):
        create(colleague)
    with pytest.raises(NotAllowed):
        queries.endpoint_secret(colleague, webhook)


@pytest.mark.parametrize("name", ["ben", "cyn", "eve", "dan"])
def test_to_others_nothing_is_there(name: str) -> None:
    organisation()
    webhook = create(actor("ada"))
    organisation("other", owner="eve")
    message = notices.send_test(actor=actor("ada"), endpoint_id=webhook)
    stranger = actor(name)
    asks: list[Any] = [
        lambda: create(stranger),
        lambda: queries.endpoints_of(stranger, organisation()),
        lambda: queries.endpoint_for(stranger, webhook),
        lambda: queries.endpoint_secret(stranger, webhook),
        lambda: queries.deliveries_page(stranger, webhook),
        lambda: queries.delivery_for(stranger, message),
        lambda: notices.update_endpoint(actor=stranger, endpoint_id=webhook, url="https://evil.example/"),
        lambda: notices.disable_endpoint(actor=stranger, endpoint_id=webhook),
        lambda: notices.enable_endpoint(actor=stranger, endpoint_id=webhook),
        lambda: notices.rotate_secret(actor=stranger, endpoint_id=webhook, now=timezone.now()),
        lambda: notices.remove_endpoint(actor=stranger, endpoint_id=webhook),
        lambda: notices.send_test(actor=stranger, endpoint_id=webhook),
        lambda: notices.replay(actor=stranger, delivery_id=message),
        lambda: notices.replay_failed(actor=stranger, endpoint_id=webhook, since=timezone.now()),
    ]
    for ask in asks:
        with pytest.raises(NotFound):
            ask()


def test_what_cannot_be_called_is_refused(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    organisation()
    for url in ("http://example.org/", "nonsense"):
        with pytest.raises(Invalid) as refusal:
            create(actor("ada"), url=url)
        assert refusal.value.code == "webhook_url_unusable"
    with pytest.raises(Invalid):
        create(actor("ada"), events=["nothing"])


def test_there_is_a_limit() -> None:
    organisation()
    for _ in range(20):
        create(actor("ada"))
    with pytest.raises(TooMany) as refusal:
        create(actor("ada"))
    assert refusal.value.code == "webhooks_too_many"


def test_only_what_is_given_is_changed() -> None:
    organisation()
    webhook = create(actor("ada"), description="old")
    notices.update_endpoint(actor=actor("ada"), endpoint_id=webhook)
    assert not StoredEvent.objects.filter(name="WebhookChanged").exists()
    notices.update_endpoint(
        actor=actor("ada"), endpoint_id=webhook, url="https://example.org/new", accept=True
    )
    found = queries.endpoint_for(actor("ada"), webhook)
    assert (found.url, found.accept, found.description, found.events) == (
        "https://example.org/new",
        True,
        "old",
        ("result.ready",),
    )
    assert StoredEvent.objects.get(name="WebhookChanged").facts["what"] == "url, accept"


def test_switching_off_keeps_what_waits_and_switching_on_sends_it(receiver: Receiver) -> None:
    made = hook(receiver)
    notices.disable_endpoint(actor=actor("ada"), endpoint_id=made.endpoint_id)
    queue()
    assert notices.deliver_due(now=later()) == 0
    notices.enable_endpoint(actor=actor("ada"), endpoint_id=made.endpoint_id)
    assert notices.deliver_due(now=later()) == 1


def test_removing_takes_everything_along() -> None:
    organisation()
    webhook = create(actor("ada"))
    queue()
    notices.remove_endpoint(actor=actor("ada"), endpoint_id=webhook)
    assert not Delivery.objects.exists() and queries.endpoints_of(actor("ada"), organisation()) == []
    assert StoredEvent.objects.get(name="WebhookRemoved").facts == {"endpoint_id": webhook}


def test_other_rooms_can_see_who_wants_an_event_and_whether_that_accepts() -> None:
    organisation()
    create(actor("ada"), accept=True)
    create(actor("ada"), events=["budget.low"])
    assert [each.accept for each in queries.endpoints_wanting(organisation(), "result.ready")] == [True]
    assert queries.endpoints_wanting(organisation("other", owner="eve"), "result.ready") == []


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"events": []}, "webhook_endpoint_events_known"),
        ({"events": ["nothing"]}, "webhook_endpoint_events_known"),
        ({"url": "ftp://example.org"}, "webhook_endpoint_url_shape"),
        ({"previous_secret": "x"}, "webhook_endpoint_previous_secret_ends"),
        ({"failures_in_a_row": 1}, "webhook_endpoint_failing_since_first"),
        ({"disabled_at": timezone.now(), "active": True}, "webhook_endpoint_disabled_is_off"),
    ],
)
def test_webhooks_are_of_a_known_sort(facts: dict[str, Any], name: str) -> None:
    usual: dict[str, Any] = {"url": "https://example.org/", "events": ["result.ready"], "secret": "x"}
    with pytest.raises(IntegrityError, match=name):
        WebhookEndpoint.objects.create(organisation_id=organisation(), **(usual | facts))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"state": "lost"}, "delivery_state_known"),
        ({"event": "nothing"}, "delivery_event_known"),
        ({"state": "delivered"}, "delivery_has_time"),
        ({"key": "taken"}, "delivery_key_once"),
    ],
)
def test_deliveries_are_of_a_known_sort(facts: dict[str, Any], name: str) -> None:
    organisation()
    create(actor("ada"))
    queue(key="taken")
    with pytest.raises(IntegrityError, match=name):
        Delivery.objects.create(endpoint=endpoint(), body="{}", **({"event": "result.ready"} | facts))
