"""Webhooks: what can be subscribed to, how a message is signed, when it is tried again.

Source: Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules import Permission

EVENTS: Mapping[str, str] = {
    "answer.submitted": "A worker handed in an answer, or changed one.",
    "result.ready": "A task has its result; delivered means approved, so it comes once its answers are.",
    "project.finished": "All tasks of a project are done.",
    "budget.low": "A tenth of a project's money is left, or its tasks wait for more.",
}
TEST_EVENT = "webhook.test"
NEEDED: Mapping[str, Permission] = {"result.ready": Permission.RESULT_EXPORT}  # by what its message holds

SECRET_BYTES = 32  # the standard asks for 24 to 64
ROTATION = timedelta(hours=24)  # for so long the old secret signs as well
TIMESTAMP_TOLERANCE_SECONDS = 300
LONGEST_URL = 500

# Eight pauses, nine tries, within two days.
PAUSES: Sequence[timedelta] = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
# After failures in a row an endpoint rests, so that what waits for it does not hold up the others.
RESTS: Sequence[timedelta] = tuple(timedelta(seconds=seconds) for seconds in (0, 0, 10, 30, 60, 120, 300))
DISABLE_AFTER = timedelta(days=3)  # of nothing but failures
GONE = 410  # the receiver says: never again


def check_events(events: Iterable[str]) -> list[str]:
    """The events in their usual order; refuses none and unknown ones."""
    wanted = set(events)
    if not wanted or not wanted <= set(EVENTS):
        raise Invalid(
            "webhook_event_unknown",
            "Choose at least one event of: {events}.",
            path="events",
            events=", ".join(EVENTS),
        )
    return [event for event in EVENTS if event in wanted]


def needed(events: Collection[str], *, accept: bool) -> list[Permission]:
    """What else somebody must be allowed who has such messages sent: they hold results, and accepting pays."""
    held = [NEEDED[event] for event in events if event in NEEDED]
    return [*held, Permission.ANSWER_REVIEW] if accept else held


def check_url(text: str, *, plain_allowed: bool) -> str:
    """The address, if one may be called; where it leads to is looked at anew at every call."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _url_unusable(url) from None
    schemes = ("https", "http") if plain_allowed else ("https",)
    strange = parts.username or parts.password or parts.fragment or not url.isascii() or not url.isprintable()
    if len(url) > LONGEST_URL or parts.scheme not in schemes or not host or strange or " " in url:
        raise _url_unusable(url)
    return url


def _url_unusable(url: str) -> Invalid:
    return Invalid(
        "webhook_url_unusable",
        "“{url}” cannot be called; give an address like https://example.org/hooks, without a name, password or #.",
        path="url",
        url=url[:80],
    )


def secret_text(chance: bytes) -> str:
    """A signing secret as the standard writes it, from random bytes."""
    assert len(chance) == SECRET_BYTES
    return "whsec_" + base64.b64encode(chance).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature: "v1," and the base64 of HMAC-SHA256 over id, timestamp (Unix seconds) and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(secrets: Sequence[str], *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of one try; with two secrets (during a rotation) it carries both signatures."""
    signatures = (sign(secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets)
    return {
        "content-type": "application/json",
        "user-agent": "tagwerk-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def is_signed(secret: str, *, headers: Mapping[str, str], body: bytes, now: int) -> bool:
    """Whether a message is ours and fresh: what a receiver does, as an example and for tests."""
    try:
        timestamp = int(headers["webhook-timestamp"])
        right = sign(secret, message_id=headers["webhook-id"], timestamp=timestamp, body=body)
    except (KeyError, ValueError, binascii.Error):
        return False
    fresh = abs(now - timestamp) <= TIMESTAMP_TOLERANCE_SECONDS
    return fresh and any(hmac.compare_digest(right, each) for each in headers["webhook-signature"].split(" "))


def message_body(event: str, *, at: datetime, payload: Mapping[str, Any]) -> str:
    """The message, written once: every try sends these very characters."""
    message = {"type": event, "timestamp": at.isoformat(), "data": payload}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def is_delivered(status: int | None) -> bool:
    """2xx is received; a redirect is not followed and counts as a failure."""
    return status is not None and 200 <= status < 300


def next_pause(tries: int, *, asked_seconds: int | None = None) -> timedelta | None:
    """How long to wait after so many failed tries; None: it was the last. A receiver may ask for longer, up to a day."""
    if tries > len(PAUSES):
        return None
    asked = timedelta(seconds=min(asked_seconds or 0, 86_400))
    return max(PAUSES[max(tries, 1) - 1], asked)


def rest(failures_in_a_row: int) -> timedelta:
    """How long an endpoint rests after so many failures in a row."""
    return RESTS[min(failures_in_a_row, len(RESTS)) - 1]


def retry_after_seconds(text: str) -> int | None:
    """What a Retry-After header asks for, where it is a number of seconds (RFC 9110, 10.2.3)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
