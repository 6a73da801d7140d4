"""The references in docs/reference, made of the program itself: `references.py write | check`.

write   write every file
check   say which files are not what the program says; exit 1 if any
"""

import ast
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "tagwerk"
REFERENCE = ROOT / "docs" / "reference"
ELSEWHERE = {"client", "simulation", "inference"}  # not the platform itself
STATUS = {"Refusal": 400}
IN_WORDS = {
    400: "cannot be read",
    401: "no key",
    403: "not allowed",
    404: "not there, or not yours",
    405: "not supported",
    409: "the state of things has changed",
    413: "too large",
    422: "the input is wrong",
    429: "too much",
    500: "our mistake",
    503: "not now",
}
ANSWER_WRONG = "refuse"  # domain/designs: refuse(path, message) is Invalid("answer_wrong", message)


def pages() -> dict[str, str]:
    """File below docs/reference → its content."""
    from tagwerk.config.environment import settings_reference
    from tagwerk.domain.designs.rules.reference import project_file_reference
    from tagwerk.interfaces.api.document import writers
    from tagwerk.interfaces.cli.command import reference

    return {
        "settings.md": settings_reference(),
        "project-file.md": project_file_reference(),
        "cli.md": reference(),
        "events.md": events(),
        "refusals.md": refusals(),
        **writers(),
    }


# Events: the facts that rooms tell.


def events() -> str:
    """docs/reference/events.md, made of the classes and their docstrings."""
    lines = [
        "# Events",
        "",
        "Facts that actions record, in the same transaction as the change itself. Each is a row of the table `event` with",
        "`name`, `version`, `happened_at`, `actor_id`, `organisation_id`, `project_id` and, as `facts`, the fields below.",
        "What follows from a fact is named in `tagwerk/config/reactions.py`. They hold ids rather than content.",
        "Webhooks have names of their own: see [webhooks](../how-to/webhooks.md).",
        "",
    ]
    for room in sorted(path.parent.name for path in (HOUSE / "domain").glob("*/events.py")):
        lines += [f"## {room}", "", "| event | tells | facts |", "|---|---|---|"]
        lines += [_event_line(event) for event in _events_of(room)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _events_of(room: str) -> list[type]:
    from tagwerk.base.events import Event

    module = import_module(f"tagwerk.domain.{room}.events")
    found = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Event)]
    return [one for one in found if one.__module__ == module.__name__]


def _event_line(event: type) -> str:
    from tagwerk.base.events import Event

    common = {each.name for each in fields(Event)}
    own = [f"`{each.name}`: {_type_name(each.type)}" for each in fields(event) if each.name not in common]
    return f"| `{event.__name__}` | {_cell(event.__doc__ or '')} | {', '.join(own) or '–'} |"


def _type_name(kind: object) -> str:
    return (kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))).replace("|", "or")


# Refusals: what people can do wrong.


@dataclass(frozen=True, order=True)
class Said:
    """One place at which something is refused."""

    code: str
    status: int
    message: str


def refusals() -> str:
    """docs/reference/refusals.md, found in the source: every code with its status and its messages."""
    found: dict[str, set[Said]] = defaultdict(set)
    for said in _refused():
        found[said.code].add(said)
    lines = [
        "# Refusals",
        "",
        "What can be refused, by its stable code. The API answers with `{code, message, path?}` and the status below, pages",
        "and the command line say the message, in the reader's language. Words in braces are filled in.",
        "",
        "| code | status | message |",
        "|---|---|---|",
    ]
    for code in sorted(found):
        statuses = sorted({said.status for said in found[code]})
        messages = sorted({said.message for said in found[code] if said.message})
        numbers = ", ".join(f"{status} ({IN_WORDS[status]})" for status in statuses)
        lines.append(f"| `{code}` | {numbers} | {'<br>'.join(map(_cell, messages)) or '–'} |")
    return "\n".join(lines) + "\n"


def _refused() -> Iterator[Said]:
    trees = [ast.parse(path.read_text("utf-8")) for path in _sources()]
    statuses = _statuses(trees)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _said(node, statuses)
            elif isinstance(node, ast.ClassDef) and node.name in statuses:
                yield from _said_by_class(node, statuses[node.name])


def _sources() -> Iterator[Path]:
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).parts
        if "migrations" not in parts and parts[0] not in ELSEWHERE:
            yield path


def _statuses(trees: list[ast.Module]) -> dict[str, int]:
    """Every class of refusals and its status; a class without one has its parent's."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = dict(STATUS)
    for _depth in range(3):
        for node in classes:
            parents = [
                found[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in found
            ]
            if parents:
                found[node.name] = _own_status(node) or parents[0]
    return found


def _own_status(node: ast.ClassDef) -> int | None:
    for line in node.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "status":
            return int(ast.literal_eval(line.value))
    return None


def _said(call: ast.Call, statuses: dict[str, int]) -> Iterator[Said]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name == ANSWER_WRONG and len(call.args) == 2:
        yield Said("answer_wrong", statuses["Invalid"], _text(call.args[1]))
    elif name in statuses and len(call.args) >= 2 and isinstance(call.args[0], ast.Constant):
        yield Said(str(call.args[0].value), statuses[name], _text(call.args[1]))


def _said_by_class(node: ast.ClassDef, status: int) -> Iterator[Said]:
    """`super().__init__(code, message)` of a refusal that makes its own message."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args[1:]:
            code = call.args[0]
            if isinstance(code, ast.Constant):
                yield Said(str(code.value), status, _text(call.args[1]))


def _text(expression: ast.expr) -> str:
    """The literal parts of a message; "" for one that is made elsewhere or only passed on."""
    parts = [node.value for node in ast.walk(expression) if isinstance(node, ast.Constant)]
    text = "".join(part for part in parts if isinstance(part, str))
    return "" if re.fullmatch(r"\{\w+\}", text) or isinstance(expression, ast.Subscript) else text


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def write() -> int:
    """Write every file."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, "utf-8")
    return 0


def stale() -> list[str]:
    """The files that are not what the program says."""
    return [
        name
        for name, text in pages().items()
        if not (REFERENCE / name).is_file() or (REFERENCE / name).read_text("utf-8") != text
    ]


def check() -> int:
    """Print which files are stale."""
    found = stale()
    for name in found:
        print(f"docs/reference/{name} is not what the program says (run tools/references.py write)")
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Run one of the two."""
    words = {"write": write, "check": check}
    if len(arguments) != 1 or arguments[0] not in words:
        print(__doc__)
        return 2
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
    import django

    django.setup()
    return words[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
