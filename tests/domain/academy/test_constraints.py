"""The database is the last judge of qualifications and tests."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy.models import EntryTest, EntryTestAttempt, Holding, Qualification
from tagwerk.domain.designs.actions import save_design
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tests.people import actor, organisation, person

pytestmark = pytest.mark.django_db

FILE = '{"title": "M", "language": "en", "show": [{"text": "{{ t }}"}], "ask": {"q": {"kind": "choice", "options": ["a", "b"]}}}'


def qualification() -> int:
    acme = organisation()
    return academy.create_qualification(
        actor=actor("ada"), organisation_id=acme, slug="basics", title="Basics"
    )


def holding() -> Holding:
    own = qualification()
    academy.grant_qualification(actor=actor("ada"), qualification_id=own, person_id=person("ben").id)
    return Holding.objects.get()


def entry_test() -> EntryTest:
    own = qualification()
    made = academy.define_entry_test(
        actor=actor("ada"),
        qualification_id=own,
        design_id=save_design(organisation_id=organisation(), file=read_project_file(FILE)).id,
        rows=[{"t": "x", "_gold": {"q": "a"}}],
        draw=1,
        pass_mark=50,
    )
    return EntryTest.objects.get(id=made)


@pytest.mark.parametrize("of_instance", [False, True])
def test_a_slug_is_there_once_per_owner(of_instance):
    owner = None if of_instance else organisation()
    Qualification.objects.create(organisation_id=owner, slug="basics", title="B")
    with pytest.raises(IntegrityError, match="qualification_slug_once"):
        Qualification.objects.create(organisation_id=owner, slug="basics", title="B")


def test_a_slug_has_its_shape():
    with pytest.raises(IntegrityError, match="qualification_slug_shape"):
        Qualification.objects.create(slug="The Basics", title="B")


def test_a_qualification_is_held_once_at_a_time():
    held = holding()
    held.pk = None
    with pytest.raises(IntegrityError, match="holding_current_once"):
        held.save()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("holding_score_in_range", {"score": 101}),
        ("holding_score_in_range", {"score": -1}),
        ("holding_source_known", {"source": "bought"}),
        ("holding_expires_later", {"expires_at": timezone.now() - timedelta(days=1)}),
        ("holding_revoked_has_end", {"revoked": True}),
    ],
)
def test_a_holding_is_well_formed(name, change):
    held = holding()
    with pytest.raises(IntegrityError, match=name):
        Holding.objects.filter(id=held.id).update(**change)


def test_a_qualification_has_one_open_test():
    test = entry_test()
    test.pk = None
    with pytest.raises(IntegrityError, match="entry_test_open_once"):
        test.save()


@pytest.mark.parametrize(
    "change",
    [
        {"draw": 0},
        {"pass_mark": 0},
        {"pass_mark": 101},
        {"tolerance_bp": 10_000},
        {"retry_after_seconds": -1},
        {"holding_seconds": 0},
    ],
)
def test_a_test_has_numbers_that_work(change):
    test = entry_test()
    with pytest.raises(IntegrityError, match="entry_test_numbers_in_range"):
        EntryTest.objects.filter(id=test.id).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("entry_test_minutes_in_range", {"minutes": 0}),
        (
            "entry_test_minutes_in_range",
            {"minutes": 601, "pay_micros": 1, "paid_attempts": 1, "currency": "EUR"},
        ),
        ("entry_test_long_is_paid", {"minutes": 11}),
        ("entry_test_pay_complete", {"pay_micros": 1}),
        ("entry_test_pay_complete", {"paid_from": 1}),
        ("entry_test_pay_complete", {"pay_micros": 1, "paid_attempts": 1, "currency": "€"}),
        (
            "entry_test_pay_complete",
            {"pay_micros": 1, "paid_attempts": 1, "currency": "EUR", "paid_from": 101},
        ),
    ],
)
def test_a_long_test_is_paid_and_its_pay_is_complete(name, change):
    test = entry_test()
    with pytest.raises(IntegrityError, match=name):
        EntryTest.objects.filter(id=test.id).update(**change)


def test_an_attempt_is_open_once():
    test = entry_test()
    academy.start_attempt(actor=actor("ben"), test_id=test.id)
    with pytest.raises(IntegrityError, match="entry_test_attempt_open_once"):
        EntryTestAttempt.objects.create(test=test, person=person("ben"), task_ids=[1])


@pytest.mark.parametrize(
    "change",
    [
        {"score": 50},
        {"finished_at": timezone.now()},
        {"finished_at": timezone.now(), "score": 101, "passed": True},
    ],
)
def test_a_finish_is_complete(change):
    academy.start_attempt(actor=actor("ben"), test_id=entry_test().id)
    with pytest.raises(IntegrityError, match="entry_test_attempt_finish_complete"):
        EntryTestAttempt.objects.update(**change)
