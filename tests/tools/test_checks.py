"""`make test` names what failed, and fails itself."""

import sys
from pathlib import Path

import pytest

from tools import checks


def check(part: str, name: str, program: str) -> checks.Check:
    return checks.Check(part, name, (sys.executable, "-c", program))


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """One good static check, one bad, and good tests."""
    bad = check("types", "types", "print('line 7 is wrong'); raise SystemExit(1)")
    monkeypatch.setattr(checks, "STATIC", (check("lint", "lint", ""), bad))
    monkeypatch.setattr(checks, "TESTS", (check("tests", "tests", ""),))


def test_all_run_and_the_failed_one_is_named(three: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert checks.main([]) == 1
    said = capfd.readouterr().out
    assert "line 7 is wrong" in said
    assert "ok     tests" in said, "the tests run although the types are wrong"
    assert "FAILED: types; again with:" in said


def test_one_part_alone(three: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert checks.main(["lint"]) == 0
    assert "types" not in capfd.readouterr().out


def test_an_unknown_part_is_refused(three: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert checks.main(["spelling"]) == 2
    assert "there is only docs, lint, long, tests, types" in capfd.readouterr().err


def test_settings_of_an_installed_platform_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://production")
    monkeypatch.setenv("TAGWERK_DATA", "/var/lib/tagwerk")
    monkeypatch.setenv("TAGWERK_TEST_DATABASE_URL", "postgresql://tests")
    environment = checks.environment()
    assert "DATABASE_URL" not in environment
    assert "TAGWERK_DATA" not in environment
    assert environment["TAGWERK_TEST_DATABASE_URL"] == "postgresql://tests"


def test_ci_runs_what_everybody_runs() -> None:
    assert "make test" in (Path(__file__).resolve().parents[2] / ".ci" / "run").read_text()
