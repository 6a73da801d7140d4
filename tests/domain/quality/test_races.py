"""Two judges at once, and members who decide while judging runs."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality.actions import bonuses as quality_bonuses
from tagwerk.domain.quality.models import (
    JudgeCursor,
    Judgement,
    JudgeModel,
    Result,
    WorkerRecord,
    WorkerTable,
)
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.actions import bonuses as work_bonuses
from tagwerk.domain.work.models import Bonus
from tagwerk.domain.work.queries import sql
from tagwerk.domain.work.rules.bonuses import BonusRule
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls) -> list[BaseException]:
    """Run calls in threads of their own, each with its own connection; what went wrong."""
    wrong: list[BaseException] = []
    barrier = threading.Barrier(len(calls))

    def run(call) -> None:
        try:
            barrier.wait(20)
            call()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def test_two_judges_at_once_score_and_ask_once():
    gold = [{"text": f"gold {n}", "_gold": {"sentiment": "neutral"}} for n in range(10)]
    rows = [{"text": f"text {n}"} for n in range(30)]
    project = launched(
        [*rows, *gold], quality={"answers": {"min": 2, "max": 9, "confidence": 0.9999}, "gold_share": 0.3}
    )
    work.enrol(person_id=person("ben").id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    for name in ("ben", "bea"):
        do_work(project.id, name, lambda data: {"sentiment": "neutral"})
    work.feed_answers(project_id=project.id)
    assert not at_once(*[lambda: quality.judge_answers(project_id=project.id)] * 4)
    quality.judge_answers(project_id=project.id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker_id, count(*) FROM assignment WHERE is_gold AND state = 1 GROUP BY worker_id ORDER BY 1"
        )
        seen = dict(cursor.fetchall())
        cursor.execute("SELECT task_id, wanted FROM opened_task")
        wanted = dict(cursor.fetchall())
    assert {row.worker_id: row.gold_seen for row in WorkerRecord.objects.all()} == seen
    standings = {one.task_id: one for one in Judgement.objects.all()}
    assert len(standings) == 30 and {one.answers for one in standings.values()} == {2}
    assert {task_id: one.wanted for task_id, one in standings.items()} == wanted
    assert len(set(wanted.values())) == 1 and 2 < min(wanted.values()) < 9  # asked for more, and once


def test_models_are_fitted_while_two_judge():
    """Whoever comes first: every task is judged by one whole version, or by the vote, and all is there in the end."""
    rows = [{"text": f"text {n}"} for n in range(60)]
    project = launched(rows, quality={"answers": {"min": 2, "max": 6, "confidence": 0.99}})
    for name in ("ben", "bea", "bob"):
        do_work(project.id, name, lambda data: {"sentiment": "neutral"})
        work.feed_answers(project_id=project.id)
        if name == "bea":
            quality.judge_answers(project_id=project.id)
    JudgeCursor.objects.filter(project_id=project.id).update(refit_cause="button")
    judging = [lambda: quality.judge_answers(project_id=project.id)] * 2
    fitting = [lambda: quality.refit_models(project_id=project.id)] * 2
    assert not at_once(*judging, *fitting)
    quality.judge_answers(project_id=project.id)
    versions = set(JudgeModel.objects.values_list("version", flat=True))
    assert versions in ({1}, {1, 2})  # the second may have found it done, or have been as quick
    assert WorkerTable.objects.filter(version=max(versions)).count() >= 2
    Judgement.objects.update(recheck=1)
    quality.judge_answers(project_id=project.id)
    assert set(Result.objects.values_list("model", flat=True)) == {max(versions)}
    assert Judgement.objects.filter(recheck__gt=0).count() == 0


def test_a_rule_rewards_the_same_earnings_once_while_more_is_approved():
    """One member asks for it, and waits; another gives it meanwhile, after a batch more was approved."""
    project = launched(
        [{"text": f"text {n}"} for n in range(6)],
        quality={"answers": {"min": 2, "max": 2, "confidence": 0.6}},
    )
    for name in ("ben", "cyn"):
        do_work(project.id, name, lambda data: {"sentiment": "neutral"})
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    some = [one.assignment_id for one in queries.my_work(person("ben").id)[:3]]
    assert work.approve(project_id=project.id, assignment_ids=some) == 3
    wrong: list[BaseException] = []

    def give() -> int:
        return quality.give_bonuses_by_rule(
            actor=actor("ada"), project_id=project.id, rule=BonusRule(accuracy=0.9, answers=5, share=0.5),
            reason="Right so often", now=now(),
        ).given  # fmt: skip

    with transaction.atomic():
        work.locked_opening(project_id=project.id)
        other = threading.Thread(target=lambda: wrong.extend(at_once(give)))
        other.start()
        while not sql.value("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1"):
            time.sleep(0.02)
        work.accept_all(project_id=project.id)
        assert give() == 2
    other.join(60)
    assert not wrong
    assert sorted(Bonus.objects.values_list("reward_micros", flat=True)) == [300_000, 300_000]


def test_a_rule_for_more_people_than_the_book_takes_at_once_gives_them_all(monkeypatch):
    for room in (quality_bonuses, work_bonuses):
        monkeypatch.setattr(room, "MOST_LINES", 2)
    project = launched(
        [{"text": f"text {n}"} for n in range(5)],
        quality={"answers": {"min": 5, "max": 5, "confidence": 0.6}},
    )
    names = ("ben", "cyn", "eva", "fay", "gus")
    for name in names:
        do_work(project.id, name, lambda data: {"sentiment": "neutral"})
    judge(project.id)
    quality.watch_workers(project_id=project.id)
    work.accept_all(project_id=project.id)
    for given in (5, 0):
        found = quality.give_bonuses_by_rule(
            actor=actor("ada"), project_id=project.id, rule=BonusRule(accuracy=0.9, answers=5, share=0.5),
            reason="Right so often", now=now(),
        )  # fmt: skip
        assert found.given == given
    assert Bonus.objects.filter(project_id=project.id).count() == 5
