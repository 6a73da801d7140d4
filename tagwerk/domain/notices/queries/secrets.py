"""Webhook secrets have to be read again to sign with them, so they are kept encrypted, not hashed."""

from datetime import datetime
from functools import lru_cache

from cryptography.fernet import Fernet
from django.conf import settings

from tagwerk.domain.notices.models import WebhookEndpoint


@lru_cache(maxsize=1)
def _cipher(key: bytes) -> Fernet:
    return Fernet(key)


def sealed(secret: str) -> str:
    """The secret encrypted with the instance's field key."""
    return _cipher(settings.FIELD_KEY).encrypt(secret.encode()).decode()


def opened(text: str) -> str:
    """The secret behind an encrypted text."""
    return _cipher(settings.FIELD_KEY).decrypt(text.encode()).decode()


def signing_secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """The secrets that sign a message now: during a rotation the new one and the one before."""
    rotating = endpoint.previous_until is not None and now < endpoint.previous_until
    texts = (endpoint.secret, endpoint.previous_secret) if rotating else (endpoint.secret,)
    return tuple(opened(text) for text in texts)
