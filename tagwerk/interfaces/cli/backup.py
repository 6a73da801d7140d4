"""tagwerk backup | restore."""

import argparse
from pathlib import Path
from typing import Any

from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    text = (
        "Write the database, uploaded files, exports and secrets into one archive; the instance may run on."
    )
    backup = words.add_parser("backup", help=text, description=text)
    backup.add_argument(
        "file", type=Path, help="the archive to write, such as tagwerk.tar; it must not exist yet"
    )
    backup.set_defaults(handler=_backup)
    text = "Bring an archive back into an empty instance (an empty TAGWERK_DATA or an empty database)."
    restore = words.add_parser("restore", help=text, description=text)
    restore.add_argument("file", type=Path, help="the archive to read")
    restore.add_argument(
        "--drill",
        action="store_true",
        help="only try: into a database that is thrown away afterwards, and check its book; the instance may run on",
    )
    restore.set_defaults(handler=_restore)


def _backup(options: argparse.Namespace, machinery: Machinery) -> int:
    machinery.backup(options.file)
    print(f"Backed up to {options.file}. It contains secrets: keep it where only you can read it.")
    return 0


def _restore(options: argparse.Namespace, machinery: Machinery) -> int:
    if options.drill:
        print(f"The backup can be restored: {machinery.drill(options.file)}. Nothing of it was kept.")
        return 0
    machinery.restore(options.file)
    print("Restored. Start it with: tagwerk serve")
    return 0
