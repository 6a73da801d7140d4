"""The page of a task in other hands: right to left with words of three scripts, and after a long time at work."""

import json
from typing import Any

import pytest

from tagwerk.domain.accounts import actions as accounts
from tests.interfaces.web.test_gallery import fits
from tests.interfaces.web.visiting import sign_in
from tests.journeys.looking import DESK, PHONE, looked_at, watched
from tests.people import actor, person
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ARABIC = "الغلاية سريعة جدا، لكنها صاخبة. السعر 49 يورو."
HEBREW = "הקומקום מהיר, אבל רועש: 85 dB ב-3 דקות (KETTLE-X2)."
ASK = {
    "better": {"kind": "comparison", "of": ["a", "b"], "label": "أيهما أفضل؟"},
    "mood": {"kind": "choice", "options": {"good": "جيد", "bad": "سيئ (1 / 5)"}, "label": "كيف يبدو النص؟"},
    "clear": {"kind": "rating", "scale": 5, "label": "ما مدى وضوحه؟"},
    "why": {"kind": "text", "label": "لماذا؟", "required": False},
}


@pytest.fixture
def page(browser: Any, settings: Any) -> Any:
    settings.UNDO_SECONDS = 300
    made = watched(browser)
    yield made
    made.context.close()


def start(page: Any, site: str, **changes: Any) -> None:
    rows = [{"text": f"Text {n}", "a": f"{ARABIC} {n}", "b": f"{HEBREW} {n}"} for n in range(4)]
    made = launched(rows, **changes)
    sign_in(page, site, "ben")
    page.goto(f"{site}/work/{made.public_id}/")
    page.click("form.way-in button")
    page.wait_for_selector("html[data-ready]")


def direction(page: Any, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("one => getComputedStyle(one).direction"))


def test_all_four_kinds_in_arabic_and_hebrew(site: str, page: Any) -> None:
    person("ben", languages={"ar": "native", "en": "C1"})
    start(
        page,
        site,
        title="غلايات",
        language="ar",
        instructions="اقرأ النصين ثم قل أيهما أفضل.",
        show=[{"compare": {"a": "{{ a }}", "b": "{{ b }}"}}],
        ask=ASK,
    )
    assert page.get_attribute("html", "dir") == "ltr", "the page itself is in English"
    for content in (
        "#instructions .prose",
        ".side .prose",
        "tw-choice label span[lang]",
        "legend span[lang]",
    ):
        assert direction(page, content) == "rtl", content
    assert page.locator("[lang=ar]").count() >= 2
    looked_at(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    looked_at(page)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert fits(page)
    before = page.url
    for key in ("1", "]", "2", "]", "3", "]"):
        page.keyboard.press(key)
    page.keyboard.type("لأنه أوضح")
    given = page.evaluate("[...document.querySelectorAll('[data-question]')].map((one) => one.value)")
    assert [abs(given[0]), *given[1:]] == [1, "bad", 3, "لأنه أوضح"]
    page.keyboard.press("Control+Enter")
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=before.partition("?")[0])
    page.wait_for_selector("[data-undo]")


def worked_for_a_second(page: Any) -> tuple[str, dict[str, Any]]:
    """Where the page keeps how long somebody has worked, and what it says after a second: it counts by its own clock, which
    stands until it is asked to run."""
    start = "tagwerk.worked."
    for _second in range(60):
        page.clock.run_for(1_000)
        found = page.evaluate(
            "start => Object.entries(localStorage).find(([one]) => one.startsWith(start)) ?? null", start
        )
        if found and json.loads(found[1])["active"] >= 1_000:
            return found[0], json.loads(found[1])
    raise AssertionError("The page has not counted a second of work in a minute.")


def test_after_so_much_work_a_break_is_proposed_once(site: str, page: Any) -> None:
    person("ben")
    accounts.change_preferences(actor=actor("ben"), break_minutes=25)
    page.clock.install()
    start(page, site)
    page.wait_for_selector("html[data-ready]")
    key, worked = worked_for_a_second(page)
    assert page.is_hidden("[data-break]")
    almost = {**worked, "active": 25 * 60_000 - 1_500}
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, json.dumps(almost)])
    page.keyboard.press("1")
    page.clock.run_for(3_000)
    page.wait_for_selector("[data-break][role=status] >> text=You have worked for 25 minutes. A break?")
    looked_at(page)
    page.reload()
    page.wait_for_selector("[data-break]:not([role])")  # it stays, and is not said again
    page.click("[data-goes-on]")
    page.clock.run_for(5_000)
    assert page.is_hidden("[data-break]")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.clock.run_for(2_000)
    assert page.is_hidden("[data-break]")
    page.clock.fast_forward(6 * 60_000)  # nobody is there: that was a break
    page.keyboard.press("2")
    page.clock.run_for(2_000)
    assert json.loads(page.evaluate("key => localStorage.getItem(key)", key))["active"] < 60_000
