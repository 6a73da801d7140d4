"""How the embedded server is set: memory by what the machine has, no network, durable unless thrown away."""

import contextlib
import os
import shutil
from pathlib import Path

MEBIBYTE = 1024 * 1024
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (only measured)


def machine_memory_mb() -> int:
    """The memory of this machine, or of the container we are in, in MiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        memory = min(memory, int(CGROUP_LIMIT.read_text()))
    return memory // MEBIBYTE


def server_options(*, memory_mb: int, durable: bool) -> dict[str, str]:
    """PostgreSQL's settings for a machine that also runs the web and job processes."""
    options = {
        "listen_addresses": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": "200",
        "shared_buffers": f"{min(max(memory_mb // 8, 32), 2048)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 128)}MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 16, 32), 512)}MB",
        "work_mem": "8MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than our short statements take
        "huge_pages": "off",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
    }
    if SHARED_MEMORY.exists() and shutil.disk_usage(SHARED_MEMORY).total < 256 * MEBIBYTE:
        options["dynamic_shared_memory_type"] = "mmap"  # containers often have 64 MB there
    if not durable:
        options |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "shared_buffers": "128MB",
        }
    return options
