"""Results and answers become tasks of the next project."""

import pytest

from tagwerk.base.models import StoredEvent
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.quality.queries.answers import data_of
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Assignment, Task
from tagwerk.domain.work.rules.states import State
from tests.orders import project
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

ROWS = [{"_id": "a", "text": "good"}, {"_id": "b", "text": "bad"}]
QUICK = {"answers": {"min": 2, "max": 2, "confidence": 0.8}}
CHECK = {"ok": {"kind": "choice", "options": ["yes", "no"]}}


def honest(data):
    return {"sentiment": "positive" if data["text"] == "good" else "negative"}


def all_data(stage):
    ids = list(Task.objects.filter(project_id=stage.id).values_list("id", flat=True))
    return list(data_of(stage.id, ids).values())


def settled_source():
    source = launched(ROWS, quality=QUICK)
    for name in ("ben", "bea"):
        do_work(source.id, name, honest)
    judge(source.id)
    return source, list(Judgement.objects.order_by("task_id").values_list("task_id", flat=True))


def stage_of(source, *, each="result", when=None, show="{{ text }} {{ result.sentiment }}"):
    taken = {"project": source.public_id, "each": each} | ({"when": when} if when else {})
    return project(title="Check", ask=CHECK, show=[{"text": show}], **{"from": taken})


def test_results_become_tasks_without_who_said_it():
    source, tasks = settled_source()
    stage = stage_of(source)
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 2
    first = Task.objects.filter(project_id=stage.id).order_by("id").defer("data").first()
    assert data_of(stage.id, [first.id])[first.id] == {"text": "good", "result": {"sentiment": "positive"}}
    barred = Assignment.objects.filter(project_id=stage.id, task_id=first.id, state=State.BARRED)
    assert set(barred.values_list("worker_id", flat=True)) == {person("ben").id, person("bea").id}
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 0
    assert Task.objects.filter(project_id=stage.id).count() == 2


def test_only_what_the_stage_wants_goes_on():
    source, tasks = settled_source()
    stage = stage_of(source, when='sentiment == "negative"')
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 1
    assert [one["text"] for one in all_data(stage)] == ["bad"]


def test_each_answer_can_go_on():
    source, tasks = settled_source()
    stage = stage_of(source, each="answer", show="{{ answer.sentiment }}")
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 4
    assert all("result" not in data and data["answer"] for data in all_data(stage))


def test_what_does_not_fit_stays_and_is_told():
    source, tasks = settled_source()
    stage = stage_of(source, show="{{ nothing_like_it }}")
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 0
    told = StoredEvent.objects.get(name="ResultsNotPassedOn")
    assert (
        told.project_id == stage.id and told.facts["tasks"] == 2 and "nothing_like_it" in told.facts["reason"]
    )


def test_open_tasks_and_projects_without_a_next_stage_pass_nothing_on():
    source, tasks = settled_source()
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 0
    stage_of(source)
    Judgement.objects.update(state="open")
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 0


def test_a_changed_result_does_not_disturb_what_went_on():
    source, tasks = settled_source()
    stage = stage_of(source)
    quality.pass_on_results(project_id=source.id, task_ids=tasks)
    quality.overrule_result(
        actor=actor("ada"), project_id=source.id, task_id=tasks[0], question="sentiment", value="neutral"
    )
    assert quality.pass_on_results(project_id=source.id, task_ids=tasks) == 0
    assert Task.objects.filter(project_id=stage.id).count() == 2


def test_nobody_checks_what_they_wrote():
    source, tasks = settled_source()
    stage = stage_of(source)
    quality.pass_on_results(project_id=source.id, task_ids=tasks)
    work.launch(actor=actor("ada"), project_id=stage.id)
    work.open_covered_tasks(project_id=stage.id)
    assert do_work(stage.id, "ben", lambda data: {"ok": "yes"}) == 0
    assert do_work(stage.id, "bob", lambda data: {"ok": "yes"}) == 2
