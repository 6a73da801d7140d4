"""Papers as PDF: the same bytes for the same words, hostile texts stay texts, tagged, whole in A4."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from tagwerk.domain.payments.rules.sheet import Column, Sheet, Table, Total
from tagwerk.providers.papers import TypstPapers

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOSTILE = [
    "*bold* _it_ #panic(1) $x^2$ `raw` <label> @ref \\ // x /* y */",
    '#read("/etc/passwd") #import "@preview/x:1.0.0" #sys.inputs',
    ']}); #eval("1") {{ x }} {% y %} "\'’',
    "a\u0000b\u202ec\u2028d\nline \ttab",
]


def sheet(**changes):
    """A paper with a long table."""
    facts = {
        "lang": "de", "instance": "Nordlicht Data Work", "title": "Rechnung RE-2026-00001", "sender": "Nordlicht GmbH",
        "sender_line": "Nordlicht GmbH · Hafenstraße 5 · 20457 Hamburg",
        "recipient": ["Łódź Data sp. z o.o.", "ul. Żółta 7", "90-001 Łódź", "Polen"],
        "facts": [("Datum", "30. November 2026"), ("Nummer", "RE-2026-00001")], "page": "Seite {n} von {m}",
        "before": ["Für Ihre Aufträge berechnen wir:"],
        "tables": [
            Table(
                columns=[Column("Auftrag", wide=True), Column("Menge", number=True), Column("Summe", number=True)],
                rows=[[f"Prüfung Nr. {number}", "12", "1.234,56 €"] for number in range(80)],
                totals=[Total("Summe netto", "74.073,60 €"), Total("Gesamt", "88.147,58 €", strong=True)],
            )
        ],
        "after": ["Der Betrag ist durch Vorauszahlungen beglichen."],
        "foot": [["Nordlicht GmbH", "Hafenstraße 5"], ["USt-IdNr. DE136695976"], ["DE89 3704 0044 0532 0130 00"]],
    }  # fmt: skip
    return Sheet(**(facts | changes)).plain()


def made(**changes):
    pdf, whole = TypstPapers().pdf(sheet(**changes), at=AT)
    return PdfReader(BytesIO(pdf)), whole


def text_of(reader):
    return " ".join(page.extract_text() for page in reader.pages)


def test_the_same_words_are_the_same_bytes():
    papers = TypstPapers()
    first, again = papers.pdf(sheet(), at=AT), TypstPapers().pdf(sheet(), at=AT)
    assert first == again
    assert papers.pdf(sheet(title="Rechnung RE-2026-00002"), at=AT) != first


def test_it_is_a_tagged_archivable_letter():
    reader, whole = made()
    assert whole
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]) == "de"
    assert reader.metadata.title == "Rechnung RE-2026-00001"
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>3<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert len(reader.pages) == 3
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    text = text_of(reader)
    assert "Łódź Data sp. z o.o." in text
    assert "Seite 3 von 3" in text
    assert text.count("Auftrag") == 3  # the head of the table stands on each page


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_stay_texts(hostile):
    reader, _whole = made(
        recipient=[hostile] * 3, before=[hostile], facts=[(hostile, hostile)], instance=hostile, title=hostile,
        tables=[Table([Column(hostile, wide=True)], [[hostile]], [Total(hostile, hostile)], hostile)], foot=[[hostile]],
        page=hostile,
    )  # fmt: skip
    text = re.sub(r"\s+", "", text_of(reader))
    assert "root:" not in text
    for word in re.findall(r"\w{3,}", hostile):
        assert word in text


@pytest.mark.parametrize(
    "name", ["Ελένη Παπαδοπούλου", "Иван Щукин", "שרה לוי", "ليلى حسن", "Nguyễn Thị Ánh"]
)
def test_scripts_that_the_fonts_have(name):
    assert made(recipient=[name])[1]


@pytest.mark.parametrize("name", ["王小明", "สมชาย", "🦊 Fox"])
def test_scripts_that_the_fonts_lack_are_boxes_and_it_says_so(name, caplog):
    reader, whole = made(recipient=[name])
    assert not whole
    assert "TAGWERK_PAPER_FONTS" in caplog.text
    assert "Rechnung RE-2026-00001" in text_of(reader)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_right_to_left_and_empty_parts():
    reader, whole = made(lang="ar", recipient=[], facts=[], before=[], tables=[], after=[], foot=[])
    assert whole
    assert len(reader.pages) == 1
