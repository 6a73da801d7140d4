"""The worker's pages around the task in a real browser, furnished and empty: accessible, within the policy, no wider than
the screen, also in German and on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.community import actions as community
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.interfaces.web.test_gallery import check, look
from tests.interfaces.web.test_pages_look import sign_in
from tests.orders import organisation, project_file
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

__all__ = ["look"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("PAGE_SHOTS", "")
SAY = {"sentiment": "positive"}
PAGES = (
    "/work/", "/work/list/", "/work/list/?state=all&hourly=6&language=de", "/work/list/?state=closed", "/work/list/why/",
    "/work/mine/", "/work/mine/?state=rejected", "/work/earnings/", "/work/earnings/?by=project", "/work/qualifications/",
    "/inbox/", "/profile/", "/settings/", "/settings/privacy/",
)  # fmt: skip


def rows(count: int) -> list[dict[str, Any]]:
    return [{"text": f"Der Wasserkocher ist laut, aber schnell. Nummer {number}."} for number in range(count)]


def furnished() -> None:
    """Projects of all sorts, and Ben in the middle of things."""
    org = organisation("acme")
    mood = academy.create_qualification(
        actor=actor("ada"), organisation_id=org, slug="mood", title="Stimmung in deutschen Texten",
        description="Feine Unterschiede zwischen sachlich und freundlich.",
    )  # fmt: skip
    academy.define_entry_test(
        actor=actor("ada"), qualification_id=mood, rows=[{"text": f"Test {n}", "_gold": SAY} for n in range(12)],
        design_id=designs.save_design(organisation_id=org, file=project_file()).id, draw=5, pass_mark=80,
    )  # fmt: skip
    basics = academy.create_qualification(
        actor=actor("dan"), organisation_id=None, slug="basics", title="Grundlagen"
    )
    academy.grant_qualification(
        actor=actor("dan"), qualification_id=basics, person_id=person("ben").id, score=90
    )
    main = launched(
        rows(60), title="Stimmung kurzer Bewertungen von Haushaltsgeräten", language="de",
        quality={"answers": {"min": 3, "max": 4, "confidence": 0.9}},
        pay={"per": "answer", "amount": "0.02", "currency": "EUR", "estimate_seconds": 20},
        audience={"languages": {"de": "C1"}, "qualifications": {"basics": 80}},
    )  # fmt: skip
    for name in ("fay", "gil"):
        academy.grant_qualification(
            actor=actor("dan"), qualification_id=basics, person_id=person(name).id, score=90
        )
        do_work(main.id, name, lambda data: SAY, most=20)
    do_work(main.id, "ben", lambda data: SAY, most=12)
    judge(main.id)
    ids = [one.assignment_id for one in queries.my_work(person("ben").id)]
    work.approve(project_id=main.id, assignment_ids=ids[3:], actor_id=person("ada").id)
    work.reject(actor=actor("ada"), project_id=main.id, assignment_id=ids[0], reason="Der Text ist ironisch gemeint; die Anleitung sagt unter 3, wie das zu bewerten ist.")  # fmt: skip
    launched(
        rows(4), title="Which answer is better? Long answers of language models about everyday questions",
        pay={"per": "answer", "amount": "0.30", "currency": "EUR", "estimate_seconds": 75}, sensitivity=3,
    )  # fmt: skip
    launched(
        rows(3), title="Nur mit Prüfung", language="de", audience={"qualifications": {"mood": 80}},
        pay={"per": "answer", "amount": "0.15", "currency": "EUR", "estimate_seconds": 30},
    )  # fmt: skip
    launched(rows(2), title="Für Menschen in Österreich", language="de", audience={"countries": ["AT"], "languages": {"fr": "C1"}})  # fmt: skip
    done = launched(rows(1), title="Schon fast fertig")
    do_work(done.id, "ben", lambda data: SAY)
    work.claim(person_id=person("ben").id, project_id=main.id, channel=1)
    community.write_to_worker(
        actor=actor("ada"), project_id=main.id, assignment_id=ids[1], text="Warum positiv?"
    )
    notices.tell(
        person_id=person("ben").id, kind="project_paused", params={"project": "Frühstück"}, link="/work/mine/"
    )
    accounts.change_preferences(actor=actor("ben"), goal_micros=5_000_000, goal_minutes=60)


def seen(look: Any, site: str, name: str) -> None:
    sign_in(look, site, name)
    for path in PAGES:
        check(look, site + path)
        assert look.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200, path
        if SHOTS:
            file = f"{look.look}-{name}{path.replace('/', '_').replace('?', '-')}.png"
            look.screenshot(path=Path(SHOTS) / file, full_page=True)


@pytest.mark.parametrize("look", ["dark", "phone"], indirect=True)
def test_the_pages(site: str, look: Any, settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    furnished()
    look.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "de", "url": site}])
    seen(look, site, "ben")


@pytest.mark.parametrize("look", ["phone"], indirect=True)
def test_the_pages_of_somebody_new(site: str, look: Any) -> None:
    person("new", languages={})
    seen(look, site, "new")
