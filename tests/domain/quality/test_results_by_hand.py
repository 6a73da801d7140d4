"""What members change about results: answers that do not count, more answers, and the money behind both."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.log import events_of_task
from tagwerk.base.models import StoredEvent
from tagwerk.domain.exports.queries import records_page
from tagwerk.domain.exports.rules.records import RAW
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.quality.queries.standing import projects_to_judge
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.models import Opening
from tests.domain.work import scene
from tests.people import actor, member
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


def say(value):
    return lambda data: {"sentiment": value}


def answered(**changes):
    """One task, three answers: two of three say positive; with four at most it is not certain and waits for one."""
    project = launched([{"_id": "one", "text": "so-so"}], **changes)
    for name, value in (("ben", "positive"), ("bea", "positive"), ("bob", "negative")):
        do_work(project.id, name, say(value))
        judge(project.id)
    return project


def task_id(project):
    return Judgement.objects.get(project_id=project.id).task_id


def answer_of(project, value):
    rows = work_queries.answers_of_task(actor(), project.id, task_id(project))
    return next(one for one in rows if one.answers["sentiment"] == value)


def covered(project):
    """What the project's jobs have committed is what its rows can still cost."""
    opening = Opening.objects.get(project_id=project.id)
    proof = work_queries.coverage(project.id)
    assert proof.covered
    assert opening.committed_micros - opening.paid_micros == proof.needed_micros


def test_an_excluded_answer_does_not_count_and_is_paid():
    project = answered()
    wrong = answer_of(project, "negative")
    quality.exclude_answer(
        actor=actor(), project_id=project.id, assignment_id=wrong.assignment_id, reason=" Clicked through. "
    )
    judge(project.id)
    result = queries.result_for(actor(), project.id, task_id(project))
    assert (result.answers, result.results["sentiment"].agreement) == (2, 1.0)
    found = queries.exclusions(project.id, task_id(project))[wrong.assignment_id]
    assert (found.reason, found.by_id) == ("Clicked through.", actor().person_id)
    assert work.accept_all(project_id=project.id, actor_id=None) == 3
    (record,) = records_page(actor(), project.id, raw_answers=True).records
    assert [(one["answers"]["sentiment"], one["counted"]) for one in record[RAW]] == [
        ("positive", True),
        ("positive", True),
        ("negative", False),
    ]
    covered(project)


def test_an_answer_comes_back_and_each_step_is_told_once():
    project = answered()
    wrong = {"project_id": project.id, "assignment_id": answer_of(project, "negative").assignment_id}
    for _ in range(2):
        quality.exclude_answer(actor=actor(), **wrong, reason="No")
    judge(project.id)
    quality.include_answer(actor=actor(), **wrong)
    judge(project.id)
    assert queries.result_for(actor(), project.id, task_id(project)).answers == 3
    with pytest.raises(NotFound):
        quality.include_answer(actor=actor(), **wrong)
    told = [event.name for event in events_of_task(project.id, task_id(project))]
    assert told == ["AnswerExcluded", "AnswerIncluded"]


def test_what_does_not_count_cannot_be_excluded():
    project = answered()
    wrong = {"project_id": project.id, "assignment_id": answer_of(project, "negative").assignment_id}
    with pytest.raises(Invalid, match="why"):
        quality.exclude_answer(actor=actor(), **wrong, reason=" ")
    quality.reject_answer(actor=actor(), **wrong, code="low_effort", reason="No")
    with pytest.raises(Conflict, match="does not count"):
        quality.exclude_answer(actor=actor(), **wrong, reason="No")


def test_a_certain_task_gets_the_answers_that_a_member_asks_for():
    project = launched(
        [{"text": "clear"}], quality={"answers": {"min": 1, "max": 2, "confidence": 0.5}}, budget="5.00"
    )
    do_work(project.id, "ben", say("positive"))
    judge(project.id)
    task = task_id(project)
    assert Judgement.objects.get().state == "done"
    quality.ask_for_answers(actor=actor(), project_id=project.id, task_id=task, answers=3)
    judge(project.id)
    assert Judgement.objects.values_list("state", "wanted", "least").get() == ("open", 4, 4)
    covered(project)
    for name in ("bea", "bob", "bud"):
        assert do_work(project.id, name, say("positive")) == 1
        judge(project.id)
    assert Judgement.objects.values_list("state", "answers").get() == ("done", 4)
    assert do_work(project.id, "bax", say("positive")) == 0
    covered(project)


def test_more_answers_on_top_of_those_that_are_on_their_way():
    project = launched([{"text": "new"}], budget="5.00")
    task = work_queries.tasks_page(actor(), project.id)[0].id
    quality.ask_for_answers(actor=actor(), project_id=project.id, task_id=task, answers=3)
    judge(project.id)
    covered(project)
    for name in ("ben", "bea", "bob", "bud", "bax"):
        assert do_work(project.id, name, say("positive")) == 1
        judge(project.id)
    assert Judgement.objects.values_list("state", "answers").get() == ("done", 5)
    covered(project)


