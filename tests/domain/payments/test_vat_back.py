"""VAT that was paid too much gets back into the balance, pays for work from there, and is charged no second time."""

from datetime import UTC, datetime

import pytest

from tagwerk.base.errors import Conflict
from tagwerk.domain.ledger import actions as book
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import Entry, goodwill, owed, prepaid, rounding, transfer_id, vat_output
from tagwerk.domain.payments import actions, queries
from tagwerk.domain.projects import queries as projects
from tests.domain.payments.books import NEXT_MONTH, approved, buyer, company, deposit
from tests.people import actor, member

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def balance(account):
    return ledger.balance(account.code).posted


def issue(now=NEXT_MONTH):
    return actions.issue_due_invoices(now=now, titles=projects.titles_of)


def papers():
    return queries.invoices_page(actor("dan"))


def late_vat_id():
    """VAT was paid on a deposit and on the work of a month, and then the organisation named its VAT id."""
    company()
    number = buyer()
    deposit(1190, "d1")
    approved(100_000_000, 0, "a1")
    issue()
    actions.change_billing(
        actor=member("fin", number, "finance"), organisation_id=number, country="FR", vat_id="FR40303265045"
    )
    cancel(papers()[0].label)
    return number


def cancel(label):
    return actions.cancel_invoice(actor=actor("dan"), label=label, now=NEXT_MONTH, titles=projects.titles_of)


def left(number):
    return [
        (one.net_micros // 1_000_000, one.vat_micros // 1_000_000)
        for one in queries.advances_left(number, "EUR")
    ]


def test_a_vat_id_that_came_late_gives_vat_back_to_the_balance():
    number = late_vat_id()
    assert papers()[0].due_micros == -19_000_000
    assert balance(vat_output("EUR")) == 190_000_000 - 19_000_000
    assert balance(prepaid(number, "EUR")) == 900_000_000 + 19_000_000
    assert ledger.drift_micros() == 0


def test_vat_that_came_back_pays_for_work_and_is_not_charged_again():
    number = late_vat_id()
    assert left(number) == [(900, 171), (19, 0)]
    approved(919_000_000, 0, "a2")
    issue(datetime(2100, 2, 15, tzinfo=UTC))
    assert [one["net_micros"] for one in papers()[0].facts["advances"]] == [900_000_000, 19_000_000]
    assert (papers()[0].due_micros, balance(owed(number, "EUR"))) == (-171_000_000, 0)
    assert (balance(prepaid(number, "EUR")), left(number)) == (171_000_000, [(171, 0)])
    approved(171_000_000, 0, "a3")
    issue(datetime(2100, 3, 15, tzinfo=UTC))
    assert (papers()[0].due_micros, balance(rounding("EUR")), left(number)) == (0, 0, [])
    assert balance(vat_output("EUR")) == balance(prepaid(number, "EUR")) == ledger.drift_micros() == 0


def test_vat_that_came_back_stays_so_when_its_invoice_is_cancelled():
    number = late_vat_id()
    cancel(papers()[0].label)
    assert left(number) == [(900, 171), (19, 0)]
    approved(919_000_000, 0, "a2")
    issue(datetime(2100, 2, 15, tzinfo=UTC))
    first, second = papers()[1], papers()[0]
    cancel(first.label)
    cancel(second.label)
    assert (balance(prepaid(number, "EUR")), left(number)) == (171_000_000, [(171, 0)])
    assert balance(owed(number, "EUR")) == balance(rounding("EUR")) == 0


@pytest.mark.parametrize("refunds", [[1090], [19, 1071], [10, 600, 480]])
def test_vat_that_came_back_is_refunded_without_vat_and_corrects_nothing(refunds):
    number = late_vat_id()
    for euros in refunds:
        booking = actions.book_refund(
            actor=actor("dan"),
            organisation_id=number,
            amount_micros=euros * 1_000_000,
            reference="x",
            key=f"r{euros}",
        )
        actions.invoice_booking(booking_id=booking, now=NOW)
    corrections = [paper for paper in papers() if paper.kind == "correction"]
    assert sum(paper.gross_micros for paper in corrections) == -1_071_000_000
    assert sum(paper.vat_micros for paper in corrections) == -171_000_000
    assert balance(prepaid(number, "EUR")) == balance(vat_output("EUR")) == 0
    assert left(number) == []


def test_what_was_neither_paid_in_nor_lent_is_not_asked_for():
    company()
    number = buyer()
    gift = Entry(
        id=transfer_id("test", "gift"), event=transfer_id("test", "gift"), kind="single",
        debit=goodwill("EUR").code, credit=prepaid(number, "EUR").code, amount_micros=50_000_000, currency="EUR",
        code="test",
    )  # fmt: skip
    book.transfer(entries=[gift])
    approved(50_000_000, 0, "a1")
    assert (issue(), papers()) == (0, [])
    with pytest.raises(Conflict, match="neither paid in nor lent"):
        actions.issue_now(
            actor=actor("dan"), organisation_id=number, now=NEXT_MONTH, titles=projects.titles_of
        )
