"""A better answer is asked for once: paid when it comes, and every way out of it keeps the money right."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.queries import sql
from tests.domain.work import scene
from tests.people import actor, person
from tests.workshop import judge

pytestmark = pytest.mark.django_db
EXTRA = 50_000
BETTER = {"sentiment": "negative"}


@pytest.fixture
def asked(settings):
    """Ben is asked for a better answer, for five cents more."""
    settings.UNDO_SECONDS = 0
    project = scene.running(2, quality=scene.answers(1), budget="20.00")
    ben = scene.worker("ben", project)
    one = scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    ask(project, one)
    return project, ben, one


def ask(project, one, extra=EXTRA, text="Read the last line again."):
    work.ask_rework(
        actor=actor("ada"), project_id=project.id, assignment_id=one, text=text, extra_micros=extra, now=now()
    )


def hand_in(project, ben, one, answers=BETTER):
    return work.hand_in_rework(
        person_id=ben, project_id=project.id, assignment_id=one, answers=answers, active_ms=900, channel=1
    )


def test_it_is_not_approved_by_itself_and_the_extra_is_covered(asked):
    project, ben, one = asked
    scene.check_money(project)
    assert work.accept_all(project_id=project.id) == 0
    assert work.approve_due(project_id=project.id, now=now() + timedelta(days=30)) == 0
    assert queries.my_work(ben)[0].rework_until == queries.rework_of(project.id, one).until
    with pytest.raises(Conflict):
        work.reject(
            actor=actor("ada"), project_id=project.id, assignment_id=one, code="low_effort", reason="No."
        )


def test_a_better_answer_is_paid_at_once_and_judged_like_a_new_one(asked):
    project, ben, one = asked
    assert hand_in(project, ben, one) == 1
    assert scene.earned("ben") == EXTRA
    scene.check_money(project)
    assert work.feed_answers(project_id=project.id) == 1
    newest = queries.feed(project.id, 0)[-1]
    assert (newest.revision, newest.answers, newest.first_answers) == (1, BETTER, scene.ANSWER)
    assert work.approve_due(project_id=project.id, now=now() + timedelta(days=30)) == 1
    assert scene.earned("ben") == EXTRA + project.price.reward_micros
    spent = queries.spending(project)
    assert (spent.answers, spent.pay_micros) == (1, EXTRA + project.price.reward_micros)
    assert (
        sum(hour.answers for hour in queries.hours_of_work(project.id, since=now() - timedelta(days=1))) == 1
    )
    scene.check_money(project)
    with pytest.raises(NotFound):
        hand_in(project, ben, one, scene.ANSWER)


def test_the_same_answer_is_no_better_one(asked):
    project, ben, one = asked
    with pytest.raises(Conflict) as refused:
        hand_in(project, ben, one, scene.ANSWER)
    assert refused.value.code == "rework_unchanged" and scene.earned("ben") == 0


def test_who_leaves_it_as_it_is_gets_a_decision_or_is_paid(asked):
    project, ben, one = asked
    work.leave_as_is(person_id=ben, project_id=project.id, assignment_id=one, now=now())
    scene.check_money(project)
    with pytest.raises(Conflict) as refused:
        ask(project, one)
    assert refused.value.code == "rework_asked"
    assert work.lapse_deferrals(project_id=project.id, now=now() + timedelta(days=2)) == 0
    assert work.lapse_deferrals(project_id=project.id, now=now() + timedelta(days=4)) == 1
    assert scene.earned("ben") == project.price.reward_micros
    scene.check_money(project)


def test_time_that_goes_by_means_it_is_decided_as_it_is(asked):
    project, ben, one = asked
    assert work.lapse_deferrals(project_id=project.id, now=now() + timedelta(days=5, minutes=1)) == 1
    scene.check_money(project)
    with pytest.raises(NotFound):
        hand_in(project, ben, one)
    work.reject(actor=actor("ada"), project_id=project.id, assignment_id=one, code="low_effort", reason="No.")
    assert work.lapse_deferrals(project_id=project.id, now=now() + timedelta(days=90)) == 0
    scene.check_money(project)


def test_the_task_can_be_given_back(asked):
    project, ben, one = asked
    before = scene.open_slots(project)
    work.give_back(person_id=ben, project_id=project.id, assignment_id=one)
    work.return_to_queue(project_id=project.id)
    assert scene.state_of(project, one) == 4 and scene.open_slots(project) == before + 1
    scene.check_money(project)


def test_approving_takes_the_request_back(asked):
    project, ben, one = asked
    assert work.approve(project_id=project.id, assignment_ids=[one]) == 1
    assert queries.rework_of(project.id, one).state == "withdrawn"
    scene.check_money(project)
    with pytest.raises(NotFound):
        hand_in(project, ben, one)


def test_only_its_worker_answers_and_only_sensible_requests_are_taken(asked):
    project, _ben, one = asked
    bea = scene.worker("bea", project)
    for deed in (
        lambda: hand_in(project, bea, one),
        lambda: work.give_back(person_id=bea, project_id=project.id, assignment_id=one),
        lambda: work.leave_as_is(
            person_id=person("ada").id, project_id=project.id, assignment_id=one, now=now()
        ),
    ):
        with pytest.raises(NotFound):
            deed()
    other = scene.done(bea, project)
    work.feed_answers(project_id=project.id)
    for wrong in ({"extra": -1}, {"extra": 10**12}, {"text": " "}):
        with pytest.raises(Invalid):
            ask(project, other, **wrong)


def test_money_that_is_not_there_is_not_promised(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(1, quality=scene.answers(1))
    one = scene.done(scene.worker("ben", project), project)
    work.feed_answers(project_id=project.id)
    with pytest.raises(Conflict) as refused:
        ask(project, one)
    assert refused.value.code == "extra_not_covered"
    ask(project, one, extra=0)
    scene.check_money(project)


@pytest.mark.parametrize("code", ["instructions_ignored", "wrong_language"])
def test_what_can_be_put_right_is_asked_for_again_before_it_is_rejected(settings, code):
    settings.UNDO_SECONDS = 0
    project = scene.running(1, quality=scene.answers(1))
    one = scene.done(scene.worker("ben"), project)
    judge(project.id)
    said = {
        "actor": actor("ada"),
        "project_id": project.id,
        "assignment_ids": [one],
        "reason": "Not as asked.",
    }
    with pytest.raises(Conflict) as refused:
        quality.reject_answers(**said, code=code)
    assert refused.value.code == "better_answer_first"
    ask(project, one, extra=0)
    with pytest.raises(Conflict):
        quality.reject_answers(**said, code=code)  # while the worker has time
    work.leave_as_is(person_id=person("ben").id, project_id=project.id, assignment_id=one, now=now())
    assert quality.reject_answers(**said, code=code).rejected == 1
    scene.check_money(project)


def test_answers_to_gold_and_answers_without_effort_need_no_second_try(settings):
    settings.UNDO_SECONDS = 0
    project = scene.running(3, gold=3, quality={**scene.answers(1), "gold_share": 0.5})
    done = scene.all_done(scene.worker("ben"), project, gold_always_due=True)
    judge(project.id)
    gold = [one for one in done if sql.value("SELECT is_gold FROM assignment WHERE id = %s", [one])]
    other = [one for one in done if one not in gold]
    said = {"actor": actor("ada"), "project_id": project.id, "reason": "No."}
    assert quality.reject_answers(**said, assignment_ids=gold[:1], code="instructions_ignored").rejected == 1
    assert quality.reject_answers(**said, assignment_ids=other[:1], code="low_effort").rejected == 1
