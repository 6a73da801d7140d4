"""Static files: what leaves, and what never does."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from tagwerk.interfaces.web.finders import (
    LAYERS,
    TASK_SHEET,
    WEB,
    BesideTheTemplate,
    gathered_sheet,
    without_comments,
)


def test_only_scripts_pictures_fonts_and_the_sheet_leave() -> None:
    names = [name for name, _storage in BesideTheTemplate().list([])]
    assert "answers/base.js" in names
    assert {Path(name).suffix for name in names} <= {".js", ".svg", ".png", ".woff2", ".css"}
    assert [name for name in names if name.endswith(".css")] == ["tagwerk.css", "task.css"]


def test_templates_and_code_are_not_found() -> None:
    for path in ("layout/base.html", "guards.py", "answers/__init__.py", "allauth.py"):
        assert not finders.find(path), path


def test_the_sheet_holds_every_style_in_its_layer() -> None:
    sheet = gathered_sheet()
    assert sheet.startswith("@layer layout, components, answers, pages;")
    for path in WEB.rglob("*.css"):
        relative = path.relative_to(WEB).as_posix()
        assert relative.partition("/")[0] in LAYERS
        first_rule = (
            re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S).strip().partition("\n")[0].rstrip()
        )
        assert first_rule in sheet, relative


def test_the_page_of_a_task_has_a_sheet_of_what_it_is_made_of() -> None:
    sheet = gathered_sheet(TASK_SHEET)
    for part in (".task-bar", ".choices-row", ".shown", ".button-primary", ".banner-wait", "--accent:"):
        assert part in sheet, part
    for part in (".site-bar", ".table", ".entrance", "@font-face", "url("):
        assert part not in sheet, part


def test_the_collected_sheets_are_hashed(static_files: Path) -> None:
    assert list(static_files.glob("tagwerk.????????????.css"))
    assert list(static_files.glob("task.????????????.css"))


def test_comments_stay_at_home(static_files: Path) -> None:
    for script in (static_files / "answers").rglob("*.js"):
        assert not re.search(r"^\s*(/\*|//)", script.read_text(), re.M), script
    assert "/*" not in gathered_sheet() + gathered_sheet(TASK_SHEET)


def test_what_is_no_comment_leaves() -> None:
    script = '/**\n * Why.\n */\nconst a = 1; // one\n  /** @type {X} */ b = "/* no */";\n// gone\nreturn a / b / 2;\n'
    assert without_comments(script) == 'const a = 1; // one\nb = "/* no */";\nreturn a / b / 2;\n'
