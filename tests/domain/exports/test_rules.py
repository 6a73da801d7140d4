"""Records and formats as plain functions; training files are loaded as their readers will load them."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.exports.rules import flat
from tagwerk.domain.exports.rules.csv import cell, guarded
from tagwerk.domain.exports.rules.formats import FORMATS, format_named
from tagwerk.domain.exports.rules.records import FIELDS, Found, record
from tagwerk.domain.exports.rules.shape import Options, Shape, Shown

SENTIMENT = Shape(("sentiment", "why"), {}, {}, (Shown("text", "{{ text }}"),), Options())


def pairs(**options) -> Shape:
    """A project that compares two answers to a conversation."""
    return Shape(
        ("better",),
        {"better": ("a", "b")},
        {"a": "{{ answer_a }}", "b": "{{ answer_b }}"},
        (Shown("markdown", "Please read both."), Shown("chat", "{{ messages }}")),
        Options(**options),
    )


def one(row_id="1", *, data=None, found=None, gold=False, **more):
    found = (
        {"sentiment": Found("positive", 0.98, 1.0, method="ibcc", model=3), "why": Found("gut", None, 0.4)}
        if found is None
        else found
    )
    return record(
        row_id=row_id, data={"text": "x"} if data is None else data, found=found, answers=2, gold=gold, **more
    )


def preference(value, *, row_id="1", confidence=0.97, gold=False, messages=None):
    talk = messages or [{"role": "user", "content": "Wie spät ist es?"}]
    data = {"messages": talk, "answer_a": "Zehn.", "answer_b": "Weiß nicht."}
    return one(row_id, data=data, found={"better": Found(value, confidence, 1.0)}, gold=gold)


def written(name, records, shape=SENTIMENT):
    out = io.BytesIO()
    FORMATS[name].check(shape)
    rows = FORMATS[name].write(records, out, shape)
    return rows, out.getvalue()


def test_a_record_has_the_documented_fields_in_order():
    found = one()
    assert tuple(found) == FIELDS
    assert found == {
        "_id": "1",
        "data": {"text": "x"},
        "result": {"sentiment": "positive", "why": "gut"},
        "confidence": {"sentiment": 0.98, "why": None},
        "agreement": {"sentiment": 1.0, "why": 0.4},
        "method": {"sentiment": "ibcc", "why": None},
        "model": {"sentiment": 3, "why": 0},
        "answers": 2,
        "gold": False,
        "reason": None,
    }


def test_a_task_without_a_result_says_why():
    nothing = one(
        found={"sentiment": Found(None, reason="no_answers"), "why": Found(None, reason="no_answers")}
    )
    assert (nothing["result"], nothing["confidence"], nothing["reason"]) == (None, None, "no_answers")
    withheld = one(withheld="answers_in_review")
    assert (withheld["result"], withheld["reason"]) == (None, "answers_in_review")
    partly = one(found={"sentiment": Found("neutral", 0.9), "why": Found(None, reason="not_answered")})
    assert (
        partly["result"] == {"sentiment": "neutral", "why": None} and partly["reason"] == "why: not_answered"
    )


def test_json_lines_hold_records_as_they_are():
    rows, text = written("jsonl", [one("1"), one("2", data={"text": "Grüße\n", "n": [1, {"a": None}]})])
    assert rows == 2 and [json.loads(line) for line in text.splitlines()][1]["data"]["n"] == [1, {"a": None}]
    assert "Grüße" in text.decode()


def test_csv_has_dotted_names_of_all_tasks():
    rows, text = written(
        "csv", [one("1", data={"text": "a"}), one("2", data={"text": "b", "page": 3}, found={})]
    )
    table = list(csv.DictReader(io.StringIO(text.decode(), newline="")))
    assert rows == 2 and list(table[0]) == [
        "_id", "data.text", "data.page", "result.sentiment", "result.why", "confidence.sentiment", "confidence.why",
        "agreement.sentiment", "agreement.why", "method.sentiment", "method.why", "model.sentiment", "model.why",
        "answers", "gold", "reason",
    ]  # fmt: skip
    assert table[0]["result.sentiment"] == "positive" and table[1]["data.page"] == "3"
    assert table[1]["result.sentiment"] == "" and table[0]["gold"] == "false"


@pytest.mark.parametrize(
    "bad", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")']
)
def test_no_cell_can_be_run_as_a_formula(bad):
    _, text = written("csv", [one(bad, data={bad: bad})])
    header, row = csv.reader(io.StringIO(text.decode(), newline=""))
    assert f"'{bad}" in row and f"data.{bad}" in header
    assert cell(bad) == f"'{bad}"


@given(st.text(max_size=6))
def test_guarding_changes_only_what_could_run(text):
    assert guarded(text) in (text, f"'{text}")
    assert not guarded(text).startswith(("=", "@", "\t", "\r"))


def test_csv_for_excel_begins_with_a_mark_and_is_otherwise_the_same():
    plain, marked = io.BytesIO(), io.BytesIO()
    format_named("csv").write([one("1", data={"text": "Tür"})], plain, SENTIMENT)
    shape = Shape(SENTIMENT.questions, {}, {}, SENTIMENT.before, Options(bom=True))
    format_named("csv").write([one("1", data={"text": "Tür"})], marked, shape)
    assert marked.getvalue() == "\ufeff".encode() + plain.getvalue()


def test_numbers_stay_numbers_in_csv():
    assert [cell(v) for v in (-3, "-3", "+4.5e3", 0.1, True, None, [1], "-")] == [
        "-3", "-3", "+4.5e3", "0.1", "true", "", "[1]", "'-",
    ]  # fmt: skip


def test_parquet_keeps_types():
    raw = {
        "worker": "w-1", "answers": {"sentiment": "positive"}, "submitted_at": "2026-01-01T10:00:00Z",
        "active_seconds": 4.2, "counted": True, "revision": 1, "design": "dsn_1", "instructions_version": 1,
        "order": "ab", "channel": "page", "weights": {"sentiment": 1.2},
    }  # fmt: skip
    shape = Shape(("sentiment", "why"), {}, {}, (), Options(raw_answers=True))
    records = [
        one("1", data={"n": 1, "tags": ["a"], "mixed": 1}, raw=[raw]),
        one("2", data={"n": 2.5, "tags": [], "mixed": "1"}, found={}, raw=[]),
    ]
    rows, content = written("parquet", records, shape)
    table = pq.read_table(io.BytesIO(content))
    types = {field.name: str(field.type) for field in table.schema}
    assert rows == 2 and table.column("data.n").to_pylist() == [1.0, 2.5]
    assert types["data.tags"].startswith("list") and types["confidence.sentiment"] == "double"
    assert table.column("data.mixed").to_pylist() == ["1", '"1"']  # as JSON, since the values differ in type
    found = table.column("raw_answers").to_pylist()
    assert found[0][0]["worker"] == "w-1" and json.loads(found[0][0]["answers"]) == {"sentiment": "positive"}
    assert json.loads(found[0][0]["weights"]) == {"sentiment": 1.2}
    assert found[1] == [] and table.column("result.why").to_pylist() == ["gut", None]


def test_the_common_type_of_a_column():
    t = flat.Type
    assert flat.common(t.NOTHING, t.INT) is t.INT and flat.common(t.INT, t.NOTHING) is t.INT
    assert flat.common(t.INT, t.FLOAT) is t.FLOAT and flat.common(t.BOOL, t.INT) is t.JSON
    assert [flat.type_of(v) for v in (2**63, True, 1, 1.0, "", ["a"], [1], {}, None)] == [
        t.JSON, t.BOOL, t.INT, t.FLOAT, t.TEXT, t.TEXTS, t.JSON, t.JSON, t.NOTHING,
    ]  # fmt: skip


def test_a_preference_names_the_better_answer():
    rows, text = written(
        "trl_preference",
        [
            preference(-2),
            preference(1),
            preference(0),
            preference(-1, gold=True),
            preference(2, confidence=0.6),
        ],
        pairs(min_confidence=0.9, margin=True),
    )
    first, second = (json.loads(line) for line in text.splitlines())
    assert rows == 2
    assert first == {
        "prompt": [{"role": "user", "content": "Wie spät ist es?"}],
        "chosen": [{"role": "assistant", "content": "Zehn."}],
        "rejected": [{"role": "assistant", "content": "Weiß nicht."}],
        "margin": 2.0,
    }
    assert second["chosen"][0]["content"] == "Weiß nicht."


def test_texts_make_a_plain_preference_and_no_prompt_an_implicit_one():
    data = {"question": "Why?", "answer_a": "Because.", "answer_b": "No."}
    found = one(data=data, found={"better": Found(-1, 0.9, 1.0)})
    _, text = written("trl_preference", [found], pairs(prompt="question"))
    assert json.loads(text) == {"prompt": "Why?", "chosen": "Because.", "rejected": "No."}
    bare = Shape(("better",), {"better": ("a", "b")}, pairs().sides, (), Options())
    _, text = written("trl_preference", [found], bare)
    assert json.loads(text) == {"chosen": "Because.", "rejected": "No."}


def test_kto_takes_its_labels_from_a_question_about_one_completion():
    shape = Shape(
        ("ok",), {}, {}, (Shown("text", "{{ q }}"), Shown("markdown", "Read well.")),
        Options(question="ok", completion="reply", desirable=["good"]),
    )  # fmt: skip
    records = [
        one(str(n), data={"q": "Why?", "reply": "So."}, found={"ok": Found(value, 0.9)})
        for n, value in enumerate(["good", "bad"])
    ]
    rows, text = written("kto", records, shape)
    assert rows == 2 and [json.loads(line) for line in text.splitlines()] == [
        {"prompt": "Why?", "completion": "So.", "label": True},
        {"prompt": "Why?", "completion": "So.", "label": False},
    ]


def test_kto_from_a_comparison_only_if_that_is_said():
    with pytest.raises(Invalid) as refused:
        FORMATS["kto"].check(pairs())
    assert refused.value.code == "export_without_label"
    rows, text = written("kto", [preference(-1)], pairs(from_pairs=True))
    assert rows == 2 and [json.loads(line)["label"] for line in text.splitlines()] == [True, False]


def test_a_project_without_a_comparison_makes_no_preferences():
    for shape in (SENTIMENT, pairs(question="other")):
        with pytest.raises(Invalid) as refused:
            FORMATS["trl_preference"].check(shape)
        assert refused.value.code == "export_without_comparison"


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(Invalid, match="jsonl, csv, parquet, trl_preference, kto"):
        format_named("xml")


def test_training_files_load_with_datasets(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    datasets = pytest.importorskip("datasets", reason="make test installs it")
    records = [preference(-2, row_id="1"), preference(1, row_id="2")]
    for name, shape, features in (
        ("trl_preference", pairs(), {"prompt", "chosen", "rejected"}),
        ("kto", pairs(from_pairs=True), {"prompt", "completion", "label"}),
    ):
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(written(name, records, shape)[1])
        loaded = datasets.load_dataset(
            "json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache")
        )
        assert set(loaded.column_names) == features and loaded[0]["prompt"] == [
            {"role": "user", "content": "Wie spät ist es?"}
        ]
    assert loaded.features["label"].dtype == "bool"
