"""tagwerk wages …"""

from pathlib import Path
from typing import Any

import pytest

from tagwerk.domain.accounts import queries

pytestmark = pytest.mark.django_db


def test_the_table_is_written_changed_and_brought_in_again(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "wages.csv"
    assert command("wages", "export", str(file)).code == 0
    before = file.read_text()
    assert "other than before: 0." in command("wages", "import", str(file)).out
    file.write_text(before + "DE,2040-01-01,20.00,EUR,https://example.org/law\n")
    assert "other than before: 1." in command("wages", "import", str(file)).out
    assert any(line.wage.valid_from.year == 2040 for line in queries.wage_lines())
    assert command("wages", "remove", "de", "2040-01-01").code == 0
    assert command("wages", "remove", "de", "2040-01-01").code == 2
    command("wages", "export", str(file))
    assert file.read_text() == before


def test_one_wrong_line_and_none_counts(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "wages.csv"
    for text in (
        "country,from,per_hour,currency,source\nDE,2040-01-01,20,EUR,x\nDE,soon,20,EUR,x\n", "a,b\n", ""
    ):  # fmt: skip
        file.write_text(text)
        assert command("wages", "import", str(file)).code == 2
    assert not any(line.wage.valid_from.year == 2040 for line in queries.wage_lines())
    assert command("wages", "import", str(tmp_path / "none.csv")).code == 2
