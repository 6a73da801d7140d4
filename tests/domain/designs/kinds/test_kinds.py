"""What holds for every kind, also for those to come."""

import inspect
from pathlib import Path

import pytest

from tagwerk.domain.designs.rules import kinds
from tagwerk.domain.designs.rules.kinds import KINDS
from tagwerk.domain.designs.rules.question import Kind, QuestionOptions


def test_kinds_are_the_modules_of_their_folder() -> None:
    files = {path.stem for path in Path(kinds.__file__).parent.glob("*.py")} - {"__init__"}
    assert set(KINDS) == files >= {"choice", "rating", "comparison", "text"}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_the_whole_face(name: str) -> None:
    kind = KINDS[name]
    assert issubclass(kind.Options, QuestionOptions)
    assert kind.Options.model_json_schema()["properties"]["kind"]["const"] == name
    for function, wanted in inspect.getmembers(Kind, inspect.isfunction):
        if function.startswith("_"):
            continue
        found = getattr(kind, function)
        assert list(inspect.signature(found).parameters) == list(inspect.signature(wanted).parameters)[1:]
        assert inspect.getdoc(found), f"{name}.{function} has no docstring"


@pytest.mark.parametrize("name", KINDS)
def test_every_field_of_the_options_is_explained(name: str) -> None:
    assert all(field.description for field in KINDS[name].Options.model_fields.values())
