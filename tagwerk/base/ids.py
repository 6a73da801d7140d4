"""Public ids: a prefix and an opaque text, made from the row's number by a keyed cipher.

One AES block holds the prefix and the number, so an id cannot be guessed, counted or carried from one kind of
thing to another, and no table needs a second key: the number is recovered by decryption.
Source: AES as a pseudo-random permutation of 128-bit blocks (FIPS 197).
"""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from tagwerk.base.errors import NotFound

PREFIXES = frozenset(
    {"prj", "tsk", "asg", "ans", "bat", "org", "key", "qlf", "whk", "dlv", "exp", "dsn", "evt", "med", "msg",
     "inv", "ntc", "tst", "mbr", "hld", "per", "att"}
)  # fmt: skip


@lru_cache(maxsize=1)
def _cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 (one block per id: there is no second block to leak)


@lru_cache(maxsize=65_536)
def public_id(prefix: str, number: int) -> str:
    """The public id of row `number`, such as "prj_c4w…" (prefix, then 26 characters)."""
    assert prefix in PREFIXES
    block = prefix.encode().ljust(8, b"\0") + number.to_bytes(8, "big")
    encryptor = _cipher(settings.ID_KEY).encryptor()
    return f"{prefix}_{base64.b32encode(encryptor.update(block)).decode().rstrip('=').lower()}"


@lru_cache(maxsize=65_536)
def row_number(prefix: str, public: str) -> int:
    """The row number behind a public id; NotFound where it is none of this kind."""
    head, _, text = public.partition("_")
    try:
        block = base64.b32decode(text.upper() + "======") if len(text) == 26 else b""
    except ValueError:
        block = b""
    if head == prefix and len(block) == 16:
        plain = _cipher(settings.ID_KEY).decryptor().update(block)
        if plain[:8] == prefix.encode().ljust(8, b"\0"):
            return int.from_bytes(plain[8:], "big")
    raise NotFound("unknown_id", "There is nothing under the id “{id}”.", id=public[:60])
