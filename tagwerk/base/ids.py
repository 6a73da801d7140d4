"""Public ids: a prefix and an opaque text, made from the row's number by a keyed cipher.

One AES block holds the prefix and the number, so an id cannot be guessed, counted or carried from one kind of
thing to another, and no table needs a second key: the number is recovered by decryption.
Source: AES as a pseudo-random permutation of 128-bit blocks (FIPS 197).
"""

import threading
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from django.conf import settings

from tagwerk.base.errors import NotFound

PREFIXES = frozenset(
    {"prj", "tsk", "asg", "ans", "bat", "org", "key", "qlf", "whk", "dlv", "exp", "dsn", "evt", "med", "msg",
     "inv", "nte", "ntc", "tst", "mbr", "hld", "per", "att", "imp", "sig", "obj", "pmt", "run",
     "pay", "phd", "bke", "ppb", "bns", "tmr", "cor"}
)  # fmt: skip


_SIGNS = "abcdefghijklmnopqrstuvwxyz234567"  # base32 of RFC 4648
_PAIRS = [
    one + other for one in _SIGNS for other in _SIGNS
]  # ten bits at a time: as Python goes, this is fast
_BITS = {pair: number for number, pair in enumerate(_PAIRS)}
_SHIFTS = range(120, -1, -10)


class _Ciphers(threading.local):
    """A thread's own ciphers: making one costs more than using it, and they are not made to be shared."""

    def __init__(self) -> None:
        self.ready: dict[tuple[bytes, str], CipherContext] = {}

    def turn(self, key: bytes, way: str, block: bytes) -> bytes:
        """The block encrypted ("encryptor") or decrypted ("decryptor")."""
        context = self.ready.get((key, way))
        if context is None:
            cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 (one block per id: no second one to leak)
            context = self.ready[key, way] = getattr(cipher, way)()
        return context.update(block)


_CIPHERS = _Ciphers()


@lru_cache(maxsize=65_536)
def public_id(prefix: str, number: int) -> str:
    """The public id of row `number`, such as "prj_c4w…" (prefix, then 26 characters)."""
    assert prefix in PREFIXES
    block = prefix.encode().ljust(8, b"\0") + number.to_bytes(8, "big")
    bits = int.from_bytes(_CIPHERS.turn(settings.ID_KEY, "encryptor", block), "big") << 2
    return f"{prefix}_{''.join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])}"


@lru_cache(maxsize=65_536)
def row_number(prefix: str, public: str) -> int:
    """The row number behind a public id; NotFound where it is none of this kind."""
    head, _, text = public.partition("_")
    if head == prefix and len(text) == 26:
        block = _CIPHERS.turn(settings.ID_KEY, "decryptor", _block(text.lower()))
        if block[:8] == prefix.encode().ljust(8, b"\0"):
            return int.from_bytes(block[8:], "big")
    raise NotFound("unknown_id", "There is nothing under the id “{id}”.", id=public[:60])


def _block(text: str) -> bytes:
    """The sixteen bytes that 26 signs stand for; zeros where they stand for none."""
    bits = 0
    for place in range(0, 26, 2):
        ten = _BITS.get(text[place : place + 2])
        if ten is None:
            return bytes(16)
        bits = bits << 10 | ten
    return (bits >> 2).to_bytes(16, "big")
