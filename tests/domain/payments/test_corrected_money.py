"""What a correction does to balances, invoices and statements, and who is told."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from pypdf import PdfReader

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import available, fee_income, goodwill, prepaid, reserved
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.models import Invoice
from tagwerk.domain.payments.queries.corrections import correction_for
from tagwerk.domain.payments.rules.corrections import Line
from tagwerk.domain.payments.rules.invoices import CORRECTED
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tests.domain.payments import books
from tests.domain.payments.books import approved, deposit
from tests.domain.payments.correcting import EURO, approve, moves, newest, of, olga, propose, undo
from tests.domain.payments.wages import company, earn, locked_run, now, payee, payout_of, right_book, there
from tests.orders import project
from tests.people import actor, member, organisation, person

pytestmark = pytest.mark.django_db


def test_an_answer_that_was_paid_wrongly_goes_back_with_its_fee() -> None:
    deposit(100, "d1")
    ben, second, mine = person("ben").id, olga(), organisation()
    number = approved(6 * EURO, EURO, "a1")
    before = queries.prepaid_micros(mine, "EUR")
    undone = undo(newest(available(ben, "EUR").code), whole_event=True)
    approve(undone, second)
    assert correction_for(second, undone).sum_micros == 7 * EURO
    assert there(ben) == 0 and of(fee_income("EUR")) == 0 and of(reserved(number, "EUR")) == 0
    assert queries.prepaid_micros(mine, "EUR") == before + 7 * EURO
    (money,) = queries.organisation_money(actor("ada"), mine)
    assert (money.spent_micros, money.corrected_micros, money.lent_micros) == (0, 0, 0)
    assert queries.project_money(number, "EUR").pay_micros == 0 and right_book()
    payments.tell_corrected(correction_id=undone)
    payments.tell_corrected(correction_id=undone)
    told = {
        (one.person_id, one.kind): one.params["amount"]["micros"]
        for one in Notice.objects.all()
        if "corrected" in one.kind
    }
    assert told == {
        (ben, "balance_corrected"): -6 * EURO,
        (actor("ada").person_id, "organisation_corrected"): 7 * EURO,
    }


def test_an_invoice_after_a_correction_is_over_what_was_really_paid() -> None:
    books.company()
    number = books.buyer()
    deposit(1_190, "d1")
    approved(6 * EURO, EURO, "a1")
    approved(2 * EURO, EURO, "a2")
    approve(undo(newest(available(person("ben").id, "EUR").code), whole_event=True), olga())
    (label,) = [one for one in payments.issue_now(
        actor=actor("dan"), organisation_id=number, now=books.NEXT_MONTH, titles=project_queries.titles_of
    ) if queries.invoice_for(actor("dan"), one).kind == "monthly"]  # fmt: skip
    assert queries.invoice_for(actor("dan"), label).net_micros == 7 * EURO
    assert right_book()


def test_a_month_of_which_more_was_corrected_than_worked_waits_for_the_next_invoice() -> None:
    books.company()
    number = books.buyer()
    deposit(1_190, "d1")
    approved(6 * EURO, EURO, "a1")

    def issued(month: int) -> list[int]:
        labels = payments.issue_now(
            actor=actor("dan"), organisation_id=number, now=books.NEXT_MONTH + timedelta(days=31 * month),
            titles=project_queries.titles_of,
        )  # fmt: skip
        papers = [queries.invoice_for(actor("dan"), one) for one in labels]
        return [one.net_micros for one in papers if one.kind == "monthly"]

    assert issued(0) == [7 * EURO]
    approve(undo(newest(available(person("ben").id, "EUR").code), whole_event=True), olga())
    assert issued(1) == []
    approved(9 * EURO, EURO, "a2")
    assert issued(2) == [3 * EURO] and right_book()


def test_money_moves_between_balances_and_debts_are_paid_from_it() -> None:
    mine = organisation()
    payments.grant_credit(actor=actor("dan"), organisation_id=mine, limit_micros=50 * EURO)
    with transaction.atomic():
        payments.lend(organisation_id=mine, currency="EUR", needed_micros=10 * EURO, key="x")
        projects.reserve(project_id=project().id, amount_micros=10 * EURO, key="x")
    second = olga()
    approve(propose([Line(goodwill("EUR").code, prepaid(mine, "EUR").code, 15 * EURO)]), second)
    (money,) = queries.organisation_money(actor("ada"), mine)
    assert (money.prepaid_micros, money.credit.lent_micros, money.corrected_micros) == (
        5 * EURO,
        0,
        15 * EURO,
    )
    with pytest.raises(Conflict, match="Not enough money"):
        approve(propose([Line(prepaid(mine, "EUR").code, goodwill("EUR").code, 6 * EURO)]), second)
    assert right_book()


def test_a_statement_says_each_correction_with_its_reason() -> None:
    company()
    ben, second = payee("ben"), olga()
    earn(ben, 20)
    approve(propose(moves(ben, 2), "Two answers were forgotten"), second)
    approve(propose(moves(ben, 3, back=True), "One answer was paid twice"), second)
    run = released_by_two(second)
    payments.issue_statements(now=now(), titles=project_queries.titles_of)
    (statement,) = queries.statements_of(ben)
    pdf = queries.statement_pdf(ben, statement.label)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert (
        "Correction: Two answers were forgotten" in text and "Correction: One answer was paid twice" in text
    )
    assert payout_of(ben, run).amount_micros == 19 * EURO
    quarters = queries.year_summary(ben, "EUR", now().year)
    assert sum(one.micros for one in quarters) == 19 * EURO and sum(one.count for one in quarters) == 0


def released_by_two(second: Any) -> Any:
    run = locked_run()
    payments.release_run(actor=second, run_id=run.id, now=now(), with_second_factor=True)
    return run


def test_operators_hear_of_what_waits_and_workers_of_what_changed() -> None:
    ben, second = person("ben").id, olga()
    member("fin", organisation(), "finance")
    number = propose(moves(ben, 5), "Forgotten")
    for _again in range(2):
        payments.tell_correction_waits(correction_id=number)
    assert [(one.person_id, one.kind) for one in Notice.objects.all()] == [
        (second.person_id, "correction_waits")
    ]
    approve(number, second)
    payments.tell_correction_waits(correction_id=number)
    payments.tell_corrected(correction_id=number)
    told = Notice.objects.get(kind="balance_corrected")
    assert (told.person_id, told.params["reason"], told.params["amount"]["micros"]) == (
        ben,
        "Forgotten",
        5 * EURO,
    )
    between = propose([Line(prepaid(organisation(), "EUR").code, available(ben, "EUR").code, EURO)])
    deposit(2, "d")
    approve(between, second)
    payments.tell_corrected(correction_id=between)
    kinds = Notice.objects.filter(kind="organisation_corrected").values_list("person_id", flat=True)
    assert set(kinds) == {actor("ada").person_id, actor("fin").person_id}


def test_goodwill_to_an_organisation_is_taken_into_account_by_its_invoice():
    """119 € with VAT and 50 € of goodwill pay for work of 132 €: the deposit covers 100 €, goodwill the rest."""
    books.company()
    number = books.buyer()
    deposit(119, "d1")
    approve(propose([Line(goodwill("EUR").code, prepaid(number, "EUR").code, 50 * EURO)]), olga())
    approved(120 * EURO, 12 * EURO, "a1")
    payments.issue_due_invoices(now=books.NEXT_MONTH, titles=project_queries.titles_of)
    monthly = Invoice.objects.get(kind="monthly")
    assert (monthly.net_micros, monthly.due_net_micros) == (132 * EURO, 0)
    assert [(one["booking"], one["net_micros"]) for one in monthly.facts["advances"]][-1] == (
        CORRECTED,
        32 * EURO,
    )
    left = {one.booking_id: one.net_micros for one in queries.advances_left(number, "EUR")}
    assert left == {CORRECTED: 18 * EURO}
    # More is taken back than is left of it: the next deposit stands for what the balance holds.
    deposit(119, "d2")
    approve(propose([Line(prepaid(number, "EUR").code, goodwill("EUR").code, 40 * EURO)]), olga())
    [rest] = queries.advances_left(number, "EUR")
    assert rest.net_micros == queries.prepaid_micros(number, "EUR") == round(72.89 * EURO)


def test_what_a_correction_took_out_of_the_balance_pays_for_no_work():
    books.company()
    number = books.buyer()
    deposit(119, "d1")
    approve(propose([Line(prepaid(number, "EUR").code, goodwill("EUR").code, 30 * EURO)]), olga())
    [left] = queries.advances_left(number, "EUR")
    assert (left.net_micros, left.vat_micros) == (70 * EURO, round(13.3 * EURO))
    approved(60 * EURO, 6 * EURO, "a1")
    payments.issue_due_invoices(now=books.NEXT_MONTH, titles=project_queries.titles_of)
    assert Invoice.objects.get(kind="monthly").due_net_micros == 0
    assert [one.net_micros for one in queries.advances_left(number, "EUR")] == [4 * EURO]


def test_what_was_taken_back_is_no_pay_and_no_fee_on_a_statement() -> None:
    deposit(100, "d1")
    ben, second = person("ben").id, olga()
    approved(6 * EURO, EURO, "a1")
    wrong = newest(available(ben, "EUR").code)
    approved(20 * EURO, 4 * EURO, "a2")
    assert book.shared_between(ben, "EUR", after=0, through=2**60) == book.Shared(26 * EURO, 5 * EURO)
    approve(undo(wrong, whole_event=True), second)
    approve(propose(moves(ben, 3)), second)  # goodwill is no pay for anything
    assert book.shared_between(ben, "EUR", after=0, through=2**60) == book.Shared(20 * EURO, 4 * EURO)
