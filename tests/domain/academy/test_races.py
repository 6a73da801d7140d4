"""Two at once: real threads, real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy.models import EntryTestAttempt, Holding
from tagwerk.domain.designs.actions import save_design
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tests.people import actor, organisation, person

pytestmark = pytest.mark.django_db(transaction=True)

FILE = '{"title": "M", "language": "en", "show": [{"text": "{{ t }}"}], "ask": {"q": {"kind": "choice", "options": ["a", "b"]}}}'


def at_once(number, call):
    start = Barrier(number)

    def run(place):
        try:
            start.wait()
            return call(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def qualification() -> int:
    acme = organisation()
    return academy.create_qualification(
        actor=actor("ada"), organisation_id=acme, slug="basics", title="Basics"
    )


def test_grants_at_once_leave_one_holding():
    own, ada, ben = qualification(), actor("ada"), person("ben").id

    def grant(place):
        academy.grant_qualification(actor=ada, qualification_id=own, person_id=ben, score=50 + place)

    at_once(4, grant)
    assert Holding.objects.filter(ended_at=None).count() == 1
    assert Holding.objects.count() == 4


def test_two_clicks_start_one_attempt():
    own = qualification()
    test = academy.define_entry_test(
        actor=actor("ada"),
        qualification_id=own,
        design_id=save_design(organisation_id=organisation(), file=read_project_file(FILE)).id,
        rows=[{"t": str(n), "_gold": {"q": "a"}} for n in range(50)],
        draw=5,
        pass_mark=50,
    )
    ben = actor("ben")
    attempts = at_once(4, lambda _: academy.start_attempt(actor=ben, test_id=test))
    assert len(set(attempts)) == 1
    assert EntryTestAttempt.objects.count() == 1
