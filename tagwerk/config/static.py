"""The static files, collected where this machine serves them from, and only when one of them has changed."""

import fcntl
import hashlib
import logging
from pathlib import Path

log = logging.getLogger(__name__)
STAMP = ".collected"


def ensure_static() -> None:
    """Collect the static files unless those that lie there are of these sources."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root / STAMP
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts on one folder: the second finds the work done
        wanted = _mark_of_sources()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        log.info("Collecting static files in %s …", root)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(wanted)


def _mark_of_sources() -> str:
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    mark = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(path) as file:
                mark.update(path.encode() + b"\0" + file.read())
    return mark.hexdigest()
