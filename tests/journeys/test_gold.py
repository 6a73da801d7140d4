"""Gold in a browser: who trains learns from it between two tasks, and a member corrects its key."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Gold
from tagwerk.domain.work.queries import sql
from tests.journeys.looking import looked_at, sign_in, watched
from tests.people import PASSWORD, person
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

GOLD = {
    "text": "The shop is on the left.",
    "_gold": {"sentiment": "neutral"},
    "_gold_explanation": "It judges nothing.",
}
ROWS = [{"text": f"Lovely place {n}!"} for n in range(4)]


@pytest.fixture
def project(settings: Any) -> ProjectView:
    """A project that trains, in which gold is due for Ben."""
    settings.UNDO_SECONDS = 300
    person("ben", password=PASSWORD)
    person("ada", password=PASSWORD)
    plan = {"answers": 1, "gold_share": 0.5, "gold_feedback": True}
    made = launched([GOLD, *ROWS], title="Moods", quality=plan)
    work.enrol(person_id=person("ben").id, project_id=made.id)
    sql.write("UPDATE enrolment SET gold_due = 0, gold_micros = 3000000")
    return made


def test_a_trainee_learns_between_two_tasks_and_a_member_corrects_the_key(
    site: str, browser: Any, project: ProjectView
) -> None:
    page = watched(browser)
    sign_in(page, site, "ben", to=f"/work/{project.public_id}/")
    page.click("button:has-text('Start')")
    page.wait_for_url("**/work/task/**")
    page.wait_for_selector("html[data-ready]")
    assert page.is_visible("text=The shop is on the left.") and not page.is_visible("text=It judges nothing.")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/answer/**")
    assert page.is_visible("text=Not quite.") and page.is_visible("text=It judges nothing.")
    looked_at(page)
    page.click("a:has-text('Go on')")
    page.wait_for_selector("text=Lovely place")
    page.context.close()
    corrected(site, watched(browser), project)


def corrected(site: str, page: Any, project: ProjectView) -> None:
    """Ada says that another answer is right, and the old one too."""
    gold = Gold.objects.get(project_id=project.id)
    sign_in(page, site, "ada", to=f"/projects/{project.public_id}/gold/{public_id('tsk', gold.task_id)}/")
    page.wait_for_selector("html[data-ready]")
    page.click("label:has-text('negative')")
    page.click("summary:has-text('Other right answers')")
    page.fill("textarea[name='also.sentiment']", "neutral")
    page.click("button:has-text('Keep the right answers')")
    page.wait_for_selector("text=Kept. All answers to this task are measured by it.")
    looked_at(page)
    page.context.close()
    gold.refresh_from_db()
    assert gold.answers == {"sentiment": {"any_of": ["negative", "neutral"]}}
