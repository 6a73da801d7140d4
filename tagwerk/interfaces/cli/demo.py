"""tagwerk demo: everything at work with sample projects and simulated people."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from tagwerk.base.errors import Conflict
from tagwerk.interfaces.cli.files import how_many
from tagwerk.interfaces.cli.machinery import Machinery


def add_to(words: Any) -> None:
    """Add this command to the grammar."""
    text = (
        "Start everything with sample projects and simulated people, and print the address and sign-ins. "
        "With --once: run the sample projects until each task has a result, print a summary, write the exports, end."
    )
    demo = words.add_parser(
        "demo", help="Everything at work, with sample projects and simulated people.", description=text
    )
    demo.add_argument("--once", action="store_true", help="until each task has a result, then end")
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("demo-results"),
        metavar="FOLDER",
        help="where --once writes the exports",
    )
    demo.add_argument(
        "--people",
        type=how_many,
        metavar="N",
        help="how many simulated people work; without it 12 with --once, else 8",
    )
    demo.add_argument("--json", action="store_true", help="with --once: print the summary as one JSON object")
    demo.set_defaults(handler=_demo)


def _demo(options: argparse.Namespace, machinery: Machinery) -> int:
    if machinery.environment["TAGWERK_MODE"] == "production":
        raise Conflict(
            "demo_in_production", "The demo fills an instance with made-up people: production has none."
        )
    if options.once:
        os.environ["TAGWERK_UNDO_SECONDS"] = "0"
    os.environ.setdefault("TAGWERK_ALLOW_PRIVATE_ADDRESSES", "yes")
    with machinery.database(), machinery.serving() as address:
        from tagwerk.interfaces.cli import job, show

        data = machinery.environment["TAGWERK_DATA"]
        if options.once:
            done = show.run_once(options.out, options.people or 12, address, data, quiet=options.json)
            if options.json:
                print(json.dumps(done, ensure_ascii=False))
            return job.exit_code(done)
        with show.at_work(options.people or 8, address, data):
            machinery.wait()
    return 0
