"""An objection is decided by somebody else, in time and in words; money follows, and nothing is lost or paid twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.notices.models import Notice
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.events import AppealEnded, AppealMade
from tagwerk.domain.quality.models import Appeal
from tagwerk.domain.work import actions as work
from tests.domain.work import scene
from tests.people import actor, member, organisation, person

pytestmark = pytest.mark.django_db
TEXT = "I read all of it, the text is ironic."


@pytest.fixture
def rejected():
    """Ben's answer, rejected by Rob the reviewer; Ada owns the organisation."""
    project = scene.running(2, quality=scene.answers(1))
    rob = member("rob", project.organisation_id, "reviewer")
    ben = scene.worker("ben", project)
    one = scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    quality.reject_answer(
        actor=rob, project_id=project.id, assignment_id=one, code="low_effort", reason="Not read."
    )
    return project, one


def object_(project, one, name="ben", text=TEXT, at=None):
    quality.make_appeal(
        person_id=person(name).id, project_id=project.id, assignment_id=one, text=text, now=at or now()
    )


def decide(who, project, one, granted, answer="You are right, it is ironic."):
    quality.decide_appeal(actor=who, project_id=project.id, assignment_id=one, granted=granted, answer=answer)


def test_a_won_appeal_pays_and_is_told_and_public(rejected):
    project, one = rejected
    object_(project, one)
    quality.tell_appeal(fact=AppealMade(**_fact("AppealMade")))
    assert work.approve(project_id=project.id, assignment_ids=[one]) == 0  # only who decides the appeal
    assert work.reopen_rejected(project_id=project.id, now=now() + timedelta(days=30)) == 0
    scene.check_money(project)
    decide(actor("ada"), project, one, True)
    assert scene.state_of(project, one) == 2
    assert scene.earned("ben") == project.price.reward_micros
    scene.check_money(project)
    for _ in range(2):
        quality.tell_appeal_ended(fact=AppealEnded(**_fact("AppealEnded")))
    kinds = list(Notice.objects.filter(person_id=person("ben").id).values_list("kind", flat=True))
    assert kinds == ["appeal_granted"]
    assert Notice.objects.filter(person_id=person("ada").id, kind="appeal_waits").count() == 1
    mine = queries.appeal_by(person("ben").id, one)
    assert (mine.state, mine.answer, mine.same_person) == ("granted", "You are right, it is ironic.", False)
    fair = queries.fairness_of(project.organisation_id)
    assert (fair.decided, fair.rejected, fair.appeals, fair.won, fair.same_person) == (1, 0, 1, 1, 0)
    assert fair.median_days == pytest.approx(0, abs=0.1)
    with pytest.raises(Conflict, match="decided already"):
        decide(actor("ada"), project, one, False)


def test_a_lost_appeal_is_final_and_its_slot_opens_again(rejected):
    project, one = rejected
    before = scene.open_slots(project)
    object_(project, one)
    decide(actor("ada"), project, one, False, "The text says the opposite in its first line.")
    assert scene.state_of(project, one) == 3
    assert work.reopen_rejected(project_id=project.id, now=now()) == 1
    assert scene.open_slots(project) == before + 1
    scene.check_money(project)
    with pytest.raises(NotFound):
        object_(project, one)
    assert queries.fairness_of(project.organisation_id).rejection_rate == 1.0


def test_who_rejected_decides_only_where_nobody_else_could_and_it_is_marked(rejected):
    project, one = rejected
    object_(project, one)
    with pytest.raises(Conflict) as refused:
        decide(actor("rob"), project, one, False, "I still think so, sorry.")
    assert refused.value.code == "another_person_decides"
    decide(actor("dan"), project, one, False, "An operator has looked at it: it is not about the text.")
    assert not Appeal.objects.get().same_person


def test_who_confirmed_a_rejection_took_part_in_it_too():
    project = scene.running(8, quality=scene.answers(1))
    max_ = member("max", project.organisation_id, "manager")
    ben = scene.worker("ben", project)
    ids = [scene.done(ben, project) for _ in range(7)]
    work.feed_answers(project_id=project.id)
    why = {"code": "low_effort", "reason": "Not read."}
    quality.reject_answers(actor=actor("ada"), project_id=project.id, assignment_ids=ids, **why)
    quality.decide_rejections(actor=max_, project_id=project.id, assignment_ids=ids, confirm=True)
    object_(project, ids[0])
    assert queries.appeal_for(max_, project.id, ids[0]).only_grants
    with pytest.raises(Conflict) as refused:
        decide(max_, project, ids[0], False, "I confirmed it, and I still think so.")
    assert refused.value.code == "another_person_decides"
    assert not queries.appeal_for(actor("dan"), project.id, ids[0]).only_grants
    person("dan").__class__.objects.filter(id=person("dan").id).update(is_operator=False)
    decide(max_, project, ids[0], False, "There is nobody else: who confirmed is not who rejected.")
    assert not Appeal.objects.get().same_person


