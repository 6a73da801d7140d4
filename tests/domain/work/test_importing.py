"""Rows become tasks: all or nothing, once, exactly as they came, and gold stays where no worker can see it."""

import io
import json

import pytest

from tagwerk.base.errors import Conflict
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.readers import rows_of
from tests import orders
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db


def put(project, rows, **more):
    return work.import_tasks(project_id=project.id, rows=rows, **more)


def test_rows_become_tasks_with_their_data_as_it_came():
    project = orders.project()
    row = {
        "text": 'Ä \\ \t \n "quoted" \\u0041 \\N',
        "zz": 1,
        "aa": [1, {"b": None}],
        "_truth": {"sentiment": "x"},
    }
    report = put(project, [row])
    assert (report.imported, report.bad_rows) == (1, 0)
    (task,) = queries.tasks_page(actor("ada"), project.id)
    assert list(task.data.items()) == [(name, row[name]) for name in ("text", "zz", "aa")]


def test_the_same_again_changes_nothing():
    project = orders.project()
    put(project, scene.rows(5))
    report = put(project, scene.rows(6))
    assert (report.imported, report.unchanged) == (1, 5)


def test_another_content_under_an_id_is_bad_unless_it_replaces():
    project = scene.running(2)
    changed = [{"text": "new", "_id": "t1"}, {"text": "new", "_id": "t2"}]
    told = []
    with pytest.raises(work.BadRows):
        put(project, changed, on_bad_row=told.append)
    assert [bad.row for bad in told] == changed
    held = scene.taken(scene.worker("ben"), project)
    report = put(project, changed, replace=True, on_bad="skip")
    assert (report.replaced, report.bad_rows) == (1, 1)
    data = {task.external_id: task.data["text"] for task in queries.tasks_page(actor("ada"), project.id)}
    assert data == {"t1": held.data["text"], "t2": "new"}


def test_the_same_id_twice_in_one_file():
    project = orders.project()
    report = put(
        project,
        [{"text": "a", "_id": "x"}, {"text": "a", "_id": "x"}, {"text": "b", "_id": "x"}],
        on_bad="skip",
    )
    assert (report.imported, report.unchanged, report.bad_rows) == (1, 1, 1)


def test_one_bad_row_and_nothing_is_imported():
    project = orders.project()
    told = []
    with pytest.raises(work.BadRows) as refusal:
        put(project, [*scene.rows(3), {"wrong": 1}, {"text": None}], on_bad_row=told.append)
    assert [bad.number for bad in refusal.value.report.bad] == [4, 5] == [bad.number for bad in told]
    assert [bad.row for bad in told] == [{"wrong": 1}, {"text": None}]
    assert sql.value("SELECT count(*) FROM task") == 0
    assert sql.value("SELECT count(*) FROM batch") == 0


def test_bad_rows_can_be_left_out():
    project = orders.project()
    rows = [
        {"text": "good"}, {"text": "nul \0"}, {"text": "half \ud800"}, {"text": float("nan")}, {"text": "x" * 1_100_000},
        {"text": "a", "_gold": {"sentiment": "purple"}}, {"text": "a", "_gold": {"colour": "red"}},
        {"text": "a", "_priority": "soon"}, {"text": "a", "_deadline": "tomorrow"}, {"text": "a", "_id": "x" * 201},
        {"text": "a", "_gold": "{"}, {"nothing": 1},
    ]  # fmt: skip
    report = put(project, rows, on_bad="skip")
    assert (report.imported, report.bad_rows) == (1, len(rows) - 1)
    assert all(bad.reason for bad in report.bad)


def test_gold_never_leaves_through_what_a_worker_reads():
    project = scene.running(4, gold=3, quality={**scene.answers(1), "gold_share": 0.5})
    ben = scene.worker("ben", project)
    sql.write("UPDATE enrolment SET gold_due = 0")
    held = scene.taken(ben, project)
    scene.submit(held, ben)
    seen = repr([held, queries.held_for(ben, held.assignment_id), queries.my_work(ben),
                 queries.my_answer(ben, held.assignment_id), queries.holding(ben, project.id),
                 queries.available_projects(ben)])  # fmt: skip
    assert "negative" not in seen.replace("gold_share_bp", "").replace(repr(project.file), "")
    assert "_gold" not in seen


def test_progress_is_told_and_chunks_are_stored_together():
    project = orders.project()
    told = []
    put(project, ({"text": f"n {n}"} for n in range(11_000)), progress=told.append)
    assert told == [5_000, 10_000, 11_000]
    assert queries.progress(project.id).tasks == 11_000


def test_a_finished_project_takes_no_more():
    project = scene.running(1)
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    with pytest.raises(Conflict):
        put(project, scene.rows(1, start=9))


def test_an_import_of_nothing_leaves_no_batch():
    project = orders.project()
    assert put(project, []).batch_id is None
    assert queries.batches_of(project.id) == []


def test_urgent_tasks_are_given_out_first():
    project = scene.running(3, launch=False)
    put(project, [{"text": "soon", "_deadline": "2100-01-01"}, {"text": "late", "_priority": 1},
                  {"text": "now", "_priority": "9"}, {"text": "today", "_deadline": "1999-01-01T00:00:00Z"}])  # fmt: skip
    work.launch(actor=actor("ada"), project_id=project.id)
    ben = scene.worker("ben")
    texts = []
    for _ in range(7):
        held = scene.taken(ben, project)
        texts.append(held.data["text"])
        scene.submit(held, ben)
    assert texts == ["now", "late", "today", "text 1", "text 2", "text 3", "soon"]
    scene.check_slots(project)


def test_the_short_queue_stays_short_and_is_filled_again():
    from django.utils.timezone import now

    project = scene.running(0, launch=False, budget="1000.00")
    put(project, [{"text": f"t {n}", "_priority": 1} for n in range(100)])
    work.launch(actor=actor("ada"), project_id=project.id)
    count = "SELECT count(*) FROM short_queue"
    assert sql.value(count) == 64
    sql.write("DELETE FROM short_queue WHERE task_id IN (SELECT task_id FROM short_queue LIMIT 50)")
    assert work.promote_urgent(project_id=project.id, now=now()) == 36
    assert sql.value("SELECT count(*) FROM queue") == 0


def test_a_file_from_reader_to_task():
    project = orders.project()
    text = "\n".join(
        json.dumps({"text": f"line {n}", "_gold": {"sentiment": "neutral"} if n % 2 else None})
        for n in range(10)
    )
    report = put(project, rows_of(io.BytesIO(text.encode()), "jsonl"))
    assert (report.imported, report.gold) == (10, 5)
    gold = [task.gold for task in queries.tasks_page(actor("ada"), project.id) if task.is_gold]
    assert gold == [{"sentiment": "neutral"}] * 5
