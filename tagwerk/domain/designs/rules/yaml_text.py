"""Read a project file from text: every problem with its line, its path, and what would be right."""

from typing import Any, Final

from pydantic import ValidationError

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules.cross_checks import cross_check
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.wording import worded
from tagwerk.domain.designs.rules.yaml_nodes import Document, Problem, Unreadable, dotted, read_document

MOST_PROBLEMS: Final = 20


class ProjectFileError(Invalid):
    """All that is wrong with a project file: one line each in the message, one entry each in `problems`."""

    def __init__(self, problems: list[Problem], name: str) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        lines = [_line(problem, name) for problem in self.problems]
        if len(problems) > MOST_PROBLEMS:
            lines.append(f"… and {len(problems) - MOST_PROBLEMS} more")
        path = self.problems[0].path or None
        super().__init__("project_file_wrong", "{problems}", problems="\n".join(lines))
        self.path = path

    def __str__(self) -> str:
        return str(self.params["problems"])  # each line says its path itself


def _line(problem: Problem, name: str) -> str:
    place = f"{name}:{problem.line}" if problem.line else name
    return f"{place}: {problem.path}: {problem.message}" if problem.path else f"{place}: {problem.message}"


def read_project_file(text: str, name: str = "project.yaml") -> ProjectFile:
    """The project file in a YAML or JSON text; ProjectFileError names every problem with its line."""
    try:
        document = read_document(text.removeprefix("\ufeff"))
    except Unreadable as unreadable:
        raise ProjectFileError([unreadable.problem], name) from None
    return _checked(document, name)


def project_file_of(value: Any, name: str = "project") -> ProjectFile:
    """The project file in a value that was JSON; ProjectFileError names every problem with its path."""
    return _checked(Document(value), name)


def _checked(document: Document, name: str) -> ProjectFile:
    if not isinstance(document.value, dict):
        problem = Problem("a project file is a map with title, language, show and ask", document.line_of(()))
        raise ProjectFileError([problem], name)
    try:
        file = ProjectFile.model_validate(document.value)
    except ValidationError as error:
        found = [worded(item, document) for item in error.errors(include_url=False)]
        raise ProjectFileError(sorted(found, key=lambda problem: problem.line or 0), name) from None
    problems = [Problem(text, document.line_of(place), dotted(place)) for place, text in cross_check(file)]
    if problems:
        raise ProjectFileError(sorted(problems, key=lambda problem: problem.line or 0), name)
    return file
