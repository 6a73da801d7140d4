"""A project's file as the text that people edit: YAML in the order in which it is read best."""

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from tagwerk.domain.designs.rules.project_file import ProjectFile

ORDER = (
    "title", "language", "instructions", "from", "show", "ask", "decides", "quality", "pay", "budget", "audience", "hold",
    "approve_after", "sensitivity", "api_work", "pilot",
)  # fmt: skip


def kept_form(file: ProjectFile) -> dict[str, Any]:
    """A file as a project keeps it."""
    return file.model_dump(mode="json", by_alias=True, exclude_none=True)


def plain_file(file: dict[str, Any]) -> dict[str, Any]:
    """The kept file of a project as somebody would write it: without what is left out, in the order of reading."""
    read = ProjectFile.model_validate(file)
    found = read.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    found["ask"] = {name: options for question in found["ask"] for name, options in question.items()}
    return {name: found[name] for name in ORDER if name in found}


def text_of(file: dict[str, Any]) -> str:
    """The kept file of a project as YAML; reading the text gives the same file again."""
    return written(plain_file(file))


def written(file: dict[str, Any]) -> str:
    """A file as YAML, in the order of reading."""
    ordered = {name: _written(file[name]) for name in ORDER if name in file}
    writer = YAML()
    writer.width = 110
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(ordered, out)
    return out.getvalue()


def _written(value: Any) -> Any:
    """Long texts as blocks, numbers that are texts in quotation marks."""
    if isinstance(value, dict):
        return {name: _written(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_written(part) for part in value]
    if isinstance(value, str):
        return _text(value)
    return value


def _text(value: str) -> Any:
    if "\n" in value and value.isprintable() is False and _block_holds(value):
        return LiteralScalarString(value)
    if "{" in value or not value or value[0].isdigit() or value[0] in "+-.":
        return DoubleQuotedScalarString(value)
    return value


def _block_holds(value: str) -> bool:
    """Whether a literal block gives the text back unchanged: no odd characters, no white space at the edges of lines."""
    lines = value.split("\n")
    return (
        all(line.isprintable() and line == line.rstrip() for line in lines)
        and bool(lines[0].strip())
        and not lines[0].startswith(" ")
    )
