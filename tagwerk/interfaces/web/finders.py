"""Where static files come from: beside the templates that use them, and a few files of npm packages.

All styles leave as one sheet, `tagwerk.css`: one request for every page, cached for ever under its hash. The page of a
task has a small sheet of its own. They are gathered here, each file in the cascade layer of its folder, so that the
order of files can never matter. Comments stay at home: styles and scripts leave without them.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

WEB = Path(__file__).resolve().parent
NODE_MODULES = WEB.parents[2] / "node_modules"
SHEET, TASK_SHEET = "tagwerk.css", "task.css"
LAYERS = ("layout", "components", "answers", "pages")
# What the page of a task is made of, and nothing else.
OF_A_TASK = re.compile(
    r"layout/(tokens|base|task)\.css|answers/|components/(banner|button|field|icon|kbd|keys|money|shown|task_bar|time_left|timer)/"
)
SERVED = frozenset({".js", ".svg", ".png", ".woff2"})  # a template or a Python file never leaves this way

FONTS = "@fontsource-variable/source-sans-3/files"
# What leaves of the packages in package.json: the name under which it is served → the file in node_modules.
PACKAGES = {
    "packages/htmx.js": "htmx.org/dist/htmx.esm.min.js",
    "packages/uplot.js": "uplot/dist/uPlot.esm.js",
    "packages/source-sans-3.woff2": f"{FONTS}/source-sans-3-latin-wght-normal.woff2",
    "packages/source-sans-3-ext.woff2": f"{FONTS}/source-sans-3-latin-ext-wght-normal.woff2",
}


def beside_templates(suffixes: Iterable[str] = SERVED) -> Iterator[str]:
    """Paths of the files with these suffixes in the folders of layout, components, answers and pages."""
    wanted = frozenset(suffixes)
    for layer in LAYERS:
        for path in sorted((WEB / layer).rglob("*")):
            if path.suffix in wanted and path.is_file():
                yield path.relative_to(WEB).as_posix()


def gathered_sheet(name: str = SHEET) -> str:
    """The styles of a sheet in one text, each file in the layer of its folder."""
    sheets = [path for path in beside_templates({".css"}) if name == SHEET or OF_A_TASK.match(path)]
    parts = [f"@layer {', '.join(LAYERS)};"]
    for path in sorted(sheets, key=lambda path: (path != "layout/tokens.css", path)):
        parts.append(f"@layer {path.partition('/')[0]} {{\n{(WEB / path).read_text('utf-8')}}}")
    return _COMMENT_OF_STYLES.sub("", "\n".join(parts)) + "\n"


def without_comments(script: str) -> str:
    """A script of ours without the comments that begin a line, which are most of them: a third of what leaves."""
    for pattern in (_BLOCK_OF_LINES, _LINE, _AT_THE_BEGINNING):
        script = pattern.sub("", script)
    return script


_COMMENT_OF_STYLES = re.compile(r"[ \t]*/\*.*?\*/", re.S)
_BLOCK_OF_LINES = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.S | re.M)
_LINE = re.compile(r"^[ \t]*//[^\n]*\n", re.M)
_AT_THE_BEGINNING = re.compile(r"(?<=^)[ \t]*/\*\*(?:(?!\*/).)*\*/[ ]?", re.M)


class _Gathered(Storage):
    """A storage that holds the gathered sheets."""

    prefix = ""

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return ContentFile(gathered_sheet(name).encode(), name)

    def path(self, name: str) -> str:
        return name

    def exists(self, name: str) -> bool:
        return name in (SHEET, TASK_SHEET)

    def get_modified_time(self, name: str) -> datetime:
        times = [(WEB / path).stat().st_mtime for path in beside_templates({".css"})]
        return datetime.fromtimestamp(max(times), UTC)


class _Lean(FileSystemStorage):
    """Our own folders; a script is read without its comments."""

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        if not name.endswith(".js"):
            return super()._open(name, mode)  # type: ignore[no-any-return,misc]
        return ContentFile(without_comments((WEB / name).read_text("utf-8")).encode(), name)


class BesideTheTemplate(BaseFinder):
    """Scripts and pictures beside the templates, and the gathered sheets."""

    def check(self, **options: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        here = _Lean(WEB)
        for path in beside_templates():
            if not matches_patterns(path, list(ignore_patterns or [])):
                yield path, here
        yield SHEET, _Gathered()
        yield TASK_SHEET, _Gathered()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file itself. A gathered sheet is none: it exists once the files are collected."""
        found = [str(WEB / path)] if path in set(beside_templates()) else []
        return found if find_all else (found[0] if found else [])


class Packages(BaseFinder):
    """The files of npm packages that pages load, under names of our own."""

    def check(self, **options: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for name, source in PACKAGES.items():
            if (NODE_MODULES / source).is_file():
                yield name, _Renamed(source)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        source = NODE_MODULES / PACKAGES.get(path, "")
        found = [str(source)] if path in PACKAGES and source.is_file() else []
        return found if find_all else (found[0] if found else [])


class _Renamed(FileSystemStorage):
    """One file of node_modules, whatever the name it is asked by."""

    prefix = ""

    def __init__(self, source: str) -> None:
        super().__init__(NODE_MODULES)
        self.source = source

    def path(self, name: str) -> str:
        return super().path(self.source)
