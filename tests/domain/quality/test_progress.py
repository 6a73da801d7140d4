"""What dashboards read: kept while judging goes, and always what counting would say."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count, Sum
from django.utils.timezone import now

from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement, JudgementTally, Result, ResultTally
from tagwerk.domain.quality.rules.finishing import Finish, Pace, finish
from tagwerk.interfaces.web.pages.requester.spans import span_text
from tests.people import actor
from tests.workshop import do_work, judge, launched

ROWS = [{"text": f"Text {n}"} for n in range(12)]
NOON = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)


def tallied():
    values = ResultTally.objects.exclude(tasks=0).values_list("question", "value", "tasks")
    return (
        {state: (tasks, answers) for state, tasks, answers in JudgementTally.objects.exclude(tasks=0)
            .values_list("state", "tasks", "answers")},
        {(question, value): tasks for question, value, tasks in values},
    )  # fmt: skip


def counted():
    rows = Judgement.objects.values_list("state").annotate(Count("id"), Sum("answers"))
    values = Result.objects.filter(value__isnull=False).values_list("question", "value")
    return (
        {state: (tasks, answers) for state, tasks, answers in rows},
        dict(Counter((question, f'"{value}"') for question, value in values)),
    )


@pytest.mark.django_db
def test_tallies_are_what_counting_says():
    chance = random.Random(5)
    project = launched(ROWS)
    for name in ("ben", "bea", "bob", "bud"):
        do_work(
            project.id,
            name,
            lambda data: {"sentiment": chance.choice(("positive", "positive", "negative"))},
        )
        judge(project.id)
        assert tallied() == counted()
    task = Judgement.objects.order_by("task_id").first()
    quality.overrule_result(
        actor=actor(), project_id=project.id, task_id=task.task_id, question="sentiment", value="neutral"
    )
    judge(project.id)
    assert tallied() == counted()
    assert tallied()[1]["sentiment", '"neutral"'] == 1


@pytest.mark.django_db
def test_figures_say_in_one_query_how_far_and_how_fast(django_assert_num_queries):
    project = launched(ROWS)
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(project.id, "bea", lambda data: {"sentiment": "positive"})
    judge(project.id)
    with django_assert_num_queries(1):
        found = queries.figures(project.id, now=now())
    assert (found.tasks, found.opened, found.waiting, found.answers) == (12, 12, 0, 24)
    assert (found.judged.open, found.judged.settled, found.judged.open_answers) == (12, 0, 24)
    assert found.pace.answers == 24
    assert (found.workers_now, found.workers_today, found.workers) == (2, 2, 2)
    later = queries.figures(project.id, now=now() + timedelta(days=3))
    assert (later.workers_now, later.workers_today, later.workers, later.pace.answers) == (0, 0, 2, 0)


def pace(**changes):
    given = {"answers": 240, "hours": 24.0, "spread": 1.0}
    return Pace(**(given | changes))


def test_the_pace_holds_hours_without_answers_and_part_of_the_present_one():
    hours = {NOON.replace(minute=0): 30, NOON.replace(hour=9, minute=0): 10}
    found = Pace.of(hours, launched_at=NOON - timedelta(hours=4), now=NOON)
    assert (found.answers, found.hours) == (40, 4.0) and found.per_hour == 10.0
    assert found.spread > 1.0
    assert Pace.of({}, launched_at=None, now=NOON).per_hour == 0.0


def test_how_long_it_takes_is_a_range_around_what_is_left_by_the_pace():
    standing = {"settled": 100, "settled_answers": 300, "open_answers": 0, "least": 3, "most": 3}
    found = finish(pace(), tasks=200, **standing)  # 300 answers at 10 an hour: about 30 hours
    assert found is not None and 25 < found.least_hours < 30 < found.most_hours < 35
    uneven = finish(pace(spread=30.0), tasks=200, **standing)
    assert uneven is not None
    assert uneven.least_hours < found.least_hours and uneven.most_hours > found.most_hours
    unknown = finish(
        pace(), tasks=200, settled=0, settled_answers=0, open_answers=0, least=2, most=5
    )  # 400 to 1,000 answers
    assert unknown is not None and unknown.most_hours / unknown.least_hours > 2


@pytest.mark.parametrize(("answers", "hours", "tasks"), [(11, 24.0, 200), (240, 24.0, 100), (240, 0.4, 200)])
def test_with_too_few_answers_too_soon_or_nothing_left_nothing_is_said(answers, hours, tasks):
    found = finish(
        pace(answers=answers, hours=hours),
        tasks=tasks,
        settled=100,
        settled_answers=300,
        open_answers=0,
        least=3,
        most=3,
    )
    assert found is None


def test_a_range_never_ends_before_it_begins():
    found = finish(pace(), tasks=101, settled=100, settled_answers=300, open_answers=5, least=3, most=5)
    assert isinstance(found, Finish) and 0 < found.least_hours <= found.most_hours


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (0.01, 0.05, "less than 5 minutes"),
        (0.4, 0.9, "about 20 to 55 minutes"),
        (3.2, 4.1, "about 3 to 5 hours"),
        (30.0, 100.0, "about 1 to 5 days"),
        (30.0, 10_000.0, "more than a year"),
    ],
)
def test_ranges_are_said_no_finer_than_they_are_known(least, most, said):
    assert span_text(least, most) == said
