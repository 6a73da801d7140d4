"""Invoices to organisations: deposits with VAT, months, corrections, cancellations; nothing that was issued changes."""

import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from pypdf import PdfReader

from tagwerk.base.errors import Conflict, NotAllowed, NotFound
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import bank, credit, owed, prepaid, vat_output
from tagwerk.domain.payments import actions, queries
from tagwerk.domain.payments.models import Booking, Invoice, Paper
from tagwerk.domain.projects import queries as projects
from tests.domain.payments.books import NEXT_MONTH, approved, buyer, company, deposit
from tests.people import actor, key_actor, member, organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def balance(account):
    return ledger.balance(account.code).posted


def issue(now=NEXT_MONTH):
    return actions.issue_due_invoices(now=now, titles=projects.titles_of)


def papers():
    return queries.invoices_page(actor("dan"))


def pdf_text(label):
    row = Invoice.objects.get(label=label)
    actions.make_invoice_paper(invoice_id=row.id)
    with queries.open_paper(f"invoice/{row.id}") as file:
        content = file.read()
    assert hashlib.sha256(content).digest() == bytes(Paper.objects.get(key=f"invoice/{row.id}").sha256)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_a_deposit_with_vat_is_split_and_invoiced_in_advance():
    company()
    number = buyer()
    booking = deposit(1190, "d1")
    assert balance(prepaid(number, "EUR")) == 1_000_000_000
    assert balance(vat_output("EUR")) == 190_000_000
    assert balance(bank("EUR")) == 1_190_000_000
    actions.invoice_booking(booking_id=booking, now=NOW)
    assert actions.invoice_booking(booking_id=booking, now=NOW) is None
    (paper,) = papers()
    assert (paper.label, paper.kind, paper.gross_micros) == ("RE-2026-00001", "advance", 1_190_000_000)
    text = pdf_text("RE-2026-00001")
    for words in (
        "Anzahlungsrechnung RE-2026-00001",
        "Umsatzsteuer 19 %",
        "190,00",
        "1.190,00",
        "PO 4711",
        "DE136695976",
    ):
        assert words in text


def test_without_vat_all_of_a_deposit_is_prepaid_and_there_is_nothing_to_invoice():
    number = organisation()
    booking = deposit(100, "d1")
    assert balance(prepaid(number, "EUR")) == 100_000_000
    assert actions.invoice_booking(booking_id=booking, now=NOW) is None


@pytest.mark.parametrize(
    ("seller", "billed", "case", "words"),
    [
        ({}, {"country": "FR", "vat_id": "FR40303265045"}, "reverse_charge", "Artikel 196"),
        ({}, {"country": "US"}, "third_country", "Leistungsort"),
        ({"vat_scheme": "small_business"}, {}, "small_business", "§ 19 UStG"),
        ({"vat_scheme": "none"}, {}, "none", "Rechnung"),
    ],
)
def test_each_case_of_no_vat_has_its_words(seller, billed, case, words):
    company(**seller)
    number = buyer(**billed)
    deposit(200, "d1")
    approved(100_000_000, 20_000_000, "a1")
    assert issue() == 1
    (paper,) = papers()
    assert (paper.vat_case, paper.vat_micros, paper.due_micros) == (case, 0, 0)
    assert words in pdf_text(paper.label)
    assert balance(prepaid(number, "EUR")) == 80_000_000


def test_a_month_of_work_is_invoiced_once_and_settled_by_what_was_paid_in_advance():
    company()
    buyer()
    deposit(1190, "d1")
    first = approved(100_000_004, 20_000_001, "a1")
    approved(300_000, 60_000, "a2", project_id=first)
    assert issue() == 2
    assert issue() == 0
    month, advance = papers()
    assert (advance.kind, month.kind) == ("advance", "monthly")
    assert (month.net_micros, month.vat_micros, month.due_micros) == (120_360_000, 22_870_000, 0)
    assert [line["kind"] for line in month.facts["lines"]] == ["pay", "fee"]
    assert sum(line["micros"] for line in month.facts["lines"]) == month.net_micros
    assert month.facts["lines"][0]["quantity"] == 2
    assert month.facts["advances"][0]["invoice"] == advance.label
    text = pdf_text(month.label)
    for words in (
        "Sentiment",
        "20 % des Lohns",
        "16,67 %",
        "Nichts ist zu zahlen",
        f"Anzahlungsrechnung {advance.label}",
    ):
        assert words in text
    (left,) = queries.advances_left(organisation(), "EUR")
    assert (left.net_micros, left.vat_micros) == (1_000_000_000 - 120_360_000, 190_000_000 - 22_870_000)


