"""Objections to a pause: who decides, by when, and that what was handed in is paid all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Intervention, PauseObjection
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.models import Enrolment
from tests.domain.quality.test_watching import DISAGREES, enrolment, react, refused, told, worked
from tests.people import actor, key_for, member, person

pytestmark = pytest.mark.django_db


def paused_by_hand(project, name="ben", by="ada"):
    quality.pause_worker(
        actor=actor(by),
        project_id=project.id,
        pseudonym=enrolment(project, name).pseudonym,
        reason="Odd answers",
    )


def objected(project, name="bob", text="I was right."):
    return quality.object_to_pause(person_id=person(name).id, project_id=project.id, text=text)


def decide(project, number, by="ada", **said):
    quality.decide_objection(actor=actor(by), project_id=project.id, objection_id=number, **said)


def test_a_key_decides_what_a_rule_did_and_not_what_its_maker_did():
    """The person who made an organisation's key answers for what is done with it."""
    project = worked(DISAGREES)
    by_key = accounts.actor_of_key(key_for("ada", project.organisation_id))
    member("rob", project.organisation_id, "reviewer")
    number = objected(project)
    quality.decide_objection(actor=by_key, project_id=project.id, objection_id=number, granted=True)
    assert PauseObjection.objects.get(id=number).decided_by_id == person("ada").id
    ben = enrolment(project, "ben").pseudonym
    quality.pause_worker(actor=by_key, project_id=project.id, pseudonym=ben, reason="Odd answers")
    number = objected(project, "ben")
    with refused("objection_needs_another"):
        quality.decide_objection(actor=by_key, project_id=project.id, objection_id=number, granted=True)
    decide(project, number, "rob", granted=True)


def test_who_was_paused_by_a_rule_objects_goes_on_and_is_paid():
    project = worked(DISAGREES)
    number = objected(project)
    assert objected(project) == number  # the same again
    react("PauseObjected")
    assert told("ada") == ["pause_objected"]
    decide(project, number, granted=True, answer="You were right.")
    react("WorkerResumed")
    react("PauseObjectionDecided")
    assert told("bob") == ["enrolment_resumed"]
    assert enrolment(project, "bob").pause_reason is None
    [mine] = queries.objections_of_project(actor("ada"), project.id)
    assert (mine.state, mine.answer, mine.same_person) == ("granted", "You were right.", False)
    waiting = [one.assignment_id for one in work_queries.my_work(person("bob").id)]
    work.approve(project_id=project.id, assignment_ids=waiting)
    assert work_queries.earnings(person("bob").id)[0].available_micros == 12 * project.reward_micros


def test_a_refusal_is_told_with_its_reason_and_is_the_last_word_on_this_pause():
    project = worked(DISAGREES)
    number = objected(project)
    with refused("words_missing"):
        decide(project, number, granted=False, answer=" ")
    decide(project, number, granted=False, answer="All of it is neutral.")
    react("PauseObjectionDecided")
    notice = Notice.objects.get(person=person("bob"))
    assert notice.kind == "pause_objection_refused" and notice.params["answer"] == "All of it is neutral."
    assert enrolment(project, "bob").pause_reason is not None
    with refused("objection_decided"):
        decide(project, number, granted=True)
    with refused("objected_already"):
        objected(project, text="But still.")


def test_who_paused_somebody_does_not_decide_if_another_can():
    project = worked()
    paused_by_hand(project)
    number = objected(project, "ben")
    member("rob", project.organisation_id, "reviewer")
    with refused("objection_needs_another"):
        decide(project, number, granted=True)
    decide(project, number, "rob", granted=True)
    assert enrolment(project, "ben").pause_reason is None
    assert Intervention.objects.get().ended_by_id == person("rob").id


def test_where_there_is_nobody_else_it_is_marked():
    project = worked()
    paused_by_hand(project)
    decide(project, objected(project, "ben"), granted=False, answer="No.")
    assert PauseObjection.objects.get().same_person


def test_nobody_decides_about_themselves_and_strangers_find_nothing():
    project = worked(DISAGREES)
    number = objected(project)
    member("bob", project.organisation_id, "manager")
    with refused("objection_own"):
        decide(project, number, "bob", granted=True)
    with pytest.raises(NotFound):
        decide(project, number, "cyn", granted=True)
    with pytest.raises(NotFound):
        decide(project, number + 1, granted=True)


def test_what_nobody_decides_in_seven_days_lets_the_worker_go_on():
    project = worked(DISAGREES)
    objected(project)
    now = timezone.now()
    assert quality.lapse_objections(now=now + timedelta(days=6, hours=23)) == 0
    assert quality.lapse_objections(now=now + timedelta(days=7, minutes=1)) == 1
    assert quality.lapse_objections(now=now + timedelta(days=8)) == 0
    assert enrolment(project, "bob").pause_reason is None
    assert PauseObjection.objects.get().state == "lapsed"


def test_only_who_is_paused_objects_and_letting_them_go_on_grants_it():
    project = worked(DISAGREES)
    with refused("not_paused"):
        objected(project, "ben")
    objected(project)
    quality.resume_worker(
        actor=actor("ada"), project_id=project.id, pseudonym=enrolment(project, "bob").pseudonym
    )
    assert PauseObjection.objects.get().state == "granted"
    paused_by_hand(project, "bob")
    assert (
        Enrolment.objects.get(project_id=project.id, worker_id=person("bob").id).pause_reason == "Odd answers"
    )
    assert objected(project, text="Again.") == PauseObjection.objects.latest("id").id  # another pause


def test_a_pause_that_was_ended_elsewhere_does_not_stand_in_the_way_of_the_next():
    project = worked(DISAGREES)
    work.resume_worker(project_id=project.id, worker_id=person("bob").id)
    paused_by_hand(project, "bob")
    assert Intervention.objects.filter(ended_at=None).get().made_by_id == person("ada").id
