"""Statements of payouts and years: sums from the transfers alone, the word and the VAT by who is paid."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from pypdf import PdfReader

from tagwerk.base.errors import NotFound
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import Entry, available, fee_income, reserved
from tagwerk.domain.payments import actions, queries
from tagwerk.domain.payments.actions.statements import statement_behind
from tagwerk.domain.payments.models import Payout, PayoutProfile, WorkerStatement
from tagwerk.domain.payments.rules.profile import VatTreatment
from tagwerk.domain.projects import actions as projects_actions
from tagwerk.domain.projects import queries as projects
from tests.domain.payments.books import approved, deposit
from tests.domain.payments.wages import company, details, earn, now, payee, payout_of, released_run, take
from tests.people import actor, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
EURO = 1_000_000


def issue():
    return actions.issue_statements(now=NOW, titles=projects.titles_of)


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def behind(payout):
    found = statement_behind(payout, VatTreatment.PRIVATE, 0, projects.titles_of)
    return (
        found.opening_micros,
        [(line.kind.value, line.count, line.micros) for line in found.lines],
        found.carried_micros,
    )


def test_one_that_cannot_be_written_keeps_no_other_one_waiting():
    people = [payee(name) for name in ("ben", "cyn", "eve")]
    for one in people:
        earn(one, 10)
    run = released_run()
    newest = PayoutProfile.objects.filter(person_id=people[1]).latest("id")
    PayoutProfile.objects.filter(id=newest.id).update(sealed="not to be read")
    broken = payout_of(people[1], run)
    for _again in range(2):
        with pytest.raises(ExceptionGroup) as told:
            issue()
        (error,) = told.value.exceptions
        assert error.__notes__ == [f"at statement of payout {broken.id}"]
    issued = WorkerStatement.objects.order_by("id")
    assert [one.person_id for one in issued] == [people[0], people[2]]
    assert [int(one.label[-5:]) for one in issued] == [1, 2], "no number is lost"
    PayoutProfile.objects.filter(id=newest.id).update(sealed=newest.sealed)
    assert issue() == 1


def test_a_statement_says_what_was_earned_and_the_next_begins_where_it_ended():
    ben = payee()
    deposit(100, "d1")
    first = approved(6_004_000, 0, "a1")
    approved(1_000_000, 0, "a2", project_id=first)
    earn(ben, 0.5)
    take(ben, 0.25)
    run = released_run()
    payout = payout_of(ben, run)
    assert issue() == 1
    assert issue() == 0
    opening, lines, carried = behind(payout)
    assert (opening, carried) == (0, 4_000)
    assert lines == [("work", 2, 7_004_000), ("other", 1, 500_000), ("correction", 1, -250_000)]
    approved(9_000_000, 0, "a3", project_id=first)
    second = payout_of(ben, released_run())
    opening, lines, carried = behind(second)
    assert (opening, lines, second.amount_micros, carried) == (
        4_000,
        [("work", 1, 9_000_000)],
        9_000_000,
        4_000,
    )


def test_what_comes_back_stands_on_the_next_statement():
    ben = payee()
    earn(ben, 20)
    first = payout_of(ben, released_run())
    actions.mark_failed(ref=first.ref, reason="AM04", now=now())  # which leaves the account in use
    earn(ben, 5)
    second = payout_of(ben, released_run())
    assert second.amount_micros == 25 * EURO
    assert behind(second)[:2] == (0, [("other", 1, 5 * EURO), ("came_back", 1, 20 * EURO)])
    issue()
    statement = WorkerStatement.objects.get(payout=second)
    assert statement.billed_micros == 5 * EURO


@pytest.mark.parametrize(
    ("changes", "label", "words", "vat"),
    [
        ({}, "ST-2026-00001", "Auszahlungsbeleg", 0),
        (
            {"vat_treatment": VatTreatment.STANDARD, "vat_id": "DE136695976", "business": True},
            "GS-2026-00001",
            "Gutschrift",
            1_900_000,
        ),
        ({"vat_treatment": VatTreatment.SMALL_BUSINESS, "business": True}, "GS-2026-00001", "§ 19 UStG", 0),
        (
            {"vat_treatment": VatTreatment.REVERSE_CHARGE, "vat_id": "ATU13585627", "business": True},
            "GS-2026-00001",
            "Steuerschuldnerschaft",
            0,
        ),
        ({"vat_treatment": VatTreatment.THIRD_COUNTRY, "business": True}, "GS-2026-00001", "schuldet sie", 0),
    ],
)
def test_the_word_and_the_vat_follow_from_who_is_paid(changes, label, words, vat):
    person("ben", ui_language="de")
    ben = payee()
    actions.save_payout_profile(person_id=ben, details=details(**changes), now=NOW)
    earn(ben, 11.9)
    released_run()
    issue()
    (statement,) = queries.statements_of(ben)
    assert (statement.label, statement.vat_micros, statement.paid_micros) == (label, vat, 11_900_000)
    pdf = queries.statement_pdf(ben, label)
    assert pdf == queries.statement_pdf(ben, label)
    text = text_of(pdf)
    for word in (words, label, "Ben", "Lange Straße 7", "11,90", "Crowd Operator GmbH"):
        assert word in text
    assert ("Umsatzsteuer 19 %" in text) == bool(vat)
    assert "Lange Straße" not in WorkerStatement.objects.get().sealed


def test_a_statement_is_of_its_worker_alone():
    ben, fay = payee(), payee("fay")
    earn(ben, 10)
    released_run()
    issue()
    label = queries.statements_of(ben)[0].label
    assert queries.statements_of(fay) == []
    with pytest.raises(NotFound):
        queries.statement_pdf(fay, label)


def test_operators_have_copies_of_self_billing_invoices_and_of_nothing_else():
    ben, fay = payee(), payee("fay")
    business = details(vat_treatment=VatTreatment.SMALL_BUSINESS, business=True)
    actions.save_payout_profile(person_id=ben, details=business, now=NOW)
    for who in (ben, fay):
        earn(who, 10)
    run = released_run()
    issue()
    label, private = (queries.statements_of(who)[0].label for who in (ben, fay))
    dan = actor("dan")
    assert queries.self_bills(dan, ben) == {payout_of(ben, run).id: label}
    assert queries.self_bills(dan, fay) == {}
    assert queries.self_bill_pdf(dan, label) == queries.statement_pdf(ben, label)
    for who, which in ((dan, private), (actor("ben"), label), (actor("ada"), label)):
        with pytest.raises(NotFound):
            queries.self_bill_pdf(who, which)


def test_payouts_that_never_left_have_none():
    earn(payee("fay"), 2)  # below the minimum
    earn(payee(), 10)
    released_run()
    issue()
    assert Payout.objects.count() == 2
    assert WorkerStatement.objects.count() == 1


def test_a_statement_stays_and_has_one_number():
    ben = payee()
    earn(ben, 10)
    released_run()
    issue()
    with pytest.raises(DatabaseError, match="what was issued stays"), transaction.atomic():
        WorkerStatement.objects.update(paid_micros=1)
    row = WorkerStatement.objects.get()
    other = payee("fay")
    earn(other, 10)
    payout = payout_of(other, released_run())
    with pytest.raises(IntegrityError, match="worker_statement_label_once"):
        WorkerStatement.objects.create(
            payout=payout, person_id=other, label=row.label, currency="EUR", language="en", paid_micros=1,
            billed_micros=1, vat_micros=0, vat_treatment="private_person", sealed="",
        )  # fmt: skip


def test_a_year_by_quarters_counts_paid_answers():
    ben = payee()
    company()
    deposit(100, "d1")
    first = approved(6_000_000, 0, "a1")
    approved(1_000_000, 0, "a2", project_id=first)
    earn(ben, 0.5)
    released_run()
    today = datetime.now(UTC)
    quarters = queries.year_summary(ben, "EUR", today.year)
    assert queries.years_of(ben, "EUR") == [today.year]
    assert queries.years_of(person("cyn").id, "EUR") == []
    assert sum(one.count for one in quarters) == 2
    assert quarters[(today.month - 1) // 3].micros == 7_500_000
    text = text_of(queries.year_pdf(ben, "EUR", today.year, now=NOW))
    assert f"Summary of {today.year} in EUR" in text
    assert "€7.50" in text


def test_a_statement_says_what_the_organisations_paid_and_who_got_what_of_it():
    company()
    ben = payee()
    deposit(100, "d1")
    first = approved(6_000_000, 1_200_000, "a1")
    approved(3_000_000, 600_000, "a2", project_id=first)
    earn(ben, 0.5)  # which no organisation paid
    payout = payout_of(ben, released_run())
    issue()
    text = text_of(queries.statement_pdf(ben, WorkerStatement.objects.get(payout=payout).label))
    said = "For this work the organisations paid €10.80: €9.00 to you, and €1.80 to Crowd Operator GmbH as its fee."
    assert f"{said} That is 20% of the pay, or 16.67% of the price." in text
    approved(9_000_000, 0, "a3", project_id=first)
    second = payout_of(ben, released_run())
    issue()
    text = text_of(queries.statement_pdf(ben, WorkerStatement.objects.get(payout=second).label))
    assert "For this work the organisations paid no fee to Crowd Operator GmbH." in text


def test_of_a_fee_that_was_booked_once_for_several_people_each_has_a_share():
    deposit(100, "d1")
    number = approved(1_000_000, 200_000, "a1")
    projects_actions.reserve(project_id=number, amount_micros=36_000_000, key="bonus")
    ben, eve, event = person("ben").id, person("eve").id, uuid4()
    parts = [
        (available(ben, "EUR"), 10_000_000, "bonus"), (available(eve, "EUR"), 20_000_000, "bonus"),
        (fee_income("EUR"), 6_000_000, "fee"),
    ]  # fmt: skip
    ledger.transfer(
        entries=[
            Entry(
                id=uuid4(), event=event, kind="single", debit=reserved(number, "EUR").code, credit=to.code,
                amount_micros=micros, currency="EUR", code=code,
            )
            for to, micros, code in parts
        ]
    )  # fmt: skip
    assert book.shared_between(ben, "EUR", after=0, through=2**60) == book.Shared(11_000_000, 2_200_000)
    assert book.shared_between(eve, "EUR", after=0, through=2**60) == book.Shared(20_000_000, 4_000_000)
    mine = book.movements(available(eve, "EUR").code)
    assert book.fees_with(eve, "EUR", [one.seq for one in mine]) == {mine[0].seq: 4_000_000}
    assert book.fees_with(ben, "EUR", [mine[0].seq]) == {}, "somebody else's pay"
    assert book.shared_between(person("dan").id, "EUR", after=0, through=2**60) == book.Shared(0, 0)