def test_the_next_month_goes_on_where_the_last_one_ended():
    company()
    buyer()
    deposit(1190, "d1")
    approved(1_004_000, 0, "a1")
    issue()
    approved(1_004_000, 0, "a2")
    issue(datetime(2100, 2, 15, tzinfo=UTC))
    second, first = papers()[:2]
    assert (first.net_micros, second.net_micros) == (1_000_000, 1_010_000)  # 1.004, then 2.008 together
    assert str(second.period_from) == "2100-01-01"


def test_nothing_is_issued_before_both_sides_are_complete():
    deposit(100, "d1")
    approved(1_000_000, 0, "a1")
    assert issue() == 0
    company()
    assert issue() == 0
    with pytest.raises(Conflict, match="fill them in"):
        actions.issue_now(
            actor=actor("dan"), organisation_id=organisation(), now=NEXT_MONTH, titles=projects.titles_of
        )
    buyer()
    assert actions.issue_now(
        actor=actor("dan"), organisation_id=organisation(), now=NEXT_MONTH, titles=projects.titles_of
    ) == ["RE-2100-00001"]


def test_a_refund_gives_its_vat_back_and_is_a_correction():
    company()
    number = buyer()
    deposit(1190, "d1")
    approved(100_000_000, 0, "a1")
    issue()
    booking = actions.book_refund(
        actor=actor("dan"), organisation_id=number, amount_micros=1_071_000_000, reference="x", key="r1"
    )
    assert balance(prepaid(number, "EUR")) == 0
    assert balance(vat_output("EUR")) == 19_000_000
    actions.invoice_booking(booking_id=booking, now=NOW)
    paper = queries.invoice_for(actor("dan"), papers()[0].label)
    assert (paper.kind, paper.gross_micros, paper.vat_micros) == ("correction", -1_071_000_000, -171_000_000)
    assert queries.advances_left(number, "EUR") == []
    with pytest.raises(Conflict, match="Not enough money"):
        actions.book_refund(
            actor=actor("dan"), organisation_id=number, amount_micros=1_000_000, reference="x", key="r2"
        )


def test_a_cancelled_invoice_is_issued_anew_as_things_are_now():
    company()
    number = buyer()
    deposit(1190, "d1")
    approved(100_000_000, 0, "a1")
    issue()
    wrong = papers()[0]
    vat = balance(vat_output("EUR"))
    actions.change_billing(actor=member("fin", number, "finance"), organisation_id=number, name="Acme AI AG")
    cancellation, anew = actions.cancel_invoice(
        actor=actor("dan"), label=wrong.label, now=NEXT_MONTH, titles=projects.titles_of
    )
    assert [cancellation, anew] == ["RE-2100-00003", "RE-2100-00004"]
    old, new = (queries.invoice_for(actor("dan"), label) for label in (wrong.label, anew))
    assert (old.cancelled_by, old.facts["buyer"]["name"]) == (cancellation, "Acme Daten AG")
    assert (new.facts["buyer"]["name"], new.gross_micros) == ("Acme AI AG", old.gross_micros)
    assert queries.invoice_for(actor("dan"), cancellation).gross_micros == -old.gross_micros
    assert f"Dies storniert {wrong.label}" in pdf_text(cancellation)
    assert balance(vat_output("EUR")) == vat
    assert issue() == 0
    with pytest.raises(Conflict, match="cancelled already"):
        actions.cancel_invoice(
            actor=actor("dan"), label=wrong.label, now=NEXT_MONTH, titles=projects.titles_of
        )
    with pytest.raises(Conflict, match="cancelled already"):
        actions.cancel_invoice(
            actor=actor("dan"), label=cancellation, now=NEXT_MONTH, titles=projects.titles_of
        )


def test_the_first_period_begins_with_the_money_and_the_next_where_it_ended():
    company()
    buyer()
    booking = deposit(1190, "d1")
    approved(1_000_000, 0, "a1")
    issue()
    day = queries.payer().day_of(Booking.objects.get(id=booking).booked_at)
    assert (papers()[0].period_from, str(papers()[0].period_to)) == (day, "2099-12-31")
    approved(1_000_000, 0, "a2")
    issue(datetime(2100, 2, 15, tzinfo=UTC))
    assert str(papers()[0].period_from) == "2100-01-01"


def test_vat_that_came_late_is_owed_and_paid_by_the_next_deposit_first():
    number = organisation()
    deposit(500, "d1")
    approved(100_000_000, 0, "a1")
    company()
    buyer()
    issue()
    assert (papers()[0].due_micros, balance(owed(number, "EUR"))) == (19_000_000, 19_000_000)
    assert "DE89 3704 0044 0532 0130 00" in pdf_text(papers()[0].label)
    deposit(138, "d2")
    assert balance(owed(number, "EUR")) == 0
    assert balance(prepaid(number, "EUR")) == 400_000_000 + 100_000_000
    assert balance(vat_output("EUR")) == 19_000_000 + 19_000_000
    assert balance(credit(number, "EUR")) == 0


