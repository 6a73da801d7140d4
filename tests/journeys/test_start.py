"""A visitor tries tasks on the start page: by keys at a desk, by thumb on a phone; nothing leaves the browser."""

import json
from typing import Any

import pytest

from tests.journeys.looking import DESK, PHONE, looked_at, watched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_task_is_tried_by_keys_and_goes_nowhere(site: str, browser: Any) -> None:
    page = watched(browser, viewport=DESK)
    page.goto(f"{site}/?example=choice")
    page.wait_for_selector("html[data-ready]")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Enter")
    assert page.is_hidden("[data-example-done]")  # nothing is answered yet
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-example-done]:not([hidden])")
    assert json.loads(page.inner_text("[data-example-record]")) == {"mood": "negative"}
    assert "went nowhere" in page.inner_text("[data-example-done]")
    assert page.evaluate("document.activeElement.matches('[data-example-done]')")
    assert asked == []
    looked_at(page)
    page.click("[data-example-again]")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    assert json.loads(page.inner_text("[data-example-record]")) == {"mood": "positive"}
    page.click("text=Next: Rating")
    page.wait_for_selector("tw-rating")
    assert page.is_visible("form[data-example]")
    page.context.close()


def test_on_a_phone_in_german(site: str, browser: Any) -> None:
    page = watched(browser, viewport=PHONE, locale="de-DE", has_touch=True, is_mobile=True)
    page.goto(f"{site}/")
    page.wait_for_selector("html[data-ready]")
    page.tap("tw-comparison label >> nth=0")
    page.wait_for_selector("tw-text textarea")  # the condition of the second question holds now
    assert page.locator("kbd:visible").all_inner_texts() == []  # nobody presses keys here
    page.fill("tw-text textarea", "A hilft, B gibt nur auf.")
    page.tap("text=Abgeben")
    page.wait_for_selector("[data-example-done]:not([hidden])")
    assert json.loads(page.inner_text("[data-example-record]"))["better"] == -2
    page.context.close()
