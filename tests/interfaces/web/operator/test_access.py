"""The operator's pages exist for operators only."""

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.academy import actions as academy
from tests.interfaces.web.visiting import plain_files, visitor
from tests.people import actor, organisation, person

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

PAGES = [
    "",
    "people/",
    "people/{person}/",
    "organisations/",
    "deposits/",
    "jobs/",
    "late/",
    "qualifications/",
    "qualifications/{qualification}/",
]
BUTTONS = {
    "book/": {},
    "people/": {"email": "x@example.org"},
    "people/{person}/": {"step": "deactivate"},
    "organisations/{org}/approve/": {},
    "deposits/": {
        "organisation": "{org}",
        "direction": "deposit",
        "amount": "1",
        "reference": "r",
        "key": "k",
    },
    "late/{project}/{assignment}/": {},
    "jobs/retry/": {},
    "jobs/1/retry/": {},
    "qualifications/": {"title": "x", "slug": "x"},
    "qualifications/{qualification}/": {"what": "retire"},
}


@pytest.fixture
def place():
    known = {
        "person": public_id("per", person("ben").id),
        "project": public_id("prj", 1),
        "assignment": public_id("asg", 1),
        "org": public_id("org", organisation("new", "ada", approved=False)),
        "qualification": public_id(
            "qlf", academy.create_qualification(actor=actor("dan"), organisation_id=None, slug="q", title="Q")
        ),
    }
    return lambda path: f"/operator/{path.format(**known)}"


@pytest.mark.parametrize("name", ["ada", "ben", "cyn"])
def test_for_others_they_do_not_exist(place, name):
    client = visitor(name)
    opened = {path: client.get(place(path)).status_code for path in PAGES}
    pressed = {path: client.post(place(path), sent).status_code for path, sent in BUTTONS.items()}
    assert set(opened.values()) == {404} and set(pressed.values()) == {404}


def test_nobody_signed_in_is_sent_to_sign_in(place):
    client = visitor()
    answers = [client.get(place(path)) for path in PAGES]
    answers += [client.post(place(path), sent) for path, sent in BUTTONS.items()]
    assert all(answer.headers["Location"].startswith("/accounts/login/") for answer in answers)


def test_operators_open_them(place):
    client = visitor("dan")
    assert {path: client.get(place(path)).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_an_operator_opens_no_organisation_of_others(place):
    ours = public_id("org", organisation())
    assert visitor("dan").get(f"/organisation/{ours}/").status_code == 403


def test_a_qualification_of_an_organisation_is_not_one_of_the_instance():
    org = organisation()
    number = academy.create_qualification(actor=actor("ada"), organisation_id=org, slug="q", title="Q")
    assert visitor("dan").get(f"/operator/qualifications/{public_id('qlf', number)}/").status_code == 404
