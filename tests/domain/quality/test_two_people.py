"""Many rejections need two people."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import ProposedRejection
from tagwerk.domain.quality.rules.appeals import Rejected, needs_second
from tagwerk.domain.work import actions as work
from tests.domain.work import scene
from tests.people import actor, key_actor, member, organisation, person

pytestmark = pytest.mark.django_db
WHY = {"code": "low_effort", "reason": "All the same word."}


@pytest.mark.parametrize(
    ("of_project", "of_worker", "answers", "second"),
    [(1, 1, 1, False), (5, 5, 5, False), (6, 1, 120, False), (6, 1, 100, True), (3, 6, 9_000, True),
     (20, 1, 9_000, False), (21, 1, 9_000, True)],
)  # fmt: skip
def test_when_one_person_is_not_enough(of_project, of_worker, answers, second):
    assert needs_second(Rejected(of_project, of_worker, answers)) is second


@pytest.fixture
def spam():
    """Seven answers of Ben's, and one of Bea's."""
    project = scene.running(8, quality=scene.answers(1))
    ben, bea = scene.worker("ben", project), scene.worker("bea", project)
    ids = [scene.done(ben, project) for _ in range(7)]
    hers = scene.done(bea, project)
    work.feed_answers(project_id=project.id)
    return project, ids, hers


def propose(project, ids, who="ada"):
    return quality.reject_answers(actor=actor(who), project_id=project.id, assignment_ids=ids, **WHY)


def test_the_sixth_of_one_worker_waits_and_is_not_approved_meanwhile(spam):
    project, ids, _hers = spam
    for one in ids[:5]:
        assert quality.reject_answer(actor=actor("ada"), project_id=project.id, assignment_id=one, **WHY)
    assert not quality.reject_answer(actor=actor("ada"), project_id=project.id, assignment_id=ids[5], **WHY)
    with pytest.raises(Conflict) as refused:
        quality.reject_answer(actor=actor("ada"), project_id=project.id, assignment_id=ids[5], **WHY)
    assert refused.value.code == "answer_deferred"
    assert work.accept_all(project_id=project.id) == 2  # the seventh, and Bea's
    assert scene.state_of(project, ids[5]) == 1
    scene.check_money(project)


def test_a_second_person_sees_what_it_does_and_confirms(spam):
    project, ids, _hers = spam
    max_ = member("max", project.organisation_id, "manager")
    assert propose(project, ids) == quality.RejectedNow(0, 7)
    (batch,) = queries.waiting_rejections(project)
    assert (batch.workers, batch.micros, len(batch.proposals), batch.proposed_by) == (1, 700_000, 7, "Ada")
    with pytest.raises(Conflict) as refused:
        quality.decide_rejections(actor=actor("ada"), project_id=project.id, assignment_ids=ids, confirm=True)
    assert refused.value.code == "another_person_decides"
    key = key_actor("ada", project.organisation_id)  # a key of Ada's is Ada
    with pytest.raises(Conflict):
        quality.decide_rejections(actor=key, project_id=project.id, assignment_ids=ids, confirm=True)
    done = quality.decide_rejections(actor=max_, project_id=project.id, assignment_ids=ids, confirm=True)
    assert done == 7 and {scene.state_of(project, one) for one in ids} == {3}
    assert not queries.waiting_rejections(project)
    scene.check_money(project)
    with pytest.raises(Conflict):
        quality.decide_rejections(actor=max_, project_id=project.id, assignment_ids=ids, confirm=False)


def test_the_second_person_can_have_them_paid_instead(spam):
    project, ids, _hers = spam
    propose(project, ids)
    quality.decide_rejections(actor=actor("dan"), project_id=project.id, assignment_ids=ids, confirm=False)
    assert scene.earned("ben") == 7 * project.price.reward_micros
    scene.check_money(project)


def test_what_nobody_confirms_in_time_is_paid(spam):
    project, ids, _hers = spam
    propose(project, ids)
    assert quality.lapse_proposals(now=now() + timedelta(days=2)) == 0
    assert quality.lapse_proposals(now=now() + timedelta(days=3, minutes=1)) == 7
    assert scene.earned("ben") == 7 * project.price.reward_micros
    scene.check_money(project)


def test_approving_ends_it(spam):
    project, ids, _hers = spam
    propose(project, ids)
    assert quality.approve_answers(actor=actor("ada"), project_id=project.id, assignment_ids=ids) == 7
    assert {one.state for one in ProposedRejection.objects.all()} == {"withdrawn"}
    assert quality.lapse_proposals(now=now() + timedelta(days=9)) == 0


def test_the_database_wants_another_person(spam):
    project, ids, _hers = spam
    propose(project, ids)
    with pytest.raises(IntegrityError, match="proposed_rejection_two_people"), transaction.atomic():
        ProposedRejection.objects.update(
            state="confirmed", decided_by_id=person("ada").id, decided_at=now(), same_person=False
        )


def test_alone_on_an_instance_it_is_marked(spam):
    project, ids, _hers = spam
    type(person("dan")).objects.filter(id=person("dan").id).update(is_operator=False)
    propose(project, ids)
    quality.decide_rejections(actor=actor("ada"), project_id=project.id, assignment_ids=ids, confirm=True)
    assert {one.same_person for one in ProposedRejection.objects.all()} == {True}


def test_reasons_come_from_the_list_and_nothing_is_half_done(spam):
    project, ids, hers = spam
    with pytest.raises(Invalid) as refused:
        quality.reject_answers(
            actor=actor("ada"),
            project_id=project.id,
            assignment_ids=ids,
            code="minority",
            reason="Others differ.",
        )
    assert refused.value.code == "reason_not_listed"
    quality.approve_answers(actor=actor("ada"), project_id=project.id, assignment_ids=[hers])
    with pytest.raises(Conflict):
        propose(project, [*ids, hers])
    assert not ProposedRejection.objects.exists()


def test_strangers_see_and_decide_nothing(spam):
    project, ids, _hers = spam
    propose(project, ids)
    organisation("other", "eve")
    vic = member("vic", project.organisation_id, "viewer")
    for who in (actor("cyn"), actor("eve"), actor("ben")):
        with pytest.raises(NotFound):
            quality.decide_rejections(actor=who, project_id=project.id, assignment_ids=ids, confirm=False)
    with pytest.raises(NotAllowed):
        quality.decide_rejections(actor=vic, project_id=project.id, assignment_ids=ids, confirm=False)
    with pytest.raises(NotFound):
        quality.decide_rejections(
            actor=actor("dan"), project_id=project.id, assignment_ids=[*ids, 10**9], confirm=True
        )
