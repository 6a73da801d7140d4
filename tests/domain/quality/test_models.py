"""Models fitted to a project's answers: when, by whom, and what becomes of results; on a real database."""

import pytest

from tagwerk.base.errors import NotAllowed, NotFound
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import (
    JudgeCursor,
    Judgement,
    JudgeModel,
    Result,
    ResultChange,
    WorkerTable,
)
from tagwerk.domain.quality.queries.ballots import ballots_of
from tagwerk.domain.quality.queries.fitted import beliefs_of
from tagwerk.domain.quality.rules.words import Method, Reason
from tagwerk.domain.work import actions as work
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

ROWS = [{"_id": f"r{n}", "text": ("good", "bad", "so-so")[n % 3] + f" {n}"} for n in range(40)]
GOLD = [{"text": f"gold {n}", "_gold": {"sentiment": "neutral"}} for n in range(6)]
SAY = {"good": "positive", "bad": "negative", "so-so": "neutral", "gold": "neutral"}


def honest(data):
    return {"sentiment": SAY[data["text"].split()[0]]}


def biased(data):
    """Somebody for whom nothing is neutral."""
    right = SAY[data["text"].split()[0]]
    return {"sentiment": "positive" if right == "neutral" else right}


def answered(*people, rows=ROWS, **changes):
    changes.setdefault("quality", {"answers": {"min": 2, "max": 4, "confidence": 0.95}})
    project = launched(rows, **changes)
    for name, say in people:
        do_work(project.id, name, say)
    judge(project.id)
    return project


def fitted(project):
    JudgeCursor.objects.filter(project_id=project.id).update(refit_cause="button")
    quality.refit_models(project_id=project.id)
    return JudgeModel.objects.filter(project_id=project.id).latest("version")


def test_as_answers_come_models_are_fitted_and_judge():
    project = answered(("ben", honest))
    assert queries.projects_to_refit() == []  # 40 answers: too few for a model
    do_work(project.id, "bea", honest)
    judge(project.id)
    assert queries.projects_to_refit() == [project.id]
    assert set(Result.objects.values_list("method", "model")) == {("gold_vote", 0)}
    assert quality.refit_models(project_id=project.id) == 1
    (view,) = queries.current_models(project.id).values()
    assert (view.version, view.method, view.reason, view.cause) == (1, Method.IBCC, Reason.USUAL, "growth")
    assert view.figures["answers"] == 80 and view.figures["workers"] == 2
    assert queries.projects_to_refit() == [] and queries.projects_to_judge() == [
        project.id
    ]  # open tasks anew
    judge(project.id)
    assert set(Result.objects.values_list("method", "model")) == {("ibcc", 1)}
    found = queries.results_page(actor("ada"), project.id)[0].results["sentiment"]
    assert (found.method, found.model) == (Method.IBCC, 1)
    stranger, ben = 999_999, person("ben").id
    weights = queries.answer_weights(project, [ben, stranger])["sentiment"]
    assert weights[ben] > weights[stranger] > 0


def test_people_who_always_agree_are_known_to_be_good_so_fewer_answers_are_needed():
    project = answered(("ben", honest), ("bea", honest))
    # The vote takes two strangers for right in two of three cases, and wants a third; the models have seen 40 tasks.
    assert set(Judgement.objects.values_list("state", "wanted")) == {("open", 3)}
    fitted(project)
    judge(project.id)
    assert set(Judgement.objects.values_list("state", "answers")) == {("done", 2)}
    assert do_work(project.id, "bob", honest) == 0  # what was asked for and not taken is asked no more


def test_judging_again_changes_nothing_and_all_at_once_is_as_bit_by_bit():
    project = answered(("ben", honest), ("bea", biased), ("bob", honest))
    fitted(project)
    judge(project.id)
    do_work(project.id, "bud", honest, most=7)
    judge(project.id)
    columns = ("task_id", "value", "confidence", "agreement", "answers", "model")
    before = list(Result.objects.order_by("id").values_list(*columns))
    where = list(Judgement.objects.order_by("id").values_list("task_id", "state", "wanted", "confidence"))
    Judgement.objects.update(recheck=1)
    judge(project.id)
    assert list(Result.objects.order_by("id").values_list(*columns)) == before
    assert (
        list(Judgement.objects.order_by("id").values_list("task_id", "state", "wanted", "confidence"))
        == where
    )


def test_what_members_decide_is_what_models_learn_from_and_never_change():
    project = answered(("ben", honest), ("bea", biased))
    neutral = [r.task_id for r in Result.objects.all() if r.tied]
    for task_id in neutral:
        quality.overrule_result(
            actor=actor("ada"), project_id=project.id, task_id=task_id, question="sentiment", value="neutral"
        )
    fitted(project)
    judge(project.id)
    assert set(Result.objects.filter(task_id__in=neutral).values_list("value", "source", "method")) == {
        ("neutral", "overruled", "member")
    }
    right = dict(WorkerTable.objects.values_list("worker_id", "accuracy"))
    assert right[person("ben").id] > right[person("bea").id] + 0.1


