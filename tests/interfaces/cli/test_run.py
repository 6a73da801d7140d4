"""The main job by the command, as somebody does it whose project file and data nobody has seen before."""

import csv
import json

import pytest

from tests.instance import needs_proc

pytestmark = needs_proc
FILE = """
title: Rate these things
language: en
instructions: Rate them.
show:
  - text: "{{ text }}"
  - compare: {left: "{{ one }}", right: "{{ two }}", shuffle: true}
ask:
  stars: {kind: rating, scale: 5}
  tags: {kind: choice, options: {a: Alpha, b: Beta, c: Gamma}, many: true, required: false}
  better: {kind: comparison, of: [left, right], scale: 3}
  why: {kind: text, min_words: 3, when: "better != 0"}
decides: [stars]
quality: {answers: {min: 2, max: 4, confidence: 0.9}, gold_share: 0.1}
pay: {per: answer, amount: "0.10", currency: EUR, estimate_seconds: 20}
budget: "%s"
audience: {languages: {fr: C1}, qualifications: {rlhf: 80}}
"""


@pytest.fixture
def order(tmp_path):
    """A folder with a project file and thirty tasks."""

    def write(budget="50.00", text=FILE, rows=None):
        (tmp_path / "project.yaml").write_text(text % budget if "%s" in text else text)
        if rows is None:
            rows = []
            for number in range(30):
                right = {"stars": number % 5 + 1, "better": number % 3 - 1}
                row = {
                    "_id": f"r{number}",
                    "text": f"thing {number}",
                    "one": "**a**",
                    "two": f"b{number}",
                    "_truth": right,
                }
                rows.append(row | ({"_gold": right} if number % 10 == 0 else {}))
        (tmp_path / "tasks.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return tmp_path

    return write


def test_a_broken_project_file_is_named_by_line_and_mended_in_words(tagwerk, order):
    folder = order(text=FILE.replace("kind: rating", "kind: ratting").replace('"0.10"', '"0,10"') % "5.00")
    said = tagwerk("run", "project.yaml", "tasks.jsonl", "--simulate", "4", "--out", "o.jsonl", folder=folder)
    assert said.code == 2
    assert "project.yaml:9: ask.stars.kind" in said.err and "did you mean “rating”" in said.err
    assert "project.yaml:15: pay.amount" in said.err
    assert not (folder / "o.jsonl").exists()


def test_a_budget_too_small_stops_before_anything_and_names_both_amounts(tagwerk, order):
    folder = order(budget="5.00")
    said = tagwerk("run", "project.yaml", "tasks.jsonl", "--simulate", "4", "--out", "o.jsonl", folder=folder)
    assert said.code == 2
    assert "15.71 EUR" in said.err and "5.00 EUR" in said.err and "--partial" in said.err


def test_a_missing_file_is_said(tagwerk, order):
    said = tagwerk("run", "project.yaml", "nowhere.jsonl", "--out", "o.jsonl", folder=order())
    assert said.code == 2 and "nowhere.jsonl" in said.err


def test_the_main_job_on_unseen_data(tagwerk, order):
    folder = order()
    bad = [{"text": "only", "one": "1", "two": "2"}, {"txt": "b"}]
    (folder / "bad.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in bad))
    said = tagwerk("run", "project.yaml", "bad.jsonl", "--simulate", "4", "--out", "o.jsonl", folder=folder)
    assert said.code == 2 and "Row 2" in said.err and not (folder / "o.jsonl").exists()

    run = ("run", "project.yaml", "tasks.jsonl", "--simulate", "6", "--json")
    said = tagwerk(*run, "--out", "o.jsonl", folder=folder)
    assert said.code == 0, said.err
    done = json.loads(said.out)
    assert done["drift_micros"] == 0
    [summary] = done["projects"]
    assert summary["tasks"] == 30 and summary["without_result"] == 0
    assert summary["accuracy"] > 0.7
    records = [json.loads(line) for line in (folder / "o.jsonl").read_text().splitlines()]
    assert {record["_id"] for record in records} == {f"r{number}" for number in range(30)}
    assert set(records[0]) == {
        "_id",
        "method",
        "model",
        "data",
        "result",
        "confidence",
        "agreement",
        "answers",
        "gold",
        "reason",
    }
    written = json.dumps(records)
    assert '"_truth"' not in written and '"_gold"' not in written


@pytest.mark.long
def test_a_trial_of_work_without_pay(tagwerk, order):
    pay = 'pay: {per: answer, amount: "0.10", currency: EUR, estimate_seconds: 20}\nbudget: "%s"\n'
    text = FILE.replace(pay, "pay: {per: none}\n").replace("languages: {fr: C1}", "team: members")
    rows = [{"text": "thing", "one": "a", "two": "b", "_truth": {"stars": 3, "better": 1}}]
    run = ("run", "project.yaml", "tasks.jsonl", "--simulate", "4", "--json", "--out", "o.jsonl")
    said = tagwerk(*run, folder=order(text=text, rows=rows))
    assert said.code == 0, said.err
    [summary] = json.loads(said.out)["projects"]
    assert (summary["tasks"], summary["without_result"]) == (1, 0)


@pytest.mark.long
def test_a_partial_budget_does_what_it_covers(tagwerk, order):
    folder = order(budget="5.00")
    said = tagwerk(
        "run",
        "project.yaml",
        "tasks.jsonl",
        "--simulate",
        "6",
        "--partial",
        "--json",
        "--out",
        "o.csv",
        folder=folder,
    )
    assert said.code == 0, said.err
    [summary] = json.loads(said.out)["projects"]
    assert 0 < summary["without_result"] < 30 and float(summary["cost"]) <= 5.0
    rows = list(csv.DictReader((folder / "o.csv").open()))
    assert len(rows) == 30 and {"result.stars", "result.better", "data.text"} <= rows[0].keys()
    assert all(row["result.stars"] or row["reason"] for row in rows)
