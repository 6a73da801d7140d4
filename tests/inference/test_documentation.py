"""The how-to works as written."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/truth-inference.md"


def test_the_examples_of_the_how_to_work():
    names: dict = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S):
        exec(code, names)
    assert names["model"].labels_.to_dict() == {"t1": "cat", "t2": "dog"}
    assert names["bound"] < 0