def test_an_agent_invoices_the_fee_alone():
    company(contract_model="agent")
    number = buyer()
    deposit(500, "d1")
    assert balance(prepaid(number, "EUR")) == 500_000_000
    approved(100_000_000, 20_000_000, "a1")
    issue()
    (paper,) = papers()
    assert (paper.net_micros, paper.vat_micros, paper.due_micros) == (20_000_000, 3_800_000, 3_800_000)
    assert "100,00 € Lohn" in pdf_text(paper.label)


def test_the_papers_are_of_those_who_may_see_the_money():
    company()
    number = buyer()
    deposit(1190, "d1")
    issue()
    label = papers()[0].label
    for who in (actor("dan"), actor("ada"), member("fin", number, "finance"), key_actor("ada", number)):
        assert queries.invoice_for(who, label).label == label
    for stranger in (actor("eve"), actor("ben"), key_actor("ben")):
        with pytest.raises(NotFound):
            queries.invoice_for(stranger, label)
    with pytest.raises(NotAllowed):
        queries.invoice_for(member("vic", number), label)
    with pytest.raises(NotAllowed):
        queries.invoices_of(member("vic", number), number)
    with pytest.raises(NotFound):
        actions.cancel_invoice(actor=actor("ada"), label=label, now=NOW, titles=projects.titles_of)
    with pytest.raises(NotAllowed):
        actions.change_billing(actor=member("vic", number), organisation_id=number, name="x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoice SET net_micros = 0",
        "DELETE FROM invoice",
        "UPDATE paper SET bytes = 1",
        "DELETE FROM paper",
    ],
)
def test_nothing_that_was_issued_changes(statement):
    company()
    buyer()
    deposit(1190, "d1")
    issue()
    actions.make_missing_papers()
    with (
        pytest.raises(DatabaseError, match="what was issued stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert actions.make_missing_papers() == 0


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"label": "RE-2100-00001"}, "invoice_label_once"),
        ({"key": "same"}, "invoice_key_once"),
        ({"kind": "letter"}, "invoice_kind_known"),
        ({"kind": "cancellation"}, "invoice_cancellation_names_one"),
        ({"vat_case": "?"}, "invoice_vat_case_known"),
        ({"gross_micros": 3}, "invoice_adds_up"),
        ({"currency": "eur"}, "invoice_currency_shape"),
    ],
)
def test_invoices_are_of_a_known_sort(facts, name):
    usual = {
        "organisation_id": organisation(), "kind": "monthly", "label": "RE-2100-00001", "key": "same",
        "language": "de", "currency": "EUR", "issued_on": "2100-01-01", "issued_at": NOW, "vat_case": "none",
        "net_micros": 1, "vat_micros": 1, "gross_micros": 2, "facts": {},
    }  # fmt: skip
    Invoice.objects.create(**usual)
    with pytest.raises(IntegrityError, match=name):
        Invoice.objects.create(**(usual | {"label": "RE-2100-00002", "key": "other"} | facts))


def test_one_paper_one_cancellation_one_number():
    usual = {
        "organisation_id": organisation(), "language": "de", "currency": "EUR", "issued_on": "2100-01-01",
        "issued_at": NOW, "vat_case": "none", "net_micros": 0, "vat_micros": 0, "gross_micros": 0, "facts": {},
    }  # fmt: skip
    first = Invoice.objects.create(kind="monthly", label="A", key="a", **usual)
    Invoice.objects.create(kind="cancellation", label="B", key="b", cancels=first, **usual)
    with pytest.raises(IntegrityError, match="invoice_cancelled_once"), transaction.atomic():
        Invoice.objects.create(kind="cancellation", label="C", key="c", cancels=first, **usual)
    Paper.objects.create(key="x", stored_as="x", bytes=1, sha256=b"", is_whole=True)
    with pytest.raises(IntegrityError, match="paper_once"), transaction.atomic():
        Paper.objects.create(key="x", stored_as="x", bytes=1, sha256=b"", is_whole=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO paper_number (series, year, last) VALUES ('RE', 2100, 1)")
        with pytest.raises(IntegrityError, match="paper_number_once"), transaction.atomic():
            cursor.execute("INSERT INTO paper_number (series, year, last) VALUES ('RE', 2100, 1)")
        with pytest.raises(IntegrityError, match="paper_number_not_negative"), transaction.atomic():
            cursor.execute("INSERT INTO paper_number (series, year, last) VALUES ('GS', 2100, -1)")
    with pytest.raises(IntegrityError, match="booking_parts_within"):
        Booking.objects.create(
            organisation_id=organisation(), direction="deposit", amount_micros=1, currency="EUR", key="k",
            owed_micros=1, vat_micros=1,
        )  # fmt: skip
