"""Everything `make test` runs after the set-up: `checks.py [lint | types | contracts | docs | tests | long …]`.

The static checks run side by side, their output shown only where one fails; then come the tests, then the browser.
Each part says how it ended, and the last lines name what failed.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "bin"
MODULES = ROOT / "node_modules" / ".bin"
FOLDERS = ("tagwerk", "tests", "tools", "benchmarks")


@dataclass(frozen=True)
class Check:
    """One command that must succeed: which part it belongs to, what it is called, and what it runs."""

    part: str
    name: str
    command: tuple[str, ...]

    @property
    def line(self) -> str:
        """As one would type it."""
        return " ".join(word.removeprefix(f"{ROOT}/") for word in self.command)


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(TOOLS / name), *arguments)


def _pytest(*arguments: str) -> tuple[str, ...]:
    return _tool("python", "-m", "pytest", "-q", *arguments)


# The first takes as long as all others together. The last two are no checks of their own: they leave behind, made once,
# what else each of the processes that run the tests would make for itself, or wait for.
STATIC = (
    Check("types", "types of the Python code", _tool("mypy")),
    Check("lint", "format", _tool("ruff", "format", "--check", *FOLDERS)),
    Check("lint", "lint", _tool("ruff", "check", *FOLDERS)),
    Check("contracts", "contracts between storeys and rooms", _tool("lint-imports")),
    Check("types", "types of the browser code", (str(MODULES / "tsc"), "--project", "tsconfig.json")),
    Check("tests", "tests are found", _pytest("--collect-only", "-q", "-m", "not long")),
    Check("tests", "tables for the tests", _tool("python", "-m", "tests.cluster", "furnish")),
)
# One more than there are cores: many tests wait, for processes that start, browsers, the next beat.
IN_PARALLEL = ("-n", str((os.cpu_count() or 2) + 1), "--dist", "worksteal")
TESTS = (
    Check("tests", "tests", _pytest(*IN_PARALLEL, "-m", "not journey and not long")),
    Check("tests", "browser journeys", _pytest(*IN_PARALLEL, "-m", "journey and not long")),
)
ON_REQUEST = (
    Check("docs", "documentation", _pytest("-k", "reference or words or docs", "-m", "not journey")),
    Check("long", "the house's mutations", _tool("python", "tools/mutate_house.py")),
    Check("long", "kill rounds and studies", _pytest("-m", "long")),
)


def environment() -> dict[str, str]:
    """The tools find each other in .venv, and settings of an installed platform do not reach the tests. Bytecode is kept:
    the tests start hundreds of processes, each of which would compile all of it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "PYTHONDONTWRITEBYTECODE")
    }
    kept = {
        name: value
        for name, value in kept.items()
        if name.startswith("TAGWERK_TEST_") or not name.startswith("TAGWERK_")
    }
    return {**kept, "PATH": f"{TOOLS}:{MODULES}:{kept.get('PATH', '/usr/bin:/bin')}"}


def say(check: Check, *, good: bool, begun: float) -> bool:
    """One line for one check."""
    print(f"{'ok    ' if good else 'FAILED'} {check.name} ({time.monotonic() - begun:.0f} s)", flush=True)
    return good


def run_quietly(check: Check) -> bool:
    """Run it and show its output only if it fails."""
    begun = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"--- {check.name}: {check.line}\n{done.stdout.rstrip()}", flush=True)
    return say(check, good=done.returncode == 0, begun=begun)


def run_openly(check: Check) -> bool:
    """Run it with its output as it comes."""
    begun = time.monotonic()
    print(f"--- {check.name}: {check.line}", flush=True)
    done = subprocess.run(check.command, cwd=ROOT, env=environment(), check=False)
    return say(check, good=done.returncode == 0, begun=begun)


def run(quiet: list[Check], loud: list[Check]) -> list[Check]:
    """All checks, also after one has failed; returns those that did."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = dict(zip(quiet, pool.map(run_quietly, quiet), strict=True))
    results |= {check: run_openly(check) for check in loud}
    return [check for check, good in results.items() if not good]


def main(wanted: list[str]) -> int:
    """Run the wanted parts, by default all that make test promises."""
    known = {check.part for check in (*STATIC, *TESTS, *ON_REQUEST)}
    if not set(wanted) <= known:
        print(f"checks: there is only {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    begun = time.monotonic()
    quiet = [check for check in STATIC if not wanted or check.part in wanted]
    loud = [check for check in TESTS if not wanted or check.part in wanted]
    loud += [check for check in ON_REQUEST if check.part in wanted]
    failed = run(quiet, loud)
    print(f"\n{time.monotonic() - begun:.0f} s in all")
    for check in failed:
        print(f"FAILED: {check.name}; again with: {check.line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
