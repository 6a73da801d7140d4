"""Drafts of Ada's, made and set up through the pages."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tagwerk.base.ids import row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.interfaces.web.pages.requester.file_text import plain_file
from tagwerk.interfaces.web.pages.requester.file_text import text_of as yaml_of
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.people import organisation

ROWS = "review,stars\n" + "".join(
    f"The kettle number {n} boils water and is fine.,{n}\n" for n in range(1, 5)
)
PAIRS = "prompt,answer_a,answer_b\nHow do I boil an egg?,In water for ten minutes.,Not at all.\n"
GO = {"do": "go"}


def uploaded(content: str | bytes, name: str = "kettle_reviews.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def started(content: str | bytes = ROWS, name: str = "kettle_reviews.csv", **given: Any) -> Any:
    given = {"do": "data", "kind": "choice", "language": "en", "rows": uploaded(content, name), **given}
    return visitor("ada").post("/projects/new/", given)


HTMX = {"HX-Request": "true"}


def draft(**given: Any) -> ProjectView:
    """A draft of Ada's from her own rows."""
    organisation("acme")
    answer = started(**given)
    assert answer.status_code == 303, text_of(answer)
    return projects.project(row_number("prj", answer["Location"].split("/")[2]))


def at(made: ProjectView, step: str) -> str:
    return f"/projects/{made.public_id}/setup/{step}/"


def send(made: ProjectView, step: str, given: dict[str, Any], **headers: str) -> Any:
    return visitor("ada").post(at(made, step), given, **headers)


def seen(made: ProjectView, step: str) -> str:
    answer = visitor("ada").get(at(made, step))
    assert answer.status_code == 200
    return text_of(answer)


def now(made: ProjectView) -> ProjectView:
    return projects.project(made.id)


def file(made: ProjectView) -> dict[str, Any]:
    return plain_file(now(made).file)


def fields(made: ProjectView, **changes: str) -> dict[str, str]:
    """The form of the design step as it stands, with changes."""
    page = seen(made, "design")
    given = {
        "yaml": yaml_of(now(made).file),
        "digest": re.findall(r'id="design-digest" value="(\w+)"', page)[0],
    }
    given |= {
        "title": "Kettle reviews", "language": "en", "show-0-kind": "text", "show-0-0": "{{ review }}",
        "show-0-label": "Review", "ask-0-label": "Fine?", "ask-0-options": "yes\nno", "ask-0-required": "on",
        "ask-0-name": "answer",
    }  # fmt: skip
    return {**given, **changes}
