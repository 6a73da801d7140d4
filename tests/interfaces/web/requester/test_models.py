"""How results are found, on the pages of who ordered them: the method and why, a button to learn anew, the history."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality.models import Judgement, Result
from tagwerk.domain.quality.queries import projects_to_refit
from tests.interfaces.web.requester.reading import text_of
from tests.interfaces.web.visiting import visitor
from tests.people import actor, member
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def answered(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    made = launched([{"_id": f"row-{n}", "text": f"Text {n}"} for n in range(40)])
    for name, second in (("ben", "neutral"), ("cyn", "positive")):
        do_work(
            made.id,
            name,
            lambda data, second=second: {"sentiment": second if data["text"].endswith("1") else "positive"},
        )
    judge(made.id)
    return made


def test_the_method_its_reason_and_what_needs_an_expert_are_said(answered: ProjectView) -> None:
    path = f"/projects/{answered.public_id}/results/"
    assert "There are too few answers yet" in text_of(visitor("ada").get(path))
    assert projects_to_refit() == [answered.id]
    quality.refit_models(project_id=answered.id)
    judge(answered.id)
    one = Judgement.objects.filter(state="open").first()
    assert one is not None, "where two disagree, a third is asked"
    one.state = "exhausted"
    one.save()
    page = text_of(visitor("ada").get(path))
    assert "a model of how each person errs" in page and "80 answers of 2 people, 2 per task." in page
    assert "Version 1" in page and "1 task needs an expert" in page
    german = visitor("ada")
    german.cookies["django_language"] = "de"
    assert "ein Modell der Fehler jeder Person" in text_of(german.get(path))


def test_a_button_asks_for_a_fit_and_only_reviewers_have_it(answered: ProjectView) -> None:
    path = f"/projects/{answered.public_id}/results/"
    quality.refit_models(project_id=answered.id)
    assert visitor("ada").post(path, {"do": "refit"}).status_code == 303
    assert projects_to_refit() == [answered.id]
    assert "being fitted again" in text_of(visitor("ada").get(path))
    quality.refit_models(project_id=answered.id)
    member("vic", answered.organisation_id, "viewer")
    assert visitor("vic").post(path, {"do": "refit"}).status_code in (403, 404)
    assert visitor("eve").post(path, {"do": "refit"}).status_code == 404
    assert projects_to_refit() == []


def test_a_task_tells_what_its_result_was(answered: ProjectView) -> None:
    task = Result.objects.filter(tied=True).values_list("task_id", flat=True)[0]
    for value in ("negative", "neutral"):
        quality.overrule_result(
            actor=actor("ada"), project_id=answered.id, task_id=task, question="sentiment", value=value
        )
    page = text_of(visitor("ada").get(f"/projects/{answered.public_id}/tasks/{public_id('tsk', task)}/"))
    assert page.count("The result changed; until then it was") == 2
    assert "“negative”" in page and "a vote weighted by gold" in page
