"""Simulated people answer every kind of question as the platform's own rules want it."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from tagwerk.client import Design, Held, Question
from tagwerk.domain.designs.rules.answers import check_answers
from tagwerk.domain.designs.rules.design import DesignView, design_view, spec_of
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.render import render_task
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.interfaces.api.work_shapes import design_facts
from tagwerk.simulation.answering import Answerer, possible_values
from tagwerk.simulation.habits import CARELESS, EXPERT, HABITS, SPAMMER, accuracy_of, habits_for
from tests.domain.designs.samples import file_with

FILE = """
title: Alles
language: de
show:
  - compare: {a: "{{ a }}", b: "{{ b }}"}
ask:
  mood: {kind: choice, options: [pos, neu, neg]}
  flags: {kind: choice, options: {a: A, b: B, c: C}, many: true, required: false}
  stars: {kind: rating, scale: 5}
  share: {kind: rating, min: 0, max: 1, step: 0.25}
  better: {kind: comparison, of: [a, b], scale: 5, tie: false}
  why: {kind: text, min_words: 8, max_chars: 200, when: "better != null"}
  code: {kind: text, pattern: '[A-Z]{2}-\\d+', required: false}
"""
TRUTH = {
    "mood": "neg",
    "flags": ["a", "c"],
    "stars": 4,
    "share": 0.25,
    "better": -2,
    "why": "Weil a die Quelle nennt und b gar nichts dazu sagt.",
}
NOW = datetime(2027, 1, 1, tzinfo=UTC)
HELD = Held("asg_x", "prj_x", "tsk_x", "dsn_x", 1, {"a": "1"}, NOW, NOW, "ab")


def the_design() -> tuple[DesignView, Design]:
    return design_of(read_project_file(FILE))


def design_of(file: ProjectFile) -> tuple[DesignView, Design]:
    view = design_view(id=1, organisation_id=1, spec=spec_of(file.design), digest="x")
    facts = design_facts(view)
    questions = [Question(**question) for question in facts.pop("ask")]
    return view, Design(**facts, ask=questions)


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
@pytest.mark.parametrize("truth", [TRUTH, {}], ids=["knowing", "not knowing"])
def test_what_they_answer_can_be_handed_in(habit, truth):
    view, design = the_design()
    for seed in range(60):
        answerer = Answerer(habit, accuracy_of(habit, Random(seed)), Random(seed))
        answers = answerer.answers(design, HELD, truth, f"task {seed}")
        assert check_answers(view, answers)


def test_the_accurate_are_right():
    _, design = the_design()
    answers = Answerer(EXPERT, 1.0, Random(1)).answers(design, HELD, TRUTH, "seed")
    assert {name: answers[name] for name in TRUTH} == TRUTH


def test_the_share_of_right_answers_is_the_accuracy():
    _, design = the_design()
    right = sum(
        Answerer(CARELESS, 0.7, Random(seed)).answers(design, HELD, TRUTH, str(seed))["mood"] == "neg"
        for seed in range(600)
    )
    assert 0.68 < right / 600 < 0.85  # 70 %, and of the rest some by chance


def test_a_spammer_is_right_only_by_chance():
    _, design = the_design()
    right = sum(
        Answerer(SPAMMER, 0.0, Random(seed)).answers(design, HELD, TRUTH, str(seed))["mood"] == "neg"
        for seed in range(600)
    )
    assert right / 600 < 0.3


def test_careful_people_agree_where_nobody_knows_the_truth():
    _, design = the_design()
    found = {
        Answerer(EXPERT, 1.0, Random(seed)).answers(design, HELD, {}, "the same task")["mood"]
        for seed in range(9)
    }
    assert len(found) == 1


def test_the_values_of_a_comparison_without_a_tie():
    _, design = the_design()
    question = next(one for one in design.ask if one.name == "better")
    assert possible_values(question) == [-2, -1, 1, 2]


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("of", [["a", "b"], ["b", "a"], ["old", "new"], ["new", "old"]], ids=" ".join)
def test_the_lazy_take_the_left_side(order, of):
    fixed = {"compare": {"old": "{{ x }}", "new": "{{ y }}", "shuffle": False}}
    turned = {"compare": {"a": "{{ x }}", "b": "{{ y }}"}}
    ask = {"better": {"kind": "comparison", "of": of, "scale": 5}}
    view, design = design_of(file_with(show=[fixed, turned], ask=ask))
    held = Held("asg_x", "prj_x", "tsk_x", "dsn_x", 1, {"x": 1, "y": 2}, NOW, NOW, order)
    answer = Answerer(replace(SPAMMER, lazy=1.0), 0.0, Random(1)).answers(design, held, {"better": 0}, "seed")
    shown = [block.sides[0].name for block in render_task(view, held.data, order=order)]
    assert of[answer["better"] > 0] in shown


def test_a_mix_gives_each_habit_its_share():
    people = habits_for(10, {"good": 3, "spammer": 1}, Random(3))
    assert (
        sorted(habit.name for habit in people) == ["good"] * 8 + ["spammer"] * 2
        or [habit.name for habit in people].count("good") == 7
    )
    assert len(habits_for(7, {"expert": 1, "good": 1, "careless": 1}, Random(0))) == 7


def test_an_unknown_habit_is_refused():
    with pytest.raises(ValueError, match="a mix names"):
        habits_for(3, {"lucky": 1.0}, Random(0))
