"""Reviewing with the keyboard alone, from answer to answer; a rejection, and the objection to it on a phone."""

from typing import Any

import pytest

from tagwerk.domain.quality import queries as judged
from tagwerk.domain.work import queries as work
from tests.journeys.looking import looked_at, sign_in, watched
from tests.people import PASSWORD, actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_review_by_keys_reject_and_object(site: str, browser: Any, settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    for name in ("rob", "ben"):
        person(name, password=PASSWORD)
    project = launched([{"text": f"Text {n}"} for n in range(4)])
    member("rob", project.organisation_id, "reviewer")
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    judge(project.id)
    review_three(watched(browser), site, f"/projects/{project.public_id}/review/")
    verdicts = [one.verdicts for one in judged.reviewer_figures(actor("ada"), project.id)]
    assert verdicts == [{"approve": 1, "correct": 1, "reject": 1}]
    assert (work.progress(project.id).approved, work.progress(project.id).rejected) == (2, 1)
    object_to_it(watched(browser, **PHONE), site)
    assert judged.open_appeals_count(project.id) == 1


def review_three(page: Any, site: str, base: str) -> None:
    """One is good, one is corrected, one is rejected."""
    sign_in(page, site, "rob", to=base)
    page.get_by_role("link", name="Review one by one").click()
    page.wait_for_selector("form[data-review]")
    looked_at(page)
    page.keyboard.press("Control+Enter")
    following(page, looks=True)
    page.keyboard.press("3")  # the third option
    assert "corrected" in page.locator("button[data-changed]").inner_text()
    page.keyboard.press("Control+Enter")
    following(page)
    page.keyboard.press("x")
    page.wait_for_selector("#code:focus, #reason:focus")
    page.locator("#code").select_option("low_effort")
    page.locator("#reason").fill("Not read to the end.")
    page.get_by_role("button", name="Reject").click()
    page.wait_for_selector("#next")


def following(page: Any, *, looks: bool = False) -> None:
    """What others found, and the next answer."""
    page.wait_for_selector("#next")
    if looks:
        looked_at(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-review]")


def object_to_it(phone: Any, site: str) -> None:
    """The worker finds the rejection among their work."""
    sign_in(phone, site, "ben", to="/work/mine/")
    phone.get_by_role("link", name="Object").click()
    phone.get_by_label("Your objection").fill("I have read it to the end, twice.")
    looked_at(phone)
    phone.get_by_role("button", name="Object", exact=True).click()
    phone.get_by_text("waits for a decision").wait_for()
    looked_at(phone)
