"""tagwerk serve | web | jobs."""

import argparse
from typing import Any

from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add these commands to the grammar."""
    for name, handler, text in (
        (
            "serve",
            _serve,
            "Start web, media and job processes, and the embedded database unless DATABASE_URL is set.",
        ),
        ("web", _web, "Serve pages and API only; for several machines with one DATABASE_URL."),
        ("jobs", _jobs, "Carry out background jobs only; for several machines with one DATABASE_URL."),
    ):
        word = words.add_parser(name, help=text, description=text)
        word.set_defaults(handler=handler)


def _serve(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database(), machinery.serving() as address:
        from tagwerk.interfaces.cli.local import mail_words

        _show_set_up(machinery, address)
        if lying := mail_words():
            print(lying)
        _until_ended(machinery, f"tagwerk is ready: {address}")
    return 0


def _web(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database(join=True), machinery.serving(jobs=False) as address:
        _show_set_up(machinery, address)
        _until_ended(machinery, f"tagwerk serves pages, API and files: {address}")
    return 0


def _jobs(options: argparse.Namespace, machinery: Machinery) -> int:
    with machinery.database(join=True), machinery.serving(web=False):
        _until_ended(machinery, "tagwerk carries out background jobs.")
    return 0


def _show_set_up(machinery: Machinery, address: str) -> None:
    code = machinery.first_run()
    if code:
        print(f"Nobody operates this instance yet. Set it up: {address}/setup/?code={code}")


def _until_ended(machinery: Machinery, words: str) -> None:
    print(f"{words}   (Ctrl-C stops it)", flush=True)
    machinery.wait()
