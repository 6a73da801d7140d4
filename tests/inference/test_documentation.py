"""The how-tos work as written."""

import re
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "docs/how-to"
PAGE = PAGES / "truth-inference.md"


def test_the_examples_of_the_how_to_work():
    names: dict = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S):
        exec(code, names)
    assert names["model"].labels_.to_dict() == {"t1": "cat", "t2": "dog"}
    assert names["bound"] < 0


def test_the_examples_of_the_other_how_to_work():
    names: dict = {}
    page = PAGE.with_name("comparisons-numbers-texts.md").read_text()
    for code in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(code, names)
    assert names["ranking"]["item"][0] == "a" and len(names["ranking"]["worst_rank"]) == 3
    assert names["text"] == "the red cat"
    assert names["alpha"].low <= names["alpha"].value <= names["alpha"].high


def test_the_examples_of_knowing_when_answers_are_enough_work():
    names: dict = {}
    for code in re.findall(
        r"```python\n(.*?)```", (PAGES / "know-when-answers-are-enough.md").read_text(), re.S
    ):
        exec(code, names)
    assert len(names["found"].action) == 20 and names["models"].posterior(names["one_more"]).shape == (3, 2)
    assert names["diagram"].error < 0.2 and names["calibrated"].temperatures.tolist() == [1, 1, 1]
