"""What people read leads somewhere, shows what there is, and works as written."""

import re
from pathlib import Path

import pytest

from tests.house.test_house import DOMAIN, ROOT

PAGES = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    found = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    ours = [link for link in found if not re.match(r"\w+:", link)]
    assert [link for link in ours if not (page.parent / link).exists()] == []


def test_the_drawing_shows_every_room() -> None:
    drawing = (ROOT / "docs/architecture.md").read_text().split("```")[1]
    rooms = {path.parent.name for path in DOMAIN.glob("*/__init__.py")}
    assert {room for room in rooms if not re.search(rf"\b{room}\b", drawing)} == set()


def test_commands_of_make_are_those_that_are_written_about() -> None:
    lines = re.findall(r"^([a-z][a-z -]*):", (ROOT / "Makefile").read_text(), re.M)
    targets = {name for line in lines for name in line.split()}
    named = {word for page in PAGES for word in re.findall(r"`make ([a-z-]+)", page.read_text())}
    assert named <= targets, named - targets


def test_the_project_of_the_readme_is_one() -> None:
    from tagwerk.domain.designs.rules.yaml_text import read_project_file

    text = (ROOT / "README.md").read_text()
    file = read_project_file(re.findall(r"```yaml\n(.*?)```", text, re.S)[0])
    assert list(file.ask) == ["sentiment"]
