import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def tagwerk(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Said]:
    """The command itself, on an instance of its own."""
    home = tmp_path_factory.mktemp("instance", numbered=True)
    for folder in (home, *home.parents):  # where the tests are root, PostgreSQL runs under another user
        if folder.owner() == Path(os.path.expanduser("~")).owner() and folder.parent != folder:
            folder.chmod(folder.stat().st_mode | 0o011)

    def run(*arguments: str, folder: Path = home, seconds: int = 240) -> Said:
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TAGWERK_", "DATABASE_"))
        }
        environ |= {"TAGWERK_DATA": str(home / "data"), "TAGWERK_PORT": "18400"}
        done = subprocess.run(
            [sys.executable, "-m", "tagwerk.config.main", *arguments],
            cwd=folder,
            env={**environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run
