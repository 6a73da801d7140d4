"""Texts that must be read again are kept encrypted; texts that are only compared, as a keyed digest."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet
from django.conf import settings


@lru_cache(maxsize=1)
def _cipher(key: bytes) -> Fernet:
    return Fernet(key)


def encrypted(text: str) -> str:
    """The text encrypted with the instance's field key (AES-128-CBC and HMAC-SHA-256: the Fernet specification)."""
    return _cipher(settings.FIELD_KEY).encrypt(text.encode()).decode()


def decrypted(text: str) -> str:
    """The text behind an encrypted one."""
    return _cipher(settings.FIELD_KEY).decrypt(text.encode()).decode()


def keyed_digest(purpose: str, text: str) -> bytes:
    """32 bytes that are the same for the same text, and from which nobody without the field key can guess it."""
    return hmac.digest(settings.FIELD_KEY, f"{purpose}\0{text}".encode(), hashlib.sha256)
