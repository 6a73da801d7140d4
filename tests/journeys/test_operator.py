"""An operator's first run, on a German phone: from the code on the console to an instance of their own; and a suspension,
seen from both sides."""

from typing import Any

import pytest
from django.conf import settings as platform

from tagwerk.domain.accounts import queries
from tests.journeys.looking import PHONE, looked_at, sign_in, watched
from tests.people import PASSWORD, email_of, person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(browser: Any) -> Any:
    """A phone that speaks German."""
    made = watched(browser, viewport=PHONE, locale="de-DE", has_touch=True, is_mobile=True)
    yield made
    made.context.close()


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).tap()


def become_operator(page: Any, site: str) -> None:
    """From the code to the first operator, left once and taken up."""
    page.goto(f"{site}/setup/?code={platform.SET_UP_CODE}")
    looked_at(page)
    press(page, "Beginnen")
    page.get_by_label("Name der Instanz").fill("Nordlicht")
    looked_at(page)
    press(page, "Speichern und weiter")
    page.wait_for_url("**/setup/money/")
    page.goto(f"{site}/setup/")  # left, and taken up
    page.wait_for_url("**/setup/money/")
    page.get_by_label("Gebühr in Prozent des Lohns").fill("12,5")
    press(page, "Speichern und weiter")
    page.wait_for_url("**/setup/operator/")
    assert page.get_by_label("Zeitzone").input_value() == "Europe/Berlin"
    page.get_by_label("Ihr Name").fill("Olga")
    page.get_by_label("E-Mail").fill("olga@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_label("Ich bin mindestens 18").check()
    looked_at(page)
    press(page, "Betreiber werden")


def test_the_first_run(site: str, phone: Any) -> None:
    page = phone
    become_operator(page, site)
    page.wait_for_url("**/setup/mail/")
    press(page, "Testmail senden")
    page.get_by_text("erreicht niemanden").wait_for()
    looked_at(page)
    press(page, "Weiter")
    page.get_by_role("heading", name="Nordlicht ist bereit").wait_for()
    looked_at(page)
    page.get_by_role("link", name="Zur Übersicht").tap()
    page.get_by_role("heading", name="Nordlicht", exact=True).wait_for()
    looked_at(page)
    found = queries.instance()
    assert (found.name, found.fee_bp, found.language) == ("Nordlicht", 1250, "de")


def suspend(page: Any) -> None:
    page.get_by_role("button", name="Sperren …").tap()
    page.get_by_label("Grund").select_option("identity")
    page.get_by_role("textbox", name="Was geschah").fill("Bitte melden Sie sich bei uns.")
    page.locator("dialog[open]").get_by_role("button", name="Sperren", exact=True).tap()
    page.get_by_role("button", name="Sperre aufheben").wait_for()
    looked_at(page)


def test_a_suspension_seen_from_both_sides(site: str, phone: Any, browser: Any) -> None:
    person("ben", password=PASSWORD), person("dan", password=PASSWORD, ui_language="de")
    page = phone
    sign_in(page, site, "dan", to="/operator/people/")
    page.get_by_role("link", name="Ben", exact=True).tap()
    page.get_by_role("heading", name="Ben", exact=True).wait_for()
    page.get_by_role("button", name="Mit den Augen dieser Person sehen").tap()
    page.get_by_label("Warum Sie hineinsehen müssen").fill("Sie haben gefragt.")
    press(page, "Ansehen")
    page.wait_for_url("**/work/")
    looked_at(page)
    press(page, "Beenden")
    page.get_by_text("Sie sehen wieder Ihre eigenen Seiten.").wait_for()
    suspend(page)
    ben = watched(browser)
    ben.goto(f"{site}/accounts/login/")
    ben.fill("[name=login]", email_of("ben"))
    ben.fill("[name=password]", PASSWORD)
    ben.press("[name=password]", "Enter")
    ben.get_by_text("Bitte melden Sie sich bei uns.").wait_for()
    looked_at(ben)
    press(page, "Sperre aufheben")
    page.get_by_role("button", name="Sperren …").wait_for()
    sign_in(ben, site, "ben", to="/profile/looked/")
    assert "Sie haben gefragt." in ben.inner_text("main")
    looked_at(ben)
    ben.context.close()
