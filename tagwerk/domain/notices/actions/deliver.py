"""Messages leave. A claim is a row's own lease, so that any number of processes can deliver and any of them can die."""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.base.providers import provider
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.actions.inbox import tell_members
from tagwerk.domain.notices.events import WebhookDisabled
from tagwerk.domain.notices.models import Delivery, WebhookEndpoint
from tagwerk.domain.notices.provider import CallFailed, Http, Reply
from tagwerk.domain.notices.rules import webhooks as rules

AT_ONCE = 16  # calls in the air
AT_ONCE_EACH = 4  # of them to one endpoint, so that a slow one cannot take them all
CALL_SECONDS = 15.0
CLAIM_SECONDS = 90  # longer than any call, the look-up of the name included
KEPT_TRIES = 20
KEPT_DAYS = 30
WEBHOOKS_PATH = "/organisation/{organisation}/webhooks/"


@dataclass(frozen=True, slots=True)
class _Claimed:
    delivery_id: int
    claim: int
    endpoint_id: int
    url: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    claimed: _Claimed
    status: int | None
    duration_ms: int
    error: str = ""
    reply: str = ""
    asked_seconds: int | None = None


def deliver_due(*, now: datetime, limit: int = 1_000) -> int:
    """Send the messages that are due; says how many were received. At least once each, never twice at the same time."""
    http: Http = provider("http")
    flying: dict[Future[_Outcome], int] = {}
    started = received = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while True:
            room = min(AT_ONCE - len(flying), limit - started)
            for claimed in _claim(now, room, list(flying.values())) if room else ():
                flying[pool.submit(_call, http, claimed)] = claimed.endpoint_id
                started += 1
            if not flying:
                return received
            for done in wait(flying, return_when=FIRST_COMPLETED).done:
                del flying[done]
                received += _note(done.result(), now)


def forget_old_deliveries(*, now: datetime) -> int:
    """Delete the log of messages that were received or given up more than a month ago."""
    old = Delivery.objects.exclude(state=Delivery.State.WAITING).filter(
        queued_at__lt=now - timedelta(days=KEPT_DAYS)
    )
    return old.delete()[0]


_CLAIM = """
WITH due AS (
    SELECT d.id FROM webhook_endpoint e
        CROSS JOIN LATERAL (
            SELECT id, next_at FROM delivery
                WHERE endpoint_id = e.id AND state = 'waiting' AND next_at <= %(now)s::timestamptz
                    AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
                ORDER BY next_at LIMIT %(each)s::int FOR UPDATE SKIP LOCKED
        ) d
        WHERE e.active AND (e.rest_until IS NULL OR e.rest_until <= %(now)s::timestamptz)
            AND e.id <> ALL (%(busy)s::bigint[])
        ORDER BY d.next_at LIMIT %(room)s::int
)
UPDATE delivery SET claimed_until = clock_timestamp() + make_interval(secs => %(seconds)s::float8),
        claim = claim + 1, attempts = attempts + 1
    FROM due WHERE delivery.id = due.id RETURNING delivery.id
"""


def _claim(now: datetime, room: int, in_the_air: list[int]) -> list[_Claimed]:
    busy = [each for each in set(in_the_air) if in_the_air.count(each) >= AT_ONCE_EACH]
    values: dict[str, Any] = {
        "now": now,
        "each": AT_ONCE_EACH,
        "busy": busy,
        "room": room,
        "seconds": CLAIM_SECONDS,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        ids = [number for (number,) in cursor.fetchall()]
    rows = Delivery.objects.filter(id__in=ids).select_related("endpoint").order_by("next_at", "id")
    return [
        _Claimed(
            row.id,
            row.claim,
            row.endpoint_id,
            row.endpoint.url,
            row.body.encode(),
            queries.signing_secrets(row.endpoint, now),
        )
        for row in rows
    ]


def _call(http: Http, claimed: _Claimed) -> _Outcome:
    """In a thread: no database here."""
    signed = rules.headers(
        claimed.secrets,
        message_id=public_id("dlv", claimed.delivery_id),
        timestamp=int(time.time()),
        body=claimed.body,
    )
    began = time.monotonic()
    try:
        reply = http.request(
            "POST", claimed.url, body=claimed.body, headers=signed, seconds=CALL_SECONDS, largest_bytes=2_000
        )
    except CallFailed as failed:
        return _Outcome(claimed, None, _since(began), error=str(failed))
    return _replied(claimed, reply, _since(began))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)


def _replied(claimed: _Claimed, reply: Reply, duration_ms: int) -> _Outcome:
    text = reply.body[:500].decode("utf-8", "replace").replace("\x00", "�")
    asked = rules.retry_after_seconds(reply.headers.get("retry-after", ""))
    return _Outcome(claimed, reply.status, duration_ms, reply=text, asked_seconds=asked)


@transaction.atomic
def _note(outcome: _Outcome, now: datetime) -> bool:
    """Write down how a try went, unless another process has the message by now."""
    claimed = outcome.claimed
    row = Delivery.objects.select_for_update().filter(id=claimed.delivery_id, claim=claimed.claim).first()
    if row is None:
        return False
    received = rules.is_delivered(outcome.status)
    if received:
        row.state, row.delivered_at = Delivery.State.DELIVERED, now
    else:
        _put_off(row, outcome, now)
    row.claimed_until = None
    row.response_status, row.duration_ms, row.error = outcome.status, outcome.duration_ms, outcome.error[:300]
    row.log = [*row.log, _try(outcome, now)][-KEPT_TRIES:]
    row.save()
    _note_endpoint(claimed.endpoint_id, outcome, now)
    return received


def _put_off(row: Delivery, outcome: _Outcome, now: datetime) -> None:
    pause = rules.next_pause(row.attempts, asked_seconds=outcome.asked_seconds)
    if pause is None:
        row.state = Delivery.State.FAILED
    else:
        row.next_at = now + pause


def _try(outcome: _Outcome, now: datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(),
        "status": outcome.status,
        "duration_ms": outcome.duration_ms,
        "error": outcome.error,
        "reply": outcome.reply,
    }


def _note_endpoint(endpoint_id: int, outcome: _Outcome, now: datetime) -> None:
    """Failures in a row make an endpoint rest, and in the end switch it off; one success clears them."""
    endpoints = WebhookEndpoint.objects.filter(id=endpoint_id)
    if rules.is_delivered(outcome.status):
        endpoints.filter(failures_in_a_row__gt=0).update(
            failures_in_a_row=0, failing_since=None, rest_until=None
        )
        return
    endpoint = endpoints.select_for_update().get()
    endpoint.failures_in_a_row += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rest_until = now + rules.rest(endpoint.failures_in_a_row)
    for_long = now - endpoint.failing_since >= rules.DISABLE_AFTER
    if endpoint.active and (for_long or outcome.status == rules.GONE):
        endpoint.active, endpoint.disabled_at = False, now
        _tell_disabled(endpoint)
    endpoint.save()


def _tell_disabled(endpoint: WebhookEndpoint) -> None:
    organisation_id = endpoint.organisation_id
    record(WebhookDisabled(organisation_id=organisation_id, endpoint_id=endpoint.id))
    tell_members(
        organisation_id=organisation_id,
        permission=Permission.WEBHOOK_MANAGE,
        kind="webhook_disabled",
        params={"organisation": accounts.organisation(organisation_id).name, "url": endpoint.url},
        link=WEBHOOKS_PATH.format(organisation=public_id("org", organisation_id)),
        key=f"webhook_disabled:{endpoint.id}:{endpoint.failing_since}",
    )
