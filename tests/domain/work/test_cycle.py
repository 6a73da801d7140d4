"""Claim and submit, as one worker after the other sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import Held, NoTask
from tagwerk.domain.work.rules.states import State
from tests.domain.work import scene
from tests.people import actor

pytestmark = pytest.mark.django_db


def test_tasks_are_given_out_in_order_and_end():
    project = scene.running(2, quality=scene.answers(2))
    ben, cyn, dan = (scene.worker(name) for name in ("ben", "cyn", "dan"))
    assert [scene.taken(who, project).data for who in (ben, cyn)] == [{"text": "text 1"}] * 2
    assert scene.taken(dan, project).data == {"text": "text 2"}
    scene.check_slots(project)


def test_a_worker_gets_each_task_once():
    project = scene.running(3)
    ben = scene.worker("ben")
    first = scene.taken(ben, project)
    second = scene.submit(first, ben, then=True).next
    third = scene.submit(second, ben, then=True).next
    assert {one.task_id for one in (first, second, third)} == set(
        task.id for task in queries.tasks_page(actor("ada"), project.id)
    )
    assert scene.submit(third, ben, then=True).next == NoTask("no_open_task")
    scene.check_slots(project)
    scene.check_money(project)


def test_a_second_claim_gives_what_is_held():
    project = scene.running(3)
    ben = scene.worker("ben")
    assert scene.taken(ben, project) == scene.taken(ben, project)


def test_as_many_as_the_project_allows_are_held_at_once():
    project = scene.running(5, hold={"tasks": 3, "minutes": 20})
    ben = scene.worker("ben")
    held = [scene.taken(ben, project) for _ in range(4)]
    assert len({one.assignment_id for one in held}) == 3
    assert held[3] == held[0]
    assert [one.assignment_id for one in queries.holding(ben, project.id)] == [
        one.assignment_id for one in held[:3]
    ]


def test_the_same_submit_again_gives_the_same_reply():
    project = scene.running(3)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    first = scene.submit(held, ben, then=True)
    assert scene.submit(held, ben, then=True) == first
    scene.submit(first.next, ben)
    again = scene.submit(held, ben, then=True)  # its next is handed in too by now: the same all the same
    assert again.next.assignment_id == first.next.assignment_id
    assert sql.value("SELECT count(*) FROM answer") == 2


def test_another_answer_under_the_same_assignment_is_a_conflict():
    project = scene.running(1)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    scene.submit(held, ben)
    with pytest.raises(Conflict) as refusal:
        scene.submit(held, ben, {"sentiment": "negative"})
    assert refusal.value.code == "answer_differs"


def test_answers_are_checked_before_anything_happens():
    project = scene.running(1)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    with pytest.raises(Invalid):
        scene.submit(held, ben, {"sentiment": "purple"})
    assert scene.state_of(project, held.assignment_id) == State.HELD


def test_nobody_hands_in_for_somebody_else():
    project = scene.running(1)
    ben, cyn = scene.worker("ben"), scene.worker("cyn", project)
    held = scene.taken(ben, project)
    with pytest.raises(NotFound):
        scene.submit(held, cyn)
    with pytest.raises(NotFound):
        queries.held_for(cyn, held.assignment_id)
    assert queries.held_for(ben, held.assignment_id) == held


def test_an_answer_carries_its_versions_and_channel():
    project = scene.running(1)
    ben = scene.worker("ben")
    scene.done(ben, project)
    row = sql.row("SELECT design_id, instructions_version, channel, active_ms, revision, sides FROM answer")
    assert row == (project.design_id, 1, 1, 1500, 0, None)


def test_what_was_returned_never_comes_back_to_the_same_worker():
    project = scene.running(1, quality=scene.answers(1))
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    held = scene.taken(ben, project)
    work.return_assignment(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
    work.return_assignment(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
    assert work.return_to_queue(project_id=project.id) == 1
    assert scene.claim(ben, project) == NoTask("no_open_task")
    assert scene.taken(cyn, project).task_id == held.task_id
    with pytest.raises(Conflict):
        scene.submit(held, ben)
    scene.check_slots(project)
    scene.check_money(project)


def test_a_pause_stops_claims_and_not_submits():
    project = scene.running(3)
    ben, cyn = scene.worker("ben"), scene.worker("cyn", project)
    held = scene.taken(ben, project)
    projects.pause_project(actor=actor("ada"), project_id=project.id)
    assert scene.claim(cyn, project) == NoTask("project_paused")
    assert scene.submit(held, ben, then=True).next == NoTask("project_paused")
    projects.resume_project(actor=actor("ada"), project_id=project.id)
    assert isinstance(scene.claim(cyn, project), Held)


def test_a_paused_worker_hands_in_and_gets_no_more():
    project = scene.running(3)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    assert work.pause_worker(project_id=project.id, worker_id=ben, reason="gold_failed")
    assert not work.pause_worker(project_id=project.id, worker_id=ben, reason="gold_failed")
    assert scene.submit(held, ben, then=True).next == NoTask("worker_paused")
    assert work.resume_worker(project_id=project.id, worker_id=ben)
    assert isinstance(scene.claim(ben, project), Held)


def test_who_is_not_of_the_audience_gets_nothing_until_that_changes():
    from tagwerk.domain.accounts import actions as accounts

    project = scene.running(1, audience={"languages": {"fr": "B2"}})
    ben = scene.worker("ben")
    assert scene.claim(ben, project) == NoTask("not_eligible")
    assert queries.enrolment(ben, project.id).reasons == ("language:fr:B2",)
    accounts.set_languages(actor=actor("ben"), languages={"fr": "C1"})
    assert work.refresh_enrolments(person_id=ben) == 1
    assert isinstance(scene.claim(ben, project), Held)


def test_people_work_by_api_only_where_that_is_allowed():
    project = scene.running(1)
    ben = scene.worker("ben")
    assert scene.claim(ben, project, channel=2) == NoTask("api_work_not_allowed")
    assert isinstance(scene.claim(ben, project, channel=4), Held)


def test_an_answer_can_be_changed_until_it_is_fed(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(1)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    scene.submit(held, ben)
    change = dict(person_id=ben, project_id=project.id, assignment_id=held.assignment_id, design_id=held.design_id,
                  active_ms=2, channel=1)  # fmt: skip
    assert work.change_answer(answers={"sentiment": "negative"}, **change) == 1
    assert work.change_answer(answers={"sentiment": "negative"}, **change) == 1
    work.feed_answers(project_id=project.id)
    with pytest.raises(Conflict) as refusal:
        work.change_answer(answers={"sentiment": "neutral"}, **change)
    assert refusal.value.code == "answer_judged"
    (fed,) = queries.feed(project.id, 0)
    assert (fed.answers, fed.first_answers, fed.revision) == ({"sentiment": "negative"}, scene.ANSWER, 1)


def test_an_answer_waits_its_undo_time_before_it_is_fed(settings):
    settings.UNDO_SECONDS = 60
    project = scene.running(1)
    scene.done(scene.worker("ben"), project)
    assert work.feed_answers(project_id=project.id) == 0
    assert queries.projects_with_inbox() == []
    sql.write("UPDATE inbox SET due_at = now()")
    assert queries.projects_with_inbox() == [project.id]
    assert work.feed_answers(project_id=project.id) == 1
    assert work.feed_answers(project_id=project.id) == 0


def test_who_takes_an_answer_back_gets_the_time_to_change_it(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(1)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    scene.submit(held, ben)
    mine = dict(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
    until = work.hold_back(**mine)
    assert until > timezone.now() + timedelta(seconds=60)
    assert work.feed_answers(project_id=project.id) == 0
    change = dict(**mine, design_id=held.design_id, active_ms=2, channel=1)
    assert work.change_answer(answers={"sentiment": "negative"}, **change) == 1
    with pytest.raises(Conflict):
        work.hold_back(**{**mine, "person_id": scene.worker("cyn")})
    sql.write("UPDATE assignment SET submitted_at = now() - interval '1 hour'")
    assert work.hold_back(**mine) == until, "results do not wait for ever"
    sql.write("UPDATE inbox SET due_at = now()")
    sql.write("UPDATE assignment SET judged_from = now()")
    assert work.feed_answers(project_id=project.id) == 1
    with pytest.raises(Conflict) as refusal:
        work.hold_back(**mine)
    assert refusal.value.code == "answer_judged"


def test_a_skipped_task_says_why():
    project = scene.running(1, quality=scene.answers(1))
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    work.skip(
        person_id=ben, project_id=project.id, assignment_id=held.assignment_id, reason="cannot_be_answered"
    )
    assert scene.state_of(project, held.assignment_id) == State.SKIPPED
    assert sql.value("SELECT count(*) FROM event WHERE name = 'TaskUnanswerable'") == 1


def test_drafts_come_back_with_the_task():
    project = scene.running(1)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    save = dict(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
    work.save_draft(answers={"sentiment": "neu"}, **save)
    work.save_draft(answers={"sentiment": "neutral"}, **save)
    assert scene.taken(ben, project).draft == {"sentiment": "neutral"}
    scene.submit(held, ben)
    with pytest.raises(Conflict):
        work.save_draft(answers={}, **save)
    work.tend_all(now=held.claimed_at)
    assert sql.value("SELECT count(*) FROM draft") == 0


def test_barred_workers_never_get_the_task():
    project = scene.running(0, budget="10.00", quality=scene.answers(1))
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    work.add_tasks(project_id=project.id, rows=scene.rows(1), barred={"t1": {ben}})
    assert scene.claim(ben, project) == NoTask("no_open_task")
    assert isinstance(scene.claim(cyn, project), Held)
    assert queries.my_work(ben) == []


def test_gold_comes_in_its_share_and_each_once():
    project = scene.running(
        240, gold=100, quality={**scene.answers(2), "gold_share": 0.2}, **scene.without_pay("ben", "cyn")
    )
    ben, cyn = scene.worker("ben", project), scene.worker("cyn", project)
    for who in (ben, cyn):
        assert len(scene.all_done(who, project)) >= 240
    golds = [
        task for (task,) in sql.rows("SELECT task_id FROM assignment WHERE is_gold AND worker_id = %s", [ben])
    ]
    assert len(golds) == len(set(golds))
    share = sql.value("SELECT avg(is_gold::int) FROM assignment")
    assert 0.12 < share < 0.28


def test_a_long_way_past_what_was_done_is_walked_in_bounded_steps():
    project = scene.running(1, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    sql.write(
        """INSERT INTO queue (project_id, pos, task_id, open) SELECT %s, n * 3, -n, 1 FROM generate_series(1, 9000) n""",
        [project.id],
    )
    sql.write(
        "INSERT INTO assignment (project_id, task_id, worker_id, state) SELECT %s, -n, %s, 1 FROM generate_series(1, 9000) n",
        [project.id, ben],
    )
    sql.write("UPDATE queue SET pos = 100000 WHERE task_id > 0")
    assert scene.taken(ben, project).data == {"text": "text 1"}
    assert sql.value("SELECT cursor FROM enrolment") == 100_000


def test_a_new_worker_starts_at_the_noted_head():
    project = scene.running(3, quality=scene.answers(1))
    ben, cyn = scene.worker("ben", project), scene.worker("cyn", project)
    scene.done(ben, project)
    work.tend_all(now=timezone.now())
    assert sql.value("SELECT head_pos FROM opening") == 2
    assert scene.taken(cyn, project).data == {"text": "text 2"}
    scene.all_done(cyn, project)
    work.tend_all(now=timezone.now())
    assert sql.value("SELECT head_pos FROM opening") == 4
    assert scene.claim(ben, project) == NoTask("no_open_task")


def test_a_renewed_hold_does_not_expire_and_has_its_limit():
    project = scene.running(1)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    mine = dict(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
    assert work.renew(**mine) >= held.expires_at
    sql.write("UPDATE assignment SET claimed_at = claimed_at - interval '1 day'")
    sql.write("UPDATE hold SET expires_at = statement_timestamp() - interval '1 minute'")
    assert work.renew(**mine) < timezone.now()
    assert work.sweep_expired(now=timezone.now()) == 1
    with pytest.raises(Conflict):
        work.renew(**mine)


def test_more_answers_are_wanted_up_to_the_most():
    project = scene.running(1, quality=scene.answers(1, 3))
    task_id = queries.tasks_page(actor("ada"), project.id)[0].id
    assert work.want_more_answers(project_id=project.id, wants={task_id: 1}) == 1
    assert work.want_more_answers(project_id=project.id, wants={task_id: 5}) == 1
    assert work.want_more_answers(project_id=project.id, wants={task_id: 5}) == 0
    assert scene.open_slots(project) == 3
    scene.check_slots(project)
    scene.check_money(project)
    work.close_tasks(project_id=project.id, task_ids=[task_id])
    assert scene.open_slots(project) == 0
    assert work.want_more_answers(project_id=project.id, wants={task_id: 2}) == 2
    scene.check_slots(project)
    scene.check_money(project)


def test_what_a_worker_and_a_member_find_again(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(2)
    ben = scene.worker("ben")
    one = scene.done(ben, project)
    (mine,) = queries.my_work(ben)
    assert (mine.assignment_id, mine.project_title, mine.can_change) == (one, "Sentiment", True)
    assert queries.my_answer(ben, one).answers == scene.ANSWER
    task_id = mine.task_id
    assert queries.answers_of_task(actor("ada"), project.id, task_id) == []
    work.feed_answers(project_id=project.id)
    (answer,) = queries.answers_of_task(actor("ada"), project.id, task_id)
    assert answer == queries.answer_for(actor("ada"), project.id, one)
    assert queries.answers_page(actor("ada"), project.id) == [(1, answer)]
    assert answer.pseudonym == queries.enrolment(ben, project.id).pseudonym
    assert queries.worker_of_pseudonym(actor("ada"), project.id, answer.pseudonym) == ben
    assert queries.task_named(actor("ada"), project.id, "t1").id == task_id
    (offer,) = queries.available_projects(ben)
    assert (offer.eligible, offer.has_tasks, offer.submitted) == (True, True, 1)
    with pytest.raises(NotFound):
        queries.answers_of_task(actor("cyn"), project.id, task_id)
    assert queries.has_answers(project.id)
    assert queries.progress(project.id).answers == 1


def test_a_project_that_cannot_be_tended_does_not_keep_others_waiting():
    broken, fine = scene.running(1, quality=scene.answers(1)), scene.running(1, quality=scene.answers(1))
    ben = scene.worker("ben")
    held = scene.taken(ben, fine)
    work.return_assignment(person_id=ben, project_id=fine.id, assignment_id=held.assignment_id)
    sql.write("DELETE FROM opening WHERE project_id = %s", [broken.id])
    sql.write(
        "UPDATE batch SET opened_to = 0 WHERE project_id = %s", [broken.id]
    )  # its task would be opened twice
    with pytest.raises(ExceptionGroup) as group:
        work.tend_all(now=timezone.now())
    assert len(group.value.exceptions) == 1
    assert scene.open_slots(fine) == 1
