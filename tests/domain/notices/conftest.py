"""A webhook that leads to a real server on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.providers.http.receivers import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with receiving() as listening:
        yield listening
