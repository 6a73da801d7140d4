"""Tasks that lose an answer do not wait for ever: another is asked for where it can be paid, else they end."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.models import StoredEvent
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Assignment, OpenedTask
from tagwerk.domain.work.queries import sql
from tests.domain.quality.test_stages import stage_of
from tests.domain.work import scene
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db
FIXED = {"answers": {"min": 2, "max": 2, "confidence": 0.8}}


def positive(_):
    return {"sentiment": "positive"}


def lost():
    """What is told of answers that were asked for and do not come is followed by judging again."""
    for fact in StoredEvent.objects.filter(name="AnswersMissing").order_by("id"):
        quality.recheck_tasks(project_id=fact.project_id, task_ids=fact.facts["task_ids"])


def test_an_answer_that_was_rejected_for_good_is_asked_for_anew():
    project = launched([{"text": "good"}], quality=FIXED)
    for name in ("ben", "bea"):
        do_work(project.id, name, positive)
    judge(project.id)
    task = Judgement.objects.get(state="done")
    mine = Assignment.objects.get(worker_id=person("ben").id)
    quality.reject_answer(
        actor=actor("ada"), project_id=project.id, assignment_id=mine.id, code="low_effort", reason="Guessed."
    )
    quality.recheck_answers(project_id=project.id, assignment_ids=[mine.id])
    judge(project.id)
    assert not OpenedTask.objects.filter(closed=False).exists()  # ben may still object
    work.waive_appeal(person_id=person("ben").id, project_id=project.id, assignment_id=mine.id)
    work.reopen_rejected(project_id=project.id, now=now() + timedelta(seconds=1))
    lost()
    judge(project.id)
    task.refresh_from_db()
    assert (task.state, task.answers, task.wanted) == ("open", 1, 2)
    scene.check_money(project)
    do_work(project.id, "bob", positive)
    judge(project.id)
    task.refresh_from_db()
    assert (task.state, task.answers) == ("done", 2)
    assert OpenedTask.objects.get().closed
    scene.check_money(project)


def stopped(project, name):
    who = scene.worker(name, project)
    work.consent(person_id=who, project_id=project.id)
    held = scene.taken(who, project)
    work.stop(person_id=who, project_id=project.id, assignment_id=held.assignment_id)
    work.return_to_queue(project_id=project.id)


@pytest.mark.parametrize("first", ["answer", "stop"])
def test_a_stop_that_used_up_the_money_of_an_answer_ends_the_task(first):
    project = launched([{"text": "good"}], quality=FIXED, sensitivity=2)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    ben = scene.worker("ben", project)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    work.refresh_enrolments(project_id=project.id)
    work.consent(person_id=ben, project_id=project.id)
    steps = [lambda: scene.done(ben, project), lambda: _stop_by_cyn(project)]
    for step in steps if first == "answer" else reversed(steps):
        step()
        lost()
        judge(project.id)
    judge(project.id)
    task = Judgement.objects.get()
    assert (task.state, task.answers) == ("exhausted", 1)
    assert OpenedTask.objects.get().closed
    scene.check_money(project)


def _stop_by_cyn(project):
    person("cyn")
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    stopped(project, "cyn")


def test_a_task_that_a_stop_left_without_any_answer_ends():
    project = launched([{"text": "good"}], quality={"answers": {"min": 1, "max": 1}}, sensitivity=2)
    _stop_by_cyn(project)
    lost()
    judge(project.id)
    assert Judgement.objects.get().state == "exhausted"
    scene.check_money(project)


def test_who_still_holds_a_task_does_not_check_its_result():
    source = launched(
        [{"_id": "a", "text": "good"}], quality={"answers": {"min": 3, "max": 3, "confidence": 0.5}}
    )
    stage = stage_of(source)
    held = scene.taken(scene.worker("ben", source), source)
    for name in ("bea", "bob"):
        do_work(source.id, name, positive)
    judge(source.id)
    task_id = held.task_id
    quality.overrule_result(
        actor=actor("ada"), project_id=source.id, task_id=task_id, question="sentiment", value="positive"
    )
    judge(source.id)
    assert Judgement.objects.get().state == "done"
    quality.pass_on_results(project_id=source.id, task_ids=[task_id])
    barred = set(Assignment.objects.filter(project_id=stage.id).values_list("worker_id", flat=True))
    assert person("ben").id in barred


def test_answers_of_an_archived_project_are_judged_while_it_pays_its_last_ones():
    project = launched([{"text": "good"}], quality=FIXED)
    do_work(project.id, "ben", positive)
    held = scene.taken(scene.worker("bea", project), project)
    for step in (projects.finish_project, projects.archive_project):
        step(actor=actor("ada"), project_id=project.id)
    scene.submit(held, person("bea").id)
    work.feed_answers(project_id=project.id)
    assert work.accept_all(project_id=project.id) == 2
    assert work.settle_finished(project_id=project.id)
    assert queries.projects_to_judge() == [project.id]
    judge(project.id)
    assert Judgement.objects.get().state == "done" and queries.projects_to_judge() == []
    Judgement.objects.update(recheck=1)
    sql.write("UPDATE opening SET settled_at = now() - interval '2 days'")
    assert queries.projects_to_judge() == [project.id]
