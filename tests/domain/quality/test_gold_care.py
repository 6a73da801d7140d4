"""Gold from results, gold that is known or wrong, and what members do about it."""

import random

import pytest
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.exports.queries import records_page
from tagwerk.domain.projects import actions as project_actions
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.actions.gold import score_gold
from tagwerk.domain.quality.models import GoldAnswer, GoldStanding, JudgeCursor, WorkerRecord
from tagwerk.domain.quality.queries.answers import GoldAnswer as Given
from tagwerk.domain.quality.rules.words import GoldState
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.models import Assignment, Enrolment, Gold, Task
from tests.domain.work import scene
from tests.orders import project_file
from tests.people import actor, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db
ROWS = [{"_id": f"r{n}", "text": f"text {n}"} for n in range(12)]
RIGHT, WRONG = {"sentiment": "neutral"}, {"sentiment": "positive"}
PLAN = {"answers": {"min": 3, "max": 3, "confidence": 0.8}, "gold_share": 0.5}


def gold(count: int) -> list[dict]:
    return [
        {"_id": f"g{n}", "text": f"gold {n}", "_gold": RIGHT, "_gold_explanation": f"Because {n}."}
        for n in range(count)
    ]


def judged(*names: str):
    """A project whose ordinary tasks are answered by these people, all of the same opinion."""
    project = launched(ROWS, quality=PLAN)
    for name in names:
        do_work(project.id, name, lambda data: RIGHT, most=2)
    judge(project.id)
    return project


def task_ids(project) -> list[int]:
    return list(
        Task.objects.filter(project_id=project.id, is_gold=False).order_by("id").values_list("id", flat=True)
    )


def answer_gold(project, task_id: int, said, *, start: int = 1, ms: int = 9_000, workers=None) -> None:
    """Feed the judge first answers to a gold task, each of another worker, as it would read them."""
    right = Gold.objects.get(project_id=project.id, task_id=task_id).answers
    answers = [
        Given(
            workers[n] if workers else 1_000_000 + start + n, one, right, task_id,
            task_id * 100_000 + start + n, start + n, ms + n % 7 * 200,
        )
        for n, one in enumerate(said)
    ]  # fmt: skip
    score_gold(projects.project(project.id), answers)


def records(project) -> dict[int, tuple[int, int]]:
    rows = WorkerRecord.objects.filter(project_id=project.id)
    return {row.worker_id: (row.gold_seen, row.gold_correct) for row in rows}


