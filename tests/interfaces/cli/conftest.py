import contextlib
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.instance import COMMAND, instance


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Here:
    """The engine room of a test: its database, and the server that it runs, if any."""

    def __init__(self, address: str, data: Path) -> None:
        self.address = address
        self.environment = {"TAGWERK_DATA": data}

    def database(self, *, join: bool = False) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def looking(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def serving(self, *, jobs: bool = True, web: bool = True) -> contextlib.AbstractContextManager[str]:
        return contextlib.nullcontext(self.address)


@pytest.fixture
def command(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """A command in this process, on the test's own database; where that is not in a transaction, with a server."""
    from tagwerk.interfaces.cli.command import run

    marker = request.node.get_closest_marker("django_db")
    is_served = marker is not None and marker.kwargs.get("transaction", False)
    here = Here(request.getfixturevalue("live_server").url if is_served else "", tmp_path)

    def carry_out(*arguments: str) -> Said:
        code = run(arguments, here)  # type: ignore[arg-type]  # what these commands need of it
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return carry_out


@pytest.fixture(scope="session")
def tagwerk() -> Iterator[Callable[..., Said]]:
    """The command itself, on an instance of its own."""
    with instance() as made:

        def run(*arguments: str, folder: Path, seconds: int = 240) -> Said:
            done = subprocess.run(
                [*COMMAND, *arguments],
                cwd=folder,
                env=made.environ,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
            return Said(done.returncode, done.stdout, done.stderr)

        yield run
