"""A project's gold: the list, one of them, and results that become gold."""

from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.models import GoldStanding
from tagwerk.domain.work import actions as work
from tagwerk.domain.work.models import Gold, Task
from tagwerk.interfaces.web.pages.requester import project_gold
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ROWS = [{"_id": f"r{n}", "text": f"text {n}"} for n in range(3)]
GOLD = [
    {
        "_id": f"g{n}",
        "text": f"gold {n}",
        "_gold": {"sentiment": "neutral"},
        "_gold_explanation": "It says nothing.",
    }
    for n in range(4)
]


@pytest.fixture
def busy(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched(ROWS + GOLD, quality={"answers": 2, "gold_share": 0.5})
    for name in ("ben", "bea"):
        work.enrol(person_id=person(name).id, project_id=project.id)
    work.top_up_gold(project_id=project.id)
    for name in ("ben", "bea"):
        do_work(
            project.id, name, lambda data: {"sentiment": "neutral" if "gold" in data["text"] else "positive"}
        )
    judge(project.id)
    return project


def task_of(project: ProjectView, name: str) -> int:
    return int(Task.objects.values_list("id", flat=True).get(project_id=project.id, external_id=name))


def at(project: ProjectView, more: str = "") -> str:
    return f"/projects/{project.public_id}/gold/{more}"


def test_the_list_shows_how_each_gold_task_does(busy: ProjectView, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [one for one in queries.gold_page(actor("ada"), busy.id) if one.seen]
    assert seen and all(one.correct == one.seen and one.middle_ms == 4_000 for one in seen)
    text = words(visitor("ada").get(at(busy)))
    assert "gold 0" in text and "neutral" in text and "100%" in text and "served" in text
    monkeypatch.setattr(project_gold, "PAGE", 2)
    first = visitor("ada").get(at(busy))
    second = visitor("ada").get(first.context["page"].older)
    shown = [line.gold.external_id for page in (first, second) for line in page.context["page"].lines]
    assert shown == ["g0", "g1", "g2", "g3"]


def test_gold_is_retired_and_served_again(busy: ProjectView) -> None:
    ada, tsk = visitor("ada"), public_id("tsk", task_of(busy, "g1"))
    ada.post(at(busy), {"do": "retire", "task": tsk})
    assert ada.post(at(busy), {"task": tsk}).status_code == 422
    assert [line.id for line in ada.get(at(busy, "?state=retired")).context["page"].lines] == [tsk]
    assert "A member retired it." in words(ada.get(at(busy)))
    ada.post(at(busy, f"{tsk}/"), {"do": "reinstate", "task": tsk})
    assert "No gold task is in this state" in words(ada.get(at(busy, "?state=retired")))


def test_a_key_is_corrected_with_more_right_answers_and_why(busy: ProjectView) -> None:
    ada, task_id = visitor("ada"), task_of(busy, "g1")
    page = at(busy, f"{public_id('tsk', task_id)}/")
    assert "It says nothing." in ada.get(page).content.decode()
    given = {
        "do": "keep",
        "answer.sentiment": '"negative"',
        "also.sentiment": "positive\n",
        "explanation": "Hear it.",
    }
    assert ada.post(page, given).status_code == 303
    row = Gold.objects.get(project_id=busy.id, task_id=task_id)
    assert (row.answers, row.explanation) == ({"sentiment": {"any_of": ["negative", "positive"]}}, "Hear it.")
    assert GoldStanding.objects.filter(task_id=task_id, correct__gt=0).count() == 0
    wrong = ada.post(page, given | {"also.sentiment": "splendid"})
    assert wrong.status_code == 422 and "splendid" in wrong.content.decode()
    assert "negative or positive" in words(ada.get(at(busy)))


def test_what_was_found_out_is_said_with_its_figures(busy: ProjectView) -> None:
    task_id = task_of(busy, "g2")
    found = {"question": "sentiment", "good_workers": 9, "right": 0, "chance": 0.002}
    GoldStanding.objects.update_or_create(
        project_id=busy.id,
        task_id=task_id,
        defaults={"state": "suspicious", "why": "wrong_key", "evidence": found},
    )
    work.retire_gold(project_id=busy.id, task_id=task_id)
    text = words(visitor("ada").get(at(busy, "?state=suspicious")))
    assert "Only 0 of 9 workers who are good at other gold gave the right answer" in text
    assert "The key is right, serve it again" in words(
        visitor("ada").get(at(busy, f"{public_id('tsk', task_id)}/"))
    )


def test_results_become_gold(busy: ProjectView) -> None:
    ada, task_id = visitor("ada"), task_of(busy, "r1")
    ada.post(
        f"/projects/{busy.public_id}/tasks/{public_id('tsk', task_id)}/",
        {"do": "overrule", "question": "sentiment", "answer.sentiment": '"negative"', "as_gold": "1"},
    )
    assert Gold.objects.get(task_id=task_id).answers == {"sentiment": "negative"}
    other = task_of(busy, "r2")
    tsk = public_id("tsk", other)
    assert "Make it gold" in words(ada.get(at(busy, f"{tsk}/")))
    assert ada.post(at(busy, "candidates/"), {}).status_code == 422
    ada.post(at(busy, "candidates/"), {"task": tsk})
    assert Gold.objects.get(task_id=other).answers == {"sentiment": "positive"}
    assert "Nothing here" in words(ada.get(at(busy, "candidates/?show=decided")))


def test_a_member_who_works_here_sees_no_gold(busy: ProjectView) -> None:
    member("bea", busy.organisation_id, "reviewer")
    bea, tsk = visitor("bea"), public_id("tsk", task_of(busy, "g1"))
    for page in (at(busy), at(busy, "candidates/"), at(busy, f"{tsk}/")):
        assert bea.get(page).status_code == 403 and "It says nothing." not in bea.get(page).content.decode()
    assert bea.post(at(busy), {"do": "retire", "task": tsk}).status_code == 403
    member("vic", busy.organisation_id, "viewer")
    assert visitor("vic").get(at(busy)).status_code == 403


def test_the_list_costs_the_same_for_many(busy: ProjectView, django_assert_max_num_queries: Any) -> None:
    ada = visitor("ada")
    ada.get(at(busy))
    for address in (at(busy), at(busy, "candidates/"), at(busy, f"{public_id('tsk', task_of(busy, 'g0'))}/")):
        with django_assert_max_num_queries(20):
            assert ada.get(address).status_code == 200
