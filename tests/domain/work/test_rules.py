"""Rows, files, audiences, money: the pure part."""

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from tagwerk.base.errors import Invalid
from tagwerk.domain.accounts.rules import Kind
from tagwerk.domain.work.rules import bad_rows, coverage, readers
from tagwerk.domain.work.rules.audience import Candidate, reasons_against
from tagwerk.domain.work.rules.coverage import Funds, largest_cost, tasks_covered
from tagwerk.domain.work.rules.readers import kind_of_name, rows_of
from tagwerk.domain.work.rules.rows import BadRow, RowReader, text_of


def read(text: str | bytes, kind: str):
    return list(rows_of(io.BytesIO(text if isinstance(text, bytes) else text.encode()), kind))


def bad_of(rows):
    """Number, reason and row of those that cannot be used, as an import sees them."""
    return [(bad.number, bad.reason.code, bad.row) for chunk in reader().chunks(rows) for bad in chunk.bad]


def test_jsonl_with_bad_lines():
    rows = read(b'{"a": 1}\n\n{"a": \n[1]\n{"b": "\xc3\xbc"}\n\xff\n' + b"[" * 100_000, "jsonl")
    assert rows[0] == {"a": 1} and rows[3] == {"b": "ü"}
    assert bad_of(rows) == [
        (2, "row_unreadable", {"_line": '{"a":'}),
        (3, "row_unreadable", {"_line": "[1]"}),
        (5, "row_unreadable", {"_line": "\ufffd"}),
        (6, "row_unreadable", {"_line": "[" * 100_000}),
    ]


def test_a_line_without_end_is_one_bad_row(monkeypatch):
    monkeypatch.setattr(readers, "_LONGEST_LINE", 10)
    rows = read('{"a": "' + "x" * 100 + '"}\n{"b": 1}\n', "jsonl")
    assert bad_of(rows) == [(1, "row_unreadable", {"_line": '{"a": "xxx'})] and rows[1] == {"b": 1}


@pytest.mark.parametrize(
    ("kind", "text", "lines"),
    [
        ("csv", "a,b\n1,2\n\n\n,9\n1,2,3\n\n7,8\n", ["1,2,3"]),
        ("jsonl", '{"a": 1}\n\n\n{"a": 2}\n1\n\n{"a": 4}\n', ["1"]),
        ("json", '[{"a": 1}, {"a": 2}, [3], {"a": 4}]', ["[3]"]),
    ],
)
def test_rows_are_counted_alike_in_every_kind_of_file(kind, text, lines):
    rows = read(text, kind)
    assert [(number, row) for number, _, row in bad_of(rows)] == [(3, {"_line": line}) for line in lines]
    assert sum(isinstance(row, dict) for row in rows) == 3


