"""What banks say is read, of any version; what is hostile, cut off or something else is refused in words."""

import contextlib
import io
import zipfile
from datetime import date

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments.rules import bank_files
from tagwerk.domain.payments.rules.bank_files import Report, StatusReport, files_in, read_bank_file
from tagwerk.simulation.bank import Habits, Movement, account_day, answer, cut_off, disordered
from tests.domain.payments.test_sepa import ALBA, JUERGEN, PAYER, transfers, written

MICROS = 1_000_000
FILE = written(transfers(*[JUERGEN, ALBA] * 5))
DAY = date(2026, 11, 25)
OTHERS = (
    Movement(50_000, "RF18 0000 Rechnung", "Käufer & Co"),
    Movement(-990, "Kontoführung", family="MDOP", sub_family="CHRG"),
)


def said(content: bytes) -> Report:
    (report,) = read_bank_file("file.xml", content)
    assert isinstance(report, Report)
    return report


def status(content: bytes) -> StatusReport:
    (report,) = read_bank_file("file.xml", content)
    assert isinstance(report, StatusReport)
    return report


def test_a_statement_with_one_debit_for_the_file() -> None:
    bank = answer(FILE, seed=1, opening_cents=100_000, habits=Habits(others=OTHERS))
    report = said(bank.booked)
    assert (report.kind, report.iban, report.currency) == ("camt.053", PAYER.iban, "EUR")
    assert report.opening_micros == 1_000 * MICROS and report.opening_on == report.closing_on == DAY
    debit, deposit, fee = report.lines
    assert (
        debit.batch == "TW-EUR-2026-11-23-7"
        and debit.amount_micros == -123_950_000
        and debit.booked_on == DAY
    )
    assert deposit.parts[0].name == "Käufer & Co" and deposit.parts[0].text == "RF18 0000 Rechnung"
    assert fee.is_charge and not deposit.is_charge and fee.amount_micros == -9_900_000
    assert report.adds_up and report.closing_micros == bank.closing_cents * 10_000


def test_single_debits_and_returns_name_the_payment() -> None:
    bank = answer(FILE, seed=1, opening_cents=100_000, habits=Habits(returned=2, single_entries=True))
    assert [one.parts[0].end_to_end for one in said(bank.booked).lines] == [f"{n:032x}" for n in range(1, 11)]
    returns, notice = said(bank.came_back), said(bank.notice)
    assert [line.parts[0].return_code for line in returns.lines] == ["AC04", "AC01"]
    assert tuple(line.parts[0].end_to_end for line in returns.lines) == bank.returned
    assert notice.kind == "camt.054" and notice.lines == returns.lines and notice.closing_micros is None
    assert returns.adds_up and all(line.parts[0].is_return for line in returns.lines)


def test_what_became_of_payments_and_of_names() -> None:
    bank = answer(FILE, seed=1, opening_cents=0, habits=Habits(rejected=1, close_names=1, other_names=2))
    report = status(bank.status)
    assert (report.message, report.status) == ("TW-EUR-2026-11-23-7", "PART")
    assert [(one.end_to_end, one.status, one.reason) for one in report.payments] == [
        (bank.rejected[0], "RJCT", "AC01")
    ]
    names = status(bank.names).payments
    assert [one.status for one in names] == ["RVMC", "RVNM", "RVNM"] and names[0].said.endswith(" Sr.")


def test_the_bank_answers_the_same_for_the_same_seed() -> None:
    habits = Habits(returned=2, rejected=1, others=OTHERS)
    assert answer(FILE, seed=5, opening_cents=0, habits=habits) == answer(
        FILE, seed=5, opening_cents=0, habits=habits
    )
    assert answer(FILE, seed=5, opening_cents=0, habits=habits) != answer(
        FILE, seed=6, opening_cents=0, habits=habits
    )
    assert len(disordered([b"a", b"b"], seed=1)) == 4


def test_details_that_are_not_the_whole_are_counted_as_one() -> None:
    content = account_day(PAYER.iban, DAY, 0, [Movement(500, "a")])
    two = content.replace(b"</TxDtls>", b"</TxDtls><TxDtls><Amt Ccy='EUR'>2.00</Amt></TxDtls>")
    (line,) = said(two).lines
    assert (
        len(line.parts) == 1 and line.parts[0].amount_micros == 5 * MICROS and line.parts[0].end_to_end == ""
    )
    (line,) = said(
        two.replace(
            b'<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">5.00',
            b"<TxDtls><Amt Ccy='EUR'>3.00",
        )
    ).lines
    assert [part.amount_micros for part in line.parts] == [3 * MICROS, 2 * MICROS]


