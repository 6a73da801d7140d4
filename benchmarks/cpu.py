"""The processor time of a whole platform: on a machine that others use too, it says more than the clock."""

import os
from pathlib import Path

PROC = Path("/proc")
_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/<pid>/stat after the name


def seconds_used() -> float | None:
    """Processor seconds of this process and all below it, the database too; None where the system does not say."""
    if not PROC.joinpath("self/stat").exists():
        return None
    stats = {int(path.parent.name): _fields(path) for path in PROC.glob("[0-9]*/stat")}
    children: dict[int, list[int]] = {}
    for number, fields in stats.items():
        if fields:
            children.setdefault(int(fields[_PARENT]), []).append(number)
    ticks, waiting = 0, [os.getpid()]
    while waiting:
        number = waiting.pop()
        fields = stats.get(number) or ["0"] * 20
        ticks += int(fields[_USER]) + int(fields[_SYSTEM])
        waiting += children.get(number, [])
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return []