def test_a_certain_result_becomes_gold_for_those_who_have_not_answered_it():
    project = judged("ben", "bea", "bob")
    candidates = queries.gold_candidates(actor("ada"), project.id)
    assert [one.task_id for one in candidates] == []  # three answers of unknown people are not certain enough
    ids = task_ids(project)[:2]
    before = {r["_id"]: r for r in records_page(actor("ada"), project.id, limit=10).records}
    assert quality.promote_results(actor=actor("ada"), project_id=project.id, task_ids=ids) == 2
    assert quality.promote_results(actor=actor("ada"), project_id=project.id, task_ids=ids) == 0
    work.top_up_gold(project_id=project.id)
    # Who answered them never meets them again; somebody new meets them as gold.
    scene.all_done(person("ben").id, project, gold_always_due=True)
    assert not Assignment.objects.filter(worker_id=person("ben").id, is_gold=True).exists()
    work.enrol(person_id=person("bud").id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    scene.all_done(person("bud").id, project, gold_always_due=True)
    judge(project.id)
    mine = Assignment.objects.filter(project_id=project.id, worker_id=person("bud").id)
    assert sorted(mine.filter(is_gold=True).values_list("task_id", flat=True)) == ids
    assert sorted(mine.filter(is_gold=False).values_list("task_id", flat=True)) == task_ids(project)[2:]
    # Result, its answers and what goes out are what they were; the new answers are to gold.
    after = {r["_id"]: r for r in records_page(actor("ada"), project.id, limit=10).records}
    assert {key: after[key] for key in ("r0", "r1")} == {key: before[key] for key in ("r0", "r1")}
    assert queries.results_of(project.id, ids)[ids[0]].answers == 3
    assert records(project)[person("bud").id][0] == 2
    scene.check_money(project)


def test_an_overruled_result_serves_as_gold_if_that_is_wished():
    project = judged("ben", "bea", "bob")
    first, second, *_ = task_ids(project)
    for task_id, as_gold in ((first, True), (second, False)):
        quality.overrule_result(
            actor=actor("ada"), project_id=project.id, task_id=task_id, question="sentiment", value="negative",
            as_gold=as_gold,
        )  # fmt: skip
    found = work_queries.gold_numbered(project.id, [first, second])
    assert {key: one.answers for key, one in found.items()} == {first: {"sentiment": "negative"}}
    assert [one.task_id for one in queries.gold_candidates(actor("ada"), project.id, decided=True)] == [
        second
    ]


def test_only_certain_results_become_gold():
    project = judged("ben")
    with pytest.raises(Conflict) as refused:
        quality.promote_results(
            actor=actor("ada"), project_id=project.id, task_ids=[task_ids(project)[0], 10**9]
        )
    assert refused.value.code == "result_missing"


def test_nobody_meets_the_same_gold_twice_however_they_come():
    """Random claims, returns, expiry, retirement and promotion: an assignment of a task is the only one of its worker."""
    chance = random.Random(3)
    project = launched([*ROWS, *gold(6)], quality={"answers": 1, "gold_share": 0.5})
    ben = person("ben").id
    work.enrol(person_id=ben, project_id=project.id)
    for _ in range(80):
        scene.sql.write(
            "UPDATE enrolment SET gold_due = 0, gold_micros = 9000000 WHERE project_id = %s", [project.id]
        )
        held = scene.claim(ben, project)
        if not hasattr(held, "assignment_id"):
            break
        if chance.random() < 0.4:
            work.return_assignment(person_id=ben, project_id=project.id, assignment_id=held.assignment_id)
            work.return_to_queue(project_id=project.id)
        else:
            scene.submit(held, ben)
    given = list(Assignment.objects.filter(worker_id=ben).values_list("task_id", flat=True))
    assert len(given) == len(set(given)) == 18


def test_known_gold_is_retired_and_what_came_after_counts_for_nobody():
    project = launched([*ROWS, *gold(2)], quality=PLAN)
    leaked = Gold.objects.filter(project_id=project.id).first().task_id
    answer_gold(project, leaked, [RIGHT if n % 5 == 0 else WRONG for n in range(30)])
    assert quality.watch_gold(now=now()) == 0  # looked at, and sound
    answer_gold(project, leaked, [RIGHT] * 10, start=40)
    assert quality.watch_gold(now=now()) == 1
    one = queries.gold_for(actor("ada"), project.id, leaked)
    assert (one.state, one.why, one.evidence["newest_right"]) == (GoldState.RETIRED, "known", 10)
    assert sum(seen for seen, _ in records(project).values()) == 30
    assert GoldAnswer.objects.filter(counted=False).count() == 10
    assert StoredEvent.objects.filter(name="GoldRetired").count() == 1
    assert not Gold.objects.filter(task_id=leaked, retired_at=None).exists()
    assert quality.watch_gold(now=now()) == 0
    assert quality.reinstate_gold(actor=actor("ada"), project_id=project.id, task_id=leaked)
    assert sum(seen for seen, _ in records(project).values()) == 40
    assert queries.gold_for(actor("ada"), project.id, leaked).state is GoldState.SERVING


def test_a_wrong_key_counts_against_nobody_and_correcting_it_lets_people_go_on():
    project = launched([*ROWS, *gold(9)], quality=PLAN)
    tasks = list(Gold.objects.filter(project_id=project.id).order_by("pos").values_list("task_id", flat=True))
    good = [2_000_000 + n for n in range(10)]
    for task_id in tasks[1:7]:
        answer_gold(project, task_id, [RIGHT] * 10, workers=good)
    answer_gold(project, tasks[0], [WRONG] * 10, workers=good, start=60)
    assert all(seen == 7 and right == 6 for seen, right in records(project).values())
    assert quality.watch_gold(now=now()) == 1
    one = queries.gold_for(actor("ada"), project.id, tasks[0])
    assert (one.state, one.evidence["good_workers"], one.evidence["right"]) == (GoldState.SUSPICIOUS, 10, 0)
    assert all(seen == right == 6 for seen, right in records(project).values())
    quality.give_key(actor=actor("ada"), project_id=project.id, task_id=tasks[0], right=WRONG)
    # Answers that were fed by hand are not in the feed: scoring anew finds none of them.
    assert queries.gold_for(actor("ada"), project.id, tasks[0]).state is GoldState.SERVING


def test_who_was_paused_by_a_wrong_key_goes_on():
    project = launched([*ROWS, *gold(8)], quality=PLAN)
    ben = person("ben").id
    work.enrol(person_id=ben, project_id=project.id)
    scene.sql.write("UPDATE enrolment SET gold_micros = 9000000")
    while hasattr(held := scene.claim(ben, project), "assignment_id"):
        scene.submit(held, ben, {"sentiment": "positive"})
        scene.sql.write("UPDATE enrolment SET gold_due = 0")
        judge(project.id)
    assert Enrolment.objects.get(worker_id=ben).pause_reason == "gold_failed"
    for task_id in Gold.objects.values_list("task_id", flat=True):
        quality.give_key(actor=actor("ada"), project_id=project.id, task_id=task_id, right=WRONG)
    assert records(project)[ben] == (8, 8)
    assert Enrolment.objects.get(worker_id=ben).pause_reason is None
    assert StoredEvent.objects.filter(name="WorkerResumed").count() == 1
    standing = GoldStanding.objects.first()
    assert (standing.seen, standing.correct) == (1, 1)


def test_what_was_judged_before_scores_were_kept_is_made_up():
    project = launched([*ROWS, *gold(8)], quality=PLAN)
    work.enrol(person_id=person("ben").id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    do_work(project.id, "ben", lambda data: RIGHT)
    judge(project.id)
    kept, before = GoldAnswer.objects.count(), records(project)
    assert kept
    GoldAnswer.objects.all().delete()
    GoldStanding.objects.all().delete()
    JudgeCursor.objects.update(gold_unscored=True)
    assert project.id in queries.projects_to_judge()
    quality.judge_answers(project_id=project.id)
    assert (GoldAnswer.objects.count(), records(project)) == (kept, before)
    assert project.id not in queries.projects_to_judge()


def test_members_care_for_gold_and_nobody_else():
    project = launched([*ROWS, *gold(2)], quality=PLAN)
    ada, task_id = actor("ada"), Gold.objects.first().task_id
    assert quality.retire_gold(actor=ada, project_id=project.id, task_id=task_id)
    assert not quality.retire_gold(actor=ada, project_id=project.id, task_id=task_id)
    assert queries.gold_counts(project.id) == {"serving": 1, "retired": 1}
    assert [one.task_id for one in queries.gold_page(ada, project.id, state=GoldState.RETIRED)] == [task_id]
    assert len(queries.gold_page(ada, project.id)) == 2
    quality.give_key(actor=ada, project_id=project.id, task_id=task_id, right=None, explanation=" So it is. ")
    assert queries.gold_for(ada, project.id, task_id).explanation == "So it is."
    with pytest.raises(NotFound):
        quality.retire_gold(actor=ada, project_id=project.id, task_id=task_ids(project)[0])
    with pytest.raises(NotFound):
        quality.retire_gold(actor=actor("cyn"), project_id=project.id, task_id=task_id)


def test_another_tolerance_scores_old_answers_anew():
    topics = {"topics": {"kind": "choice", "options": ["a", "b", "c"], "many": True}}
    golden = [{"text": f"gold {n}", "_gold": {"topics": ["a", "b"]}} for n in range(4)]
    project = launched([*golden, *ROWS], ask=topics, quality=PLAN)
    do_work(project.id, "ben", lambda data: {"topics": ["a"]})
    judge(project.id)
    seen, right = records(project)[person("ben").id]
    assert seen > 0 == right
    for tolerance, now_right in (({"topics": 0.5}, seen), ({}, 0)):
        file = project_file(**{**project.file, "quality": {**PLAN, "tolerance": tolerance}})
        made = project_actions.revise_project(
            actor=actor("ada"), project_id=project.id, file=file, has_answers=True
        )
        assert quality.follow_tolerance(project_id=project.id, version=made.version) == seen
        assert records(project) == {person("ben").id: (seen, now_right)}
        assert GoldStanding.objects.filter(project_id=project.id, correct=1).count() == now_right
    # Anything else about the file changes nothing about gold.
    file = project_file(**{**made.file, "instructions": "Look twice."})
    made = project_actions.revise_project(
        actor=actor("ada"), project_id=project.id, file=file, has_answers=True
    )
    assert quality.follow_tolerance(project_id=project.id, version=made.version) == 0
