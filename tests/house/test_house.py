"""The house keeps its own rules. The order of rooms is written once, in pyproject.toml."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter, isfunction, signature
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tagwerk.base.events import Event

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "tagwerk"
DOMAIN = HOUSE / "domain"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
ROOMS = next(c for c in CONTRACTS if c.get("containers") == ["tagwerk.domain"])["layers"]
FLOOR = {room: floor for floor, rooms in enumerate(reversed(ROOMS)) for room in re.findall(r"\w+", rooms)}


def _sources(folder: Path, suffix: str = ".py") -> Iterator[Path]:
    for path in sorted(folder.rglob(f"*{suffix}")):
        if not {"migrations", "node_modules", "__pycache__"} & set(path.parts):
            yield path


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_imports_go_down():
    # In a process of its own: it sets logging up anew, and what other tests listen to would be silent.
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_foreign_keys_go_down():
    """import-linter cannot see `ForeignKey("room.Model")`, so look at the models themselves."""
    climbing = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and (here := FLOOR.get(model._meta.app_label)) is not None
        and (there := FLOOR.get(field.related_model._meta.app_label)) is not None
        and model._meta.app_label != field.related_model._meta.app_label
        and there >= here
    ]
    assert climbing == []


def test_interfaces_do_not_touch_the_tables():
    """Interfaces load through queries and change through actions."""
    touching = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _sources(HOUSE / "interfaces")
        for node in ast.walk(_tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"objects", "bulk_create", "select_for_update"})
        or (isinstance(node, ast.ImportFrom) and node.module in {"django.db", "django.db.models", "psycopg"})
    ]
    assert touching == []


def test_only_a_room_writes_its_own_tables():
    writes = {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete"}
    foreign = []
    for path in _sources(DOMAIN):
        room = path.relative_to(DOMAIN).parts[0]
        tree = _tree(path)
        theirs = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (found := re.fullmatch(r"tagwerk\.domain\.(\w+)\.models", node.module or ""))
            and found[1] != room
            for alias in node.names
        }
        for call in (
            n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        ):
            names = {n.id for n in ast.walk(call.func) if isinstance(n, ast.Name)}
            if call.func.attr in writes and names & theirs:
                foreign.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert foreign == []


def test_only_actions_write():
    """Inside a room, only actions change rows; queries, rules and models do not."""
    writes = {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "save", "delete"}
    writing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _sources(DOMAIN)
        if re.search(r"/(queries|rules)(\.py|/)", str(path))
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in writes
        and any(isinstance(n, ast.Attribute) and n.attr == "objects" for n in ast.walk(node.func))
    ]
    assert writing == []


def test_nobody_listens_to_signals():
    """Only allauth's receivers may, because allauth has no other way to tell."""
    listening = [
        str(path.relative_to(ROOT))
        for path in _sources(HOUSE)
        if path != HOUSE / "interfaces/web/allauth.py"
        and re.search(r"@receiver|(post|pre)_(save|delete)\.connect", path.read_text())
    ]
    assert listening == []


def test_every_event_has_its_line_in_reactions():
    from tagwerk.config.reactions import REACTIONS

    ours = {event for event in Event.__subclasses__() if event.__module__.startswith("tagwerk.")}
    assert set(REACTIONS) == ours


def test_every_action_and_query_says_what_it_does():
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in _sources(DOMAIN)
        if re.search(r"/(actions|queries)(\.py|/)", str(path))
        for node in _tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_actions_take_their_arguments_by_name():
    """The room's face: what `actions` hands out. Its inner pieces are its own affair."""
    positional = []
    for room in sorted(path.name for path in DOMAIN.iterdir() if (path / "__init__.py").exists()):
        if not any((DOMAIN / room / name).exists() for name in ("actions.py", "actions/__init__.py")):
            continue
        actions = import_module(f"tagwerk.domain.{room}.actions")
        for name, action in vars(actions).items():
            if (
                isfunction(action)
                and action.__module__.startswith(actions.__name__)
                and not name.startswith("_")
            ):
                kinds = {parameter.kind for parameter in signature(action).parameters.values()}
                if kinds - {Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD}:
                    positional.append(f"{room}.{name}")
    assert positional == []


