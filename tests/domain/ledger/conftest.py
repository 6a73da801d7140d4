"""The book is kept by privilege; a test that breaks it by force needs a superuser's connection."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import cluster


@pytest.fixture(scope="module")
def by_superuser(django_db_setup: None, database_urls: Any, django_db_blocker: Any) -> Iterator[None]:
    """Django's connection is the superuser's for all tests of the module."""
    with django_db_blocker.unblock(), cluster.pointed_at(database_urls.superuser):
        yield
