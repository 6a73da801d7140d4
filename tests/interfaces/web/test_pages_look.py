"""The pages for everybody, of organisations and of operators in a real browser: accessible, within the policy, no wider
than the screen, also in German and on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tagwerk.base.ids import public_id
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.projects import actions as projects
from tests.interfaces.web.test_gallery import check, look
from tests.orders import deposit, project
from tests.people import actor, key_for, member, person

__all__ = ["look"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("PAGE_SHOTS", "")  # a folder: every page's picture is kept there


def furnished() -> dict[str, str]:
    """An organisation with something on every page; the ids that addresses need."""
    org = deposit(250_000_000)
    ada = actor("ada")
    made = project(title="Stimmung kurzer Bewertungen", budget="20.00")
    projects.reserve(project_id=made.id, amount_micros=12_000_000, key="look")
    member("cyn", org, "reviewer")
    person("ben")
    accounts.invite_member(actor=ada, organisation_id=org, email="gus@example.org", role="manager")
    accounts.invite_member(actor=ada, organisation_id=org, email="ben@example.org", role="viewer")
    accounts.found_organisation(actor=actor("eve"), name="Brand new", currency="EUR", country="AT")
    key_for("ada", org), key_for("ben")
    webhook = notices.create_endpoint(
        actor=ada,
        organisation_id=org,
        url="https://example.org/hooks/tagwerk",
        events=["result.ready", "budget.low"],
    ).endpoint_id
    notices.send_test(actor=ada, endpoint_id=webhook)
    qualification = academy.create_qualification(
        actor=ada, organisation_id=org, slug="mood", title="Moods in German"
    )
    academy.grant_qualification(
        actor=ada, qualification_id=qualification, person_id=person("ben").id, score=80
    )
    everywhere = academy.create_qualification(
        actor=actor("dan"), organisation_id=None, slug="basics", title="Basics"
    )
    notices.tell(
        person_id=person("ben").id,
        kind="organisation_approved",
        params={"organisation": "acme"},
        link="/profile/",
    )
    return {
        "org": public_id("org", org),
        "webhook": public_id("whk", webhook),
        "qualification": public_id("qlf", qualification),
        "everywhere": public_id("qlf", everywhere),
        "person": public_id("per", person("ben").id),
    }


PAGES = {
    None: ["/", "/terms/"],
    "ben": [
        "/inbox/",
        "/invitations/",
        "/profile/",
        "/profile/keys/",
        "/profile/looked/",
        "/terms/consent/",
        "/found/",
        "/organisation/",
    ],
    "ada": [
        "/organisation/",
        *(
            f"/organisation/{{org}}/{path}"
            for path in (
                "",
                "members/",
                "balance/",
                "qualifications/",
                "qualifications/{qualification}/",
                "keys/",
                "webhooks/",
                "webhooks/{webhook}/",
                "activity/",
            )
        ),
    ],
    "dan": [
        f"/operator/{path}"
        for path in (
            "",
            "people/",
            "people/{person}/",
            "organisations/",
            "organisations/{org}/",
            "log/",
            "settings/",
            "deposits/",
            "jobs/",
            "late/",
            "qualifications/",
            "qualifications/{everywhere}/",
        )
    ]
    + ["/setup/name/", "/setup/mail/", "/setup/done/"],
}


def sign_in(page: Any, site: str, name: str) -> None:
    """The browser has this person's session."""
    from tests.interfaces.web.visiting import visitor

    session = visitor(name).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


@pytest.mark.parametrize("look", ["light", "dark", "phone"], indirect=True)
def test_the_pages(site: str, look: Any) -> None:
    known = furnished()
    if look.look != "light":
        look.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "de", "url": site}])
    for name, paths in PAGES.items():
        if name is not None:
            sign_in(look, site, name)
        for path in paths:
            check(look, site + path.format(**known))
            if SHOTS:
                file = f"{look.look}-{name}{path.replace('/', '_')}.png"
                look.screenshot(path=Path(SHOTS) / file, full_page=True)
