"""The fee is shown to those whose work pays for it: on offers, tests, earnings and in the API."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy.rules import TestPay
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.web.fee_words import offer_fee_text
from tests import orders
from tests.domain.work import scene
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok, worker
from tests.interfaces.web.visiting import plain_files as plain_files
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor, person

pytestmark = pytest.mark.django_db
SPLIT = "For an answer the organisation pays €0.12: €0.10 to you, €0.02 to the operator (20% of the pay, which is 16.7% of the price)."


@pytest.fixture
def project():
    return scene.running(3, quality=scene.answers(1), pay={"per": "answer", "amount": "0.10"})


@pytest.mark.parametrize("path", ["/work/", "/work/list/", "/work/{project}/", "/work/sitting/"])
def test_every_offer_says_who_gets_what(project, path):
    person("ben")
    assert SPLIT in words(visitor("ben").get(path.format(project=project.public_id)))


def test_it_follows_what_is_paid_for_and_how(project):
    def said(**changes):
        return offer_fee_text(replace(project, **changes))

    def per(kind, **pay):
        return {**project.file, "pay": {**project.file["pay"], "per": kind, **pay}}

    assert said() == SPLIT
    assert said(fee_bp=0) == "The organisation pays what you get; the operator takes no fee."
    assert said(paid=False) == ""
    hourly = said(file=per("hour"), hour_micros=15_000_000, most_seconds=600)
    assert hourly.startswith("For an hour the organisation pays €18.00: €15.00 to you, €3.00 to the operator")
    audio = said(file=per("audio_minute"), reward_micros=800_000)
    assert audio.startswith("For a minute of audio the organisation pays €0.96: €0.80 to you")
    assert said(file=per("word"), reward_micros=1_000).startswith(
        "For a word the organisation pays €0.0012: €0.001"
    )
    mean = said(file=per("deliverable"), task_micros=2_401_234)
    assert mean.startswith("For an answer the organisation pays about €2.88: €2.40 to you, €0.48")
    unknown = said(file=per("milestone"), task_micros=None)
    assert unknown == (
        "On top of your pay the organisation pays the operator a fee: 20% of the pay, which is 16.7% of the price."
    )
    twice = offer_fee_text(project, 20_000)
    assert twice.startswith("For an answer the organisation pays €0.24: €0.20 to you, €0.04")
    agreed = said(fee_bp=Decimal(10_000) / 3)  # a price that was agreed: no whole number of basis points
    assert "33.3% of the pay, which is 25% of the price" in agreed
    with translation.override("de"):
        assert "0,02\xa0€ an den Betreiber (20\xa0% des Lohns, das sind 16,7\xa0% des Preises)." in said()


def test_a_paid_test_says_it_too():
    owner = orders.deposit(100)
    number = academy.create_qualification(
        actor=actor("ada"), organisation_id=owner, slug="ears", title="Good ears"
    )
    design = designs.save_design(organisation_id=owner, file=orders.project_file())
    rows = [{"text": f"Test {n}", "_gold": {"sentiment": "positive"}} for n in range(2)]
    academy.define_entry_test(
        actor=actor("ada"), qualification_id=number, design_id=design.id, rows=rows, draw=2, pass_mark=100,
        minutes=12, pay=TestPay(3_000_000, "EUR", 50, 10),
    )  # fmt: skip
    person("ben")
    page = words(visitor("ben").get("/work/qualifications/"))
    assert "For it the organisation pays €3.60: €3.00 to you, €0.60 to the operator (20% of the pay" in page


def test_each_movement_says_what_the_organisation_paid(project, settings):
    settings.UNDO_SECONDS = 0
    ben = scene.worker("ben", project)
    scene.done(ben, project)
    work.feed_answers(project_id=project.id)
    assert work.accept_all(project_id=project.id) == 1
    page = visitor("ben")
    said = "The organisation paid €0.12, €0.02 of it to the operator."
    assert said in words(page.get("/work/earnings/"))
    text = b"".join(page.get("/work/earnings/movements.csv?currency=EUR").streaming_content).decode()
    assert [row["operators_fee"] for row in csv.DictReader(io.StringIO(text))] == ["0.02"]


def test_the_api_says_it_to_workers_keys(project, settings):
    settings.UNDO_SECONDS = 0
    me = worker("s1")
    offered = ok(call("GET", "/work/projects", me))["items"][0]["price"]
    assert [offered[part]["amount"] for part in ("reward", "fee", "total")] == ["0.10", "0.02", "0.12"]
    assert (offered["fee_bp"], offered["take_bp"]) == (2_000, 1_667)
    assert ok(call("POST", f"/work/projects/{project.public_id}/enrol", me, {}))["price"] == offered
    held = ok(call("POST", f"/work/projects/{project.public_id}/next", me))["held"]
    sent = {"answers": scene.ANSWER, "design": held["design"], "active_ms": 1500}
    ok(call("POST", f"/work/projects/{project.public_id}/assignments/{held['assignment']}/submit", me, sent))
    work.feed_answers(project_id=project.id)
    assert work.accept_all(project_id=project.id) == 1
    moved = ok(call("GET", "/work/movements", me))["items"][0]
    assert (moved["amount"]["amount"], moved["fee"]["amount"]) == ("0.10", "0.02")
