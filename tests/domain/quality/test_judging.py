"""From answers to results, on a real database."""

import pytest

from tagwerk.base.models import StoredEvent
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import JudgeCursor, Judgement, Result, WorkerRecord
from tagwerk.domain.quality.queries.answers import data_of
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Assignment, Enrolment
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

ROWS = [{"_id": f"r{n}", "text": "good" if n % 2 else "bad"} for n in range(6)]
GOLD = [{"text": f"gold {n}", "_gold": {"sentiment": "neutral"}} for n in range(20)]


def honest(data):
    return {"sentiment": {"good": "positive", "bad": "negative"}.get(data["text"], "neutral")}


def always(value):
    return lambda data: {"sentiment": value}


def ready_ids() -> list[int]:
    facts = StoredEvent.objects.filter(name="ResultsReady").order_by("id").values_list("facts", flat=True)
    return [task_id for one in facts for task_id in one["task_ids"]]


def test_agreement_ends_a_task_and_its_result_stands():
    project = launched(ROWS)
    for name in ("ben", "bea"):
        assert do_work(project.id, name, honest) == 6
    assert judge(project.id) == 6
    # Three options, two unknown workers (right in 2 of 3) who agree: 16 / 18 = 0.889 < 0.9, so one more is asked.
    assert set(Judgement.objects.values_list("state", "answers", "wanted")) == {("open", 2, 3)}
    assert do_work(project.id, "bob", honest) == 6
    judge(project.id)
    assert set(Judgement.objects.values_list("state", "answers")) == {("done", 3)}
    found = queries.results_page(actor("ada"), project.id)
    data = data_of(project.id, [one.task_id for one in found])
    by_text = {data[one.task_id]["text"]: one.results["sentiment"] for one in found}
    assert (by_text["good"].value, by_text["bad"].value) == ("positive", "negative")
    assert by_text["good"].confidence == pytest.approx(64 / 66) and by_text["good"].agreement == 1.0
    assert sorted(ready_ids()) == sorted(one.task_id for one in found)
    assert do_work(project.id, "bud", honest) == 0  # nothing more is asked


def test_no_more_than_the_most_answers_are_asked_for():
    project = launched(ROWS[:1])
    for name, value in zip(
        ("ben", "bea", "bob", "bud"), ("positive", "negative", "neutral", "positive"), strict=True
    ):
        assert do_work(project.id, name, always(value)) == 1
        judge(project.id)
    standing = Judgement.objects.get()
    assert (standing.state, standing.answers) == ("exhausted", 4)
    assert Result.objects.get().value == "positive"
    assert do_work(project.id, "bo", honest) == 0


def test_judging_again_changes_nothing():
    project = launched(ROWS)
    for name in ("ben", "bea", "bob"):
        do_work(project.id, name, honest)
        judge(project.id)
    before = list(Result.objects.order_by("id").values()), list(Judgement.objects.order_by("id").values())
    events = StoredEvent.objects.count()
    assert judge(project.id) == 0 and queries.projects_to_judge() == []
    assert (
        list(Result.objects.order_by("id").values()),
        list(Judgement.objects.order_by("id").values()),
    ) == before
    assert StoredEvent.objects.count() == events


