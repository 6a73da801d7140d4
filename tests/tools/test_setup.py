"""The set-up finds a Python, says what is missing, and does nothing twice."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
Tool = Callable[[str], ModuleType]
Put = Callable[[str, str], Path]


@pytest.fixture
def setup(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.delenv("PYTHON", raising=False)
    return tool("setup")


@pytest.fixture
def steps(tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The steps, in a folder of our own."""
    module = tool("setup_steps")
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps")
    return module


class TestChoosingAPython:
    def test_an_old_one_is_passed_over(self, setup: ModuleType, programs: Put) -> None:
        programs("python3", "echo 3 9")
        newer = programs("python3.12", "echo 3 12")
        assert setup.choose() == (str(newer), "")

    def test_a_stub_that_only_fails_is_passed_over(self, setup: ModuleType, programs: Put) -> None:
        programs("python3.13", "echo not installed >&2; exit 127")
        usable = programs("python3", "echo 3 11")
        assert setup.choose() == (str(usable), "")

    def test_one_without_venv_is_named_with_its_package(self, setup: ModuleType, programs: Put) -> None:
        programs("python3.12", "echo 3 12; exit 1")
        program, sentence = setup.choose()
        assert program is None
        assert "apt-get install python3.12-venv" in sentence

    def test_none_at_all(self, setup: ModuleType, programs: Put) -> None:
        assert "none was found" in setup.choose()[1]

    def test_only_too_old_or_too_new_ones_are_named(self, setup: ModuleType, programs: Put) -> None:
        programs("python3", "echo 3 9")
        programs("python", "echo 3 99")
        assert "python3 is 3.9, python is 3.99" in setup.choose()[1]

    def test_the_one_named_by_the_caller_goes_first(
        self, setup: ModuleType, programs: Put, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        programs("python3", "echo 3 11")
        wanted = programs("mine", "echo 3 12")
        monkeypatch.setenv("PYTHON", str(wanted))
        assert setup.choose() == (str(wanted), "")

    def test_make_says_what_to_install_where_there_is_no_python(self, programs: Put) -> None:
        make = Path("/usr/bin/make")
        if not make.exists():
            pytest.skip("make is not in /usr/bin")
        done = subprocess.run([make, "setup"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert "apt-get install python3 python3-venv" in done.stderr


class TestSteps:
    def test_a_step_is_done_once_for_a_state(self, steps: ModuleType) -> None:
        done: list[str] = []
        for state in ("a", "a", "b", "b"):
            steps.step("name", state, lambda state=state: done.append(state))
        assert done == ["a", "b"]

    def test_a_state_that_includes_the_wanted_one_counts(self, steps: ModuleType) -> None:
        done: list[str] = []
        steps.step("name", "with tests", lambda: done.append("with tests"))
        steps.step("name", "without", lambda: done.append("without"), also="with tests")
        assert done == ["with tests"]

    def test_what_is_broken_is_done_again(self, steps: ModuleType) -> None:
        done: list[int] = []
        steps.step("name", "a", lambda: done.append(1))
        steps.step("name", "a", lambda: done.append(2), intact=False)
        assert done == [1, 2]

    def test_a_step_that_failed_is_not_taken_for_done(self, steps: ModuleType) -> None:
        def fail() -> None:
            raise steps.Missing("no network")

        with pytest.raises(steps.Missing):
            steps.step("name", "a", fail)
        done: list[int] = []
        steps.step("name", "a", lambda: done.append(1))
        assert done == [1]

    def test_a_failing_command_says_its_last_lines(self, steps: ModuleType) -> None:
        with pytest.raises(steps.Missing, match=r"npm ci failed:\nthe reason"):
            steps.run([sys.executable, "-c", "print('the reason'); raise SystemExit(1)"], what="npm ci")


class TestNpm:
    def test_a_new_system_node_is_used(self, steps: ModuleType, programs: Put) -> None:
        programs("node", "echo v22.1.0")
        npm = programs("npm", "")
        assert steps.npm_command() == [str(npm)]

    @pytest.mark.parametrize("version", ["v12.22.0", "not installed"])
    def test_an_old_one_is_not(
        self, steps: ModuleType, programs: Put, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        programs("node", f"echo {version}")
        programs("npm", "")
        ours = tmp_path / "venv" / "bin" / "npm"
        ours.parent.mkdir(parents=True)
        ours.write_text("")
        monkeypatch.setattr(steps, "VENV", tmp_path / "venv")
        assert steps.npm_command() == [steps.PYTHON, ours]

    def test_none_at_all(
        self, steps: ModuleType, programs: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steps, "VENV", tmp_path)
        with pytest.raises(steps.Missing, match=r"Install Node\.js"):
            steps.npm_command()


class TestTranslations:
    def test_catalogues_are_compiled(
        self, steps: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        catalogue = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
        catalogue.parent.mkdir(parents=True)
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        catalogue.write_text(f'{header}\nmsgid "day"\nmsgstr "Tag"\n')
        monkeypatch.setattr(steps, "ROOT", tmp_path)
        monkeypatch.setattr(steps, "LOCALE", tmp_path / "locale")
        monkeypatch.setattr(steps, "PYTHON", sys.executable)
        steps.compile_catalogues()
        assert b"Tag" in catalogue.with_suffix(".mo").read_bytes()


class TestPins:
    @pytest.mark.parametrize("name", ["base.txt", "test.txt"])
    def test_every_requirement_has_hashes_and_no_address(self, name: str) -> None:
        text = (ROOT / "requirements" / name).read_text()
        pinned = re.findall(
            r"^[\w.-]+==\S+[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+)", text, re.MULTILINE
        )
        assert len(pinned) == len(re.findall(r"^[A-Za-z][\w.-]*(?:\[.*\])?\s*[=@]", text, re.MULTILINE)) > 50
        assert "://" not in text

    def test_tests_run_on_the_versions_that_are_shipped(self) -> None:
        def pins(name: str) -> set[str]:
            return set(
                re.findall(r"^[\w.-]+==[\w.]+", (ROOT / "requirements" / name).read_text(), re.MULTILINE)
            )

        assert pins("base.txt") <= pins("test.txt")

    def test_the_lock_of_the_browser_libraries_has_integrity_and_no_address(self) -> None:
        text = (ROOT / "package-lock.json").read_text()
        assert "://" not in text
        assert text.count('"integrity"') == text.count('"node_modules/')
