"""Pictures of every page in all its states, and one contact sheet of them: `make screenshots`.

Not a test: it checks nothing. It runs on the fixtures of the tests (a database, a site, a browser), once for each look.
The pictures are in build/screenshots/<look>/<state>/<page>.png, the sheet is build/screenshots/index.html.
"""

import os
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client
from django.urls import reverse

from tests.interfaces.web.access_table import TABLE
from tests.interfaces.web.many import fill
from tests.interfaces.web.scene import Scene, arguments
from tests.interfaces.web.visiting import visitor
from tests.people import organisation

FOLDER = Path("build", "screenshots")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
# Every pair of width, scheme and language is among them; SCREENSHOTS_ALL=yes takes all eight.
LOOKS = {
    "desk-light-en": {**DESK, "color_scheme": "light"},
    "desk-dark-de": {**DESK, "color_scheme": "dark"},
    "phone-light-de": {**PHONE, "color_scheme": "light"},
    "phone-dark-en": {**PHONE, "color_scheme": "dark"},
}
if os.environ.get("SCREENSHOTS_ALL") == "yes":
    LOOKS |= {
        "desk-light-de": {**DESK, "color_scheme": "light"},
        "desk-dark-en": {**DESK, "color_scheme": "dark"},
        "phone-light-en": {**PHONE, "color_scheme": "light"},
        "phone-dark-de": {**PHONE, "color_scheme": "dark"},
    }
ONLY = re.compile(os.environ.get("SCREENSHOTS_ONLY", ""))  # pages whose names match; empty: all
VISITORS = (None, "cyn", "ben", "ada", "dan")  # who opens a page: the first of them that may, and lives there
OF_WORKERS = re.compile(r"work|my_|earnings|inbox|profile|settings|next_task")
LONG = re.compile(r"project|organisation|operator|work|my_|earnings|inbox")  # pages with lists that grow
TALLEST = 4_000  # px of a picture; a longer page is cut

pytestmark = pytest.mark.django_db(transaction=True)


def pages() -> Iterator[tuple[str, str | None]]:
    """Each page that can be opened, and who opens it."""
    for name, (may, _send, _sent) in TABLE.items():
        if may and ONLY.search(name):
            order = ("ben", *VISITORS) if OF_WORKERS.search(name) else VISITORS
            yield name, next((who for who in order if who in may), sorted(may - {None})[0])


class Camera:
    """A browser with one look, that signs people in and keeps pictures."""

    def __init__(self, browser: Any, site: str, look: str) -> None:
        self.browser, self.site, self.look = browser, site, look

    def take(self, who: str | None, state: str, name: str, path: str, *, send_empty: bool = False) -> None:
        """Open the page as this person; with `send_empty` its first form is sent without a word."""
        context = self.browser.new_context(
            locale="de-DE" if self.look.endswith("de") else "en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            **LOOKS[self.look],
        )
        context.set_default_timeout(20_000)
        context.add_cookies(self._cookies(who))
        page = context.new_page()
        try:
            self._open(page, path, send_empty=send_empty)
            self._keep(page, state, name)
        finally:
            context.close()

    def _cookies(self, who: str | None) -> list[dict[str, str]]:
        kept = {conf.LANGUAGE_COOKIE_NAME: self.look[-2:]}
        if who is not None:
            kept[conf.SESSION_COOKIE_NAME] = visitor(who).cookies[conf.SESSION_COOKIE_NAME].value
        return [{"name": key, "value": value, "url": self.site} for key, value in kept.items()]

    def _open(self, page: Any, path: str, *, send_empty: bool) -> None:
        page.goto(self.site + path)
        if send_empty:
            with page.expect_navigation():
                page.evaluate(
                    """() => { const form = document.querySelector("main form[method=post]");
                    for (const field of form.elements) if (field.type !== "hidden" && "value" in field
                      && field.type !== "submit") field.value = "";
                    setTimeout(() => HTMLFormElement.prototype.submit.call(form)); }"""
                )
        page.wait_for_load_state("networkidle")

    def _keep(self, page: Any, state: str, name: str) -> None:
        folder = FOLDER / self.look / state
        folder.mkdir(parents=True, exist_ok=True)
        # A screen as tall as the page: Chromium takes a "full page" without the finger, and bars float in its middle.
        width, height = page.viewport_size["width"], page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
        page.screenshot(path=folder / f"{name}.png")


@pytest.fixture(params=LOOKS)
def camera(request: pytest.FixtureRequest, browser: Any, site: str) -> Camera:
    """One look after the other."""
    return Camera(browser, site, request.param)


def shown(client: Client, address: str) -> str:
    """The page behind an address; nothing where it leads on or is a file."""
    reply = client.get(address)
    is_page = reply.status_code == 200 and "html" in reply.get("Content-Type", "")
    return str(reply.content.decode()) if is_page else ""


def test_one_of_each(camera: Camera, settings: Any) -> None:
    """Every page with something on it, and the answer of every form that is sent empty."""
    scene = Scene(settings)
    for name, who in pages():
        address = scene.address(name)
        text = shown(scene.clients[who], address)
        if text:
            camera.take(who, "one", name, address)
        if (
            TABLE[name][1]
            and name != "task"
            and re.search(r'method="post"', text.partition("<main")[2].partition("</main>")[0])
        ):
            camera.take(who, "error", name, address, send_empty=True)


def test_nothing_yet(camera: Camera) -> None:
    """Every page that has no thing in its address, for people who have just come."""
    organisation("new", "ada")
    for name, who in pages():
        if not arguments(name) and shown(visitor(who), reverse(name)):
            camera.take(who, "empty", name, reverse(name))


def test_many(camera: Camera, settings: Any) -> None:
    """The pages with long lists, over ten thousand rows of each kind."""
    scene = Scene(settings)
    fill(scene)
    for name, who in pages():
        if LONG.match(name) and shown(scene.clients[who], scene.address(name)):
            camera.take(who, "many", name, scene.address(name))


def contact_sheet() -> None:
    """All pictures on one page, a row for each page and state, a column for each look."""
    looks = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    rows: dict[tuple[str, str], dict[str, Path]] = {}
    for path in sorted(FOLDER.glob("*/*/*.png")):
        rows.setdefault((path.stem, path.parent.name), {})[path.parent.parent.name] = path.relative_to(FOLDER)
    head = "".join(f"<th>{escape(look)}" for look in looks)
    body = "".join(
        f"<tr><th>{escape(name)}<br>{escape(state)}"
        + "".join(
            f'<td><a href="{found[look]}"><img loading="lazy" src="{found[look]}"></a>'
            if look in found
            else "<td>"
            for look in looks
        )
        for (name, state), found in sorted(rows.items())
    )
    style = "img{width:20rem;border:1px solid #888}td,th{vertical-align:top;padding:.5rem;text-align:start}"
    (FOLDER / "index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>tagwerk, all pages</title><style>{style}</style>"
        f"<table><thead><tr><th>{head}</thead><tbody>{body}</tbody></table>"
    )


def teardown_module() -> None:
    """The sheet of whatever pictures there are now; with several processes the last one to end has them all."""
    if FOLDER.is_dir():
        contact_sheet()
