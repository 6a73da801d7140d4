"""A worker's papers: listed, downloaded, theirs alone."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.models import Payout
from tagwerk.domain.projects.queries import titles_of
from tests.domain.payments.wages import earn, payee, released_run
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import actor, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def paid():
    earn(payee(), 20)
    released_run()
    actions.issue_statements(now=timezone.now(), titles=titles_of)


def test_before_the_first_payout_it_says_what_will_come():
    page = words(visitor("ben").get("/work/papers/"))
    assert "No statements yet" in page and "Nothing has been paid for yet" in page


def test_statements_and_years_are_there(paid, django_assert_max_num_queries):
    ben, year = visitor("ben"), datetime.now(UTC).year
    ben.get("/work/papers/")
    with django_assert_max_num_queries(20):
        page = words(ben.get("/work/papers/"))
    label = f"ST-{year}-00001"
    assert f"{label} " in page and "Payment statement" in page and "€20.00" in page
    pdf = ben.get(f"/work/papers/{label}.pdf")
    assert pdf.content.startswith(b"%PDF-") and pdf["Cache-Control"] == "no-store"
    assert ben.get(f"/work/papers/EUR/{year}/pdf/").content.startswith(b"%PDF-")
    rows = list(csv.DictReader(io.StringIO(ben.get(f"/work/papers/EUR/{year}/csv/").content.decode())))
    assert len(rows) == 4
    assert sum(float(row["pay"]) for row in rows) == 20
    for nothing in (f"EUR/{year - 1}/pdf", f"EUR/{year}/exe", f"USD/{year}/pdf", "EUR/99999999999/pdf"):
        assert ben.get(f"/work/papers/{nothing}/").status_code == 404
    person("fay")
    assert visitor("fay").get(f"/work/papers/{label}.pdf").status_code == 404


def test_earnings_say_what_is_on_its_way_what_is_in_the_way_and_how_the_goal_stands(paid):
    person_id = person("ben").id
    accounts.change_preferences(actor=actor("ben"), goal_micros=50_000_000)
    earn(person_id, 3)
    page = words(visitor("ben").get("/work/earnings/"))
    assert "Approved €3.00" in page and "On its way €20.00" in page and "Paid out €0.00" in page
    assert "The next payout" in page and "What is in the way:" in page
    assert "€0.00 / €50.00" in page
    actions.mark_paid(refs=[Payout.objects.get(person_id=person_id).ref], now=timezone.now())
    assert "Paid out €20.00" in words(visitor("ben").get("/work/earnings/"))
