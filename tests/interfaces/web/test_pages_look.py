"""Every page that can be opened, in a real browser: accessible, within the content policy, no wider than a phone, still
where people ask for it; in the dark, right to left, whole at twice the size. One visit to each page."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf

from tests.interfaces.web.access_table import TABLE
from tests.interfaces.web.scene import Scene
from tests.interfaces.web.test_gallery import ALL_RULES, COLOURS, STILL, WATCH, fits, violations
from tests.interfaces.web.visiting import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get(
    "PAGE_SHOTS", ""
)  # a folder: every page's picture on a phone, in German, is kept there
GROUPS = 4  # that run side by side, each in a scene of its own
VISITORS = (None, "ben", "cyn", "ada", "dan")  # who opens a page: the first of them that may
NO_PAGES = {  # files, fragments, and addresses that lead on
    "manifest", "service_worker", "robots", "healthz", "data_of_mine", "earnings_file", "organisation_movements_file",
    "organisation_invoice_file", "operator_invoice_file", "operator_run_sepa", "operator_run_list", "operator_wages_file",
    "statement", "year_paper", "operator_self_bill",
    "project_example_csv", "project_example_jsonl", "project_bad_rows", "project_export_file",
    "project_panel", "notice", "next_task", "project_review_next", "set_up", "set_up_operator", "setup", "project_pilot",
}  # fmt: skip
AS_ASKED = (  # pages that look different when something is asked of them
    (None, "/nowhere/"),
    (None, "/?example=text"),
    (None, "/pay/?amount=x&seconds=1&answers=1"),
    (None, "/docs/?q=gold"),
    (None, "/accounts/login/"),
    (None, "/accounts/signup/"),
    (None, "/accounts/password/reset/"),
    ("ben", "/accounts/email/"),
    ("ben", "/work/list/?state=all&hourly=6&language=de"),
    ("ben", "/work/mine/?state=rejected"),
    ("ben", "/work/earnings/?by=project"),
)
DESK, PHONE, SMALL = (
    {"width": 1440, "height": 900},
    {"width": 390, "height": 844},
    {"width": 640, "height": 400},
)

CUT = """[...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one), hides = /hidden|clip/.test(style.overflowX);
  return hides && style.textOverflow !== "ellipsis" && style.clipPath === "none" && one.checkVisibility()
    && one.scrollWidth > one.clientWidth + 1 && one.innerText?.trim(); }).map((one) => one.outerHTML.slice(0, 120))"""
STUCK = """[...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && ["fixed", "sticky"].includes(getComputedStyle(one).position)
    && one.getBoundingClientRect().width > innerWidth / 2 && one.getBoundingClientRect().height > innerHeight / 3)
  .map((one) => one.outerHTML.slice(0, 120))"""
BEHIND = """(() => { const bars = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && ["fixed", "sticky"].includes(getComputedStyle(one).position)
    && one.getBoundingClientRect().width > innerWidth / 2);
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) => {
    one.focus();
    if (document.activeElement !== one || bars.some((bar) => bar.contains(one))) return false;
    const {top, bottom} = one.getBoundingClientRect();
    return bars.map((bar) => bar.getBoundingClientRect()).some((bar) => top >= bar.top && bottom <= bar.bottom);
  }).map((one) => one.outerHTML.slice(0, 120)); })()"""
MOVING = """document.getAnimations().filter((one) => one.playState === "running"
    && one.effect.getComputedTiming().endTime > 100).map((one) => one.effect.target.outerHTML.slice(0, 120))"""


def addresses(scene: Scene) -> Iterator[tuple[str | None, str]]:
    """Each page, and who opens it."""
    for name, (may, _send, _sent) in TABLE.items():
        if may and name not in NO_PAGES:
            yield next((who for who in VISITORS if who in may), sorted(may - {None})[0]), scene.address(name)
    yield from AS_ASKED


def plain(page: Any) -> Iterator[Any]:
    """In daylight, on a desk and on a phone, which is left open."""
    yield page.evaluate("reports")
    yield violations(page, ALL_RULES)
    yield page.evaluate(MOVING)
    yield page.evaluate("reports.filter((one) => !one.includes('axe'))")
    yield [] if fits(page) else "too wide for a desk"
    page.set_viewport_size(PHONE)
    yield [] if fits(page) else "too wide for a phone"
    yield page.evaluate(CUT)
    yield [f"has the focus behind a bar: {one}" for one in page.evaluate(BEHIND)]


def dark(page: Any) -> Iterator[Any]:
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    yield [f"dark: {one}" for one in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")


def large(page: Any) -> Iterator[Any]:
    """Letters twice as large, then everything twice as large."""
    page.set_viewport_size(DESK)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield [] if fits(page) else "too wide with large letters"
    yield page.evaluate(CUT)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(SMALL)
    yield [] if fits(page) else "too wide at twice the size"
    yield page.evaluate(CUT) + page.evaluate(STUCK)


def right_to_left(page: Any) -> Iterator[Any]:
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.dir = 'rtl'")
    yield [f"right to left: {one}" for one in violations(page, ["target-size"])]
    yield [] if fits(page) else "too wide for a phone, right to left"
    page.set_viewport_size(DESK)
    yield [] if fits(page) else "too wide for a desk, right to left"


WAYS = (dark, large, right_to_left)  # to look at a page besides; the last leaves it turned round


@pytest.mark.parametrize("in_every_way", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("group", range(GROUPS))
def test_every_page(site: str, browser: Any, settings: Any, group: int, in_every_way: bool) -> None:
    """Plainly, and in one more way, the next page in the next; in the long run in all of them."""
    scene = Scene(settings)
    context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", viewport=DESK, **STILL)
    context.add_init_script(WATCH)
    page, wrong, signed_in = context.new_page(), {}, None
    context.add_cookies([{"name": conf.LANGUAGE_COOKIE_NAME, "value": "de", "url": site}])
    pages = sorted(addresses(scene), key=lambda one: one[0] or "")[group::GROUPS]
    for place, (who, address) in enumerate(pages):
        if who != signed_in:
            sign_in(page, site, who)
            signed_in = who
        page.set_viewport_size(DESK)
        reply = page.goto(site + address)
        assert reply.status == 200 or (None, address) in AS_ASKED, address
        assert page.url == site + address, f"{address} leads on to {page.url}"
        assert "html" in reply.headers["content-type"], address
        ways = WAYS if in_every_way else [WAYS[place % len(WAYS)]]
        found = [one for look in (plain, *ways) for one in look(page) if one]
        if found:
            wrong[address] = found
        if SHOTS:
            page.set_viewport_size(PHONE)
            page.screenshot(path=Path(SHOTS, f"{address.replace('/', '_')[:80]}.png"), full_page=True)
    context.close()
    assert wrong == {}, "\n".join(f"{address}: {found}" for address, found in wrong.items())
