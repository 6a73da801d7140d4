"""What webhooks are told, and when."""

import json

import pytest

from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import queries
from tagwerk.domain.exports.models import UndeliveredResult
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.models import Delivery, Notice
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.quality.models import Judgement
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.events import BudgetLow
from tagwerk.domain.work.models import Assignment, FedAnswer
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import State
from tests.domain.exports.samples import QUICK, ROWS, honest
from tests.people import actor, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db


def endpoint(*events: str, accept: bool = False) -> int:
    acme = organisation()
    made = notices.create_endpoint(
        actor=actor("ada"), organisation_id=acme, url="https://example.org/hook", events=list(events),
        accept=accept,
    )  # fmt: skip
    return made.endpoint_id


def judged_tasks(project) -> list[int]:
    for name in ("ben", "bea"):
        do_work(project.id, name, honest)
    judge(project.id)
    return list(Judgement.objects.order_by("task_id").values_list("task_id", flat=True))


def messages() -> list[dict]:
    return [json.loads(one.body) for one in Delivery.objects.order_by("id")]


def test_results_go_out_once_they_are_approved():
    endpoint("result.ready")
    project = launched(ROWS, **QUICK)
    tasks = judged_tasks(project)
    assert exports.deliver_results(project_id=project.id, task_ids=tasks) == 0 and not messages()
    assert UndeliveredResult.objects.count() == 2
    assert exports.deliver_approved(project_id=project.id) == 0
    work.accept_all(project_id=project.id)
    assert exports.deliver_approved(project_id=project.id) == 2
    assert exports.deliver_approved(project_id=project.id) == 0 and not UndeliveredResult.objects.exists()
    first = messages()[0]
    assert first["type"] == "result.ready" and first["data"]["project"] == project.public_id
    assert first["data"]["record"]["result"] == {"sentiment": "positive"}
    assert exports.deliver_results(project_id=project.id, task_ids=tasks) == 2
    assert len(messages()) == 2  # the same record is queued once


def test_a_webhook_that_accepts_gets_results_at_once():
    endpoint("result.ready", accept=True)
    project = launched(ROWS, **QUICK)
    assert exports.deliver_results(project_id=project.id, task_ids=judged_tasks(project)) == 2
    assert [one["data"]["record"]["answers"] for one in messages()] == [2, 2]


def test_a_webhook_that_is_switched_off_accepts_nothing_and_gets_what_was_approved_when_it_is_on_again():
    hook = endpoint("result.ready", accept=True)
    project = launched(ROWS, **QUICK)
    notices.disable_endpoint(actor=actor("ada"), endpoint_id=hook)
    tasks = judged_tasks(project)
    assert exports.deliver_results(project_id=project.id, task_ids=tasks) == 0
    assert work_queries.progress(project.id).approved == 0
    work.accept_all(project_id=project.id)
    assert exports.deliver_approved(project_id=project.id) == 2
    assert [one.state for one in Delivery.objects.all()] == ["waiting", "waiting"]


def test_a_webhook_that_accepts_leaves_answers_alone_that_can_be_undone(settings):
    endpoint("result.ready", accept=True)
    project = launched(ROWS, quality={"answers": {"min": 2, "max": 3, "confidence": 0.8}})
    tasks = judged_tasks(project)
    settings.UNDO_SECONDS = 60
    extra = extra_answers(project, tasks)
    exports.deliver_results(project_id=project.id, task_ids=tasks)
    assert {one.state for one in Assignment.objects.filter(id__in=extra)} == {State.SUBMITTED}
    assert len(messages()) == len(tasks)  # and they hold nothing up
    assert work.approve(project_id=project.id, assignment_ids=extra) == 0
    undo_time_is_over()
    work.feed_answers(project_id=project.id)
    assert work.accept_all(project_id=project.id) == len(extra) == len(tasks)


def extra_answers(project, tasks: list[int]) -> list[int]:
    """One more answer to each task; the assignments."""
    work.want_more_answers(project_id=project.id, wants=dict.fromkeys(tasks, 1))
    do_work(project.id, "cyn", honest)
    mine = Assignment.objects.filter(project_id=project.id, worker_id=person("cyn").id, is_gold=False)
    return list(mine.values_list("id", flat=True))