def test_gold_is_known_and_is_answered_by_all():
    project = launched([*ROWS, *GOLD], quality={"answers": {"min": 2, "max": 4}, "gold_share": 0.1})
    for name in ("ben", "bea"):
        work.enrol(person_id=person(name).id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    for name, say in (("ben", honest), ("bea", biased)):
        do_work(project.id, name, say)
    judge(project.id)
    one = fitted(project)
    assert one.figures["known"] > 0 and one.figures["tasks"] == 40
    assert one.figures["answers"] > 80, "gold is among them"
    right = dict(WorkerTable.objects.values_list("worker_id", "accuracy"))
    assert right[person("ben").id] > right[person("bea").id]


def test_versions_are_kept_and_tables_of_old_ones_are_not():
    project = answered(("ben", honest), ("bea", honest))
    for _ in range(5):
        fitted(project)
    assert list(JudgeModel.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3, 4, 5]
    assert set(WorkerTable.objects.values_list("version", flat=True)) == {3, 4, 5}
    assert [one.version for one in queries.model_versions(actor("ada"), project.id)] == [5, 4, 3, 2, 1]


def test_a_result_that_changes_leaves_its_history():
    project = answered(("ben", honest), ("bea", biased))
    (tie,) = Result.objects.filter(tied=True)[:1]
    quality.overrule_result(
        actor=actor("ada"), project_id=project.id, task_id=tie.task_id, question="sentiment", value="negative"
    )
    quality.overrule_result(
        actor=actor("ada"), project_id=project.id, task_id=tie.task_id, question="sentiment", value="neutral"
    )
    changes = queries.result_changes(project.id, tie.task_id)
    assert [(one.value, one.source, one.by_id) for one in changes] == [
        (tie.value, "vote", None), ("negative", "overruled", person("ada").id)
    ]  # fmt: skip
    assert changes[0].confidence == pytest.approx(tie.confidence) and changes[0].until <= changes[1].until
    do_work(project.id, "bob", honest)  # the third answer makes the others surer: a line each
    judge(project.id)
    assert ResultChange.objects.exclude(task_id=tie.task_id).exists()
    assert len(queries.result_changes(project.id, tie.task_id)) == 2


def test_a_fit_that_was_killed_is_done_again(monkeypatch):
    project = answered(("ben", honest), ("bea", honest))
    monkeypatch.setattr("tagwerk.domain.quality.actions.tables.mark_moved", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quality.refit_models(project_id=project.id)
    assert queries.projects_to_refit() == [project.id]
    monkeypatch.undo()
    quality.refit_models(project_id=project.id)
    assert JudgeModel.objects.count() == 2 and queries.projects_to_refit() == []
    assert quality.refit_models(project_id=project.id) == 0  # nobody asks for more


def test_a_question_that_has_changed_is_voted_on_until_it_has_models_of_its_own():
    project = answered(("ben", honest), ("bea", honest))
    one = fitted(project)
    one.classes = ["positive", "negative"]
    one.save()
    Judgement.objects.update(recheck=1)
    judge(project.id)
    assert set(Result.objects.values_list("method", "model")) == {("gold_vote", 0)}


def test_the_method_of_the_plan_counts():
    quality_plan = {"answers": {"min": 2, "max": 4}, "method": "majority"}
    project = answered(("ben", honest), ("bea", honest), quality=quality_plan)
    one = fitted(project)
    assert (one.method, one.reason) == ("majority", "plan")
    Judgement.objects.update(recheck=1)
    judge(project.id)
    assert set(Result.objects.values_list("method", "model")) == {("majority", 0)}


def test_members_ask_for_a_fit_and_nights_bring_one():
    project = answered(("ben", honest), ("bea", honest))
    quality.refit_models(project_id=project.id)
    assert quality.ask_nightly_refits() == 0  # nothing came since
    do_work(project.id, "bob", honest, most=5)
    judge(project.id)
    assert quality.ask_nightly_refits() == 1 and queries.refit_waits(project.id)
    quality.refit_models(project_id=project.id)
    quality.ask_refit(actor=actor("ada"), project_id=project.id)
    assert queries.projects_to_refit() == [project.id]
    with pytest.raises(NotFound):
        quality.ask_refit(actor=actor("eve"), project_id=project.id)
    member("vic", project.organisation_id, "viewer")
    with pytest.raises(NotAllowed):
        quality.ask_refit(actor=actor("vic"), project_id=project.id)


def test_a_chunk_reads_the_tables_of_its_workers_and_of_the_crowd_only(
    django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("tagwerk.domain.quality.rules.fitting.CROWD", 1)
    project = answered(("ben", honest), ("bea", honest))
    fitted(project)
    view = projects.project(project.id)
    ballots, bea = ballots_of(view.design_id), person("bea").id
    with django_assert_max_num_queries(3):
        beliefs = beliefs_of(view, ballots, [bea])
    one = beliefs.fitted["sentiment"]
    assert set(one.rows) == {person("ben").id, bea}
    assert one.models[0].activity.tolist() == [
        40,
        0,
        40,
    ]  # of the crowd, of who only answers, of all others together
