"""An organisation's money, through the page and the file."""

import csv
import io

import pytest
from django.conf import settings

from tagwerk.base.ids import public_id
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.projects import actions as projects
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import deposit, project
from tests.people import actor, organisation

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


def url(path=""):
    return f"/organisation/{public_id('org', organisation())}/balance/{path}"


@pytest.fixture
def spending():
    deposit(50_000_000)
    made = project(title="Mood")
    projects.reserve(project_id=made.id, amount_micros=12_000_000, key="test")
    return made


def test_the_page_shows_where_the_money_is(spending, django_assert_max_num_queries):
    client = visitor("ada")
    client.get(url())
    with django_assert_max_num_queries(24):
        page = words(client.get(url()))
    assert "Available €38.00" in page and "Reserved for projects €12.00" in page and "Paid in €50.00" in page
    assert "Reserved per project Project Reserved Mood €12.00" in page
    assert "Reserved for a project Mood -€12.00" in page
    assert "Deposit test €50.00" in page


def test_the_fee_is_shown_on_both_bases(spending, settings):
    settings.FEE_BP = 2000
    page = words(visitor("ada").get(url()))
    assert "20% of the pay, which is 16.7% of the price: for €1.00 of pay, €0.20 of fee" in page


def test_the_file_holds_every_movement(spending):
    response = visitor("ada").get(url("movements.csv"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="movements-EUR.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [(row["kind"], row["amount"], row["currency"]) for row in rows] == [
        ("reserve", "-12.00", "EUR"),
        ("deposit", "50.00", "EUR"),
    ]
    assert rows[0]["project"] == spending.public_id


def test_many_movements_have_pages_and_the_file_has_all():
    org = deposit(1_000_000)
    for number in range(60):
        payments.book_deposit(
            actor=actor("dan"),
            organisation_id=org,
            amount_micros=10_000 * (number + 1),
            reference="r",
            key=f"k{number}",
        )
    client = visitor("ada")
    first = client.get(url())
    assert len(first.context["movements"]) == 50
    second = client.get(first.context["page"].older)
    assert len(second.context["movements"]) == 11
    text = b"".join(client.get(url("movements.csv")).streaming_content).decode()
    assert len(text.splitlines()) == 62
    assert client.get(url("?before=x")).status_code == 404


def test_each_currency_has_its_own_movements():
    org = deposit(1_000_000)
    payments.book_deposit(
        actor=actor("dan"),
        organisation_id=org,
        amount_micros=7_000_000,
        currency="USD",
        reference="r",
        key="k",
    )
    client = visitor("ada")
    assert "US$7.00" in words(client.get(url("?currency=USD"))) and settings.CURRENCY == "EUR"
    assert client.get(url("?currency=XXX")).context["currency"] == "EUR"


def test_nothing_moved_yet():
    organisation()
    assert "Nothing has moved yet" in words(visitor("ada").get(url()))
