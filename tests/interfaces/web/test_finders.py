"""Static files: what leaves, and what never does."""

from pathlib import Path

from django.contrib.staticfiles import finders

from tagwerk.interfaces.web.finders import LAYERS, WEB, BesideTheTemplate, gathered_sheet


def test_only_scripts_pictures_fonts_and_the_sheet_leave() -> None:
    names = [name for name, _storage in BesideTheTemplate().list([])]
    assert "answers/base.js" in names
    assert {Path(name).suffix for name in names} <= {".js", ".svg", ".png", ".woff2", ".css"}
    assert [name for name in names if name.endswith(".css")] == ["tagwerk.css"]


def test_templates_and_code_are_not_found() -> None:
    for path in ("layout/base.html", "guards.py", "answers/__init__.py", "allauth.py"):
        assert not finders.find(path), path


def test_the_sheet_holds_every_style_in_its_layer() -> None:
    sheet = gathered_sheet()
    assert sheet.startswith("@layer layout, components, answers, pages;")
    for path in WEB.rglob("*.css"):
        relative = path.relative_to(WEB).as_posix()
        assert relative.partition("/")[0] in LAYERS
        assert f"/* {relative} */\n@layer {relative.partition('/')[0]} {{" in sheet


def test_the_collected_sheet_is_hashed(static_files: Path) -> None:
    assert list(static_files.glob("tagwerk.????????????.css"))
