"""Read a project file from text: every problem with its line, its path, and what would be right."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

from tagwerk.base.errors import Invalid, Sentence
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
            lines.append(Sentence("… and {count} more", count=len(problems) - MOST_PROBLEMS))
        path = self.problems[0].path or None
        super().__init__("project_file_wrong", "{problems}", problems=_Lines(lines))
        self.path = path

    def __str__(self) -> str:
        return str(self.params["problems"])  # each line says its path itself


class _Lines(Sentence):
    """Several sentences, one a line."""

    def __init__(self, lines: list[Sentence]) -> None:
        super().__init__("")
        self.lines = lines

    def said(self, translate: Callable[[str], str] = str) -> str:
        return "\n".join(line.said(translate) for line in self.lines)


def _line(problem: Problem, name: str) -> Sentence:
    places = [f"{name}:{problem.line}" if problem.line else name, *([problem.path] if problem.path else [])]
    return Sentence("{place}: {problem}", place=": ".join(places), problem=problem.message)


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
        words = Sentence("a project file is a map with title, language, show and ask")
        problem = Problem(words, document.line_of(()))
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