def test_what_is_no_csv_comes_back_as_it_stands():
    rows = read('a,b\n"1"x,2\n3,4\n"5,\n6', "csv")
    assert rows[1] == {"a": "3", "b": "4"}
    assert [(number, row) for number, _, row in bad_of(rows)] == [
        (1, {"_line": '"1"x,2'}),
        (3, {"_line": '"5,\n6'}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_spreadsheet_is_read_however_it_was_saved(encoding, between):
    quoted = 'Größe „L“, "viel" zu klein; 19,90 €'.replace('"', '""')
    text = f'Ticket{between}Nachricht{between}Bemerkung\r\n1{between}"{quoted}"{between}\r\n'
    rows = read(text.encode(encoding), "csv")
    assert rows == [{"Ticket": "1", "Nachricht": 'Größe „L“, "viel" zu klein; 19,90 €', "Bemerkung": ""}]


def test_the_encoding_is_known_also_where_the_first_umlaut_comes_late():
    rows = read("a\n" + "x\n" * 70_000 + "ü\n", "csv")
    late = read(("a\n" + "x\n" * 70_000 + "ü\n").encode("cp1252"), "csv")
    assert rows[-1] == late[-1] == {"a": "ü"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (
            "a\nü\n".encode() + b"\xff\n",
            "file_not_utf8",
        ),  # UTF-8 with a broken byte is not taken for something else
        (b"a\n\x81\n", "file_not_utf8"),  # of neither
        (b"PK\x03\x04\x14\x00", "file_not_csv"),
    ],
)
def test_what_is_no_text_is_refused_whatever_its_name_says(raw, code):
    with pytest.raises(Invalid) as refused:
        read(raw, "csv")
    assert refused.value.code == code


def test_a_workbook_is_refused_with_the_way_out():
    with pytest.raises(Invalid) as refused:
        rows_of(io.BytesIO(), kind_of_name("Tickets.XLSX"))
    assert refused.value.code == "file_kind_unknown" and "CSV UTF-8" in str(refused.value)


def test_bad_rows_are_kept_and_given_back_in_words():
    bad = BadRow(
        7,
        Invalid("row_id_unfit", "An id is a text of up to {most} characters.", path="_id", most=200),
        {"ä": 1},
    )
    again = bad_rows.bad_row_of(bad_rows.kept_line(bad))
    assert (again.number, again.row, str(again.reason)) == (7, {"ä": 1}, str(bad.reason))
    back = json.loads(bad_rows.given_back(again, lambda text: "{most} Zeichen"))
    assert back == {"ä": 1, "_row": 7, "_reason": "_id: 200 Zeichen"}
    assert reader().read(back).data == '{"ä":1}', "a mended row is imported without what we added"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_in_each_common_form(sign):
    text = (
        f'\ufefftext{sign}_gold.mood{sign}_gold.stars\n"a{sign} ""b""\nc"{sign}good{sign}3\nd{sign}{sign}\n'
    )
    assert read(text, "csv") == [
        {"text": f'a{sign} "b"\nc', "_gold": {"mood": "good", "stars": 3}},
        {"text": "d"},
    ]


def test_csv_lines_of_another_length_are_bad():
    rows = read("a,b\n1,2\n1\n3,4\n", "csv")
    assert rows[0] == {"a": "1", "b": "2"} and rows[2] == {"a": "3", "b": "4"}
    assert bad_of(rows) == [(2, "row_unreadable", {"_line": "1"})]


@pytest.mark.parametrize("text", ["", "a,a\n1,2", '"a\n1,2', b"\xc3\xbc\xff", b"text\n\xc3\xbc\xff\xfe"])
def test_csv_that_is_none(text):
    with pytest.raises(Invalid):
        read(text, "csv")


@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=4), st.text(max_size=9) | st.integers() | st.lists(st.booleans()), max_size=3
        )
    )
)
def test_json_lists_come_back_whole(rows):
    assert read(
        json.dumps(rows, indent=1, ensure_ascii=False).encode(errors="replace"), "json"
    ) == json.loads(json.dumps(rows, ensure_ascii=False).encode(errors="replace"))


def test_a_json_list_larger_than_a_block():
    rows = [{"text": "x" * 50_000, "n": n} for n in range(10)]
    assert read(json.dumps(rows), "json") == rows


@pytest.mark.parametrize("text", ["{}", "[1 2]", '[{"a": 1}', "[" * 100_000, ""])
def test_json_that_is_no_list(text):
    with pytest.raises(Invalid):
        read(text, "json")


def test_parquet_values_become_json():
    table = pa.table({
        "text": ["a", "b"], "at": [datetime(2027, 1, 2, tzinfo=UTC)] * 2, "much": [Decimal("1.20")] * 2,
        "list": [[1, 2], []], "_gold": [{"mood": "good", "stars": None}] * 2, "raw": [b"\x00\x01"] * 2,
    })  # fmt: skip
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    rows = read(sink.getvalue(), "parquet")
    assert rows[0] == {
        "text": "a", "at": "2027-01-02T00:00:00+00:00", "much": "1.20", "list": [1, 2], "_gold": {"mood": "good"},
        "raw": "AAE=",
    }  # fmt: skip
    with pytest.raises(Invalid):
        read(b"PAR1 not really", "parquet")


