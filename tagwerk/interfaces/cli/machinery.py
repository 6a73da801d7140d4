"""What the command line needs of the engine room, which hands itself in (interfaces never import providers)."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol


class Machinery(Protocol):
    """Starts and stops what a command needs."""

    environment: dict[str, Any]

    def database(self, *, join: bool = False) -> AbstractContextManager[None]:
        """A database that is up to date, with Django ready; `join`: only one that is there already."""

    def looking(self) -> AbstractContextManager[None]:
        """The database as it is, with Django ready: nothing is made or changed."""

    def serving(self, *, jobs: bool = True, web: bool = True) -> AbstractContextManager[str]:
        """Web, media and job processes; gives the address of the pages."""

    def first_run(self) -> str:
        """The one-time code for the set-up page while nobody operates the instance; else empty."""

    def wait(self) -> None:
        """Until Ctrl-C or a polite signal."""

    def backup(self, target: Path) -> None:
        """Write database, files and secrets into one archive."""

    def drill(self, source: Path) -> str:
        """Restore an archive into a database that is thrown away afterwards; says what was found in it."""

    def restore(self, source: Path) -> None:
        """Bring an archive back into an empty instance."""
