"""The life of an export."""

from enum import StrEnum


class ExportState(StrEnum):
    """waiting → running → ready → expired, or failed."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"
