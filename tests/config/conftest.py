import pytest

from tests.config import engine as engines


@pytest.fixture
def engine(transactional_db):
    with engines.engine() as made:
        yield made
