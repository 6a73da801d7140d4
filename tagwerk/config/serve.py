"""Granian with our application: pages and API on one origin, uploaded files on another."""

import multiprocessing
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def _serve(environment: dict[str, Any], *, port: int, workers: int) -> None:
    # A fork of a process with threads can inherit a lock that nobody opens any more, and our signal handlers.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "tagwerk.config.wsgi:application",
        address=environment["TAGWERK_HOST"],
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=environment["TAGWERK_WEB_THREADS"],
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.error,
        log_access=False,
    ).serve()


def serve_pages(environment: dict[str, Any]) -> None:
    """Pages and API, until ended."""
    _serve(environment, port=environment["TAGWERK_PORT"], workers=environment["TAGWERK_WEB_PROCESSES"])


def serve_media(environment: dict[str, Any]) -> None:
    """Uploaded files, from an origin where no session exists, until ended."""
    _serve(environment, port=environment["TAGWERK_MEDIA_PORT"], workers=1)
