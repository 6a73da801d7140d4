"""Scenes that take long to make, made once for all tests of a file: each of them works in a savepoint of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@contextmanager
def kept(blocker: Any) -> Iterator[Any]:
    """What is made in it stays until it ends, for tests without `transaction=True`; so do its settings: answers can be
    judged at once, and pages name their files plainly."""
    from django.conf import settings
    from django.db import connection, transaction
    from django.test.utils import override_settings

    plain = {"UNDO_SECONDS": 0, "STORAGES": settings.STORAGES | {"staticfiles": PLAIN_FILES}}
    with blocker.unblock(), transaction.atomic(), override_settings(**plain):
        # As those around Django's own tests: within it an action may begin what must be a transaction of its own.
        connection.atomic_blocks[-1]._from_testcase = True
        yield settings
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def kept_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Acme with one of everything, as pages show it."""
    with kept(django_db_blocker) as settings:
        from tests.interfaces.web.scene import Scene

        yield Scene(settings)
