"""What members decide."""

import pytest

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.models import StoredEvent
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement, Result
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.models import Assignment
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

ROWS = [{"_id": "sure", "text": "good"}, {"_id": "unsure", "text": "so so"}]


def answered(**changes):
    """Two tasks; on the first all agree, on the second nobody."""
    project = launched(ROWS, quality={"answers": {"min": 2, "max": 3, "confidence": 0.8}, **changes})
    for name, second in (("ben", "positive"), ("bea", "negative")):
        do_work(
            project.id,
            name,
            lambda data, second=second: {"sentiment": "positive" if data["text"] == "good" else second},
        )
    judge(project.id)
    return project


def test_the_queue_shows_unsure_answers_first_and_no_names():
    project = answered()
    queue = queries.review_queue(actor("ada"), project.id)
    assert [one.data["text"] for one in queue] == ["so so", "so so", "good", "good"]
    assert queue[0].confidence < queue[2].confidence and queue[0].pseudonym.startswith("W-")
    first = queries.review_queue(actor("ada"), project.id, limit=3)
    rest = queries.review_queue(actor("ada"), project.id, after=first[-1].place)
    assert [one.assignment_id for one in [*first, *rest]] == [one.assignment_id for one in queue]


def test_a_share_of_the_answers_comes_to_review():
    project = answered(review={"share": 0})
    assert queries.review_queue(actor("ada"), project.id) == []


def test_approved_and_rejected_answers_leave_the_queue():
    project = answered()
    queue = queries.review_queue(actor("ada"), project.id)
    approved = quality.approve_answers(
        actor=actor("ada"), project_id=project.id, assignment_ids=[queue[0].assignment_id]
    )
    quality.reject_answer(
        actor=actor("ada"),
        project_id=project.id,
        assignment_id=queue[1].assignment_id,
        code="low_effort",
        reason="Not read.",
    )
    left = queries.review_queue(actor("ada"), project.id)
    assert approved == 1 and [one.assignment_id for one in left] == [one.assignment_id for one in queue[2:]]


def test_the_result_of_gold_cannot_be_overruled():
    project = launched([*ROWS, {"text": "known", "_gold": {"sentiment": "neutral"}}])
    gold = work.tasks_page(actor("ada"), project.id)[-1]
    with pytest.raises(Conflict) as refused:
        quality.overrule_result(
            actor=actor("ada"), project_id=project.id, task_id=gold.id, question="sentiment", value="positive"
        )
    assert refused.value.code == "task_is_gold" and not Result.objects.exists()


def test_a_rejected_answer_counts_no_more_and_another_is_asked_for():
    project = answered()
    sure = Judgement.objects.get(state="done")
    mine = Assignment.objects.get(task_id=sure.task_id, worker_id=person("ben").id)
    quality.reject_answer(
        actor=actor("ada"), project_id=project.id, assignment_id=mine.id, code="low_effort", reason="Guessed."
    )
    quality.recheck_answers(project_id=project.id, assignment_ids=[mine.id])
    assert queries.projects_to_judge() == [project.id]
    assert judge(project.id) == 1
    sure.refresh_from_db()
    assert (sure.state, sure.answers, sure.wanted) == ("open", 1, 2)
    do_work(project.id, "bob", lambda data: {"sentiment": "positive"})
    judge(project.id)
    sure.refresh_from_db()
    assert (sure.state, sure.answers) == ("done", 2)


def test_a_member_overrules_a_result_for_good():
    project = answered()
    task_id = Judgement.objects.get(state="open").task_id
    quality.overrule_result(
        actor=actor("ada"), project_id=project.id, task_id=task_id, question="sentiment", value="neutral"
    )
    judge(project.id)
    result = Result.objects.get(task_id=task_id)
    assert (result.value, result.confidence, result.source) == ("neutral", 1.0, "overruled")
    assert result.judged_by_id == person("ada").id
    assert Judgement.objects.get(task_id=task_id).state == "done"
    assert queries.result_for(actor("ada"), project.id, task_id).results["sentiment"].value == "neutral"
    do_work(project.id, "bob", lambda data: {"sentiment": "positive"})
    judge(project.id)
    result.refresh_from_db()
    assert result.value == "neutral"


def test_overruling_a_result_that_stood_tells_of_it():
    project = answered()
    task_id = Judgement.objects.get(state="done").task_id
    told = StoredEvent.objects.filter(name="ResultsReady").count()
    quality.overrule_result(
        actor=actor("ada"), project_id=project.id, task_id=task_id, question="sentiment", value="neutral"
    )
    assert StoredEvent.objects.filter(name="ResultsReady").count() == told + 1
    judge(project.id)
    assert Result.objects.get(task_id=task_id).value == "neutral"


def test_wrong_values_and_questions_are_refused():
    project = answered()
    task_id = Judgement.objects.first().task_id
    for wrong in ("great", None):
        with pytest.raises(Invalid):
            quality.overrule_result(
                actor=actor("ada"), project_id=project.id, task_id=task_id, question="sentiment", value=wrong
            )
    for question, task in (("mood", task_id), ("sentiment", task_id + 10_000)):
        with pytest.raises(NotFound):
            quality.overrule_result(
                actor=actor("ada"), project_id=project.id, task_id=task, question=question, value="neutral"
            )


def test_only_reviewers_decide():
    project = answered()
    task_id = Judgement.objects.first().task_id
    mine = Assignment.objects.first()
    attempts = (
        lambda who: queries.review_queue(who, project.id),
        lambda who: quality.approve_answers(actor=who, project_id=project.id, assignment_ids=[mine.id]),
        lambda who: quality.reject_answer(
            actor=who, project_id=project.id, assignment_id=mine.id, code="low_effort", reason="No."
        ),
        lambda who: quality.overrule_result(
            actor=who, project_id=project.id, task_id=task_id, question="sentiment", value="neutral"
        ),
    )
    vic = member("vic", organisation(), "viewer")
    organisation("other", "eve")
    for attempt in attempts:
        for name in ("cyn", "eve", "ben"):
            with pytest.raises(NotFound):
                attempt(actor(name))
        with pytest.raises(NotAllowed):
            attempt(vic)
    assert queries.results_page(vic, project.id)
    with pytest.raises(NotFound):
        queries.results_page(actor("eve"), project.id)


def test_progress_says_how_judging_goes():
    project = answered()
    found = queries.progress(project.id)
    assert (found.done, found.open, found.exhausted, found.settled) == (1, 1, 0, 1)
    assert found.answers == 4 and found.answers_per_task == 2.0 and found.open_answers == 2
    (question,) = queries.questions(project.id)
    assert question.question == "sentiment" and question.alpha_tasks == 2
    # Krippendorff's alpha of ++ and +-: 1 - (n - 1) o / e = 1 - 3 * 2 / (2 * 3 * 1) = 0
    assert question.alpha == pytest.approx(0.0)
    assert dict(question.values)["positive"] >= 1
