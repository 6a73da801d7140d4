"""The page of minimum wages."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tagwerk.domain.accounts import queries
from tests.interfaces.web.visiting import plain_files, visitor, words

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
PAGE = "/operator/wages/"


@pytest.fixture
def client():
    return visitor("dan")


def test_the_table_says_what_holds_and_since_when(client, django_assert_max_num_queries):
    client.get(PAGE)
    with django_assert_max_num_queries(10):
        page = words(client.get(PAGE))
    assert "Germany DE 1 Jan 2026 €13.90" in page and "Germany DE 1 Jan 2025 €12.82 past" in page
    assert "Germany DE 1 Jan 2027 €14.60" in page and "MiLoV5 § 1 no. 2" in page


def test_a_line_is_put_in_and_taken_out(client):
    line = {"what": "line", "country": "AT", "day": "2026-01-01", "per_hour": "12,50", "currency": "EUR"}
    assert "This field is required" in words(client.post(PAGE, line))
    page = words(client.post(PAGE, line | {"source": "agreement"}, follow=True))
    assert (
        "new or other than before: 1." in page
        and "Austria AT 1 Jan 2026 €12.50 holds now agreement · yours" in page
    )
    client.post(PAGE, {"what": "remove", "country": "AT", "day": "2026-01-01"})
    assert queries.floor_for("AT", date(2026, 6, 1)) is None


def test_a_table_comes_back_as_it_went(client):
    reply = client.get(PAGE + "minimum-wages.csv")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = reply.content.decode() + "AT,2026-01-01,12.50,EUR,agreement\n"
    file = SimpleUploadedFile("wages.csv", text.encode())
    page = words(client.post(PAGE, {"what": "list", "file": file}, follow=True))
    assert "new or other than before: 1." in page


def test_wrong_lines_are_named_one_by_one(client):
    text = "country,from,per_hour,currency,source\nZZ,2026-01-01,1,EUR,x\nDE,soon,1,EUR,x\n"
    reply = client.post(PAGE, {"what": "list", "file": SimpleUploadedFile("wages.csv", text.encode())})
    page = words(reply)
    assert reply.status_code == 422 and "Lines that cannot be used: 2. Nothing was carried out." in page
    assert "Line 2: “ZZ” is not a country code" in page and "Line 3: “soon” is not a day" in page
    assert not [one for one in queries.wage_lines() if one.own]