def undo_time_is_over() -> None:
    sql.write("UPDATE inbox SET due_at = due_at - interval '1 hour'")
    sql.write("UPDATE assignment SET judged_from = judged_from - interval '1 hour'")


def test_an_archived_project_is_announced_until_it_has_rested_for_a_day():
    endpoint("answer.submitted")
    project = launched(ROWS, **QUICK)
    do_work(project.id, "ben", honest)
    for step in (project_actions.finish_project, project_actions.archive_project):
        step(actor=actor("ada"), project_id=project.id)
    work.feed_answers(project_id=project.id)
    assert queries.projects_to_announce() == [project.id]
    sql.write("UPDATE opening SET settled_at = now() - interval '2 days'")
    assert queries.projects_to_announce() == []


def test_without_a_webhook_nothing_is_kept():
    project = launched(ROWS, **QUICK)
    assert exports.deliver_results(project_id=project.id, task_ids=judged_tasks(project)) == 0
    assert not UndeliveredResult.objects.exists()


def test_submitted_answers_are_announced_with_ids_only():
    endpoint("answer.submitted")
    project = launched(ROWS, **QUICK)
    do_work(project.id, "ben", honest)
    assert queries.projects_to_announce() == []
    work.feed_answers(project_id=project.id)
    assert queries.projects_to_announce() == [project.id]
    assert exports.announce_answers(project_id=project.id) == 2
    assert exports.announce_answers(project_id=project.id) == 0 and queries.projects_to_announce() == []
    said = messages()
    assert {one["type"] for one in said} == {"answer.submitted"}
    assert set(said[0]["data"]) == {"project", "task", "assignment", "revision", "submitted_at"}
    assert str(person("ben").id) not in said[0]["data"].values()


def test_what_was_answered_before_a_webhook_was_there_is_not_announced():
    project = launched(ROWS, **QUICK)
    do_work(project.id, "ben", honest, most=1)
    work.feed_answers(project_id=project.id)
    FedAnswer.objects.update(fed_at="2020-01-01T00:00:00Z")
    endpoint("answer.submitted")
    do_work(project.id, "ben", honest)
    work.feed_answers(project_id=project.id)
    assert exports.announce_answers(project_id=project.id) == 1


def test_what_was_answered_while_no_webhook_wanted_it_is_not_told_to_the_next_one():
    first = endpoint("answer.submitted")
    project = launched([*ROWS, {"text": "fine"}, {"text": "mild"}], **QUICK)
    do_work(project.id, "ben", honest, most=1)
    work.feed_answers(project_id=project.id)
    assert exports.announce_answers(project_id=project.id) == 1
    notices.remove_endpoint(actor=actor("ada"), endpoint_id=first)
    do_work(project.id, "ben", honest, most=1)
    work.feed_answers(project_id=project.id)
    FedAnswer.objects.update(fed_at="2020-01-01T00:00:00Z")
    endpoint("answer.submitted")
    assert queries.projects_to_announce() == []
    assert exports.announce_answers(project_id=project.id) == 0
    do_work(project.id, "ben", honest)
    work.feed_answers(project_id=project.id)
    assert queries.projects_to_announce() == [project.id]
    assert exports.announce_answers(project_id=project.id) == 2
    assert queries.projects_to_announce() == []


def test_the_state_of_a_project_is_told_once():
    endpoint("project.finished", "budget.low")
    project = launched(ROWS, **QUICK)
    low = {"project_id": project.id, "left_micros": 40_000, "budget_micros": 480_000, "waiting_tasks": 0}
    for _ in range(2):
        exports.announce_finished(project_id=project.id)
        exports.announce_budget_low(fact=BudgetLow(**low))
    assert [one["type"] for one in messages()] == ["project.finished", "budget.low"]
    assert (
        low["left_micros"] == messages()[1]["data"]["left_micros"]
        and messages()[1]["data"]["currency"] == "EUR"
    )
    kinds = Notice.objects.filter(person_id=person("ada").id).values_list("kind", flat=True)
    assert {"project_finished", "budget_low"} <= set(kinds)
