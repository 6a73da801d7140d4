"""The `tagwerk` command: starts the providers, then hands over to the command line.

Interfaces never import providers or settings' sources; what a command needs of them is the `Machinery` given here.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable

from tagwerk.config.environment import SettingWrong, read_environment
from tagwerk.config.machinery import Machinery
from tagwerk.config.processes import die_with_parent


def _web() -> None:
    from tagwerk.config.serve import serve_pages

    serve_pages(read_environment())


def _media() -> None:
    from tagwerk.config.serve import serve_media

    serve_media(read_environment())


def _jobs() -> None:
    _django()
    from tagwerk.config.memory import keep_what_is_loaded
    from tagwerk.config.worker import work_until_ended

    keep_what_is_loaded()
    work_until_ended(threads=read_environment()["TAGWERK_JOB_THREADS"])


def _migrate() -> None:
    _django()
    from django.db import Error

    from tagwerk.config.migrate import migrate_under_lock, words_of

    try:
        migrate_under_lock(app_role=os.environ["TAGWERK_APP_ROLE"])
    except Error as error:
        raise SettingWrong(words_of(error)) from None


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
    django.setup()


# What only the house itself gives to its child processes; the word after it is the parent's number.
INNER: dict[str, Callable[[], None]] = {"_web": _web, "_media": _media, "_jobs": _jobs, "_migrate": _migrate}


def _end_in_order() -> None:
    """A polite signal does what Ctrl-C does: every `with` is left, and no process stays."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, signal.default_int_handler)


def _run(arguments: list[str]) -> None:
    from django.db import OperationalError

    from tagwerk.interfaces.cli.command import run

    try:
        raise SystemExit(run(arguments, Machinery()))
    except OperationalError as error:
        raise SettingWrong(f"The database went away: {' '.join(str(error).split())}") from None


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the `tagwerk` command."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments and arguments[0] in INNER:
            die_with_parent(int(arguments[1]))
            INNER[arguments[0]]()
            return
        _end_in_order()
        _run(arguments)
    except SettingWrong as error:
        with contextlib.suppress(OSError):
            print(f"tagwerk: {error}", file=sys.stderr)  # noqa: T201 (this is the command)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
