"""What workers choose by: tasks left for them, why there are none, honest pay for an hour, and their days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.states import Idle, State
from tests.domain.work import scene
from tests.people import actor, person
from tests.workshop import do_work

pytestmark = pytest.mark.django_db


def say(data):
    return scene.ANSWER


def offer(name: str = "ben"):
    (found,) = queries.available_projects(person(name).id)
    return found


def test_tasks_left_are_those_that_the_worker_has_not_had() -> None:
    project = scene.running(5)
    assert (offer().tasks_left, offer().idle) == (5, None)
    do_work(project.id, "ben", say, most=2)
    assert offer().tasks_left == 3
    do_work(project.id, "ben", say)
    assert (offer().tasks_left, offer().idle, offer().has_tasks) == (0, Idle.HAD_ALL, True)
    assert offer("cyn").tasks_left == 5


def test_more_than_can_be_counted() -> None:
    scene.running(60)
    assert offer().tasks_left == queries.MOST_LEFT


def test_urgent_tasks_are_counted_too() -> None:
    project = scene.running(1)
    work.import_tasks(project_id=project.id, rows=scene.rows(1, start=2, _priority=90))
    work.open_covered_tasks(project_id=project.id)
    work.tend_project(project_id=project.id, now=timezone.now())
    assert offer().tasks_left == 2


def test_why_nothing_is_left() -> None:
    project = scene.running(1, quality=scene.answers(1))
    cyn = scene.worker("cyn", project)
    held = scene.taken(cyn, project)
    assert (offer().tasks_left, offer().idle) == (0, Idle.HELD)
    scene.submit(held, cyn)
    assert offer().idle == Idle.JUDGING
    work.close_tasks(project_id=project.id, task_ids=[held.task_id])
    assert offer().idle == Idle.DONE
    sql.write("UPDATE opening SET waits_for_money = true WHERE project_id = %s", [project.id])
    assert offer().idle == Idle.MONEY


def measured(settings, *names: str, tasks: int = 8):
    """A project on which these people have done all tasks, in four seconds each."""
    settings.UNDO_SECONDS = 0
    project = scene.running(tasks, quality=scene.answers(3, 4))
    for name in names:
        do_work(project.id, name, say)
    work.feed_answers(project_id=project.id)
    return project


def test_the_pace_of_a_project(settings) -> None:
    project = measured(settings, "ben", "cyn", "eve")
    pace = queries.paces_of([project.id])[project.id]
    assert (pace.answers, pace.workers, pace.seconds, pace.paid_share) == (24, 3, 4.0, 1.0)
    assert pace.is_enough
    assert pace.wait_seconds is None
    ids = [one.assignment_id for one in queries.my_work(person("ben").id)]
    work.approve(project_id=project.id, assignment_ids=ids[:3], actor_id=person("ada").id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=ids[3], code="low_effort", reason="No."
    )
    pace = queries.paces_of([project.id])[project.id]
    assert pace.paid_share == 0.75
    assert pace.wait_seconds is not None
    assert queries.decisions_of([project.organisation_id])[project.organisation_id] == queries.Decisions(3, 1)


def test_one_slow_answer_hardly_changes_the_pace(settings) -> None:
    project = measured(settings, "ben", "cyn", "eve")
    sql.write(
        "UPDATE answer SET active_ms = 3600000 WHERE assignment_id = (SELECT min(assignment_id) FROM answer)"
    )
    assert queries.paces_of([project.id])[project.id].seconds == 4.0


def test_two_workers_are_too_few_to_tell_how_they_work(settings) -> None:
    project = measured(settings, "ben", "cyn", tasks=12)
    pace = queries.paces_of([project.id])[project.id]
    assert (pace.answers, pace.is_enough) == (24, False)


def test_what_is_in_hand(settings) -> None:
    project = scene.running(2)
    ben = scene.worker("ben", project)
    assert queries.in_hand(ben) == []
    held = scene.taken(ben, project)
    (found,) = queries.in_hand(ben)
    assert (found.project_id, found.tasks, found.until) == (project.id, 1, held.expires_at)


def test_days_of_work(settings) -> None:
    settings.UNDO_SECONDS = 0
    project = scene.running(5)
    do_work(project.id, "ben", say, most=4)
    work.feed_answers(project_id=project.id)
    ben = person("ben").id
    ids = [one.assignment_id for one in queries.my_work(ben)]
    work.approve(project_id=project.id, assignment_ids=ids[:1], actor_id=person("ada").id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=ids[1], code="low_effort", reason="No."
    )
    sql.write(
        "UPDATE assignment SET submitted_at = submitted_at - interval '40 days', claimed_at = claimed_at - interval '40 days'"
        " WHERE id = %s",
        [ids[3]],
    )
    since = timezone.now() - timedelta(days=30)
    (day,) = queries.days_of_work(ben, since=since, time_zone="Europe/Berlin")
    assert (day.answers, day.approved_micros, day.pending_micros, day.rejected) == (3, 100_000, 100_000, 1)
    assert (day.active_ms, day.timed_micros, day.earned_micros) == (12_000, 200_000, 200_000)
    assert day.project_title == "Sentiment"
    assert len(queries.days_of_work(ben, since=since - timedelta(days=30), time_zone="UTC")) == 2
    assert queries.days_of_work(person("cyn").id, since=since, time_zone="UTC") == []


def test_a_day_begins_at_the_worker_s_midnight(settings) -> None:
    project = scene.running(1)
    ben = scene.worker("ben")
    scene.done(ben, project)
    sql.write("UPDATE assignment SET submitted_at = '2026-11-20T23:30:00Z' WHERE worker_id = %s", [ben])
    since = timezone.now() - timedelta(days=3000)
    days = {
        zone: queries.days_of_work(ben, since=since, time_zone=zone)[0].day.isoformat()
        for zone in ("UTC", "Europe/Berlin", "America/New_York")
    }
    assert days == {"UTC": "2026-11-20", "Europe/Berlin": "2026-11-21", "America/New_York": "2026-11-20"}


def test_work_in_some_states_and_where_to_look_on(settings, monkeypatch) -> None:
    project = scene.running(5)
    do_work(project.id, "ben", say, most=4)
    ben = person("ben").id
    mine = queries.my_work(ben)
    work.skip(
        person_id=ben,
        project_id=project.id,
        assignment_id=scene.taken(ben, project).assignment_id,
        reason="other",
    )
    assert [one.state for one in queries.my_work(ben, states=[State.SKIPPED])] == [State.SKIPPED]
    assert queries.my_work(ben, states=[State.SUBMITTED]) == mine
    assert queries.looked_back_to(ben, before=None) is None
    monkeypatch.setattr("tagwerk.domain.work.queries.workers.LOOKED_AT", 3)
    assert len(queries.my_work(ben, states=[State.SUBMITTED])) == 2
    back = queries.looked_back_to(ben, before=None)
    assert back == mine[1].assignment_id
    assert [one.assignment_id for one in queries.my_work(ben, states=[State.SUBMITTED], before=back)] == [
        one.assignment_id for one in mine[2:]
    ]


def test_until_when_pending_money_is_decided(settings) -> None:
    settings.UNDO_SECONDS = 0
    project = scene.running(1)
    scene.done(scene.worker("ben"), project)
    (found,) = queries.earnings(person("ben").id)
    days = (found.decided_by - timezone.now()).total_seconds() / 86_400
    assert 2.9 < days < 3.1
