"""`python -m benchmarks [name …] [--small]`: measures, and prints one line of JSON for each figure.

Everything runs on this machine, in a folder that is thrown away; each group of figures has a platform of its own, in a
process of its own, and ends after its time at the latest.
"""

import argparse
import subprocess
import sys
from importlib import import_module

from benchmarks.figures import Scale, note, show

GROUPS = {
    "serve": 420,
    "transfer": 300,
    "money": 600,
    "stream": 200,
    "page": 100,
    "requester": 900,
    "quality": 300,
    "inference": 1200,
    "texts": 120,
    "adaptive": 1200,
    "payfile": 240,
}  # module → seconds that it may take


def main() -> int:
    """Measure what is asked for; the number of groups that failed."""
    options = _options()
    if options.inside:
        module = import_module(f"benchmarks.{options.inside}")
        for figure in module.figures(_wanted(options.name, module.NAMES), Scale(options.small)):
            show(figure)
        return 0
    failed = 0
    for group, seconds in GROUPS.items():
        names = _of_group(options.name, group, import_module(f"benchmarks.{group}").NAMES)
        if names:
            failed += not _run(group, names, seconds, small=options.small)
    return failed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help="which figures, such as serve.cycle or serve; default: all")
    parser.add_argument("--small", action="store_true", help="much less of everything, for a first look")
    parser.add_argument("--inside", choices=GROUPS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _wanted(asked: list[str], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not asked or any(f"{name}.".startswith(f"{one}.") for one in asked)]


def _of_group(asked: list[str], group: str, names: tuple[str, ...]) -> list[str]:
    return list(names) if group in asked else _wanted(asked, names)


def _run(group: str, names: list[str], seconds: int, *, small: bool) -> bool:
    command = [sys.executable, "-m", "benchmarks", "--inside", group, *names, *(["--small"] if small else [])]
    try:
        done = subprocess.run(command, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        note(f"{group} took longer than {seconds} seconds and was ended")
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
