"""The page on which an operator agrees a project's price, and where others read it."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries
from tests import orders
from tests.interfaces.web.requester.drafting import GO, at, send
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def page_of(project) -> str:
    return f"/operator/organisations/projects/{project.public_id}/price/"


def test_a_price_is_agreed_shown_to_both_sides_and_taken_away(django_assert_max_num_queries):
    draft = orders.project(pay={"amount": "0.33"})
    operator, requester = visitor("dan"), visitor("ada")
    operator.get(page_of(draft))
    with django_assert_max_num_queries(12):
        page = words(operator.get(page_of(draft)))
    assert (
        "20% of the pay, which is 16.7% of the price" in page
        and "what the organisation pays for an answer" in page
    )
    page = words(operator.post(page_of(draft), {"price": "0,50"}, follow=True))
    said = "Agreed with the operator for an answer: €0.50. Of it €0.33 are pay, and €0.17 the fee."
    assert (
        "The price is kept." in page
        and said in page
        and "51.5% of the pay, which is 34% of the price" in page
    )
    org = public_id("org", draft.organisation_id)
    assert "€0.50 for an answer, agreed" in words(operator.get(f"/operator/organisations/{org}/"))
    assert said in words(requester.get(at(draft, "pay")))
    assert "agreed a price, or took it away" in words(requester.get(f"/organisation/{org}/activity/"))
    assert "20% of the pay" in words(operator.post(page_of(draft), {"price": ""}, follow=True))
    assert queries.project(draft.id).client_micros is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [("0.20", "The price lies between 0.33 EUR"), ("viel", "is not an amount"), ("9" * 20, "")],
)
def test_what_is_no_price_is_refused_and_nothing_changes(sent, said):
    draft = orders.project(pay={"amount": "0.33"})
    reply = visitor("dan").post(page_of(draft), {"price": sent})
    assert reply.status_code == 422 and said in words(reply)
    assert queries.project(draft.id).client_micros is None


def test_a_launched_project_and_one_of_own_amounts_say_why_there_is_no_form():
    running = launched([{"text": "one"}])
    assert "The project is launched, so its price stays." in words(visitor("dan").get(page_of(running)))
    own = orders.project(pay={"per": "deliverable"})
    assert "has an amount of its own" in words(visitor("dan").get(page_of(own)))


def test_who_sets_a_draft_up_reads_that_the_pay_cannot_be_above_the_price():
    draft = orders.project(pay={"amount": "0.33"})
    visitor("dan").post(page_of(draft), {"price": "0.50"})
    given = {"per": "answer", "amount": "0,60", "seconds": "20"}
    reply = send(draft, "pay", given | GO)
    assert reply.status_code == 422
    assert "The price agreed with the operator is 0.50 EUR, so the pay cannot be more." in words(reply)
    shown = visitor("ada").post(at(draft, "pay"), given | {"amount": "0,40"}, headers={"HX-Request": "true"})
    assert "€0.50. Of it €0.40 are pay, and €0.10 the fee." in text_of(shown)
    assert send(draft, "pay", given | {"amount": "0,40"} | GO).status_code == 303
    assert queries.project(draft.id).price.fee_micros == 100_000
