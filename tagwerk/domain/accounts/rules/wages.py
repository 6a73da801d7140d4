"""Minimum wages by country and day: what a line says, how a table of them is read, which one holds. Pure."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tagwerk.base.errors import Invalid, Refusal, bad_lines
from tagwerk.base.lists import columns_of, lines_of
from tagwerk.base.money import MICROS, micros_of, plain
from tagwerk.domain.accounts.rules.profile import country_code, currency_code

COLUMNS = ("country", "from", "per_hour", "currency", "source")
LONGEST_SOURCE = 300
MOST_LINES = 2_000
MOST_MICROS = 10_000_000 * MICROS  # an hour: some currencies have many zeros, but not so many


@dataclass(frozen=True, slots=True)
class Wage:
    """What an hour has to be paid at least in a country from a day on, by this source."""

    country: str
    valid_from: date
    per_hour_micros: int
    currency: str
    source: str


def wage_of(*, country: str, valid_from: str, per_hour: str, currency: str, source: str) -> Wage:
    """A line of the table; refuses what is unreadable, with the column in its path."""
    micros = micros_of(per_hour.strip(), path="per_hour")
    if not 0 < micros <= MOST_MICROS:
        raise Invalid("wage_range", "A wage for an hour is more than nothing.", path="per_hour")
    told = " ".join(source.split())
    if not 1 <= len(told) <= LONGEST_SOURCE:
        raise Invalid(
            "wage_source_missing", "Say where the figure is from, in at most {longest} characters.",
            path="source", longest=LONGEST_SOURCE,
        )  # fmt: skip
    return Wage(country_code(country), _day(valid_from), micros, currency_code(currency), told)


def wages_of_csv(text: str) -> list[Wage]:
    """The lines of a CSV with the columns COLUMNS, all or none: each wrong one is named."""
    if missing := [name for name in COLUMNS if name not in columns_of(text)]:
        raise Invalid(
            "wage_columns_missing", "The first line must name the columns {columns}; missing: {missing}.",
            columns=", ".join(COLUMNS), missing=", ".join(missing),
        )  # fmt: skip
    found: dict[tuple[str, date], Wage] = {}
    wrong: dict[int, Refusal] = {}
    for number, given in lines_of(text, COLUMNS, most=MOST_LINES):
        try:
            wage = wage_of(valid_from=given.pop("from"), **given)
            if (wage.country, wage.valid_from) in found:
                raise Invalid("wage_twice", "This country and day are in the list twice.")
            found[wage.country, wage.valid_from] = wage
        except Refusal as refusal:
            wrong[number] = refusal
    if wrong:
        raise bad_lines(wrong)
    return list(found.values())


def csv_of_wages(wages: Iterable[Wage]) -> str:
    """The table as `wages_of_csv` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in wages:
        writer.writerow(
            [one.country, one.valid_from.isoformat(), plain(one.per_hour_micros), one.currency, one.source]
        )
    return out.getvalue()


def in_force(wages: Iterable[Wage], on: date) -> dict[str, Wage]:
    """By country the line that holds on a day; a country whose first line begins later has none."""
    begun = sorted((one for one in wages if one.valid_from <= on), key=lambda one: one.valid_from)
    return {one.country: one for one in begun}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            "wage_day", "“{value}” is not a day; write it like 2026-01-01.", path="from", value=text[:40]
        ) from None
