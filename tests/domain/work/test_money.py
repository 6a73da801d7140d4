"""Money is covered before work is given out, and paid once when it is approved."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.log import events_page
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.queries.holding import NoTask
from tagwerk.domain.work.rules.states import State
from tests import orders
from tests.domain.work import scene
from tests.people import actor, organisation

pytestmark = pytest.mark.django_db
PRICE = 120_000  # 0.10 and 20 %


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def reserved(project):
    return project_queries.reserved_micros(project.id, "EUR")


def test_launch_reserves_the_largest_cost_where_there_is_no_budget():
    project = scene.running(5, quality=scene.answers(2, 4))
    assert queries.estimate(project.id).largest_micros == reserved(project) == 5 * 4 * PRICE
    assert queries.coverage(project.id).needed_micros == 5 * 4 * PRICE
    scene.check_money(project)


def test_launch_without_money_changes_nothing():
    project = scene.running(5, deposit=1_000_000, launch=False)
    with pytest.raises(Conflict) as refusal:
        work.launch(actor=actor("ada"), project_id=project.id)
    assert refusal.value.code == "not_enough_money"
    assert project_queries.project(project.id).state == "draft"


def test_launch_needs_an_approved_organisation_and_tasks():
    organisation("later", "eve", approved=False)
    project = orders.project(name="later", owner="eve")
    with pytest.raises(NotAllowed):
        work.launch(actor=actor("eve"), project_id=project.id)
    empty = scene.running(0, launch=False)
    with pytest.raises(Conflict) as refusal:
        work.launch(actor=actor("ada"), project_id=empty.id)
    assert refusal.value.code == "no_tasks"


def test_launching_twice_reserves_once():
    project = scene.running(5)
    before = reserved(project)
    work.launch(actor=actor("ada"), project_id=project.id)
    assert reserved(project) == before


def test_with_a_smaller_budget_tasks_open_in_covered_tranches():
    project = scene.running(10, quality=scene.answers(2, 4), budget="1.00")
    assert queries.progress(project.id).opened == 2  # two tasks can cost 0.96
    assert queries.progress(project.id).waits_for_money
    people = [scene.worker(name) for name in ("ben", "cyn")]
    first = sorted({scene.taken(who, project).task_id for who in people})
    for who in people:
        scene.submit(scene.taken(who, project), who)
    assert work.close_tasks(project_id=project.id, task_ids=first) == 1
    scene.check_money(project)
    assert queries.progress(project.id).opened == 2  # 0.24 came free: too little for another
    second = [scene.done(who, project) for who in people]
    work.close_tasks(project_id=project.id, task_ids=[queries.my_work(people[0])[0].task_id])
    assert second and queries.progress(project.id).opened == 3
    scene.check_money(project)
    projects.raise_budget(actor=actor("ada"), project_id=project.id, amount_micros=10_000_000)
    assert work.open_covered_tasks(project_id=project.id) == 7
    scene.check_money(project)


def test_a_budget_too_small_for_one_task_is_refused():
    project = scene.running(3, quality=scene.answers(2, 4), budget="0.40", launch=False)
    with pytest.raises(Conflict) as refusal:
        work.launch(actor=actor("ada"), project_id=project.id)
    assert refusal.value.code == "budget_too_small"


def test_a_pilot_opens_only_so_many_tasks_and_the_rest_later():
    project = scene.running(10, launch=False)
    work.launch(actor=actor("ada"), project_id=project.id, tasks=3)
    work.open_covered_tasks(project_id=project.id)
    assert queries.progress(project.id).opened == 3
    assert reserved(project) == 3 * 4 * PRICE
    work.launch(actor=actor("ada"), project_id=project.id)
    work.open_covered_tasks(project_id=project.id)
    assert queries.progress(project.id).opened == 10
    assert reserved(project) == 10 * 4 * PRICE
    scene.check_money(project)


def test_tasks_added_later_raise_the_reservation_first():
    project = scene.running(2, deposit=2_000_000)
    work.add_tasks(project_id=project.id, rows=scene.rows(1, start=100))
    assert reserved(project) == 3 * 4 * PRICE
    assert queries.progress(project.id).opened == 3
    with pytest.raises(Conflict):
        work.add_tasks(project_id=project.id, rows=scene.rows(10, start=200))
    assert queries.progress(project.id).tasks == 3
    scene.check_money(project)


def test_approving_pays_worker_and_fee_once():
    project = scene.running(3)
    ben = scene.worker("ben")
    done = [scene.done(ben, project) for _ in range(2)]
    assert queries.earnings(ben)[0].pending_micros == 200_000
    work.feed_answers(project_id=project.id)
    assert work.approve(project_id=project.id, assignment_ids=done) == 2
    assert work.approve(project_id=project.id, assignment_ids=done) == 0
    (mine,) = queries.earnings(ben)
    assert (mine.available_micros, mine.pending_micros) == (200_000, 0)
    assert ledger.balance("income:fee:EUR").available == 40_000
    assert reserved(project) == 12 * PRICE - 2 * PRICE
    scene.check_money(project)


def test_answers_are_approved_in_time_along_the_feed():
    project = scene.running(5, approve_after="3 days")
    ben = scene.worker("ben")
    for _ in range(5):
        scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    assert work.approve_due(project_id=project.id, now=now() + timedelta(days=2)) == 0
    assert work.approve_due(project_id=project.id, now=now() + timedelta(days=4)) == 5
    assert work.approve_due(project_id=project.id, now=now() + timedelta(days=4)) == 0
    scene.check_money(project)


def test_a_rejected_slot_reopens_when_the_appeal_is_over_or_waived():
    project = scene.running(1, quality=scene.answers(2))
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    by_ben, by_cyn = scene.done(ben, project), scene.done(cyn, project)
    work.feed_answers(project_id=project.id)
    for one in (by_ben, by_cyn):
        work.reject(
            actor=actor("ada"),
            project_id=project.id,
            assignment_id=one,
            code="low_effort",
            reason="Not read.",
        )
    assert work.reopen_rejected(project_id=project.id, now=now()) == 0
    scene.check_money(project)
    scene.check_slots(project)
    work.waive_appeal(person_id=ben, project_id=project.id, assignment_id=by_ben)
    assert work.reopen_rejected(project_id=project.id, now=now()) == 1
    assert scene.open_slots(project) == 1
    assert work.reopen_rejected(project_id=project.id, now=now() + timedelta(days=15)) == 1
    assert scene.open_slots(project) == 2
    scene.check_money(project)
    scene.check_slots(project)
    assert scene.claim(ben, project) == NoTask("no_open_task")


def test_a_rejection_can_be_taken_back_while_it_is_not_final():
    project = scene.running(1)
    ben = scene.worker("ben")
    one = scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    work.reject(
        actor=actor("ada"), project_id=project.id, assignment_id=one, code="low_effort", reason="Not read."
    )
    assert queries.my_work(ben)[0].rejection == "Not read."
    assert work.accept_all(project_id=project.id) == 0
    assert work.approve(project_id=project.id, assignment_ids=[one]) == 1
    assert scene.state_of(project, one) == State.APPROVED
    assert work.reopen_rejected(project_id=project.id, now=now() + timedelta(days=15)) == 0
    scene.check_money(project)


def test_rejecting_is_refused_where_it_makes_no_sense():
    project = scene.running(2)
    ben = scene.worker("ben")
    held = scene.taken(ben, project)
    reject = dict(actor=actor("ada"), project_id=project.id, assignment_id=held.assignment_id)
    with pytest.raises(NotFound):
        work.reject(code="low_effort", reason="Not handed in.", **reject)
    scene.submit(held, ben)
    work.feed_answers(project_id=project.id)
    with pytest.raises(Invalid):
        work.reject(code="low_effort", reason=" ", **reject)
    with pytest.raises(NotFound):
        work.reject(**{**reject, "actor": actor("cyn")}, code="low_effort", reason="I am a stranger.")
    work.approve(project_id=project.id, assignment_ids=[held.assignment_id])
    with pytest.raises(Conflict) as refusal:
        work.reject(code="low_effort", reason="Too late.", **reject)
    assert refusal.value.code == "answer_approved"


def test_gold_is_given_only_where_it_is_paid_for():
    quality = {**scene.answers(1), "gold_share": 0.5}
    project = scene.running(4, gold=3, quality=quality, budget="0.12", deposit=1_000_000, launch=False)
    with pytest.raises(Conflict):
        work.launch(actor=actor("ada"), project_id=project.id)
    project = scene.running(4, gold=3, quality=quality)
    assert reserved(project) == 8 * PRICE
    ben = scene.worker("ben")
    assert len(scene.all_done(ben, project, gold_always_due=True)) == 7
    golds = sql.value("SELECT count(*) FROM assignment WHERE is_gold")
    assert golds == 3
    scene.check_money(project)
    work.top_up_gold(project_id=project.id)
    scene.check_money(project)
    work.pause_worker(project_id=project.id, worker_id=ben, reason="test")
    work.top_up_gold(project_id=project.id)
    assert sql.value("SELECT gold_micros FROM enrolment WHERE project_id = %s", [project.id]) == 0
    scene.check_money(project)


def test_a_sensitive_task_needs_consent_and_can_be_stopped_with_pay():
    project = scene.running(2, quality=scene.answers(1), sensitivity=2, budget="1.00")
    ben = scene.worker("ben")
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    work.enrol(person_id=ben, project_id=project.id)
    assert scene.claim(ben, project) == NoTask("consent_missing")
    work.consent(person_id=ben, project_id=project.id)
    held = scene.taken(ben, project)
    work.stop(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
    scene.check_money(project)
    assert scene.claim(ben, project) == NoTask("consent_missing")
    work.return_to_queue(project_id=project.id)
    assert queries.earnings(ben)[0].available_micros == 100_000
    assert scene.state_of(project, held.assignment_id) == State.STOPPED
    scene.check_money(project)
    scene.check_slots(project)


def test_every_stop_is_paid_and_who_stops_often_waits_for_a_member():
    project = scene.running(9, quality=scene.answers(1), sensitivity=2)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    ben = scene.worker("ben", project)
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    work.enrol(person_id=ben, project_id=project.id)

    def stop() -> None:
        work.consent(person_id=ben, project_id=project.id)
        held = scene.taken(ben, project)
        work.stop(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
        work.stop(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)  # once is enough

    for _ in range(5):
        assert queries.enrolment(ben, project.id).pause_reason is None
        stop()
    assert queries.enrolment(ben, project.id).pause_reason == "many_stops"
    work.consent(person_id=ben, project_id=project.id)
    assert scene.claim(ben, project) == NoTask("worker_paused")
    work.resume_worker(project_id=project.id, worker_id=ben)
    stop()
    assert queries.enrolment(ben, project.id).pause_reason is None
    work.return_to_queue(project_id=project.id)
    assert queries.earnings(ben)[0].available_micros == 600_000
    scene.check_money(project)
    scene.check_slots(project)


def test_finishing_drains_and_gives_the_rest_back():
    project = scene.running(10, quality={**scene.answers(2, 4), "gold_share": 0.2}, gold=2)
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    scene.done(ben, project)
    held = scene.taken(cyn, project)
    before = ledger.balance(f"organisation:{project.organisation_id}:prepaid:EUR").available
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    assert scene.claim(ben, project) == NoTask("project_closed")
    assert not work.settle_finished(project_id=project.id)
    scene.submit(held, cyn)
    work.feed_answers(project_id=project.id)
    assert not work.settle_finished(project_id=project.id)
    scene.check_money(project)
    assert work.accept_all(project_id=project.id) == 2
    rest = reserved(project)
    assert work.settle_finished(project_id=project.id)
    assert work.settle_finished(project_id=project.id)
    assert reserved(project) == 0
    after = ledger.balance(f"organisation:{project.organisation_id}:prepaid:EUR").available
    assert after - before == rest > 0
    assert queries.progress(project.id).settled
    scene.check_money(project)


def test_a_late_answer_counts_while_the_task_wants_one_and_else_is_kept():
    project = scene.running(1, quality=scene.answers(1))
    ben, cyn = scene.worker("ben"), scene.worker("cyn")
    held = scene.taken(ben, project)
    assert work.sweep_expired(now=now() + timedelta(hours=1)) == 1
    assert scene.submit(held, ben).status == "submitted"
    assert scene.open_slots(project) == 0
    project = scene.running(1, quality=scene.answers(1))
    held = scene.taken(ben, project)
    work.sweep_expired(now=now() + timedelta(hours=1))
    scene.done(cyn, project)
    late = scene.submit(held, ben)
    assert (late.status, scene.submit(held, ben)) == ("late", late)
    assert scene.state_of(project, held.assignment_id) == State.LATE
    scene.check_money(project)
    work.pay_late(actor=actor("dan"), project_id=project.id, assignment_id=held.assignment_id)
    work.pay_late(actor=actor("dan"), project_id=project.id, assignment_id=held.assignment_id)
    assert ledger.balance("expense:goodwill:EUR").available == 100_000
    [told] = [one for one in events_page(project.organisation_id, limit=100) if one.name == "LateAnswerPaid"]
    assert (told.actor_id, told.facts["reward_micros"]) == (actor("dan").person_id, 100_000)
    with pytest.raises(NotFound):
        work.pay_late(actor=actor("ada"), project_id=project.id, assignment_id=held.assignment_id)


def test_gold_that_is_kept_for_who_stays_away_goes_to_others_until_they_are_back():
    project = scene.running(20, gold=4, quality={**scene.answers(1), "gold_share": 0.5})
    ben, cyn = scene.worker("ben"), scene.worker("cyn")

    def allowance(who):
        return sql.value("SELECT gold_micros FROM enrolment WHERE worker_id = %s", [who])

    for who in (ben, cyn):
        scene.done(who, project)
    work.top_up_gold(project_id=project.id)
    assert allowance(ben) > 0
    for who in (ben, cyn):
        scene.away(who)
    scene.taken(cyn, project)  # back at work
    work.top_up_gold(project_id=project.id)
    before = queries.progress(project.id).committed_micros
    assert allowance(ben) == 0 and allowance(cyn) > 0
    scene.check_money(project)
    work.top_up_gold(project_id=project.id)
    assert queries.progress(project.id).committed_micros == before
    scene.done(ben, project)
    work.top_up_gold(project_id=project.id)
    assert allowance(ben) > 0
    scene.check_money(project)


def test_of_all_projects_those_that_are_not_covered_are_named(django_assert_num_queries):
    right = scene.running(3, quality={**scene.answers(2, 4), "gold_share": 0.2}, gold=2)
    broken = scene.running(2, title="Broken")
    scene.running(1, launch=False, **scene.without_pay("ben"))
    ben = scene.worker("ben")
    for project in (right, broken):
        scene.done(ben, project)
        work.top_up_gold(project_id=project.id)
    with django_assert_num_queries(3):
        assert queries.uncovered() == []
    sql.write("UPDATE opened_task SET most = most + 5 WHERE project_id = %s", [broken.id])
    with django_assert_num_queries(3):
        ((named, cover),) = queries.uncovered()
    assert (named.title, cover.covered, cover.missing_micros) == ("Broken", False, 2 * 5 * PRICE)
    assert queries.coverage(broken.id) == cover


def test_projects_without_pay_book_nothing():
    project = scene.running(
        2, gold=2, quality={**scene.answers(1), "gold_share": 0.5}, **scene.without_pay("ben")
    )
    ben = scene.worker("ben")
    done = scene.all_done(ben, project, gold_always_due=True)
    work.feed_answers(project_id=project.id)
    assert work.approve(project_id=project.id, assignment_ids=done) == 4
    assert queries.earnings(ben) == []
    assert queries.coverage(project.id).needed_micros == 0
