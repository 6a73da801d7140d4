"""A worker's first hour on a phone, in German, with a thumb alone: sign up, look around, pass a test, work, see the money;
and what the app says when there is no network."""

import re
from typing import Any

import pytest
from django.core import mail

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.designs import actions as designs
from tests.journeys.looking import looked_at, watched
from tests.orders import organisation, project_file
from tests.people import PASSWORD, actor
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "de-DE"}
SAY = {"sentiment": "positive"}


@pytest.fixture
def phone(browser: Any) -> Any:
    """A phone that speaks German and has never been here."""
    page = watched(browser, **PHONE)
    yield page
    page.context.close()


def ordered() -> None:
    """A project that asks for a qualification, and the test by which it is had."""
    acme = organisation("acme")
    mood = academy.create_qualification(
        actor=actor("ada"), organisation_id=acme, slug="mood", title="Stimmung in Texten"
    )
    academy.define_entry_test(
        actor=actor("ada"), qualification_id=mood, draw=2, pass_mark=50,
        rows=[{"text": f"Sehr gut, Nummer {n}.", "_gold": SAY} for n in range(2)],
        design_id=designs.save_design(organisation_id=acme, file=project_file(language="de")).id,
    )  # fmt: skip
    launched(
        [{"text": f"Der Kessel ist gut, Nummer {n}."} for n in range(4)],
        title="Stimmung kurzer Bewertungen", language="de", audience={"languages": {"de": "C1"}, "qualifications": {"mood": 50}},
    )  # fmt: skip


def sign_up(page: Any, site: str) -> None:
    """Through the form and the link in the mail, as people do."""
    page.goto(f"{site}/accounts/signup/")
    page.fill("[name=email]", "mia@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=display_name]", "Mia")
    page.select_option("[name=country]", "DE")
    page.select_option("[name=time_zone]", "Europe/Berlin")
    page.select_option("[name=language_1]", "de")
    page.select_option("[name=level_1]", "native")
    page.check("[name=adult]")
    page.check("[name=terms]")
    page.tap("main button[type=submit]")
    page.wait_for_url("**/accounts/confirm-email/**")
    (letter,) = mail.outbox
    page.goto(site + re.search(r"https?://[^/\s]+(/accounts/\S+)", letter.body)[1])
    page.tap("main form button[type=submit]")
    page.wait_for_url("**/work/")  # the browser that signed up is signed in


def answer(page: Any) -> None:
    """One task: a choice and the button, both within reach; the next page is there."""
    page.wait_for_selector("html[data-ready]")
    before = page.url
    page.evaluate("document.documentElement.dataset.left = 'yes'")  # the tasks of a test share an address
    page.tap("[data-question=sentiment] label >> nth=0")
    if page.locator(".task-bar .button-primary").count():
        page.tap(".task-bar .button-primary")
    page.wait_for_function(
        "before => location.href !== before || !document.documentElement.dataset.left", arg=before
    )


def go(page: Any, path: str) -> None:
    """By a link on the page, wherever it stands."""
    link = page.locator(f"a[href='{path}']:visible").first
    link.scroll_into_view_if_needed()
    link.tap()
    page.wait_for_url(f"**{path}")


def test_the_first_hour(site: str, phone: Any, settings: Any) -> None:
    settings.SIGN_UP, settings.UNDO_SECONDS = "open", 300
    ordered()
    sign_up(phone, site)
    phone.goto(f"{site}/work/")
    assert phone.get_attribute("html", "lang") == "de"
    looked_at(phone)
    go(phone, "/work/list/why/")
    looked_at(phone)
    phone.tap("main form button")  # the test, where it is missing
    phone.wait_for_url("**/attempts/**")
    for _ in range(2):
        answer(phone)
    assert "100" in phone.inner_text(".figures")
    phone.goto(f"{site}/work/")
    phone.tap("a.offer-link")
    phone.wait_for_url("**/work/prj_*/")
    looked_at(phone)
    phone.tap("form.way-in button")
    phone.wait_for_url("**/work/task/**")
    for _ in range(3):
        answer(phone)
    phone.goto(f"{site}/work/mine/")
    assert phone.locator("li.line").count() == 4
    looked_at(phone)
    phone.goto(f"{site}/work/earnings/")
    assert "0,30" in phone.inner_text(".figures")
    looked_at(phone)
    phone.goto(f"{site}/work/")
    assert phone.locator(".running .button-primary").count() == 1
    assert "0,30" in phone.inner_text("section[aria-labelledby=today]")
    looked_at(phone)


def test_without_a_network_the_app_says_so_and_keeps_nothing_of_anybody(
    site: str, phone: Any, settings: Any
) -> None:
    from tests.interfaces.web.visiting import sign_in

    launched([{"text": "A secret of mine"}], title="Only for me")
    sign_in(phone, site, "ben")
    phone.goto(f"{site}/work/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.goto(f"{site}/work/list/")
    phone.wait_for_load_state("networkidle")
    phone.context.set_offline(True)
    phone.goto(f"{site}/work/earnings/")
    assert phone.url.endswith("/work/earnings/")
    assert phone.inner_text("h1") == "You are offline"
    assert phone.evaluate("getComputedStyle(document.querySelector('.button-primary')).backgroundColor") != "rgba(0, 0, 0, 0)"  # fmt: skip
    kept = phone.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
          return found;
        }"""
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    phone.context.set_offline(False)
    phone.tap("a.button-primary")
    phone.wait_for_selector("h1:has-text('Earnings')")


def test_a_phone_finds_all_it_needs_to_install_the_app(site: str, phone: Any) -> None:
    phone.goto(f"{site}/")
    href = phone.get_attribute("link[rel=manifest]", "href")
    manifest = phone.evaluate("href => fetch(href).then((reply) => reply.json())", href)
    assert (manifest["display"], manifest["start_url"], manifest["lang"]) == ("standalone", "/work/", "de")
    for icon in manifest["icons"]:
        reply = phone.request.get(site + icon["src"])
        assert (reply.status, reply.headers["content-type"]) == (200, icon["type"])
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
