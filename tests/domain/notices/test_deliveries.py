"""Messages on their way to a real server."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tagwerk.base.models import StoredEvent
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.actions import deliver
from tagwerk.domain.notices.actions.deliver import KEPT_TRIES
from tagwerk.domain.notices.models import Delivery, WebhookEndpoint
from tagwerk.domain.notices.rules import webhooks as rules
from tests.domain.notices.hooks import delivery, endpoint, hook, later, queue
from tests.people import actor, member, organisation
from tests.providers.http.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db


def test_a_message_arrives_signed_and_is_noted(receiver: Receiver) -> None:
    made = hook(receiver)
    assert queue(41) == 1
    assert notices.deliver_due(now=later()) == 1
    (got,) = receiver.requests
    assert got.path == "/hooks" and got.headers["content-type"] == "application/json"
    assert json.loads(got.body)["type"] == "result.ready" and json.loads(got.body)["data"] == {"number": 41}
    assert rules.is_signed(made.secret, headers=got.headers, body=got.body, now=int(time.time()))
    (noted,) = queries.deliveries_page(actor("ada"), made.endpoint_id)
    assert (noted.state, noted.attempts, noted.response_status, noted.project_id) == ("delivered", 1, 200, 7)
    assert noted.duration_ms is not None and noted.delivered_at is not None and noted.next_at is None
    assert (noted.log[0]["status"], noted.log[0]["reply"]) == (200, "ok")
    assert notices.deliver_due(now=later()) == 0


def test_only_who_asked_for_an_event_gets_it(receiver: Receiver) -> None:
    hook(receiver, "budget.low")
    assert queue() == 0 and not Delivery.objects.exists()
    with pytest.raises(AssertionError):
        notices.queue_delivery(organisation_id=organisation(), event="nothing", payload={})


def test_other_organisations_get_nothing(receiver: Receiver) -> None:
    hook(receiver)
    other = organisation("other", owner="eve")
    assert notices.queue_delivery(organisation_id=other, event="result.ready", payload={}) == 0


def test_the_same_fact_is_queued_once_for_each_webhook(receiver: Receiver) -> None:
    hook(receiver)
    hook(receiver)
    queue(key="result:7")
    queue(key="result:7")
    assert Delivery.objects.count() == 2
    queue(), queue()
    assert Delivery.objects.count() == 6


def test_many_messages_of_one_event_are_queued_together(receiver: Receiver) -> None:
    accepting, waiting = hook(receiver, accept=True), hook(receiver)
    payloads = [(f"result:{number}", {"number": number}) for number in range(50)]
    facts: dict[str, Any] = {"organisation_id": organisation(), "event": "result.ready", "payloads": payloads}
    assert notices.queue_deliveries(endpoint_ids=frozenset({accepting.endpoint_id}), **facts) == 50
    assert not Delivery.objects.filter(endpoint_id=waiting.endpoint_id).exists()
    notices.queue_deliveries(**facts)
    assert Delivery.objects.count() == 100
    assert notices.deliver_due(now=later()) == 100
    assert len({got.headers["webhook-id"] for got in receiver.requests}) == 100


def test_a_failed_try_comes_again_later_with_the_same_id_and_body(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    receiver.answer, receiver.reply = 500, b"out of \x00order"
    now = later()
    assert notices.deliver_due(now=now) == 0
    failed = delivery()
    assert (failed.state, failed.attempts, failed.response_status) == ("waiting", 1, 500)
    assert failed.next_at == now + timedelta(seconds=10)
    assert failed.log[0]["reply"] == "out of �order"
    assert notices.deliver_due(now=now) == 0 and receiver.calls == 1  # not due yet
    receiver.answer = 204
    assert notices.deliver_due(now=now + timedelta(seconds=10)) == 1
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    assert len(delivery().log) == 2


def test_a_receiver_that_is_not_there(receiver: Receiver) -> None:
    with receiving() as gone:
        hook(gone)
    queue()
    notices.deliver_due(now=later())
    assert (delivery().response_status, delivery().error.partition(":")[0]) == (None, "connection")


def test_an_address_that_turns_out_to_be_private_is_never_called(receiver: Receiver, settings: Any) -> None:
    hook(receiver)
    settings.ALLOW_PRIVATE_ADDRESSES = False
    queue()
    notices.deliver_due(now=later())
    assert receiver.calls == 0 and delivery().error.startswith("address_refused")


def test_a_redirect_is_a_failure(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    receiver.answer, receiver.headers = 302, {"Location": receiver.url + "/other"}
    assert notices.deliver_due(now=later()) == 0
    assert (receiver.calls, delivery().response_status) == (1, 302)


def test_a_receiver_may_ask_for_time(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    receiver.answer, receiver.headers = 503, {"Retry-After": "600"}
    now = later()
    notices.deliver_due(now=now)
    assert delivery().next_at == now + timedelta(seconds=600)


def fail_to_the_end(receiver: Receiver) -> None:
    receiver.answer = 500
    now = later()
    for pause in (*rules.PAUSES, timedelta(0)):
        notices.deliver_due(now=now)
        now += max(pause, timedelta(minutes=6))  # the endpoint rests, too


def test_after_the_last_try_it_is_given_up_and_can_be_replayed(receiver: Receiver) -> None:
    made = hook(receiver)
    queue()
    fail_to_the_end(receiver)
    given_up = delivery()
    assert (given_up.state, given_up.attempts, receiver.calls) == ("failed", 9, 9)
    receiver.answer = 200
    assert notices.deliver_due(now=later(days=9)) == 0
    assert notices.replay_failed(actor=actor("ada"), endpoint_id=made.endpoint_id, since=later(days=1)) == 0
    assert notices.replay_failed(actor=actor("ada"), endpoint_id=made.endpoint_id, since=later(days=-1)) == 1
    assert notices.deliver_due(now=later(days=9)) == 1
    assert len({got.headers["webhook-id"] for got in receiver.requests}) == 1
    assert len(delivery().log) == 10


def test_what_was_received_can_be_sent_again(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    notices.deliver_due(now=later())
    notices.replay(actor=actor("ada"), delivery_id=delivery().id)
    assert queries.delivery_for(actor("ada"), delivery().id).state == "waiting"
    notices.deliver_due(now=later())
    assert receiver.calls == 2 and delivery().state == "delivered"


def test_the_log_keeps_the_last_tries(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    Delivery.objects.update(log=[{"status": number} for number in range(KEPT_TRIES)])
    notices.deliver_due(now=later())
    assert len(delivery().log) == KEPT_TRIES and delivery().log[-1]["status"] == 200


def test_a_test_message_goes_to_one_webhook_whatever_it_asked_for(receiver: Receiver) -> None:
    made = hook(receiver, "budget.low")
    hook(receiver)
    notices.send_test(actor=actor("ada"), endpoint_id=made.endpoint_id)
    assert notices.deliver_due(now=later()) == 1
    assert json.loads(receiver.requests[0].body)["type"] == "webhook.test"


def test_during_a_rotation_both_secrets_sign(receiver: Receiver) -> None:
    made = hook(receiver)
    now = timezone.now()
    new = notices.rotate_secret(actor=actor("ada"), endpoint_id=made.endpoint_id, now=now)
    assert new != made.secret and queries.endpoint_secret(actor("ada"), made.endpoint_id) == new
    queue(), queue()
    notices.deliver_due(now=now + timedelta(hours=23), limit=1)
    notices.deliver_due(now=now + timedelta(hours=25))
    during, after = receiver.requests

    def signed(secret: str, got: Any) -> bool:
        return rules.is_signed(secret, headers=got.headers, body=got.body, now=int(time.time()))

    assert signed(new, during) and signed(made.secret, during)
    assert signed(new, after) and not signed(made.secret, after)


def test_an_endpoint_that_keeps_failing_rests_while_others_go_on(receiver: Receiver) -> None:
    with receiving(Receiver(500)) as broken:
        hook(broken)
        hook(receiver)
        for number in range(12):
            queue(number)
        assert notices.deliver_due(now=later()) == 12
        assert broken.calls < 12
        failing = WebhookEndpoint.objects.get(failures_in_a_row__gt=0)
        assert failing.rest_until is not None and failing.failures_in_a_row == broken.calls
        broken.answer = 200
        assert notices.deliver_due(now=later(minutes=10)) == 12
    failing.refresh_from_db()
    assert (failing.failures_in_a_row, failing.failing_since, failing.rest_until) == (0, None, None)


def test_a_slow_endpoint_cannot_take_all_calls(receiver: Receiver) -> None:
    with receiving() as slow:
        hook(slow)
        hook(receiver)
        for number in range(10):
            queue(number)
        notices.deliver_due(now=later())
        assert slow.most_together <= 4


def test_after_days_of_failures_it_is_switched_off_and_the_owners_are_told(receiver: Receiver) -> None:
    made = hook(receiver)
    member("hal", organisation(), "viewer")
    receiver.answer = 500
    queue()
    notices.deliver_due(now=later())
    queue()
    notices.deliver_due(now=later(days=2))
    assert endpoint().active
    notices.deliver_due(now=later(days=4))
    off = queries.endpoint_for(actor("ada"), made.endpoint_id)
    assert not off.active and off.disabled_at is not None
    assert StoredEvent.objects.filter(name="WebhookDisabled").count() == 1
    (notice,) = queries.inbox(actor("ada"))
    assert (
        notice.kind == "webhook_disabled"
        and receiver.url in notice.body
        and notice.link.startswith("/organisation/")
    )
    assert queries.inbox(actor("hal")) == []
    receiver.answer = 200
    assert notices.deliver_due(now=later(days=9)) == 0  # it waits
    notices.enable_endpoint(actor=actor("ada"), endpoint_id=made.endpoint_id)
    assert notices.deliver_due(now=later(days=9)) == 2


def test_a_receiver_that_is_gone_for_good_is_switched_off_at_once(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    receiver.answer = 410
    notices.deliver_due(now=later())
    assert not endpoint().active


def test_a_process_that_died_on_the_way_leaves_the_message_to_the_next(receiver: Receiver) -> None:
    """At least once, and under the same id, so that the receiver can tell."""
    hook(receiver)
    queue()
    Delivery.objects.update(claimed_until=later(minutes=1), claim=1, attempts=1)
    assert notices.deliver_due(now=later()) == 0
    Delivery.objects.update(claimed_until=timezone.now() - timedelta(hours=1))
    assert notices.deliver_due(now=later()) == 1


def test_a_late_result_changes_nothing_that_another_process_has_in_hand(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    (mine,) = deliver._claim(later(), 1, [])
    Delivery.objects.update(claim=2)
    assert deliver._note(deliver._Outcome(mine, 200, 5), later()) is False
    assert delivery().state == "waiting"


def test_old_messages_are_forgotten_but_not_those_that_wait(receiver: Receiver) -> None:
    hook(receiver)
    queue()
    notices.deliver_due(now=later())
    queue()
    assert notices.forget_old_deliveries(now=later(days=29)) == 0
    assert notices.forget_old_deliveries(now=later(days=31)) == 1
    assert delivery().state == "waiting"


def test_pages_of_messages(receiver: Receiver) -> None:
    made = hook(receiver)
    for number in range(5):
        queue(number)
    notices.deliver_due(now=later(), limit=2)

    def page(**how: Any) -> list[int]:
        return [each.id for each in queries.deliveries_page(actor("ada"), made.endpoint_id, **how)]

    everything = page()
    assert len(everything) == 5 and everything == sorted(everything, reverse=True)
    assert page(limit=2) + page(before=everything[1]) == everything
    assert (len(page(state="delivered")), len(page(state="waiting"))) == (2, 3)
