"""What a key looks like and what it may open. Chance comes in as bytes."""

import base64
import hashlib
import re
from collections.abc import Iterable

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules.roles import ORGANISATION_SCOPES, WORK

_KEY = re.compile(r"twk_[a-z2-7]{52}")
SHOWN = 12  # of the text, "twk_" and eight characters (40 of 256 bits) stay visible in lists
LAST_USE_STEP_SECONDS = 60
RECALLED_SECONDS = (
    30  # who a key stands for may be kept in mind so long, never whether it still opens anything
)


def key_text(chance: bytes) -> str:
    """The text of a key from 256 random bits, in lower-case base 32: "twk_…", 56 characters."""
    assert len(chance) == 32, "a key is made of 256 random bits"
    return "twk_" + base64.b32encode(chance).decode().rstrip("=").lower()


def is_key_text(text: str) -> bool:
    """Whether it has the shape of a key; nothing else is worth a look into the database."""
    return _KEY.fullmatch(text) is not None


def digest(text: str) -> bytes:
    """SHA-256 of a key or an invitation's token. They are random, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).digest()


def check_scopes(scopes: Iterable[str], *, for_organisation: bool) -> list[str]:
    """The scopes in their usual order; refuses unknown ones and those of the other kind of key."""
    allowed = ORGANISATION_SCOPES if for_organisation else (WORK,)
    wanted = set(scopes)
    if not wanted or not wanted <= set(allowed):
        raise Invalid(
            "scope_unknown",
            "Choose at least one scope of: {scopes}.",
            path="scopes",
            scopes=", ".join(allowed),
        )
    return [scope for scope in allowed if scope in wanted]
