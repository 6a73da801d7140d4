"""A requester without a mouse: from signing in over a template to a running project, with Tab, Enter and Space."""

from typing import Any

import pytest

from tagwerk.base.ids import row_number
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.rules import State
from tests.journeys.looking import watched
from tests.orders import deposit
from tests.people import PASSWORD, email_of, person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MOST_TABS = 80
REACHED = """([selector, words]) => {
  const one = document.activeElement;
  return one.matches(selector) && (one.innerText ?? "").includes(words); }"""
SEEN = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const marked = [one, one.closest("label") ?? one].some((part) => getComputedStyle(part).outlineStyle !== "none");
  return one === document.body || one.tagName === "IFRAME"
    || (marked && box.bottom > 0 && box.top < innerHeight); })()"""


def tab_to(page: Any, selector: str, words: str = "") -> None:
    """Tab by Tab; wherever the focus comes by, it can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate(REACHED, [selector, words]):
            return
    raise AssertionError(f"{MOST_TABS} times Tab do not lead to {selector} {words} on {page.url}")


def into_the_page(page: Any) -> None:
    """Past the navigation, by the first thing that Tab finds."""
    page.wait_for_load_state("networkidle")
    tab_to(page, "a.skip")
    page.keyboard.press("Enter")


def press(page: Any, selector: str, words: str, to: str) -> None:
    into_the_page(page)
    tab_to(page, selector, words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{to}*")  # the way past the navigation stays in the address


def test_from_a_template_to_a_running_project(site: str, browser: Any) -> None:
    person("ada", password=PASSWORD)
    deposit(50_000_000)
    page = watched(browser)
    page.goto(f"{site}/accounts/login/?next=/projects/")
    tab_to(page, "[name=login]")
    page.keyboard.type(email_of("ada"))
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Make the first project")
    press(page, "a", "Make the first project", "**/projects/new/")
    press(page, "button.template", "Choice", "**/setup/data/")
    into_the_page(page)
    tab_to(page, "button", "Take the example rows")
    page.keyboard.press("Space")
    page.wait_for_selector("#rows-title")
    press(page, "button", "Go on", "**/setup/design/")
    for step in ("people", "quality", "pay", "check"):
        press(page, "button", "Save and go on", f"**/setup/{step}/")
    press(page, "a, button", "Go on", "**/setup/launch/")
    into_the_page(page)
    tab_to(page, "button", "Launch")
    page.keyboard.press("Space")
    page.wait_for_selector("text=The project is running")
    number = row_number("prj", page.url.partition("/projects/")[2].partition("/")[0])
    assert projects.project(number).state == State.OPEN
    page.context.close()
