"""The reference of the project file is what the program accepts."""

from pathlib import Path

from tagwerk.domain.designs.rules.reference import project_file_reference

PAGE = Path(__file__).parents[3] / "docs/reference/project-file.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == project_file_reference(), (
        "write project_file_reference() to docs/reference/project-file.md"
    )
