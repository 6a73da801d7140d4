"""tagwerk bank import"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tagwerk.simulation.bank import Movement, account_day, cut_off
from tests.domain.payments.test_sepa import valid
from tests.domain.payments.wages import company, earn, payee, released_run

pytestmark = pytest.mark.django_db
IBAN = "DE89370400440532013000"
DAY = account_day(IBAN, datetime.now(UTC).date(), 1_000, [Movement(500, "No idea")])


def test_files_are_brought_in_once(command: Any, tmp_path: Path) -> None:
    company()
    file = tmp_path / "day.xml"
    file.write_bytes(DAY)
    said = command("bank", "import", str(file), str(file))
    code, out = said.code, said.out
    assert code == 0
    assert out.splitlines()[:2] == ["day.xml: 1 new entries", "day.xml: was here before"]
    assert (
        "1 entries wait for a word" in out and "Book and bank agree: 15.00 EUR in the book, 15.00 at" in out
    )


def test_a_difference_is_an_exit_code(command: Any, tmp_path: Path) -> None:
    company()
    file = tmp_path / "day.xml"
    file.write_bytes(DAY.replace(b'<Amt Ccy="EUR">15.00', b'<Amt Ccy="EUR">16.00'))
    said = command("bank", "import", str(file))
    code, out = said.code, said.out
    assert code == 1 and "Book and bank differ by -1.00" in out


def test_what_cannot_be_read_is_refused(command: Any, tmp_path: Path) -> None:
    company()
    file = tmp_path / "cut.xml"
    file.write_bytes(cut_off(DAY, seed=1))
    said = command("bank", "import", str(file))
    code, err = said.code, said.err
    assert code == 2 and "cut.xml" in err
    said = command("bank", "import", str(tmp_path / "none.xml"))
    code, err = said.code, said.err
    assert code == 2


def test_the_file_of_a_run_is_the_same_each_time(command: Any, tmp_path: Path) -> None:
    earn(payee("ben"), 10)
    run, target = released_run(), tmp_path / "run.xml"
    assert command("bank", "file", str(run.id), str(target)).code == 0
    assert valid(target.read_bytes()) is not None
    first = target.read_bytes()
    assert command("bank", "file", str(run.id), str(target)).code == 0
    assert target.read_bytes() == first and target.stat().st_mode & 0o77 == 0
    assert command("bank", "file", "999", str(tmp_path / "other.xml")).code == 2
