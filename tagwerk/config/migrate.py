"""Bring the database and the static files up to date, one process at a time."""

import time
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection


def migrate_under_lock(lock: int, *, static_root: Path) -> None:
    """Migrate under an advisory lock; a table that is locked for long is tried again, never waited for."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [lock])
        cursor.execute("set lock_timeout = '5s'")
    try:
        _migrate()
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [lock])
    assert static_root


def _migrate(attempts: int = 5) -> None:
    for attempt in range(attempts):
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if "lock timeout" not in str(error) or attempt == attempts - 1:
                raise
            time.sleep(2**attempt)
        else:
            return
