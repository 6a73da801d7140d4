"""What is not certain goes to experts of another project, and their result comes back."""

from typing import Any

import pytest

from tagwerk.base.errors import Invalid
from tagwerk.base.ids import public_id
from tagwerk.base.models import StoredEvent
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import Judgement, Result, ResultChange
from tagwerk.domain.quality.queries.answers import data_of
from tagwerk.domain.quality.rules.words import Method, Source, TaskState
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Task
from tests.orders import project, project_file
from tests.people import actor
from tests.workshop import do_work, judge, launched

pytestmark = pytest.mark.django_db

ROWS = [{"_id": "a", "text": "clear"}, {"_id": "b", "text": "hard"}]
PLAN = {"answers": {"min": 2, "max": 2, "confidence": 0.8}}


def says(word: str) -> Any:
    """Everybody knows the clear one; of the hard one they say this."""
    return lambda data: {"sentiment": "positive" if data["text"] == "clear" else word}


@pytest.fixture
def source() -> Any:
    """A project with one task that is certain and one on which two people disagree."""
    made = launched(ROWS, quality=PLAN)
    do_work(made.id, "ben", says("positive"))
    do_work(made.id, "bea", says("negative"))
    judge(made.id)
    return made


def task_named(text: str, project_id: int) -> int:
    return Task.objects.values_list("id", flat=True).get(
        project_id=project_id, external_id="b" if text == "hard" else "a"
    )


def asked_experts(source: Any, **changes: Any) -> Any:
    """The experts' project, running."""
    made = project(
        title="Experts",
        quality=PLAN,
        **{"from": {"project": source.public_id, "each": "unresolved"}},
        **changes,
    )
    quality.fill_stage(project_id=made.id)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    return made


def decided_by_experts(source: Any, word: str = "neutral") -> Any:
    """The experts' project after two of them agreed, and its task."""
    made = asked_experts(source)
    for name in ("bob", "eve"):
        do_work(made.id, name, says(word))
    judge(made.id)
    task_id = Task.objects.values_list("id", flat=True).get(project_id=made.id)
    quality.give_back_results(project_id=made.id, task_ids=[task_id])
    judge(source.id)
    return made, task_id


def result_of_the_hard_one(source: Any) -> Result:
    return Result.objects.get(project_id=source.id, task_id=task_named("hard", source.id))


def test_experts_get_what_is_not_certain_and_nothing_of_what_was_answered(source):
    made = asked_experts(source)
    task = Task.objects.defer("data").get(project_id=made.id)
    assert data_of(made.id, [task.id]) == {task.id: {"text": "hard"}}
    assert task.external_id == public_id("tsk", task_named("hard", source.id))
    assert quality.fill_stage(project_id=made.id) == 0
    assert do_work(made.id, "ben", says("neutral")) == 0  # who answered it before is not asked again
    assert do_work(made.id, "bob", says("neutral")) == 1


def test_what_experts_decide_is_the_result(source):
    before = result_of_the_hard_one(source)
    decided_by_experts(source)
    after = result_of_the_hard_one(source)
    assert (after.value, after.source, after.method) == ("neutral", Source.OVERRULED, Method.EXPERTS)
    assert after.confidence is not None and 0.7 < after.confidence < 1 and after.judged_by_id is None
    # What is true of the answers here stays true.
    assert (after.answers, after.agreement, after.entropy) == (2, before.agreement, before.entropy)
    task_id = task_named("hard", source.id)
    assert Judgement.objects.get(project_id=source.id, task_id=task_id).state == TaskState.DONE
    (former,) = ResultChange.objects.filter(project_id=source.id, task_id=task_id)
    assert former.value == before.value and former.method == before.method
    told = StoredEvent.objects.filter(name="ResultsReady", project_id=source.id).order_by("-id").first()
    assert told.facts["task_ids"] == [task_id]
    clear = Result.objects.get(project_id=source.id, task_id=task_named("clear", source.id))
    assert clear.source == Source.VOTE


def test_a_repeat_changes_nothing_and_a_change_of_mind_goes_back_too(source):
    made, task_id = decided_by_experts(source)
    assert quality.give_back_results(project_id=made.id, task_ids=[task_id]) == 0
    where = {"project_id": made.id, "task_id": task_id, "question": "sentiment"}
    quality.overrule_result(actor=actor("ada"), **where, value="negative")
    assert quality.give_back_results(project_id=made.id, task_ids=[task_id]) == 1
    assert result_of_the_hard_one(source).value == "negative"
    quality.recheck_tasks(project_id=source.id, task_ids=[task_named("hard", source.id)])
    judge(source.id)
    assert result_of_the_hard_one(source).value == "negative"  # judging leaves it alone


def test_what_a_member_decided_stays(source):
    where = {"project_id": source.id, "task_id": task_named("hard", source.id), "question": "sentiment"}
    quality.overrule_result(actor=actor("ada"), **where, value="positive")
    decided_by_experts(source)  # it went to them before a member looked
    after = result_of_the_hard_one(source)
    assert after.value == "positive" and after.method == Method.MEMBER


def test_experts_who_disagree_decide_nothing(source):
    made = asked_experts(source)
    do_work(made.id, "bob", says("neutral"))
    do_work(made.id, "eve", says("negative"))
    judge(made.id)
    ids = list(Task.objects.filter(project_id=made.id).values_list("id", flat=True))
    assert queries.results_of(made.id, ids)[ids[0]].results["sentiment"].tied
    assert quality.give_back_results(project_id=made.id, task_ids=ids) == 0
    assert result_of_the_hard_one(source).source == Source.VOTE


def test_only_projects_for_experts_give_back(source):
    taken = {"project": source.public_id, "each": "result"}
    other = project(title="Check", show=[{"text": "{{ text }}"}], **{"from": taken})
    assert quality.fill_stage(project_id=other.id) == 2
    ids = list(Task.objects.filter(project_id=other.id).values_list("id", flat=True))
    assert quality.give_back_results(project_id=other.id, task_ids=ids) == 0
    assert quality.fill_stage(project_id=source.id) == 0


@pytest.mark.parametrize(
    "ask",
    [
        {"mood": {"kind": "choice", "options": ["positive", "neutral", "negative"]}},
        {"sentiment": {"kind": "choice", "options": ["good", "bad"]}},
        {"sentiment": {"kind": "text"}},
    ],
)
def test_experts_are_asked_the_same(source, ask):
    with pytest.raises(Invalid, match="sentiment") as refused:
        asked_experts(source, ask=ask)
    assert refused.value.code == "experts_asked_otherwise"


def test_no_project_feeds_itself(source):
    first = project(title="First")
    taken = {"each": "unresolved"}
    second = project(title="Second", **{"from": {"project": first.public_id, **taken}})
    file = project_file(title="First", **{"from": {"project": second.public_id, **taken}})
    with pytest.raises(Invalid) as refused:
        projects.revise_project(actor=actor("ada"), project_id=first.id, file=file, has_answers=False)
    assert refused.value.code == "source_circle"
