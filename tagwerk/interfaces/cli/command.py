"""The `tagwerk` command: its words, and how a refusal is said there."""

import argparse
import sys
from collections.abc import Sequence

from tagwerk.base.errors import Refusal
from tagwerk.interfaces.cli import (
    backup,
    bank,
    demo,
    doctor,
    estimate,
    fee,
    invoice,
    ledger,
    payout,
    people,
    project,
    run_job,
    serve,
    wages,
)
from tagwerk.interfaces.cli.grammar import Handler
from tagwerk.interfaces.cli.machinery import Machinery

MODULES = (
    serve,
    demo,
    run_job,
    estimate,
    project,
    people,
    fee,
    doctor,
    ledger,
    payout,
    bank,
    invoice,
    wages,
    backup,
)


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command."""
    top = argparse.ArgumentParser(
        prog="tagwerk", description="An open, self-hosted human-data platform.", allow_abbrev=False
    )
    words = top.add_subparsers(dest="word", metavar="command", required=True)
    for module in MODULES:
        module.add_to(words)
    return top


def run(arguments: Sequence[str], machinery: Machinery) -> int:
    """Carry out one command; 0 done, 1 failed, 2 refused (the message says why and what to do)."""
    options = parser().parse_args(arguments)
    handler: Handler = options.handler
    try:
        return handler(options, machinery)
    except Refusal as refusal:
        print(f"tagwerk: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ntagwerk: stopped.", file=sys.stderr)
        return 130


def reference() -> str:
    """docs/reference/cli.md, made of the commands' own help."""
    lines = [
        "# The `tagwerk` command",
        "",
        "Exit codes: 0 done, 1 failed, 2 refused (nothing was changed; the message says why).",
        "",
    ]
    for name, sub in _leaves(parser(), "tagwerk"):
        lines += [f"## `{name}`", "", "```", _help(sub), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _help(sub: argparse.ArgumentParser) -> str:
    # Python 3.13 and 3.11 wrap and word help differently; this says the same on each of them.
    usage = " ".join(sub.format_usage().split()).removeprefix("usage: ")
    lines = [usage, "", sub.description or ""]
    for action in sub._actions:
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            name = ", ".join(action.option_strings) or action.metavar or action.dest
            lines.append(f"  {name}  {action.help or ''}".rstrip())
    return "\n".join(str(line) for line in lines).rstrip()


def _leaves(sub: argparse.ArgumentParser, name: str) -> list[tuple[str, argparse.ArgumentParser]]:
    for action in sub._actions:
        if isinstance(action, argparse._SubParsersAction):
            return [
                leaf for word, child in action.choices.items() for leaf in _leaves(child, f"{name} {word}")
            ]
    return [(name, sub)]
