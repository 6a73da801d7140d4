"""What members change about results: answers that do not count, more answers, and the money behind both."""

import pytest

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.log import events_of_task
from tagwerk.domain.exports.queries import records_page
from tagwerk.domain.exports.rules.records import RAW
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.models import Opening
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
    quality.reject_answer(actor=actor(), **wrong, reason="No")
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
