"""Check that a webhook comes from your platform. Source: Standard Webhooks 1.0 (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

TOLERANCE_SECONDS = 300


class WebhookNotGenuine(Exception):
    """The signature, or the time, is not right: do not believe the body."""


def verify(
    headers: Mapping[str, str],
    body: bytes | str,
    secret: str,
    *,
    now: float | None = None,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> Any:
    """The JSON value of a genuine webhook; raises WebhookNotGenuine.

    `headers` are the request's (any case), `body` its bytes as they came, `secret` the endpoint's ("whsec_…").
    """
    values = {name.lower(): value for name, value in headers.items()}
    try:
        number, stamp = values["webhook-id"], values["webhook-timestamp"]
        signatures = values["webhook-signature"].split(" ")
        sent = int(stamp)
    except (KeyError, ValueError):
        raise WebhookNotGenuine(
            "The headers webhook-id, webhook-timestamp, webhook-signature are needed."
        ) from None
    if abs((time.time() if now is None else now) - sent) > tolerance_seconds:
        raise WebhookNotGenuine("The webhook is too old, or the clocks differ.")
    content = body.encode() if isinstance(body, str) else bytes(body)
    expected = b"v1," + _signature(secret, f"{number}.{stamp}.".encode() + content)
    if not any(hmac.compare_digest(expected, one.encode()) for one in signatures):
        raise WebhookNotGenuine("The signature does not fit the body and the secret.")
    return json.loads(content)


def _signature(secret: str, content: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:  # binascii.Error is one
        raise ValueError("The secret is not one of an endpoint: it looks like whsec_…") from None
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
