"""What stopping has saved beside fixed numbers of answers, and the people whom these are asked of."""

import pytest

from tagwerk.client import Design, Question
from tagwerk.interfaces.cli.saving import compared, saved_in_all
from tagwerk.simulation.fixed import answers_of
from tagwerk.simulation.workforce import Done

FIXED = {1: 0.8, 2: 0.84, 3: 0.94, 4: 0.96}


@pytest.mark.parametrize(
    ("per_task", "accuracy", "equal", "best", "saved"),
    [
        (2.0, 0.94, 3.0, False, 0.333),
        (2.0, 0.89, 2.5, False, 0.2),  # half of the tasks would get two answers, half three
        (2.0, 0.99, 4.0, True, 0.5),  # more right than any of them: at least so much
        (1.5, 0.7, 1.0, False, -0.5),  # worse than one answer each
    ],
)
def test_the_cheapest_fixed_number_that_is_as_right(per_task, accuracy, equal, best, saved):
    found = compared(10, per_task, accuracy, FIXED)
    assert (found.equal, found.best, found.saved) == (equal, best, saved)


def test_projects_count_by_their_tasks():
    some = [compared(100, 2.0, 0.99, FIXED), compared(300, 3.0, 0.99, FIXED)]
    assert saved_in_all(some) == pytest.approx(1 - 1100 / 1600)


def test_the_same_people_are_asked_so_often():
    design = Design(
        "dsn_1", "en", "", [], [Question("mood", "choice", "", "", True, None, {"options": ["a", "b"]})]
    )
    people = [Done("e", "expert", 1.0), Done("g", "good", 1.0), Done("s", "spammer", 0.0)]
    truths = {f"task {n}": {"mood": "b"} for n in range(40)}
    said = list(answers_of(people, design, truths, 2, "seed"))
    assert said == list(answers_of(people, design, truths, 2, "seed"))
    assert len(said) == 80 and all(one["mood"] == "b" for _, place, one in said if place < 2)
    assert any(one["mood"] == "a" for _, place, one in said if place == 2)
    assert len({(task, place) for task, place, _ in said}) == 80
