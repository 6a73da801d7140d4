"""The page of bonuses: by hand, by a list, by a rule that is looked at first."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tagwerk.base.ids import public_id
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.domain.work import scene
from tests.interfaces.web.visiting import plain_files, visitor, words
from tests.people import person
from tests.workshop import do_work, judge

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def project(settings):
    """Ben and Cyn are right about six of six, Eve about none."""
    settings.UNDO_SECONDS = 0
    made = scene.running(6, quality={"answers": {"min": 3, "max": 3, "confidence": 0.6}})
    for name, said in (("ben", "positive"), ("cyn", "positive"), ("eve", "negative")):
        do_work(made.id, name, lambda data, said=said: {"sentiment": said})
    judge(made.id)
    quality.watch_workers(project_id=made.id)
    work.accept_all(project_id=made.id)
    return projects.project(made.id)


@pytest.fixture
def ada():
    return visitor("ada")


def page_of(project) -> str:
    return f"/projects/{project.public_id}/bonuses/"


def named(project, name: str) -> str:
    return queries.pseudonyms(project.id, [person(name).id])[person(name).id]


def given(project) -> list[tuple[str, int]]:
    return [(one.pseudonym, one.reward_micros) for one in queries.bonuses_page(project.id)]


def test_by_hand_to_a_worker_or_for_an_answer_and_once(ada, project):
    ben = named(project, "ben")
    assert ben in ada.get(page_of(project) + f"?worker={ben}").content.decode()
    form = {"what": "hand", "to": ben, "amount": "0,50", "reason": "Very careful", "key": "k1"}
    for said in ("1 bonus is paid.", "Nothing new: these bonuses were given already."):
        page = words(ada.post(page_of(project), form, follow=True))
        assert said in page and "Very careful by hand €0.50" in page
    answer = public_id("asg", queries.my_work(person("ben").id)[0].assignment_id)
    ada.post(page_of(project), form | {"to": answer, "key": "k2"})
    assert given(project) == [(ben, 500_000), (ben, 500_000)]


def test_what_is_wrong_is_said_and_nothing_is_paid(ada, project):
    form = {"what": "hand", "to": "W-NOBODY", "amount": "0.50", "reason": "x", "key": "k"}
    reply = ada.post(page_of(project), form)
    assert reply.status_code == 422 and "Nobody in this project is called “W-NOBODY”" in words(reply)
    large = form | {"to": named(project, "ben"), "amount": "20"}
    reply = ada.post(page_of(project), large)
    assert reply.status_code == 422 and "more than 20 times what an answer pays" in words(reply)
    assert given(project) == []
    assert ada.post(page_of(project), large | {"sure": "on"}).status_code == 303
    assert len(given(project)) == 1


def test_by_a_list(ada, project):
    text = f"worker,amount,reason\n{named(project, 'ben')},0.10,one\n{named(project, 'cyn')},0.20,two\n"
    bad = SimpleUploadedFile("b.csv", (text + "W-X,1,three\n").encode())
    reply = ada.post(page_of(project), {"what": "file", "file": bad, "key": "f"})
    assert reply.status_code == 422 and "Line 4: Nobody in this project is called “W-X”" in words(reply)
    assert given(project) == []
    good = SimpleUploadedFile("b.csv", text.encode())
    assert "2 bonuses are paid." in words(
        ada.post(page_of(project), {"what": "file", "file": good, "key": "f"}, follow=True)
    )
    assert len(given(project)) == 2


def test_by_a_rule_that_is_looked_at_first(ada, project):
    rule = {"what": "rule", "accuracy": "90", "answers": "5", "share": "10", "reason": "Right so often"}
    page = words(ada.post(page_of(project), rule))
    assert "2 people get a bonus, €0.12 in all, €0.14 with the fee." in page.replace("€0.144", "€0.14")
    assert given(project) == []
    page = words(ada.post(page_of(project), rule | {"pay": "yes"}, follow=True))
    assert "2 bonuses are paid." in page and "Right so often by a rule €0.06" in page
    again = words(ada.post(page_of(project), rule | {"pay": "yes"}, follow=True))
    assert "Nothing new" in again and len(given(project)) == 2
    assert named(project, "eve") in words(ada.post(page_of(project), rule | {"accuracy": "1"}))


def test_the_page_is_for_paid_projects_that_run(ada, project):
    draft = scene.running(1, launch=False)
    assert ada.get(page_of(draft)).status_code == 404
    assert ada.get(page_of(scene.running(1, **scene.without_pay("ben")))).status_code == 404
    assert "Bonuses" in words(ada.get(f"/projects/{project.public_id}/people/"))
