"""Reviewing from answer to answer: blind until one has committed, the first review decides, checks only measure."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.projects.models import Project
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement, Result, Review
from tagwerk.domain.quality.rules.reviewing import Draw, Verdict, kappa, right_verdict
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries as work_queries
from tagwerk.domain.work.models import Assignment, Enrolment
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db
ROWS = [{"text": "good"}, {"text": "so so"}]


def answered(rows=ROWS, names=("ben", "bea"), **quality_):
    """Everybody says the same of the first text, and something else each of the second."""
    project = launched(rows, quality={"answers": {"min": 2, "max": 3, "confidence": 0.8}, **quality_})
    member("rob", project.organisation_id, "reviewer")
    for name, second in zip(names, ("positive", "negative"), strict=False):
        do_work(
            project.id, name,
            lambda data, second=second: {"sentiment": second if data["text"] == "so so" else "positive"},
        )  # fmt: skip
    judge(project.id)
    return project


def commit(project, one, who="ada", **found):
    return quality.commit_review(
        actor=actor(who), project_id=project.id, assignment_id=one, found=quality.Found(**found)
    )


def next_(project, who="ada", **asked):
    return queries.next_to_review(actor(who), project.id, Draw(**asked))


def test_unsure_tasks_come_first_and_each_answer_once():
    project = answered()
    seen = []
    while (one := next_(project)) is not None:
        seen.append(one)
        commit(project, one)
    unsure = Result.objects.get(tied=True).task_id
    tasks = dict(Assignment.objects.values_list("id", "task_id"))
    assert len(seen) == 4 and {tasks[one] for one in seen[:2]} == {unsure}
    assert queries.waiting_reviews(actor("ada"), project.id) == 0
    assert ledger.drift_micros() == 0


def test_what_others_found_is_hidden_until_one_has_committed():
    project = answered()
    one = next_(project)
    with pytest.raises(Conflict) as refused:
        queries.comparison(actor("ada"), project.id, one)
    assert refused.value.code == "review_first"
    found = quality.open_review(actor=actor("ada"), project_id=project.id, assignment_id=one)
    assert not hasattr(found, "result") and not hasattr(found, "others")
    commit(project, one)
    told = queries.comparison(actor("ada"), project.id, one)
    assert len(told.others) == 1 and told.agreeing == {"sentiment": (0, 1)} and told.result is not None
    with pytest.raises(Conflict):
        commit(project, one)


def test_two_reviewers_do_not_get_the_same_answer():
    project = answered()
    one = next_(project)
    quality.open_review(actor=actor("ada"), project_id=project.id, assignment_id=one)
    other = next_(project, "rob")
    assert other != one and next_(project) == one
    Review.objects.update(opened_at="2020-01-01T00:00Z")  # she has gone
    assert next_(project, "rob") == one


def test_a_correction_pays_the_worker_and_decides_the_result():
    project = answered()
    one = next_(project)
    assert commit(project, one, answers={"sentiment": "neutral"}) is Verdict.CORRECT
    task_id = Assignment.objects.get(id=one).task_id
    assert Assignment.objects.get(id=one).state == 2
    result = queries.result_for(actor("ada"), project.id, task_id).results["sentiment"]
    assert (result.value, result.source) == ("neutral", "overruled")
    assert Review.objects.get(assignment_id=one).answers == {"sentiment": "neutral"}


def test_the_same_as_the_answer_is_no_correction():
    project = answered()
    one = next_(project)
    given = Review  # only to be sure that nothing is written
    same = queries.to_review(actor("ada"), project.id, one).answer.answers
    with pytest.raises(Invalid) as refused:
        commit(project, one, verdict="correct", answers=same)
    assert refused.value.code == "nothing_corrected" and not given.objects.filter(verdict="correct").exists()
    assert commit(project, one, answers=same) is Verdict.APPROVE


def test_a_rejection_comes_from_the_list_and_a_better_answer_comes_back():
    project = answered()
    one = next_(project)
    with pytest.raises(Invalid):
        commit(project, one, verdict="reject", code="others_differ", text="x")
    commit(project, one, verdict="reject", code="low_effort", text="Not read.")
    assert Assignment.objects.get(id=one).state == 3
    two = next_(project)
    commit(project, two, verdict="revise", text="Read it to the end.")
    worker = Assignment.objects.get(id=two).worker_id
    assert next_(project) != two
    work.hand_in_rework(
        person_id=worker, project_id=project.id, assignment_id=two, answers={"sentiment": "neutral"}, active_ms=1,
        channel=1,
    )  # fmt: skip
    judge(project.id)
    again = {next_(project) for _ in range(3)}
    while two not in again:  # whatever is less certain comes before
        commit(project, next_(project))
        again.add(next_(project))
    found = queries.to_review(actor("ada"), project.id, two)
    assert found.asked == "Read it to the end." and found.round == 2 and not found.committed


def test_what_is_left_as_it_is_comes_to_a_decision():
    project = answered()
    one = next_(project)
    commit(project, one, verdict="revise", text="Read it to the end.")
    worker = Assignment.objects.get(id=one).worker_id
    work.leave_as_is(person_id=worker, project_id=project.id, assignment_id=one, now=now())
    assert next_(project) == one
    assert commit(project, one) is Verdict.APPROVE


def test_a_share_is_drawn_and_more_of_what_is_unsure_or_of_a_paused_worker():
    project = answered(review={"share": 0})
    assert next_(project) is None and queries.waiting_reviews(actor("ada"), project.id) == 0
    work.pause_worker(project_id=project.id, worker_id=person("ben").id, reason="Too quick.")
    assert queries.waiting_reviews(actor("ada"), project.id) == 2
    bea = next(one.pseudonym for one in _workers(project) if one.worker_id == person("bea").id)
    one = next_(project, worker=bea)
    assert Assignment.objects.get(id=one).worker_id == person("bea").id
    project = answered(review={"share": 0, "below": 0.8}, names=("ben", "bob"))
    assert queries.waiting_reviews(actor("ada"), project.id) == 2  # both answers to the task that is not sure


def test_a_second_review_is_blind_and_changes_nothing():
    project = answered(review={"share": 1, "double": 1})
    one = next_(project)
    commit(project, one)
    reward = ledger.drift_micros()
    for other in iter(lambda: next_(project, "rob"), None):
        if other == one:
            break
        quality.open_review(actor=actor("ada"), project_id=project.id, assignment_id=other)
    found = quality.open_review(actor=actor("rob"), project_id=project.id, assignment_id=one)
    assert found.kind == "second" and not found.committed
    commit(project, one, "rob", verdict="reject", code="low_effort", text="Not read.")
    assert Assignment.objects.get(id=one).state == 2 and ledger.drift_micros() == reward
    told = queries.comparison(actor("rob"), project.id, one)
    assert [(each.reviewer, each.verdict) for each in told.reviews] == [("Ada", "approve"), ("Rob", "reject")]
    figures = {each.name: each for each in queries.reviewer_figures(actor("ada"), project.id)}
    assert (figures["Rob"].doubled, figures["Rob"].agreed) == (1, 0)
    with pytest.raises(NotAllowed):
        queries.reviewer_figures(actor("rob"), project.id)


def test_gold_among_the_answers_checks_the_reviewer():
    gold = [{"text": f"gold {n}", "_gold": {"sentiment": "negative"}} for n in range(4)]
    project = launched(
        [*({"text": f"x {n}"} for n in range(20)), *gold],
        quality={"answers": {"min": 1, "max": 2}, "gold_share": 0.5, "review": {"share": 1, "gold": 1}},
    )
    member("rob", project.organisation_id, "reviewer")
    work.enrol(person_id=person("ben").id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    Enrolment.objects.update(gold_due=0)
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    judge(project.id)
    one = next_(project, "rob")
    assert Assignment.objects.get(id=one).is_gold
    state = Assignment.objects.get(id=one).state
    commit(project, one, "rob")
    assert Assignment.objects.get(id=one).state == state  # only noted
    (figures,) = queries.reviewer_figures(actor("ada"), project.id)
    assert (figures.gold_seen, figures.gold_right) == (1, 0)
    assert queries.comparison(actor("rob"), project.id, one).gold == {"sentiment": "negative"}


def test_strangers_workers_and_viewers_review_nothing():
    project = answered()
    one = next_(project)
    organisation("other", "eve")
    vic = member("vic", project.organisation_id, "viewer")
    for name in ("cyn", "eve", "ben"):
        for deed in (next_, lambda p, who: commit(p, one, who)):
            with pytest.raises(NotFound):
                deed(project, name)
    with pytest.raises(NotAllowed):
        queries.next_to_review(vic, project.id)


def test_nobody_reviews_their_own_answer():
    project = answered(names=("max", "bea"))
    member("max", project.organisation_id, "manager")
    mine = Assignment.objects.filter(worker_id=person("max").id).values_list("id", flat=True)
    with pytest.raises(NotAllowed):
        commit(project, mine[0], "max")
    while (one := next_(project, "max")) is not None:
        assert one not in mine
        commit(project, one, "max")


def test_the_database_knows_one_first_review():
    project = answered()
    one = next_(project)
    commit(project, one)
    row = Review.objects.get()
    row.pk, row.reviewer_id = None, person("rob").id
    with pytest.raises(IntegrityError, match="review_first_and_second_once"), transaction.atomic():
        row.save()


def test_kappa_and_right_verdicts():
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa(pairs) == pytest.approx(0.4)  # Cohen's own kind of example: 0.7 seen, 0.5 by chance
    assert kappa([]) is None and kappa([("a", "a")]) is None
    assert right_verdict(answer_is_right=True, verdict=Verdict.APPROVE, own_is_right=True)
    assert not right_verdict(answer_is_right=True, verdict=Verdict.REJECT, own_is_right=True)
    assert right_verdict(answer_is_right=False, verdict=Verdict.REJECT, own_is_right=False)
    assert not right_verdict(answer_is_right=False, verdict=Verdict.CORRECT, own_is_right=False)


def _workers(project):
    return work_queries.workers_page(actor("ada"), project.id)


def marked():
    return set(Judgement.objects.filter(in_review=True).values_list("task_id", flat=True))


def test_only_tasks_with_an_answer_that_waits_are_looked_at():
    project = answered()
    both = set(Judgement.objects.values_list("task_id", flat=True))
    assert marked() == both
    first = next_(project)
    tasks = dict(Assignment.objects.values_list("id", "task_id"))
    commit(project, first)
    quality.prune_reviews(project_id=project.id)
    assert marked() == both  # another answer to it waits
    quality.approve_answers(
        actor=actor("ada"), project_id=project.id, assignment_ids=[n for n, task in tasks.items() if task == tasks[first]]
    )  # fmt: skip
    assert next_(project) is not None  # a mark that is left over is no answer
    quality.prune_reviews(project_id=project.id)
    assert marked() == both - {tasks[first]}
    assert queries.waiting_reviews(actor("ada"), project.id) == 2


def test_many_that_are_decided_lose_their_marks_at_once(monkeypatch):
    monkeypatch.setattr("tagwerk.domain.quality.actions.waiting.HEAD", 3)
    project = answered([{"text": f"good {n}"} for n in range(10)])
    assert len(marked()) == 10
    Assignment.objects.filter(task_id__in=sorted(marked())[:8]).update(state=2)
    quality.prune_reviews(project_id=project.id)
    assert len(marked()) == 2


def test_another_plan_of_reviewing_draws_anew():
    project = answered(review={"share": 0})
    assert not marked() and next_(project) is None
    file = dict(project.file)
    file["quality"] = {**file["quality"], "review": {"share": 1}}
    Project.objects.filter(pk=project.id).update(file=file)
    quality.redraw_reviews(project_id=project.id)
    assert len(marked()) == 2 and next_(project) is not None


def test_what_is_fed_and_not_judged_waits_too():
    project = launched(ROWS, quality={"answers": {"min": 1, "max": 3, "confidence": 0.8}})
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    assert next_(project) is None  # it can still be changed
    work.feed_answers(project_id=project.id)
    assert next_(project) is not None and not marked()
    assert len(queries.review_queue(actor("ada"), project.id)) == 2
    judge(project.id)
    assert queries.waiting_reviews(actor("ada"), project.id) == 2 == len(marked())
