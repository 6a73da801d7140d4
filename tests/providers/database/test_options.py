"""Memory by what the machine has; durable unless it may be lost."""

import pytest

from tagwerk.providers.database.options import machine_memory_mb, server_options


@pytest.mark.parametrize(
    ("memory_mb", "buffers"), [(128, "32MB"), (2048, "256MB"), (16384, "2048MB"), (262144, "2048MB")]
)
def test_buffers_grow_with_the_machine_up_to_a_limit(memory_mb: int, buffers: str) -> None:
    assert server_options(memory_mb=memory_mb, durable=True)["shared_buffers"] == buffers


def test_only_throwaway_servers_skip_writing_to_disk() -> None:
    assert "fsync" not in server_options(memory_mb=1024, durable=True)
    assert server_options(memory_mb=1024, durable=False)["fsync"] == "off"


def test_the_machines_memory_is_known() -> None:
    assert machine_memory_mb() > 100
