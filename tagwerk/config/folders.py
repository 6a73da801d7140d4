"""The data folder and what lies in it: only the platform's own user reads it."""

import os
import stat
from pathlib import Path

from tagwerk.config.environment import SettingWrong

PRIVATE = (
    "files",
    "mail",
)  # uploads and exports; e-mail that goes nowhere else, links to new passwords included


def ensure_folders(data: Path) -> None:
    """Make the data folder and the private ones in it; called by the command, never by an import."""
    # As root the database's own user has to get through to its folder, but need not see what lies beside it.
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        for name in PRIVATE:
            _make_private(data / name)
    except OSError as error:
        raise SettingWrong(
            f"The data folder {data} cannot be made or written ({error.strerror}). Set TAGWERK_DATA to a folder of yours."
        ) from None


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.stat()
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077:
        folder.chmod(0o700)
