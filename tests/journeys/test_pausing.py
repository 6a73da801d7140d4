"""A control rule from both sides: tried on what was, it holds, pauses who answers blindly; they object and go on."""

from typing import Any

import pytest

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import queries as work
from tests.journeys.looking import looked_at, sign_in, watched
from tests.people import PASSWORD, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OPTIONS = ("positive", "negative", "neutral")


def right(data: Any) -> dict[str, str]:
    return {"sentiment": OPTIONS[int(data["text"].split()[-1]) % 3]}


def blind(_data: Any) -> dict[str, str]:
    return {"sentiment": "positive"}


def look_again(project: ProjectView) -> None:
    """What the jobs do every few seconds."""
    judge(project.id)
    quality.watch_workers(project_id=project.id)


@pytest.fixture
def project(settings: Any) -> ProjectView:
    """Bob has answered half of the tasks blindly, three others all of them; no rule holds yet."""
    settings.UNDO_SECONDS = 0
    for name in ("ada", "bob"):
        person(name, password=PASSWORD)
    plan = {"answers": {"min": 4, "max": 4}, "rules": []}
    made = launched([{"text": f"Text {n}"} for n in range(24)], quality=plan)
    do_work(made.id, "bob", blind, most=15)
    for name in ("ben", "bea", "amy"):
        do_work(made.id, name, right)
    look_again(made)
    return made


def test_a_rule_is_tried_pauses_somebody_and_they_object_and_go_on(
    site: str, browser: Any, project: ProjectView
) -> None:
    ada = watched(browser)
    sign_in(ada, site, "ada", to=f"/projects/{project.public_id}/people/")
    write_the_rule(ada)
    do_work(project.id, "bob", blind, most=5)
    look_again(project)
    bob = watched(browser, **PHONE)
    sign_in(bob, site, "bob", to=f"/work/{project.public_id}/")
    object_to_it(bob)
    reinstate(ada, f"{site}/projects/{project.public_id}/people/?state=objections")
    go_on(bob, f"{site}/work/{project.public_id}/", project)


def write_the_rule(page: Any) -> None:
    """Made on the page, tried on what was handed in so far, then saved."""
    page.get_by_role("link", name="Control rules").click()
    page.get_by_role("link", name="Agreement with results").click()
    page.get_by_label("Answers, at least").fill("10")
    page.get_by_label("Share, in %").fill("50")
    page.get_by_role("button", name="Whom would it have met?").click()
    page.get_by_text("1 of 4 people").wait_for()
    looked_at(page)
    page.get_by_role("button", name="Save the rule").click()
    page.get_by_text("The rule holds from now on.").wait_for()


def object_to_it(page: Any) -> None:
    """On a phone: the reason with the figures, and an objection."""
    page.get_by_role("link", name="How your work is judged").click()
    page.get_by_text("You get no more tasks of this project for now").wait_for()
    page.get_by_text("% (< 50 %)").first.wait_for()
    looked_at(page)
    page.get_by_label("Why should you go on?").fill(
        "The texts were cut off. I could not see the end of them."
    )
    page.get_by_role("button", name="Object").click()
    page.get_by_text("Your objection waits for a decision.").wait_for()


def reinstate(page: Any, objections: str) -> None:
    """The objection is found in the list, read beside the evidence, and granted."""
    page.goto(objections)
    page.locator("tbody a").first.click()
    page.get_by_text("The texts were cut off.").wait_for()
    looked_at(page)
    page.locator("#objection").get_by_role("button", name="Let them go on").click()
    page.get_by_text("The worker gets tasks again.").wait_for()


def go_on(page: Any, address: str, project: ProjectView) -> None:
    """The next task comes, and its answer is handed in."""
    page.goto(address)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/work/task/**")
    page.wait_for_selector("html[data-ready]")
    before = len(work.my_work(person("bob").id, limit=100))
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("before => location.pathname !== before", arg=page.evaluate("location.pathname"))
    assert before >= 20 and len(work.my_work(person("bob").id, limit=100)) == before + 1
    assert work.enrolment(person("bob").id, project.id).pause_reason is None
