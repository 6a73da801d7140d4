"""The sample projects of the demo: read, shown, with a truth in every row, and decently paid."""

import json
from pathlib import Path
from typing import Any

import pytest

from tagwerk.domain.designs.rules.answers import check_answers
from tagwerk.domain.designs.rules.design import DesignView, design_view, spec_of
from tagwerk.domain.designs.rules.gold import check_gold
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.render import compile_row_check, render_task
from tagwerk.domain.designs.rules.yaml_text import read_project_file

SAMPLES = Path(__file__).parents[3] / "tagwerk/interfaces/cli/samples"
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.is_dir())
LEAST_MICROS_PER_HOUR = 12_000_000


def file_of(name: str) -> ProjectFile:
    path = SAMPLES / name / "project.yaml"
    return read_project_file(path.read_text("utf-8"), str(path))


def design_of(file: ProjectFile) -> DesignView:
    return design_view(id=1, organisation_id=1, spec=spec_of(file.design), digest="")


def rows_of(name: str) -> list[dict[str, Any]]:
    path = SAMPLES / name / "tasks.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_there_are_samples_enough() -> None:
    assert NAMES == ["comparison", "comparison-check", "moderation", "sentiment"]
    assert (
        len(rows_of("sentiment")) >= 140
        and len(rows_of("comparison")) >= 100
        and len(rows_of("moderation")) >= 100
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_row_can_be_shown_and_its_truth_answered(name: str) -> None:
    design = design_of(file_of(name))
    check = compile_row_check(design)
    for row in rows_of(name):
        check(row)
        assert render_task(design, row)
        assert check_gold(design, row["_truth"]) == row["_truth"]
        assert row.get("_gold", row["_truth"]) == row["_truth"]


@pytest.mark.parametrize("name", NAMES)
def test_rows_differ_and_some_are_gold(name: str) -> None:
    rows = rows_of(name)
    assert len({row["_id"] for row in rows}) == len(rows)
    shown = {
        json.dumps({key: value for key, value in row.items() if not key.startswith("_")}) for row in rows
    }
    assert len(shown) == len(rows)
    assert not rows or 0.05 <= sum("_gold" in row for row in rows) / len(rows) <= 0.12


@pytest.mark.parametrize("name", NAMES)
def test_samples_pay_decently(name: str) -> None:
    pay = file_of(name).pay
    assert pay.estimate_seconds and pay.reward_micros * 3600 >= LEAST_MICROS_PER_HOUR * pay.estimate_seconds


def test_moderation_asks_for_consent_and_sentiment_is_in_two_languages() -> None:
    assert file_of("moderation").sensitivity == 2
    languages = [row["text_language"] for row in rows_of("sentiment")]
    assert languages.count("de") == languages.count("en") == 72


def test_the_second_stage_fits_the_first() -> None:
    first, second = file_of("comparison"), file_of("comparison-check")
    assert second.from_ is not None and second.from_.project == first.title
    design = design_of(second)
    row = {**rows_of("comparison")[0], "result": {"better": -2, "why": None}}
    compile_row_check(design)(row)
    assert "Answer A is much better." in render_task(design, row)[3].html
    assert check_answers(design, {"verdict": "agree"}) == {"verdict": "agree"}
