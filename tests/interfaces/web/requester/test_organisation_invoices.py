"""An organisation's invoices: listed, downloaded, and where they go; operators issue and cancel them."""

from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tagwerk.base.ids import public_id
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tests.domain.payments.books import BUYER, buyer, company, deposit
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, member, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def at(path=""):
    return f"/organisation/{public_id('org', organisation())}/invoices/{path}"


@pytest.fixture
def paper():
    company()
    buyer()
    payments.invoice_booking(booking_id=deposit(1190, "d1"), now=timezone.now())
    return queries.invoices_page(actor("dan"))[0].label


def test_what_is_missing_is_said_until_it_is_filled_in():
    organisation()
    ada = visitor("ada")
    assert "Still missing: Street, Postcode, Town" in words(ada.get(at()))
    assert ada.post(at(), BUYER | {"name": "Acme AI AG"}).status_code == 303
    page = words(ada.get(at()))
    assert "Still missing" not in page
    assert 'value="Acme AI AG"' in ada.get(at()).content.decode()
    wrong = ada.post(at(), BUYER | {"vat_id": "DE1"})
    assert wrong.status_code == 422
    assert "This is not a VAT id" in words(wrong)


def test_the_list_and_the_file(paper, django_assert_max_num_queries):
    ada = visitor("ada")
    ada.get(at())
    with django_assert_max_num_queries(20):
        page = words(ada.get(at()))
    assert f"{paper} " in page and "Advance invoice" in page and "€1,190.00" in page and "19%" in page
    assert "being made" in page
    assert ada.get(at(f"{paper}.pdf")).status_code == 409
    payments.make_missing_papers()
    reply = ada.get(at(f"{paper}.pdf"))
    assert reply["Content-Disposition"] == f'attachment; filename="{paper}.pdf"'
    text = PdfReader(BytesIO(b"".join(reply.streaming_content))).pages[0].extract_text()
    assert paper in text and "Acme Daten AG" in text


def test_who_sees_the_money_sees_the_details_and_who_manages_it_changes_them(paper):
    number = organisation()
    member("max", number, "manager")
    page = words(visitor("max").get(at()))
    assert "Owners and members for finance can change it" in page and "Am Wall 1" in page
    assert visitor("max").post(at(), BUYER).status_code == 403


def test_the_paper_of_another_organisation_does_not_exist(paper):
    other = organisation("other", "eve")
    payments.make_missing_papers()
    address = f"/organisation/{public_id('org', other)}/invoices/{paper}.pdf"
    assert visitor("eve").get(address).status_code == 404


def test_operators_issue_and_cancel(paper, django_assert_max_num_queries):
    dan = visitor("dan")
    dan.get("/operator/invoices/")
    with django_assert_max_num_queries(20):
        page = words(dan.get("/operator/invoices/"))
    assert paper in page and "acme" in page
    org = public_id("org", organisation())
    said = words(dan.post("/operator/invoices/", {"step": "issue", "organisation": org}, follow=True))
    assert "Nothing is due" in said
    said = words(dan.post("/operator/invoices/", {"step": "cancel", "invoice": paper}, follow=True))
    year = paper.split("-")[1]
    assert f"Issued: RE-{year}-00002, RE-{year}-00003." in said
    assert f"cancelled by RE-{year}-00002" in said
    again = dan.post("/operator/invoices/", {"step": "cancel", "invoice": paper})
    assert again.status_code == 422 and "cancelled already" in words(again)


def test_operators_see_what_is_missing():
    organisation()
    deposit(10, "d1")
    page = words(visitor("dan").get("/operator/invoices/"))
    assert (
        "Still missing: Name of the company" in page
        and "have not said yet where their invoices go: acme" in page
    )
