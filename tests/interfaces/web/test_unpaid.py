"""Where nobody is paid, no page about the project speaks of money, whoever reads it."""

import re
from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import sql
from tagwerk.interfaces.web.pages.requester.setup_people import PeopleForm
from tests.interfaces.web.access_table import PEOPLE, TABLE
from tests.interfaces.web.scene import Scene
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.orders import project
from tests.people import actor
from tests.workshop import launched

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db
EVERYBODY = [f"{name}@example.org" for name in (*filter(None, PEOPLE), "fay")]
MONEY = re.compile(
    r"[^.]{0,40}(€|\bEUR\b|\bmoney\b|\bpaid\b|\bpay\b|\bbudget|\bprice|\bcosts?\b|\bfees?\b).{0,40}", re.I
)
MANY = 5  # stops, after which a worker is paused
BY_THE_HOUR = {"project_time", "task_time"}  # there only where an hour is paid
FILES = {"project_file", "project_revise", "project_new"}  # what can be written into a project file


UNPAID: dict[str, Any] = {"pay": {"per": "none"}, "audience": {"invited": EVERYBODY}}


def test_pages_of_a_project_without_pay(settings: Any) -> None:
    scene = Scene(settings, **UNPAID)
    pages = [
        name for name, (may_get, _post, _sent) in TABLE.items()
        if name.startswith(("project_", "task", "introduction")) and may_get and name not in FILES | BY_THE_HOUR
    ]  # fmt: skip
    found = {}
    for name in ["project", *pages]:
        readers = [who for who in ("ada", "rob", "ben") if who in (TABLE[name][0] or set())]
        for who in readers:
            reply = scene.get(who, scene.address(name))
            if reply.streaming or reply.status_code != 200 or "html" not in reply["Content-Type"]:
                continue
            text = words(reply) or reply.content.decode()  # a panel has no frame around it
            if hit := MONEY.search(text):
                found[name, who] = hit[0]
    assert found == {}


def test_a_sensitive_project_without_pay(settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    made = launched([{"text": f"Text {number}"} for number in range(MANY + 1)], sensitivity=2, **UNPAID)
    at = f"/work/{made.public_id}/"
    ben, ada = visitor("ben"), visitor("ada")
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    pages = [ben.get(at)]
    for _task in range(MANY):
        task = ben.post(f"{at}next", {"consent": "on"})["Location"].partition("?")[0]
        pages += [ben.get(task), ben.post(f"{task}stop/", follow=True)]
    pages += [
        ben.get(f"{at}next?why=worker_paused"),
        ben.get("/inbox/"),
        ada.get(f"/projects/{made.public_id}/people/"),
    ]
    pages += [
        ada.get(f"/projects/{made.public_id}/tasks/{public_id('tsk', one.id)}/")
        for one in work.tasks_page(actor("ada"), made.id)
    ]
    found = [hit[0] for page in pages if (hit := MONEY.search(words(page)))]
    assert found == []


@pytest.mark.parametrize("step", ["pause", "finish"])
def test_a_project_without_pay_that_does_not_run(settings: Any, step: str) -> None:
    scene = Scene(settings, **UNPAID)
    at = f"/work/{scene.made.public_id}/"
    told = scene.clients["ada"].post(f"/projects/{scene.made.public_id}/{step}/", follow=True)
    ben = scene.clients["ben"]
    whys = [f"{at}next?why={why}" for why in ("project_paused", "project_closed", "worker_paused")]
    pages = [told, *(ben.get(page) for page in (at, *whys))]
    assert [hit[0] for page in pages if (hit := MONEY.search(words(page)))] == []


def test_the_set_up_without_pay() -> None:
    form = PeopleForm(None, project(**UNPAID).file, [], {})
    assert not MONEY.search(str(form.fields["sensitivity"].help_text))