@pytest.mark.parametrize("version", ["camt.053.001.02", "camt.053.001.13", "urn:something"])
def test_any_version_is_read(version: str) -> None:
    content = account_day(PAYER.iban, DAY, 0, [Movement(500, "a")])
    other = content.replace(b"camt.053.001.08", version.encode()).replace(
        b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>"
    )
    assert said(other).lines[0].is_booked


def test_what_is_not_booked_yet_is_told_apart() -> None:
    content = account_day(PAYER.iban, DAY, 0, [Movement(500, "a")]).replace(b"BOOK", b"PDNG")
    assert not said(content).lines[0].is_booked and not said(content).adds_up


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><Document>&c;</Document>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>'
STATEMENT = account_day(PAYER.iban, DAY, 0, [Movement(500, "a")])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bank_file_unreadable"),
        (b"a;b;c\n1;2;3", "bank_file_unreadable"),
        (b"\x00\xff\xfe", "bank_file_unreadable"),
        (b"%PDF-1.7", "bank_file_unreadable"),
        (BOMB, "bank_file_unreadable"),
        (OUTSIDE, "bank_file_unreadable"),
        (b"<Document><BkToCstmrStmt>" + b"<a>" * 50_000, "bank_file_unreadable"),
        (STATEMENT.replace(b"5.00", b"5,00"), "bank_file_unreadable"),
        (STATEMENT.replace(b"5.00", b"-5.00"), "bank_file_unreadable"),
        (STATEMENT.replace(b"5.00", b"NaN"), "bank_file_unreadable"),
        (STATEMENT.replace(b"5.00", b"9999999999999"), "bank_file_unreadable"),
        (STATEMENT.replace(b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<CdtDbtInd>X</CdtDbtInd><Sts>"), "bank_file_unreadable"),
        (STATEMENT.replace(b"2026-11-25<", b"2026-13-25<"), "bank_file_unreadable"),
        (STATEMENT.replace(b'Ccy="EUR"', b""), "bank_file_unreadable"),
        (STATEMENT.replace(b"<Ccy>EUR<", b"<Ccy>EURO<"), "bank_file_unreadable"),
        (STATEMENT.replace(b'Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>', b'Ccy="USD">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>'), "bank_file_currencies"),
        (STATEMENT.replace(b"<Ccy>EUR<", b"<Ccy>USD<"), "bank_file_currencies"),
        (account_day(PAYER.iban, DAY, 0, []).replace(b"<Ccy>EUR<", b"<Ccy>USD<"), "bank_file_currencies"),
        (STATEMENT.replace(b"UTF-8", b"no-such"), "bank_file_unreadable"),
        (STATEMENT.replace(b"Document", b"Dokument"), "bank_file_unknown"),
        (STATEMENT.replace(b"BkToCstmrStmt", b"FIToFIPmtStsRpt"), "bank_file_unknown"),
        (FILE, "bank_file_unknown"),
        (b"<html><body/></html>", "bank_file_unknown"),
        (b"<Document/>", "bank_file_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_a_bank_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_bank_file("evil.xml", content)
    assert refusal.value.code == code and "evil.xml" in str(refusal.value)


@pytest.mark.parametrize("seed", range(20))
def test_a_file_that_is_cut_off_is_refused_whole(seed: int) -> None:
    bank = answer(FILE, seed=seed, opening_cents=0, habits=Habits(returned=2))
    with pytest.raises(Invalid):
        read_bank_file("cut.xml", cut_off(bank.booked, seed=seed))


def test_a_file_beyond_the_size_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_files, "LARGEST_BYTES", 1_000)
    with pytest.raises(Invalid) as refusal:
        read_bank_file("large.xml", STATEMENT)
    assert refusal.value.code == "bank_file_too_large"


def archive(*contents: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as written:
        for number, content in enumerate(contents):
            written.writestr(f"{number}.xml", content)
    return file.getvalue()


def test_an_archive_is_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert files_in("month.zip", archive(b"one", b"two")) == [("0.xml", b"one"), ("1.xml", b"two")]
    assert files_in("day.xml", STATEMENT) == [("day.xml", STATEMENT)]
    for broken in (b"PK", b"PK\x03\x04rest", archive(b"one")[:-30]):
        with pytest.raises(Invalid):
            files_in("broken.zip", broken)
    monkeypatch.setattr(bank_files, "LARGEST_BYTES", 1_000)
    with pytest.raises(Invalid) as refusal:
        files_in("bomb.zip", archive(b"0" * 2_000))
    assert refusal.value.code == "bank_file_too_large"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_refused_in_words(method: int) -> None:
    whole = archive(STATEMENT, method=method)
    for place in range(2, len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        with contextlib.suppress(Invalid):
            files_in("damaged.zip", bytes(damaged))
