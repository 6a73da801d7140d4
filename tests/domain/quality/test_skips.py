"""Several skips in a row offer other work, and do nothing else; in sensitive projects nobody counts them."""

import pytest

from tagwerk.domain.designs.rules.control import Rule
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Intervention
from tagwerk.domain.quality.queries.control import skippers
from tagwerk.domain.work import actions as work
from tests.domain.work.scene import done, running, taken, worker
from tests.workshop import judge

pytestmark = pytest.mark.django_db
PLAN = {
    "answers": {"min": 1, "max": 1},
    "rules": [{"collector": "skips", "in_a_row": 3, "action": "offer_other_work"}],
}


def skip(ben, project):
    held = taken(ben, project)
    work.skip(
        person_id=ben, project_id=project.id, assignment_id=held.assignment_id, reason="would_rather_not"
    )


def offered(ben, project):
    return queries.other_work_offered(ben, project)


def test_three_skips_in_a_row_offer_other_work_and_an_answer_begins_anew():
    project = running(20, quality=PLAN)
    ben = worker("ben", project)
    skip(ben, project)
    skip(ben, project)
    assert not offered(ben, project)
    done(ben, project)
    skip(ben, project)
    skip(ben, project)
    assert not offered(ben, project)
    skip(ben, project)
    assert offered(ben, project)
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    assert not Intervention.objects.exists() and taken(ben, project)  # never a penalty
    [rule] = queries.rules_of(project)
    assert skippers(project, rule, [ben]) == {ben: {"in_a_row": 3}}


def test_in_sensitive_projects_skips_are_nobodys_business():
    project = running(20, quality=PLAN, sensitivity=2)
    ben = worker("ben", project)
    work.consent(person_id=ben, project_id=project.id)
    for _ in range(4):
        skip(ben, project)
    assert not offered(ben, project)
    assert skippers(project, Rule.model_validate(PLAN["rules"][0]), [ben]) == {}
