"""Numbers of papers: one after the other, without gaps."""

from datetime import date

from django.db import connection

from tagwerk.domain.payments.rules.invoices import label_of


def next_label(series: str, day: date) -> str:
    """The next number of a series in the year of a day.

    Its row stays locked until the transaction of the paper ends: who comes second waits, and if the first one fails or
    is killed, its number is given out again. So there is no gap, ever, and none is given out twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO paper_number (series, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (series, year) DO UPDATE SET last = paper_number.last + 1 RETURNING last",
            [series, day.year],
        )
        (number,) = cursor.fetchone()
    return label_of(series, day.year, number)