def test_alone_on_an_instance_the_decision_is_marked_and_counted():
    project = scene.running(1, quality=scene.answers(1))
    ben = scene.worker("ben", project)
    one = scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    type(person("dan")).objects.filter(id=person("dan").id).update(is_operator=False)
    quality.reject_answer(
        actor=actor("ada"), project_id=project.id, assignment_id=one, code="copied", reason="As on the web."
    )
    object_(project, one)
    decide(actor("ada"), project, one, False, "I compared it again: it is copied.")
    assert queries.appeal_by(ben, one).same_person
    assert queries.fairness_of(project.organisation_id).same_person == 1


def test_the_database_wants_two_people_or_the_mark(rejected):
    project, one = rejected
    object_(project, one)
    rob, ben = person("rob").id, person("ben").id
    wrong = (
        ("appeal_two_people", {"decided_by_id": rob, "same_person": False}),
        ("appeal_two_people", {"decided_by_id": person("ada").id, "same_person": True}),
        ("appeal_not_decided_by_its_worker", {"decided_by_id": ben}),
        ("appeal_decided_with_an_answer", {"decided_by_id": person("ada").id, "answer": ""}),
        ("appeal_decided_or_open", {"decided_at": None, "decided_by_id": person("ada").id}),
    )
    for name, values in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Appeal.objects.update(**{"state": "refused", "decided_at": now(), "answer": "No.", **values})


def test_what_nobody_decides_in_time_is_paid(rejected):
    project, one = rejected
    object_(project, one)
    assert quality.lapse_appeals(now=now() + timedelta(days=6, hours=23)) == 0
    later = now() + timedelta(days=7, minutes=1)
    assert quality.lapse_appeals(now=later) == 1 and quality.lapse_appeals(now=later) == 0
    assert scene.state_of(project, one) == 2 and Appeal.objects.get().state == "lapsed"
    scene.check_money(project)
    assert queries.fairness_of(project.organisation_id).not_in_time == 1


def test_the_reserve_of_a_finished_project_stands_until_the_appeal_has_ended(rejected):
    project, one = rejected
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    assert not work.settle_finished(project_id=project.id)
    object_(project, one)
    work.tend_project(project_id=project.id, now=now() + timedelta(days=60))
    assert not work.settle_finished(project_id=project.id)
    decide(actor("ada"), project, one, True)
    assert work.settle_finished(project_id=project.id)
    assert scene.earned("ben") == project.price.reward_micros
    assert queries.appeal_for(actor("ada"), project.id, one).state == "granted"


def test_an_objection_can_be_withdrawn_and_the_rejection_waived(rejected):
    project, one = rejected
    object_(project, one)
    with pytest.raises(NotFound):  # an open objection is withdrawn, not waived
        work.waive_appeal(person_id=person("ben").id, project_id=project.id, assignment_id=one)
    with pytest.raises(NotFound):
        quality.withdraw_appeal(person_id=person("bea").id, project_id=project.id, assignment_id=one)
    quality.withdraw_appeal(person_id=person("ben").id, project_id=project.id, assignment_id=one)
    assert work.reopen_rejected(project_id=project.id, now=now()) == 1
    assert queries.fairness_of(project.organisation_id).appeals == 0
    scene.check_money(project)


def test_objecting_is_for_the_worker_in_time_and_in_words(rejected):
    project, one = rejected
    for name in ("bea", "ada", "rob"):
        with pytest.raises(NotFound):
            object_(project, one, name)
    with pytest.raises(Invalid):
        object_(project, one, text="Why?")
    with pytest.raises(NotFound):
        object_(project, one, at=now() + timedelta(days=14, minutes=1))
    object_(project, one, at=now() + timedelta(days=13, hours=23))
    with pytest.raises(NotFound):
        object_(project, one)


def test_only_reviewers_and_operators_decide(rejected):
    project, one = rejected
    object_(project, one)
    organisation("other", "eve")
    vic = member("vic", project.organisation_id, "viewer")
    for who in (actor("cyn"), actor("eve"), actor("ben")):
        with pytest.raises(NotFound):
            decide(who, project, one, True)
        with pytest.raises(NotFound):
            queries.appeal_for(who, project.id, one)
    with pytest.raises(NotAllowed):
        decide(vic, project, one, True)
    with pytest.raises(NotFound):
        queries.open_appeals(actor("ada"))
    assert [each.assignment_id for each in queries.open_appeals(actor("dan"))] == [one]


def test_nobody_decides_about_their_own_answer():
    project = scene.running(1, quality=scene.answers(1))
    dan = scene.worker("dan", project)
    one = scene.done(dan, project)
    work.feed_answers(project_id=project.id)
    quality.reject_answer(
        actor=actor("ada"), project_id=project.id, assignment_id=one, code="copied", reason="As on the web."
    )
    object_(project, one, "dan")
    with pytest.raises(NotAllowed) as refused:
        decide(actor("dan"), project, one, True)
    assert refused.value.code == "own_answer"


def _fact(name):
    row = StoredEvent.objects.filter(name=name).latest("id")
    return {"project_id": row.project_id, "organisation_id": row.organisation_id, **row.facts}
