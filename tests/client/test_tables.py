"""Results as a table and as a frame, whatever the first row lacks and however the values differ."""

from typing import Any

import httpx
import pyarrow
import pytest

from tagwerk.client import Client, tables


def record(number: int, data: dict[str, Any], result: dict[str, Any] | None) -> dict[str, Any]:
    """One record, as the platform sends it; without a result it is withheld."""
    sure = None if result is None else dict.fromkeys(result, 1.0)
    return {
        "_id": f"t{number}", "data": data, "result": result, "confidence": sure, "agreement": sure,
        "answers": 0 if result is None else 2, "gold": False,
        "reason": "answers_in_review" if result is None else None,
    }  # fmt: skip


RECORDS = [
    record(1, {"text": "a"}, None),
    record(2, {"text": 7, "n": 1}, {"sentiment": "good", "tags": ["x"], "spans": [{"start": 1}]}),
    record(3, {"n": 2.5, "more": {"a": 1}}, {"sentiment": "bad", "tags": [], "spans": []}),
]


@pytest.fixture
def client() -> Any:
    """A client of a platform that has these records, two on a page."""

    def answer(request: httpx.Request) -> httpx.Response:
        after = int(request.url.params.get("cursor", 0))
        following = str(after + 2) if after + 2 < len(RECORDS) else None
        return httpx.Response(200, json={"items": RECORDS[after : after + 2], "next": following})

    with Client("http://x", "twk_x", http=httpx.MockTransport(answer), progress=False) as made:
        yield made


NAMES = [
    "_id", "data.text", "data.n", "data.more", "result.sentiment", "result.tags", "result.spans",
    "confidence.sentiment", "confidence.tags", "confidence.spans",
    "agreement.sentiment", "agreement.tags", "agreement.spans", "answers", "gold", "reason",
]  # fmt: skip


def test_a_withheld_first_row_takes_no_columns_from_the_table(client):
    table = client.results_table("prj_x")
    assert table.column_names == NAMES
    assert table.column("result.sentiment").to_pylist() == [None, "good", "bad"]
    assert table.column("result.tags").to_pylist() == [None, ["x"], []]
    assert table.column("reason").to_pylist() == ["answers_in_review", None, None]


def test_what_differs_in_type_is_json_text(client):
    table = client.results_table("prj_x")
    assert table.column("data.text").to_pylist() == ['"a"', "7", None]
    assert table.column("data.n").to_pylist() == [None, 1.0, 2.5]
    assert table.column("data.more").to_pylist() == [None, None, '{"a": 1}']
    assert table.column("result.spans").to_pylist() == [None, '[{"start": 1}]', "[]"]


def test_a_withheld_first_row_takes_no_columns_from_the_frame(client):
    frame = client.results_frame("prj_x")
    assert list(frame.columns) == NAMES
    assert list(frame["result.sentiment"])[1:] == ["good", "bad"]


def test_many_rows_come_in_several_batches(monkeypatch):
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 2)
    numbers = [{"_id": str(n), "answers": n, "data": {"big": 2**70 + n}} for n in range(5)]
    table = tables.table(iter(numbers))
    assert table.column("answers").to_pylist() == [0, 1, 2, 3, 4]
    assert table.column("data.big").to_pylist()[4] == str(2**70 + 4)
    assert table.column("answers").num_chunks == 3
    assert table.schema.field("answers").type == pyarrow.int64()


def test_no_rows_make_an_empty_table():
    assert tables.table([]).num_rows == 0