@pytest.mark.django_db
def test_migrations_are_written():
    call_command("makemigrations", "--check", "--dry-run")


def test_migrations_are_named():
    automatic = [str(path.relative_to(ROOT)) for path in HOUSE.rglob("migrations/*_auto_*.py")]
    assert automatic == []


def test_every_constraint_is_tested_by_name():
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    untested = [
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith("tagwerk.")
        for constraint in model._meta.constraints
        if constraint.name not in tests
    ]
    assert untested == []


def test_files_are_small_and_speak():
    vague = {"utils", "helpers", "misc", "common", "manager", "services", "util"}
    paths = [
        *_sources(HOUSE),
        *_sources(ROOT / "tests"),
        *_sources(ROOT / "tools"),
        *_sources(ROOT / "benchmarks"),
    ]
    paths += [*_sources(HOUSE, ".js"), *_sources(HOUSE, ".css")]
    assert [str(path) for path in paths if path.stem in vague] == []
    long = [str(path.relative_to(ROOT)) for path in paths if len(path.read_text().splitlines()) > 400]
    assert long == []


def test_pages_have_their_template_beside_them():
    """A page is a view and a template of the same name (its further states are `<page>_<state>.html`); a component is
    a folder with a sample."""
    pages = HOUSE / "interfaces/web/pages"
    alone = [
        str(path.relative_to(ROOT))
        for path in pages.rglob("*.html")
        if not path.name.startswith("_")
        and not any(
            path.stem == view.stem or path.stem.startswith(f"{view.stem}_")
            for view in path.parent.glob("*.py")
        )
    ]
    samples = [
        str(folder.relative_to(ROOT))
        for folder in (HOUSE / "interfaces/web/components").iterdir()
        if folder.is_dir() and not folder.name.startswith("_") and not (folder / "sample.html").exists()
    ]
    assert alone == []
    assert samples == []


def test_pages_have_no_inline_styles_or_scripts():
    """The content security policy forbids them; find them before a browser does."""
    inline = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in (HOUSE / "interfaces/web").rglob("*.html")
        if (
            found := re.search(
                r"\sstyle=\"|\son(click|load|change|submit|input)=|<style|javascript:", path.read_text()
            )
        )
    ]
    assert inline == []


def test_no_registry_address_and_no_third_party_code():
    lock = ROOT / "package-lock.json"
    assert "resolved" not in lock.read_text()
    assert not re.search(r"https?://", "".join(p.read_text() for p in (ROOT / "requirements").glob("*.txt")))
    minified = [str(path) for path in _sources(HOUSE, ".min.js")]
    assert minified == []


def test_every_model_is_in_the_words():
    words = (ROOT / "docs/words.md").read_text().lower()
    missing = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("tagwerk.")
        and re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower() not in words
    ]
    assert missing == []


def test_pages_load_no_compiler():
    """Processes that serve pages would pay for Numba with a second and a hundred megabytes each."""
    look = "import django, sys; django.setup(); import tagwerk.config.urls; sys.exit('numba' in sys.modules)"
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "tagwerk.config.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", look], env=settings, cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def test_what_browsers_wait_for_is_a_function():
    """Another expression is compiled anew when it does not hold at once, and the content policy stops that."""
    waits = {
        f"{path.relative_to(ROOT)}: {found}"
        for path in _sources(ROOT / "tests")
        for found in re.findall(r"\.wait_for_function\(\s*f?[\"'](.*)", path.read_text())
        if not re.match(r"(async )?(\w+|\([\w, ]*\)) =>", found)
    }
    assert waits == set()
