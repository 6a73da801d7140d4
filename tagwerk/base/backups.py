"""What became of the last backup and the last restore drill: a small file in the data folder, so that it is known
while the database is away, and to a database that knows nothing of its copies."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOTES = "backups.json"
BACKUP, DRILL = "backup", "drill"


@dataclass(frozen=True)
class BackupNote:
    """How the last one ended."""

    at: datetime
    file: str
    bytes: int
    error: str  # empty: it went well


def note(folder: Path, what: str, *, file: Path, error: str = "") -> None:
    """Note how a backup or a drill ended, in place of the one before."""
    size = file.stat().st_size if file.is_file() else 0
    one = BackupNote(at=datetime.now(UTC), file=str(file.absolute()), bytes=size, error=error)
    kept = _read(folder) | {what: asdict(one) | {"at": one.at.isoformat()}}
    draft = folder / f"{NOTES}.draft"
    draft.write_text(json.dumps(kept, indent=1))
    draft.chmod(0o600)
    draft.replace(folder / NOTES)


def noted(folder: Path, what: str) -> BackupNote | None:
    """How the last one ended; None: nothing is known of any."""
    with suppress(KeyError, TypeError, ValueError):
        found = _read(folder)[what]
        return BackupNote(
            datetime.fromisoformat(found["at"]), found["file"], int(found["bytes"]), found["error"]
        )
    return None


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    with suppress(OSError, ValueError):
        return dict(json.loads((folder / NOTES).read_text()))
    return {}
