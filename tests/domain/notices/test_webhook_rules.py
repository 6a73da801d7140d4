import base64
from datetime import UTC, datetime, timedelta

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.notices.rules import webhooks as rules

# Published with the reference implementations of Standard Webhooks (test of the Python library).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = {
    "message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp": 1614265330,
    "body": b'{"test": 2432232314}',
}
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_signature_comes_out() -> None:
    assert rules.sign(SECRET, **MESSAGE) == SIGNATURE  # type: ignore[arg-type]


def test_a_secret_is_written_as_the_standard_asks() -> None:
    text = rules.secret_text(bytes(range(32)))
    assert text.startswith("whsec_") and base64.b64decode(text[6:]) == bytes(range(32))
    with pytest.raises(AssertionError):
        rules.secret_text(b"short")


def test_a_receiver_can_tell_what_is_ours_and_fresh() -> None:
    other = rules.secret_text(b"o" * 32)
    headers = rules.headers([other, SECRET], **MESSAGE)  # type: ignore[arg-type]
    body, now = b'{"test": 2432232314}', 1614265330

    def signed(secret: str = SECRET, *, body: bytes = body, now: int = now, **changed: str) -> bool:
        return rules.is_signed(secret, headers=headers | changed, body=body, now=now)

    assert len(headers["webhook-signature"].split(" ")) == 2
    assert signed() and signed(other) and signed(now=now + 300)
    assert not signed(body=body + b" ")
    assert not signed(now=now + 301) and not signed(now=now - 301)
    assert not signed(**{"webhook-id": "msg_other"}) and not signed(**{"webhook-timestamp": "x"})
    assert not signed(rules.secret_text(b"x" * 32)) and not signed("whsec_%%%")


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://example.org:8443/hooks?a=b", "https://93.184.216.34/"]
)
def test_addresses_that_can_be_called(url: str) -> None:
    assert rules.check_url(f" {url} ", plain_allowed=False) == url


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "http://example.org/", "ftp://example.org/", "https://", "https://u:p@example.org/",
     "https://example.org/#a", "https://example.org/a b", "https://exämple.org/", "https://example.org:x/",
     "https://[::1/", "https://example.org/\r\nx", "https://example.org/" + "a" * 500],
)  # fmt: skip
def test_addresses_that_cannot(url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_url(url, plain_allowed=False)
    assert refusal.value.code == "webhook_url_unusable"


def test_plain_http_only_for_trials() -> None:
    assert rules.check_url("http://localhost:8000/", plain_allowed=True)


@pytest.mark.parametrize("events", [[], ["nothing"], ["result.ready", "webhook.test"]])
def test_unknown_events(events: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_events(events)
    assert refusal.value.code == "webhook_event_unknown"
    assert rules.check_events(["result.ready", "answer.submitted"]) == ["answer.submitted", "result.ready"]


def test_pauses_grow_from_ten_seconds_to_a_day_and_end() -> None:
    pauses = [rules.next_pause(tries) for tries in range(1, 10)]
    assert pauses[0] == timedelta(seconds=10) and pauses[7] == timedelta(days=1) and pauses[8] is None
    assert sorted(pauses[:8]) == pauses[:8]  # type: ignore[type-var]


def test_a_receiver_may_ask_for_a_longer_pause_up_to_a_day() -> None:
    assert rules.next_pause(1, asked_seconds=120) == timedelta(seconds=120)
    assert rules.next_pause(1, asked_seconds=10**9) == timedelta(days=1)
    assert rules.next_pause(4, asked_seconds=1) == timedelta(minutes=30)
    assert rules.next_pause(9, asked_seconds=1) is None
    assert [rules.retry_after_seconds(text) for text in ("120", "", "Fri, 20 Nov", "²", "9" * 9)] == [120] + [
        None
    ] * 4


def test_an_endpoint_rests_longer_the_longer_it_fails() -> None:
    assert rules.rest(1) == timedelta(0)
    assert rules.rest(3) == timedelta(seconds=10)
    assert rules.rest(1_000) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("status", "right"), [(200, True), (204, True), (302, False), (404, False), (None, False)]
)
def test_what_counts_as_received(status: int | None, right: bool) -> None:
    assert rules.is_delivered(status) is right


def test_a_message_says_type_time_and_data() -> None:
    body = rules.message_body(
        "result.ready", at=datetime(2026, 11, 20, tzinfo=UTC), payload={"text": "Grüße"}
    )
    assert body == '{"type":"result.ready","timestamp":"2026-11-20T00:00:00+00:00","data":{"text":"Grüße"}}'
