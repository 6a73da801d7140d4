"""The table of minimum wages: what came along, what operators put over it, and which line holds on a day."""

from datetime import date

import pytest
from django.db import IntegrityError

from tagwerk.base.errors import BadLines, Invalid, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.accounts import actions, queries
from tagwerk.domain.accounts.models import MinimumWage
from tagwerk.domain.accounts.rules import Wage, csv_of_wages, in_force, wages_of_csv
from tests.people import actor

HEAD = "country,from,per_hour,currency,source\n"


def wage(country="DE", day="2026-01-01", micros=13_900_000, currency="EUR", source="law"):
    return Wage(country, date.fromisoformat(day), micros, currency, source)


def test_a_table_is_read_and_written_alike():
    text = HEAD + 'AT,2026-01-01,12.5,EUR,"a, b"\nJP,2026-10-01,1121,JPY,law\n'
    found = wages_of_csv("\ufeff" + text)
    assert found == [
        wage("AT", micros=12_500_000, source="a, b"),
        wage("JP", "2026-10-01", 1_121_000_000, "JPY"),
    ]
    assert wages_of_csv(csv_of_wages(found)) == found
    assert wages_of_csv(HEAD + "\n,,,,\n") == []


def test_each_wrong_line_is_named_and_none_is_read():
    lines = [
        "DE,2026-01-01,13.90,EUR,law",
        "XX,2026-01-01,1,EUR,law",
        "DE,1.1.2027,1,EUR,law",
        "DE,2027-01-01,viel,EUR,law",
        "DE,2027-01-01,0,EUR,law",
        "DE,2027-01-01,1,EURO,law",
        "DE,2027-01-01,1,EUR,",
        "DE,2026-01-01,14,EUR,law",
    ]
    with pytest.raises(BadLines) as refused:
        wages_of_csv(HEAD + "\n".join(lines))
    assert {number: one.code for number, one in refused.value.lines.items()} == {
        3: "country_unknown", 4: "wage_day", 5: "amount_unreadable", 6: "wage_range", 7: "currency_unknown",
        8: "wage_source_missing", 9: "wage_twice",
    }  # fmt: skip
    assert "Line 4: “1.1.2027” is not a day" in str(refused.value)
    with pytest.raises(Invalid, match="missing: source") as refused_head:
        wages_of_csv("country,from,per_hour,currency\n")
    assert refused_head.value.code == "wage_columns_missing"


def test_a_line_holds_from_its_day_on():
    table = [wage(), wage(day="2027-01-01", micros=14_600_000), wage("FR", "2027-05-01")]
    assert in_force(table, date(2025, 12, 31)) == {}
    assert in_force(table, date(2026, 1, 1)) == {"DE": table[0]}
    assert in_force(table, date(2026, 12, 31)) == {"DE": table[0]}
    assert in_force(table, date(2027, 1, 1)) == {"DE": table[1]}


@pytest.mark.django_db
def test_what_came_along_has_germany_with_its_source():
    assert queries.floor_for("DE", date(2025, 12, 31)).per_hour_micros == 12_820_000  # type: ignore[union-attr]
    assert queries.floor_for("DE", date(2026, 1, 1)).per_hour_micros == 13_900_000  # type: ignore[union-attr]
    assert queries.floor_for("DE", date(2027, 1, 1)).per_hour_micros == 14_600_000  # type: ignore[union-attr]
    assert (
        queries.floor_for("AQ", date(2027, 1, 1)) is None and queries.floor_for("", date(2027, 1, 1)) is None
    )
    assert all("https://" in one.source for one in queries.shipped_wages())


@pytest.mark.django_db
def test_an_operators_line_lies_over_it_and_can_be_taken_out():
    new = [wage(micros=15_000_000, source="mine"), wage("AT", source="mine")]
    assert actions.put_wages(actor=actor("dan"), wages=new) == 2
    assert actions.put_wages(actor=actor("dan"), wages=new) == 0  # nothing new, nothing told
    assert (
        queries.floor_for("DE", date(2026, 6, 1)) == new[0]
        and queries.floor_for("AT", date(2026, 6, 1)) == new[1]
    )
    mine = [line for line in queries.wage_lines() if line.own]
    assert [(line.wage.country, line.over) for line in mine] == [("AT", False), ("DE", True)]
    actions.put_wages(actor=actor("dan"), wages=[wage(micros=15_500_000, source="mine")])
    assert MinimumWage.objects.count() == 2
    actions.remove_wage(actor=actor("dan"), country="DE", valid_from=date(2026, 1, 1))
    assert queries.floor_for("DE", date(2026, 6, 1)).per_hour_micros == 13_900_000  # type: ignore[union-attr]
    with pytest.raises(NotFound):  # what came along can be covered, not taken out
        actions.remove_wage(actor=actor("dan"), country="DE", valid_from=date(2026, 1, 1))
    told = StoredEvent.objects.filter(name="MinimumWagesChanged").order_by("id")
    assert [one.facts["lines"] for one in told] == [2, 1, 1]


@pytest.mark.django_db
def test_only_operators_change_it():
    with pytest.raises(NotFound):
        actions.put_wages(actor=actor("ada"), wages=[wage()])
    with pytest.raises(NotFound):
        actions.remove_wage(actor=actor("ada"), country="DE", valid_from=date(2026, 1, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("minimum_wage_country_shape", {"country": "de"}),
        ("minimum_wage_currency_shape", {"currency": "eur"}),
        ("minimum_wage_positive", {"per_hour_micros": 0}),
    ],
)
def test_the_database_keeps_its_shape(name, change):
    facts = {
        "country": "AT",
        "valid_from": date(2026, 1, 1),
        "per_hour_micros": 1,
        "currency": "EUR",
        "source": "x",
    }
    with pytest.raises(IntegrityError, match=name):
        MinimumWage.objects.create(**(facts | change))


@pytest.mark.django_db
def test_one_line_for_a_country_and_day():
    facts = {
        "country": "AT",
        "valid_from": date(2026, 1, 1),
        "per_hour_micros": 1,
        "currency": "EUR",
        "source": "x",
    }
    MinimumWage.objects.create(**facts)
    with pytest.raises(IntegrityError, match="minimum_wage_once"):
        MinimumWage.objects.create(**facts)
