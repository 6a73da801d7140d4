"""Two people of one organisation, in German: the owner invites a reviewer; they see and may do different things."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.work import queries as work
from tests.journeys.looking import looked_at, sign_in, watched
from tests.people import PASSWORD, email_of, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(browser: Any, settings: Any) -> Any:
    """Ada, who owns the organisation, and Rob, whom nobody knows yet: each has a browser."""
    settings.UNDO_SECONDS = 0
    for name in ("ada", "rob"):
        person(name, password=PASSWORD, ui_language="de")
    pages = [watched(browser, locale="de-DE") for _ in range(2)]
    yield pages
    for page in pages:
        page.context.close()


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def tabs(page: Any) -> list[str]:
    return [words.split("\n")[0].strip() for words in page.locator(".tabs a").all_inner_texts()]


def test_owner_and_reviewer(site: str, two: Any) -> None:
    ada, rob = two
    made = launched([{"text": f"Text {n}"} for n in range(2)], title="Stimmung")
    do_work(made.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(made.id, "cyn", lambda data: {"sentiment": "positive"})
    judge(made.id)
    org, project = public_id("org", made.organisation_id), f"{site}/projects/{made.public_id}/"
    invite(site, ada, org)
    join(site, rob, project)
    review(site, rob, project, org)
    assert work.progress(made.id).rejected == 1
    overrule(ada, project, org, site)


def invite(site: str, ada: Any, org: str) -> None:
    sign_in(ada, site, "ada", to=f"/organisation/{org}/members/")
    ada.fill("#invite [name=email]", email_of("rob"))
    ada.select_option("#invite [name=role]", "reviewer")
    press(ada, "Einladen")
    ada.get_by_role("row", name=email_of("rob")).wait_for()
    looked_at(ada)


def join(site: str, rob: Any, project: str) -> None:
    """Before he has agreed, the project does not exist for him."""
    sign_in(rob, site, "rob", to="/invitations/")
    assert rob.goto(project).status == 404
    rob.goto(f"{site}/invitations/")
    looked_at(rob)
    rob.locator("form input[type=checkbox]").check()
    press(rob, "Beitreten")
    rob.wait_for_load_state()
    assert rob.goto(project).status == 200


def review(site: str, rob: Any, project: str, org: str) -> None:
    """He judges answers; neither money nor export nor members are his."""
    assert tabs(rob) == [
        "Überblick",
        "Aufgaben",
        "Prüfung",
        "Personen",
        "Güte",
        "Nachrichten",
        "Projektdatei",
    ]
    assert rob.get_by_role("button", name="Anhalten").count() == 0
    looked_at(rob)
    for closed in (f"{project}results/", f"{site}/organisation/{org}/balance/"):
        assert rob.goto(closed).status == 403
        looked_at(rob)
    rob.goto(f"{site}/organisation/{org}/members/")
    assert rob.locator("#invite").count() == 0
    rob.goto(f"{project}review/")
    looked_at(rob)
    rob.click("summary:has-text('Ablehnen') >> nth=0")
    rob.select_option("article select >> nth=0", "low_effort")
    rob.fill("article textarea >> nth=0", "Der Text sagt es nicht.")
    rob.click("article form button:has-text('Ablehnen') >> nth=0")
    rob.wait_for_load_state()


def overrule(ada: Any, project: str, org: str, site: str) -> None:
    """She sees what he did and who did it, and everything that he does not."""
    ada.goto(project)
    assert {"Ergebnisse", "Aufgaben hinzufügen"} <= set(tabs(ada))
    assert ada.get_by_role("button", name="Anhalten").count() == 1
    ada.goto(f"{site}/organisation/{org}/activity/")
    assert ada.get_by_role("row").filter(has_text="Rob").count() >= 2  # he joined, he rejected
    looked_at(ada)
    ada.goto(f"{site}/organisation/{org}/members/")
    ada.get_by_role("row", name=email_of("rob")).get_by_role("button", name="Entfernen").click()
    ada.wait_for_load_state()
    assert ada.get_by_role("row", name=email_of("rob")).count() == 0