def test_answers_without_money_or_a_running_project_are_not_asked_for():
    project = launched(
        [{"text": "clear"}], quality={"answers": {"min": 1, "max": 1, "confidence": 0.5}}, budget="0.12"
    )
    do_work(project.id, "ben", say("positive"))
    judge(project.id)
    ask = {"actor": actor(), "project_id": project.id, "task_id": task_id(project)}
    with pytest.raises(Conflict, match="money"):
        quality.ask_for_answers(**ask, answers=1)
    with pytest.raises(Invalid):
        quality.ask_for_answers(**ask, answers=21)
    projects.finish_project(actor=actor(), project_id=project.id)
    with pytest.raises(Conflict, match="not running"):
        quality.ask_for_answers(**ask, answers=1)


def test_gold_and_strangers_are_refused():
    project = launched([{"text": "gold", "_gold": {"sentiment": "positive"}}, {"text": "so-so"}])
    gold = next(one.id for one in work_queries.tasks_page(actor(), project.id) if one.is_gold)
    with pytest.raises(Conflict, match="right answers"):
        quality.ask_for_answers(actor=actor(), project_id=project.id, task_id=gold, answers=1)
    with pytest.raises(NotFound):
        quality.ask_for_answers(actor=actor("eve"), project_id=project.id, task_id=gold, answers=1)
    member("vic", project.organisation_id, "viewer")
    with pytest.raises(NotAllowed):
        quality.ask_for_answers(actor=actor("vic"), project_id=project.id, task_id=gold, answers=1)


def unanswerable_with_one_answer_on_its_way():
    """One task that two workers report while a third holds it, who then answers."""
    project = launched([{"_id": "one", "text": "?"}], quality=scene.answers(3, 4))
    held = scene.taken(scene.worker("bob"), project)
    for name in ("ben", "bea"):
        one = scene.taken(scene.worker(name), project)
        work.skip(
            person_id=scene.worker(name), project_id=project.id, assignment_id=one.assignment_id,
            reason="cannot_be_answered/broken",
        )  # fmt: skip
    assert work.settle_unanswerable(project_id=project.id, task_id=held.task_id) == 2
    assert StoredEvent.objects.filter(name="TaskSettledUnanswerable").count() == 1
    quality.mark_unanswerable(project_id=project.id, task_id=held.task_id)
    scene.submit(held, scene.worker("bob"))
    judge(project.id)
    return project


def test_a_task_that_cannot_be_answered_is_settled_and_asks_for_nothing_more():
    project = unanswerable_with_one_answer_on_its_way()
    assert queries.progress(project.id).settled == 1
    assert scene.open_slots(project) == 0
    work.accept_all(project_id=project.id, actor_id=None)
    (record,) = records_page(actor(), project.id).records
    assert (record["result"], record["reason"]) == (None, "cannot_be_answered")
    covered(project)
    quality.ask_for_answers(actor=actor(), project_id=project.id, task_id=task_id(project), answers=1)
    judge(project.id)
    assert scene.open_slots(project) == 1


def test_a_result_that_went_out_of_a_finished_project_stands_with_its_new_value_and_is_told():
    project = answered(quality=scene.answers(3))
    number = task_id(project)
    work.accept_all(project_id=project.id, actor_id=None)
    projects.finish_project(actor=actor(), project_id=project.id)
    told = StoredEvent.objects.filter(name="ResultsReady").count()
    for _ in range(2):
        wrong = next(
            one for one in work_queries.answers_of_task(actor(), project.id, number)
            if one.answers["sentiment"] == "positive"
            and one.assignment_id not in queries.exclusions(project.id, number)
        )  # fmt: skip
        quality.exclude_answer(
            actor=actor(), project_id=project.id, assignment_id=wrong.assignment_id, reason="Guessed."
        )
    judge(project.id)
    result = queries.result_for(actor(), project.id, number)
    assert (result.state, result.results["sentiment"].value) == ("exhausted", "negative")
    assert StoredEvent.objects.filter(name="ResultsReady").count() == told + 1


def test_a_change_by_hand_is_judged_however_long_the_project_is_archived():
    project = answered(quality=scene.answers(3))
    work.accept_all(project_id=project.id, actor_id=None)
    projects.finish_project(actor=actor(), project_id=project.id)
    work.settle_finished(project_id=project.id)
    projects.archive_project(actor=actor(), project_id=project.id)
    Opening.objects.filter(project_id=project.id).update(settled_at=now() - timedelta(days=3))
    assert project.id not in projects_to_judge()
    wrong = answer_of(project, "negative")
    quality.exclude_answer(
        actor=actor(), project_id=project.id, assignment_id=wrong.assignment_id, reason="Guessed."
    )
    assert project.id in projects_to_judge()
