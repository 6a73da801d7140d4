import pytest


@pytest.fixture(autouse=True)
def _no_undo(settings):
    """Answers can be judged at once."""
    settings.UNDO_SECONDS = 0
