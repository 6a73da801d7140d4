"""Files for the bank: right by the official schema, the same bytes each time, whatever people are called."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import sepaxml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments.rules.sepa import (
    Address,
    CreditTransfer,
    Party,
    PaymentFile,
    pain001,
    sepa_text,
    writable_name,
)

CENT = 10_000
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
PAYER = Party(
    "Tagwerk Betriebs GmbH", "DE89370400440532013000", "COBADEFFXXX",
    Address(street="Musterstraße", building="1", postcode="10115", town="Berlin", country="DE"),
)  # fmt: skip
JUERGEN = Party("Jürgen Müller-Lüdenscheidt", "DE75512108001245126199")
ALBA = Party("Alba Nuñez", "ES9121000418450200051332", "CAIXESBBXXX", Address(town="Cádiz", country="ES"))


def transfers(*payees: Party, cents: int = 1234, text: str = "Auszahlung KW 47") -> list[CreditTransfer]:
    return [CreditTransfer(f"{n:032x}", (cents + n) * CENT, payee, text) for n, payee in enumerate(payees, 1)]


def of(payments: list[CreditTransfer], **changes: Any) -> PaymentFile:
    file = PaymentFile(
        message_id="TW-EUR-2026-11-23-7", created_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC), payer=PAYER,
        execution=date(2026, 11, 25), count=len(payments), total_micros=sum(one.amount_micros for one in payments),
    )  # fmt: skip
    return replace(file, **changes)


def written(payments: list[CreditTransfer], **changes: Any) -> bytes:
    return b"".join(pain001(of(payments, **changes), payments))


@lru_cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas/pain.001.001.09.xsd"))


def valid(content: bytes) -> Any:
    document = etree.fromstring(content)
    schema().assertValid(document)
    return document


def texts(document: Any, path: str) -> list[str]:
    return [each.text for each in document.iterfind(path, NS)]


def test_a_file_is_valid_and_says_what_was_asked() -> None:
    document = valid(written(transfers(JUERGEN, ALBA)))
    assert texts(document, ".//p:Cdtr/p:Nm") == ["Jürgen Müller-Lüdenscheidt", "Alba Nunez"]
    assert texts(document, ".//p:CtrlSum") == ["24.71", "24.71"] and texts(document, ".//p:NbOfTxs") == [
        "2",
        "2",
    ]
    assert texts(document, ".//p:InstdAmt") == ["12.35", "12.36"]
    assert texts(document, ".//p:CdtrAgt//p:BICFI") == ["CAIXESBBXXX"]
    assert texts(document, ".//p:Cdtr//p:TwnNm") == ["Cadiz"] and texts(document, ".//p:ChrgBr") == ["SLEV"]
    assert texts(document, ".//p:Dbtr//p:StrtNm") == ["Musterstraße"] and not texts(document, ".//p:AdrLine")
    assert texts(document, ".//p:LclInstrm/p:Cd") == [] and texts(document, ".//p:BtchBookg") == ["true"]


@pytest.mark.parametrize(
    "changes",
    [
        {"instant": True},
        {"batch_booking": False},
        {"payer": Party("Jürgen & Söhne", "DE89370400440532013000")},
        {"payer": Party("No town", "DE89370400440532013000", "", Address(town="", country="DE"))},
    ],
)
def test_each_option_is_valid(changes: dict[str, Any]) -> None:
    document = valid(written(transfers(JUERGEN), **changes))
    assert texts(document, ".//p:LclInstrm/p:Cd") == (["INST"] if changes.get("instant") else [])
    assert texts(document, ".//p:BtchBookg") == ["false" if "batch_booking" in changes else "true"]
    assert bool(texts(document, ".//p:Dbtr//p:Ctry")) == ("payer" not in changes)


def test_the_same_run_gives_the_same_bytes() -> None:
    payments = transfers(*[JUERGEN, ALBA] * 700)
    assert written(payments) == written(payments)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Zoë Łukasiewicz-Ørsted", "Zoe Lukasiewicz-Orsted"),
        ("Straße & Co. <script>", "Straße & Co. .script."),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoylos"),
        ("Йордан Щерев", "Yordan Shterev"),
        ("José\u0301 \u202eevil\u202c\x00\x07\tName", "José evil Name".replace("é", "e")),
        ("Anna 🎈 李", "Anna . ."),
        ("Ju\u0308rgen", "Jürgen"),
        ("x" * 200, "x" * 70),
        ("ﬁnn ½", "finn 1.2"),
    ],
)
def test_names_are_said_in_the_signs_of_banks(given: str, said: str) -> None:
    assert sepa_text(given, 70) == said


@pytest.mark.parametrize("name", ["", " ", "李小龍", "🎈🎈", "محمد", "\x00", "..."])
def test_a_name_of_which_nothing_would_be_left_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="Latin") as refusal:
        writable_name(name)
    assert refusal.value.code == "sepa_name"


NAMES = st.text(max_size=220) | st.text("<>&\"'/\x00\x1b\u202e\u2066🎈é́ßÄ李 -].", max_size=220)


@settings(max_examples=60, deadline=None)
@given(name=NAMES, text=NAMES, street=NAMES, town=NAMES)
@example(name="]]><x>&amp;" * 20, text="</Document>", street="&#0;", town="<!ENTITY")
def test_no_name_breaks_a_file(name: str, text: str, street: str, town: str) -> None:
    payee = Party(f"A{name}", JUERGEN.iban, "", Address(street=street, town=town, country="DE"))
    document = valid(written(transfers(payee, text=text)))
    (said,) = texts(document, ".//p:Cdtr/p:Nm")
    assert said == writable_name(f"A{name}") and len(said) <= 70


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end_to_end": "/abc"}, "sepa_id"),
        ({"end_to_end": "a//b"}, "sepa_id"),
        ({"end_to_end": "ü"}, "sepa_id"),
        ({"end_to_end": "a" * 36}, "sepa_id"),
        ({"end_to_end": "a\n"}, "sepa_id"),
        ({"amount_micros": 0}, "sepa_amount"),
        ({"amount_micros": -CENT}, "sepa_amount"),
        ({"amount_micros": CENT + 1}, "sepa_amount"),
        ({"amount_micros": 10**15}, "sepa_amount"),
        ({"payee": Party("A", "DE75512108001245126198")}, "sepa_iban"),
        ({"payee": Party("A", "DE75 5121 0800 1245 1261 99")}, "sepa_iban"),
        ({"payee": Party("A", "")}, "sepa_iban"),
        ({"payee": Party("A", JUERGEN.iban, "COBA")}, "sepa_bic"),
        ({"payee": Party("李", JUERGEN.iban)}, "sepa_name"),
    ],
)
def test_what_a_bank_would_refuse_is_refused(changes: dict[str, Any], code: str) -> None:
    payment = replace(transfers(JUERGEN)[0], **changes)
    with pytest.raises(Invalid) as refusal:
        b"".join(pain001(replace(of([payment]), total_micros=CENT), [payment]))
    assert refusal.value.code == code


def test_the_total_is_that_of_the_payments() -> None:
    payments = transfers(JUERGEN, ALBA)
    for file in (of(payments, count=3), of(payments, total_micros=24_720_000), of([])):
        with pytest.raises(Invalid) as refusal:
            b"".join(pain001(file, [] if file.count == 0 else payments))
        assert refusal.value.code == "sepa_total"


def test_nobody_is_in_a_file_twice() -> None:
    first, second = transfers(JUERGEN, ALBA)
    for payments in ([first, first], [second, first]):
        with pytest.raises(Invalid) as refusal:
            written(payments)
        assert refusal.value.code == "sepa_order"


def test_a_large_run_is_never_in_memory_at_once() -> None:
    def many(count: int) -> Iterator[CreditTransfer]:
        for n in range(count):
            yield CreditTransfer(f"{n:032x}", CENT, JUERGEN, "Payout")

    peaks = []
    for count in (1_000, 8_000):
        tracemalloc.start()
        length = sum(map(len, pain001(replace(of([]), count=count, total_micros=count * CENT), many(count))))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert length > 300 * count
    assert peaks[1] < 1.5 * peaks[0] + 1_000_000