def test_a_judge_who_was_killed_is_followed_by_one_who_does_it_all(monkeypatch):
    project = launched(ROWS)
    do_work(project.id, "ben", honest)
    work.feed_answers(project_id=project.id)
    monkeypatch.setattr("tagwerk.domain.quality.actions.tables.write_judgements", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quality.judge_answers(project_id=project.id)
    assert not Result.objects.exists() and not JudgeCursor.objects.filter(seq__gt=0).exists()
    monkeypatch.undo()
    assert queries.projects_to_judge() == [project.id]
    assert quality.judge_answers(project_id=project.id) == 6


def test_gold_weighs_workers_and_is_not_judged_itself():
    project = launched([*ROWS[:1], *GOLD], quality={"answers": {"min": 2, "max": 2}, "gold_share": 0.5})
    work.enrol(person_id=person("ben").id, project_id=project.id)
    work.enrol(person_id=person("bea").id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    do_work(project.id, "ben", honest)
    do_work(project.id, "bea", lambda data: {"sentiment": "positive"})
    judge(project.id)
    records = {row.worker_id: (row.gold_seen, row.gold_correct) for row in WorkerRecord.objects.all()}
    for worker_id, (seen, correct) in records.items():
        assert seen == Assignment.objects.filter(worker_id=worker_id, is_gold=True).count()
        assert correct == (seen if worker_id == person("ben").id else 0)
    assert Judgement.objects.count() == 1


def test_only_the_first_answer_to_gold_is_scored(settings):
    settings.UNDO_SECONDS = 60
    project = launched([*ROWS[:1], *GOLD], quality={"answers": {"min": 1, "max": 1}, "gold_share": 0.5})
    ben = person("ben").id
    work.enrol(person_id=ben, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    for one in Assignment.objects.filter(worker_id=ben, is_gold=True):
        work.change_answer(
            person_id=ben, project_id=project.id, assignment_id=one.id, design_id=project.design_id,
            answers={"sentiment": "neutral"}, active_ms=1, channel=1,
        )  # fmt: skip
    judge(project.id)
    assert not Judgement.objects.exists() and not WorkerRecord.objects.exists()  # all can still be undone
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE inbox SET due_at = due_at - interval '1 hour'")
        cursor.execute("UPDATE assignment SET judged_from = judged_from - interval '1 hour'")
    judge(project.id)
    assert all(row.gold_correct == 0 for row in WorkerRecord.objects.all())


def test_who_clearly_guesses_is_paused():
    project = launched([*ROWS, *GOLD], quality={"answers": {"min": 1, "max": 3}, "gold_share": 0.5})
    ben = person("ben").id
    with_gold(project.id, "ben", seen=8, correct=0)
    enrolment = Enrolment.objects.get(project_id=project.id, worker_id=ben)
    assert enrolment.pause_reason is not None
    failed = StoredEvent.objects.get(name="GoldFailed")
    assert failed.facts["worker_id"] == ben and failed.facts["correct"] == 0
    assert do_work(project.id, "ben", honest) == 0


def with_gold(project_id: int, name: str, *, seen: int, correct: int) -> None:
    """Let a worker have answered so much gold, by feeding the judge what it would read."""
    from tagwerk.domain.projects import queries as projects
    from tagwerk.domain.quality.actions.gold import score_gold
    from tagwerk.domain.quality.queries.answers import GoldAnswer

    work.enrol(person_id=person(name).id, project_id=project_id)
    right = {"sentiment": "neutral"}
    answers = [right if n < correct else {"sentiment": "positive"} for n in range(seen)]
    number = 10_000 * person(name).id
    score_gold(
        projects.project(project_id),
        [
            GoldAnswer(person(name).id, said, right, n, number + n, number + n, 4_000)
            for n, said in enumerate(answers)
        ],
    )


def test_better_workers_outvote_worse_ones():
    project = launched(ROWS[:1], quality={"answers": {"min": 3, "max": 3}})
    with_gold(project.id, "ben", seen=10, correct=10)
    for name in ("bea", "bob"):
        with_gold(project.id, name, seen=7, correct=3)
    do_work(project.id, "ben", always("negative"))
    for name in ("bea", "bob"):
        do_work(project.id, name, always("positive"))
    judge(project.id)
    assert Result.objects.get().value == "negative"
    assert {round(one.accuracy, 3) for one in queries.gold_records(project.id, person("ben").id)} == {0.923}


def test_five_hundred_tasks_are_judged_in_a_few_queries(django_assert_max_num_queries):
    project = launched([{"text": "good", "_id": str(n)} for n in range(500)])
    do_work(project.id, "ben", honest)
    do_work(project.id, "bea", honest)
    work.feed_answers(project_id=project.id)
    with django_assert_max_num_queries(80):
        assert quality.judge_answers(project_id=project.id) == 500 * 2
