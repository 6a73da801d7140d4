"""A database knows the marks of the secrets that belong to it.

With another key every id would mean something else and no stored secret could be read, without any error: on a second
machine that made secrets of its own, or after a restore without the secrets. So the start ends instead.
"""

import hashlib

from django.conf import settings
from django.db import connection

from tagwerk.config.environment import SettingWrong


def check_marks() -> None:
    """Leave the marks at the first start; later refuse secrets that do not fit."""
    marks = {"TAGWERK_ID_KEY": _mark(settings.ID_KEY), "TAGWERK_FIELD_KEY": _mark(settings.FIELD_KEY)}
    with connection.cursor() as cursor:
        for name, mark in marks.items():
            cursor.execute("insert into secret_mark values (%s, %s) on conflict do nothing", [name, mark])
        cursor.execute("select name, mark from secret_mark")
        strange = [name for name, mark in cursor.fetchall() if marks.get(name, mark) != mark]
    if strange:
        raise SettingWrong(
            f"This database was made with another {' and another '.join(sorted(strange))}: give this machine the "
            "secrets of the first one (its secrets.json, or the same settings)."
        )


def _mark(secret: bytes) -> str:
    """Tells secrets apart and says nothing of them."""
    return hashlib.sha256(b"tagwerk secret mark" + secret).hexdigest()[:32]