def test_kinds_by_name():
    assert [kind_of_name(name) for name in ("a.JSONL", "b.ndjson", "c.csv", "d.pq", "e")] == [
        "jsonl", "jsonl", "csv", "parquet", "e",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        rows_of(io.BytesIO(b""), "xlsx")


def reader() -> RowReader:
    return RowReader(check_row=lambda row: None, check_gold=dict, check_prediction=dict)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5).filter(lambda name: not name.startswith("_")), st.text(max_size=20)
    )
)
def test_data_is_kept_as_it_came_or_refused(row):
    before = dict(row)
    try:
        kept = reader().read(row)
    except Invalid:
        assert "\0" in repr(row.keys()) + repr(row.values()) or "\\x00" in repr(row) or "\\ud" in repr(row)
    else:
        assert json.loads(kept.data) == row
    assert row == before


def test_backslash_u0000_that_is_no_nul_is_fine():
    assert text_of({"a": "\\u0000"})
    with pytest.raises(Invalid):
        text_of({"a": ["\0"]})


def test_reserved_columns_are_taken_apart():
    row = reader().read({"t": 1, "_id": 7, "_gold": '{"q": 1}', "_prediction": {"q": 2}, "_priority": "3",
                         "_deadline": "2027-03-01T12:00:00", "_truth": {"q": 9}})  # fmt: skip
    assert (row.external_id, row.data, row.gold, row.prediction, row.priority) == (
        "7",
        '{"t":1}',
        '{"q":1}',
        '{"q":2}',
        3,
    )
    assert row.deadline == datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert row.digest != reader().read({"t": 1, "_id": 7}).digest


def candidate(**changes) -> Candidate:
    facts = dict(kind=Kind.PERSON, is_active=True, is_adult=True, country="DE", languages={"de-AT": "C1", "en": "native"},
                 scores={"basics": 80}, teams=(), email="ben@example.org")  # fmt: skip
    return Candidate(**{**facts, **changes})


@pytest.mark.parametrize(
    ("audience", "changes", "reasons"),
    [
        ({}, {}, []),
        ({"languages": {"de": "C1"}}, {}, []),
        ({"languages": {"de": "C2", "en": "C2"}}, {}, ["language:de:C2"]),
        ({"languages": {"de": "native"}}, {"kind": Kind.MODEL, "languages": {}}, []),
        ({"countries": ["AT", "CH"]}, {}, ["country:AT,CH"]),
        ({"countries": ["AT"]}, {"kind": Kind.SIMULATION, "country": ""}, []),
        ({"qualifications": {"basics": 80}}, {}, []),
        (
            {"qualifications": {"basics": 81, "more": 0}},
            {},
            ["qualification:basics:81", "qualification:more:0"],
        ),
        ({"team": "reviewers"}, {}, ["team:reviewers"]),
        ({"team": "reviewers"}, {"teams": {"members", "reviewers"}}, []),
        ({"team": "reviewers"}, {"teams": {"members"}}, ["team:reviewers"]),
        ({"invited": ["cyn@example.org"]}, {}, ["not_invited"]),
        ({"invited": ["ben@example.org"]}, {}, []),
        ({}, {"is_active": False}, ["inactive"]),
    ],
)
def test_who_may_work_and_why_not(audience, changes, reasons):
    assert reasons_against(audience, candidate(**changes)) == reasons


def test_sensitive_work_is_for_adults():
    assert reasons_against({}, candidate(is_adult=False), sensitive=True) == ["not_adult"]
    assert reasons_against({}, candidate(is_adult=False)) == []


@given(st.integers(1, 2000), st.integers(1, 9), st.integers(1, 10**7), st.integers(0, 5000))
def test_the_largest_cost_opens_every_task(tasks, answers, answer_micros, share):
    cost = largest_cost(tasks=tasks, answers=answers, answer_micros=answer_micros, gold_share_bp=share)
    funds = Funds(cost, 0, 0, 0)
    assert tasks_covered(funds, task_micros=answers * answer_micros, gold_share_bp=share) >= tasks
    assert cost % 10_000 == 0
    less = cost - 10_000  # not a cent more than needed
    assert less * (10_000 - share) < tasks * answers * answer_micros * 10_000


def test_the_rank_puts_priority_before_deadline():
    ranks = [
        coverage.rank(priority=p, deadline_seconds=d)
        for p, d in [(9, None), (1, 5), (1, None), (0, 5), (0, 9)]
    ]
    assert ranks == sorted(ranks)
    assert coverage.rank(priority=0, deadline_seconds=None) is None
