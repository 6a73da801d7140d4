"""Webhook secrets have to be read again to sign with them, so they are kept encrypted, not hashed."""

from datetime import datetime

from tagwerk.base.secrecy import decrypted
from tagwerk.domain.notices.models import WebhookEndpoint


def signing_secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """The secrets that sign a message now: during a rotation the new one and the one before."""
    rotating = endpoint.previous_until is not None and now < endpoint.previous_until
    texts = (endpoint.secret, endpoint.previous_secret) if rotating else (endpoint.secret,)
    return tuple(decrypted(text) for text in texts)
