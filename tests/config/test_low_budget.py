"""From a launch to the inbox and to a webhook's message, over the fact and its reaction."""

import json
from datetime import UTC, datetime

import pytest

from tagwerk.config import jobs
from tagwerk.config.worker import work_what_waits
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices import queries
from tagwerk.domain.notices.models import Delivery
from tagwerk.domain.work import actions as work
from tests.people import actor, organisation
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [{"text": f"text {number}"} for number in range(5)]


def a_minute_later(project_id: int) -> list[str]:
    """What the jobs do; the titles in Ada's inbox."""
    work.tend_project(project_id=project_id, now=datetime.now(UTC))
    jobs.hand_over_all()
    work_what_waits()
    return [f"{notice.title}: {notice.body}" for notice in queries.inbox(actor("ada"))]


def test_who_can_raise_the_budget_learns_that_tasks_wait_but_not_while_others_are_open(settings):
    settings.UNDO_SECONDS = 0
    acme = organisation()
    notices.create_endpoint(
        actor=actor("ada"), organisation_id=acme, url="https://example.org/hook", events=["budget.low"],
    )  # fmt: skip
    project = launched(ROWS, budget="0.50", quality={"answers": {"min": 2, "max": 2, "confidence": 0.8}})
    quiet = a_minute_later(project.id)
    assert not any("Sentiment" in text for text in quiet), quiet
    for name in ("ben", "bea"):
        do_work(project.id, name, lambda data: {"sentiment": "neutral"})
    assert a_minute_later(project.id)[0] == (
        "Tasks of Sentiment wait for money: The €0.50 that were set aside cover no more tasks (3 wait), "
        "and no others are open. Raise the budget to go on."
    )
    assert len(a_minute_later(project.id)) == len(quiet) + 1
    (message,) = [json.loads(one.body) for one in Delivery.objects.all()]
    assert message["type"] == "budget.low"
    assert message["data"] == {
        "project": project.public_id, "title": "Sentiment", "left_micros": 500_000, "budget_micros": 500_000,
        "currency": "EUR", "waiting_tasks": 3,
    }  # fmt: skip
