"""Feedback on gold: at once where a project trains, nowhere else, and never before the answer."""

from dataclasses import replace
from typing import Any

import pytest

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.queries import sql
from tests.domain.work import scene
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.interfaces.web.visiting import visitor, words
from tests.people import key_for, person
from tests.workshop import launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

WHY = "It only says what is, so it is NEITHERNOR."
GOLD = [
    {
        "text": f"gold {n}",
        "_gold": {"sentiment": {"any_of": ["neutral"], "within": None}},
        "_gold_explanation": WHY,
    }
    for n in range(3)
]
SECRETS = ("NEITHERNOR", "_gold", "any_of", "explanation")


def training(*, feedback: bool) -> ProjectView:
    plan = {"answers": 1, "gold_share": 0.5, "gold_feedback": feedback}
    project = launched([{"text": "plain"}, *GOLD], quality=plan)
    work.enrol(person_id=person("ben").id, project_id=project.id)
    sql.write("UPDATE enrolment SET gold_due = 0, gold_micros = 9000000 WHERE project_id = %s", [project.id])
    return project


def handed_in(project: ProjectView, answer: str, **more: str) -> Any:
    held = scene.taken(person("ben").id, project)
    at = f"/work/task/{public_id('asg', held.assignment_id)}/"
    page = visitor("ben").get(at)
    assert not any(secret in page.content.decode() for secret in SECRETS), "nothing before the answer"
    fields = {"answer.sentiment": f'"{answer}"', "active_ms": "2000"} | more
    if 'name="_teaches"' in page.content.decode():
        fields["_teaches"] = "1"
    return visitor("ben").post(at, fields)


@pytest.mark.parametrize(("answer", "said"), [("positive", "Not quite."), ("neutral", "Right.")])
def test_who_trains_sees_at_once_what_was_right_and_why(answer: str, said: str) -> None:
    project = training(feedback=True)
    done = handed_in(project, answer)
    assert done["Location"].endswith("/answer/") or "answer" in done["Location"]
    text = words(visitor("ben").get(done["Location"]))
    assert said in text and WHY in text and "neutral" in text and "Go on" in text


def test_elsewhere_nothing_tells_gold_from_other_tasks() -> None:
    project = training(feedback=False)
    for _ in range(3):
        done = handed_in(project, "positive")
        assert "/answer/" not in done["Location"]
        page = visitor("ben").get(done["Location"]).content.decode()
        assert not any(secret in page for secret in SECRETS)
        sql.write("UPDATE enrolment SET gold_due = 0 WHERE project_id = %s", [project.id])
    for one in work_of("ben"):
        assert queries.gold_feedback(person("ben").id, one) is None
        for address in (f"/work/task/{public_id('asg', one)}/answer/", "/work/mine/"):
            assert not any(secret in visitor("ben").get(address).content.decode() for secret in SECRETS)


def test_feedback_waits_for_the_answer_and_is_its_workers_own() -> None:
    project = training(feedback=True)
    held = scene.taken(person("ben").id, project)
    assert queries.gold_feedback(person("ben").id, held.assignment_id) is None
    with pytest.raises(NotFound):
        queries.gold_feedback(person("bea").id, held.assignment_id)
    scene.submit(held, person("ben").id, {"sentiment": "positive"})
    told = queries.gold_feedback(person("ben").id, held.assignment_id)
    assert told is not None and not told.right and told.explanation == WHY
    assert replace(told, explanation="").questions[0].accepted == ("neutral",)


def test_by_api_it_is_the_same() -> None:
    project = training(feedback=True)
    key = key_for("ben")
    sql.write("UPDATE project SET api_work = true WHERE id = %s", [project.id])
    held = ok(call("POST", f"/work/projects/{project.public_id}/next", key))["held"]
    where = f"/work/projects/{project.public_id}/assignments/{held['assignment']}"
    assert not ok(call("GET", f"{where}/feedback", key))["teaches"]
    told = ok(call("POST", f"{where}/submit", key, {"answers": {"sentiment": "positive"}}))
    assert not any(secret in str(one) for one in (held, told) for secret in SECRETS)
    found = ok(call("GET", f"{where}/feedback", key))
    assert (found["right"], found["explanation"]) == (False, WHY)
    assert found["questions"] == [{"question": "sentiment", "right": False, "accepted": ["neutral"]}]
    assert call("GET", f"{where}/feedback", key_for("bea")).status == 404


def work_of(name: str) -> list[int]:
    rows = sql.rows("SELECT id FROM assignment WHERE worker_id = %s AND state IN (1, 2)", [person(name).id])
    return [number for (number,) in rows]
