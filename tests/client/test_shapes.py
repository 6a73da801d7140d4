from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tagwerk.client import Money, data_digest
from tagwerk.client.shapes import read


@dataclass(frozen=True)
class Thing:
    """Something with all that a shape can hold."""

    name: str
    made_at: datetime
    price: Money | None
    parts: list[Money]
    note: str | None = None


def test_json_becomes_a_typed_record_and_what_is_new_is_ignored():
    money = {"amount": "0.30", "currency": "EUR"}
    facts = {
        "name": "x",
        "made_at": "2027-01-31T12:00:00Z",
        "price": None,
        "parts": [money],
        "of_tomorrow": 1,
    }
    assert read(Thing, facts) == Thing(
        "x", datetime(2027, 1, 31, 12, tzinfo=UTC), None, [Money(Decimal("0.30"), "EUR")]
    )


def test_the_same_data_has_the_same_fingerprint_whatever_its_order():
    row = {"text": "größer", "n": 1, "_id": "7", "_truth": {"a": 1}}
    assert data_digest(row) == data_digest({"n": 1, "text": "größer"})
    assert data_digest(row) != data_digest({"n": 2, "text": "größer"})
    assert len(data_digest(row)) == 64
