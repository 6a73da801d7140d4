"""A browser for the journeys is found, or its absence explained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import chromium


def test_the_usual_names_are_found(
    programs: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    chrome = programs("google-chrome", "")
    assert chromium.find_chromium() == str(chrome)
    chromium_itself = programs("chromium", "")
    assert chromium.find_chromium() == str(chromium_itself)


def test_the_one_named_by_the_caller_goes_first(
    programs: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs("chromium", "")
    monkeypatch.setenv("CHROMIUM", str(programs("my-browser", "")))
    assert chromium.find_chromium() == str(programs("my-browser", ""))


def test_none_is_none(
    programs: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC_PLACES", ())
    assert chromium.find_chromium() is None
    assert "apt-get install chromium" in chromium.ADVICE


def test_a_failing_installation_says_why(programs: Callable[[str, str], Path]) -> None:
    programs("apt-get", "echo no network >&2; exit 100")
    assert chromium.install() == "no network"


@pytest.mark.journey
def test_the_browser_of_the_journeys_starts(page: Any) -> None:
    page.set_content("<title>works</title>")
    assert page.title() == "works"
