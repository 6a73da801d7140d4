"""What is counted while answers are fed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import ActiveTime, HourWorker, WorkHour
from tagwerk.domain.work.rules.active_times import EDGES, buckets, middle_seconds
from tests.workshop import do_work, launched

ROWS = [{"text": f"Text {n}"} for n in range(6)]
GOLD = [{"text": "gold", "_gold": {"sentiment": "neutral"}}]
SAY = {"sentiment": "positive"}


@pytest.mark.django_db
def test_hours_people_and_times_are_counted_once(settings):
    settings.UNDO_SECONDS = 0
    project = launched(ROWS + GOLD)
    since = now() - timedelta(hours=2)
    for name, most in (("ben", 4), ("bea", 3), ("ben", 2)):
        do_work(project.id, name, lambda data: SAY, most=most)
        work.feed_answers(project_id=project.id)
        work.feed_answers(project_id=project.id)
    found = queries.hours_of_work(project.id, since=since)
    assert sum(one.answers for one in found) == 9
    assert sum(one.active_ms for one in found) == 9 * 4_000
    assert sum(one.gold_answers for one in found) == queries_of_gold(project.id)
    assert max(one.workers for one in found) == 2
    assert [(one.least, one.below, one.answers) for one in queries.active_times(project.id)] == [(2, 5, 9)]


def queries_of_gold(project_id: int) -> int:
    return sum(1 for one in queries.feed(project_id, 0) if one.is_gold)


def test_times_are_shown_from_the_first_bucket_to_the_last():
    found = buckets({2: 3, 4: 1, 19: 0})
    assert [(one.least, one.below, one.answers) for one in found] == [(2, 5, 3), (5, 10, 0), (10, 15, 1)]
    assert buckets({len(EDGES): 1})[0].below is None
    assert buckets({}) == []


def test_half_took_less_than_the_middle():
    assert middle_seconds(buckets({2: 4})) == 3.5
    assert middle_seconds(buckets({2: 1, 4: 3})) == pytest.approx(10 + 5 / 3)
    assert middle_seconds([]) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "facts", "name"),
    [
        (WorkHour, {"hour": now(), "active_ms": 1, "answers": 1, "gold_answers": 2, "workers": 1}, "work_hour_counts_fit"),
        (ActiveTime, {"bucket": 20, "answers": 1}, "active_time_bucket_known"),
    ],
)  # fmt: skip
def test_the_database_refuses(model, facts, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(project_id=1, **facts)
    HourWorker.objects.create(project_id=1, hour=now(), worker_id=1)
