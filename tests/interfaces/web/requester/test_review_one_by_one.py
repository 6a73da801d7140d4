"""Reviewing one by one, objections and the second person, on the pages of both sides."""

import re
from typing import Any

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.quality import actions as quality
from tagwerk.domain.quality import queries as judged
from tagwerk.domain.quality.models import Signal
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.models import Assignment
from tests.interfaces.web.visiting import visitor, words
from tests.people import actor, member, person
from tests.workshop import do_work, judge, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]
WHY = {"code": "low_effort", "reason": "Not read."}


@pytest.fixture
def answered(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    project = launched([{"text": f"Text {n}"} for n in range(8)], budget="20.00")
    member("rob", project.organisation_id, "reviewer")
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    do_work(project.id, "bea", lambda data: {"sentiment": "negative"})
    judge(project.id)
    return project


def of_ben(project: ProjectView) -> list[str]:
    mine = work.my_work(person("ben").id, project_id=project.id)
    return [public_id("asg", one.assignment_id) for one in mine]


def number_of(asg: str) -> int:
    return next(
        one for one in Assignment.objects.values_list("id", flat=True) if public_id("asg", one) == asg
    )


def test_from_answer_to_answer_and_blind_until_decided(answered: ProjectView) -> None:
    ada, base = visitor("ada"), f"/projects/{answered.public_id}/review/"
    assert "16 answers wait for a reviewer" in words(ada.get(base))
    address = ada.get(f"{base}next/")["Location"]
    page = ada.get(address)
    answer = judged.to_review(actor("ada"), answered.id, number_of(address.split("/")[-2])).answer.answers
    given = answer["sentiment"]
    other = {"positive": "negative", "negative": "positive"}[given]
    assert "What reviewers found" not in words(page) and "certain" not in words(page).replace("uncertain", "")
    assert ada.post(address, {"answer.sentiment": f'"{given}"'}).status_code == 303
    told = words(ada.get(address))
    assert "What reviewers found" in told and other in told and "0 of 1" in told
    following = ada.get(f"{base}next/")["Location"]
    assert following != address
    sent = {"answer.sentiment": '"neutral"'}
    assert ada.post(following, sent).status_code == 303
    assert "corrected you" in words(ada.get(following))
    assert work.progress(answered.id).approved == 2


def test_verdicts_of_the_form_are_refused_in_words_and_kept(answered: ProjectView) -> None:
    ada, base = visitor("ada"), f"/projects/{answered.public_id}/review/"
    address = ada.get(f"{base}next/")["Location"]
    wrong = {"verdict": "reject", "code": "", "reason": "Not <read>."}
    reply = ada.post(address, wrong)
    assert reply.status_code == 422 and "Choose one of the reasons" in words(reply)
    assert "Not &lt;read&gt;." in reply.content.decode()
    assert ada.post(address, {"verdict": "revise", "text": "Say why.", "extra": "much"}).status_code == 422
    assert ada.post(address, {"verdict": "revise", "text": "Say why.", "extra": "0,05"}).status_code == 303
    assert "Say why." in words(ada.get(address))
    assert ada.post(address, {"verdict": "approve"}).status_code == 409


def test_one_worker_after_the_other(answered: ProjectView) -> None:
    ada, base = visitor("ada"), f"/projects/{answered.public_id}/review/"
    name = judged.workers_of_project(actor("ada"), answered.id)[0].pseudonym
    address = ada.get(f"{base}next/?worker={name}")["Location"]
    assert f"worker={name}" in address and name in ada.get(address).content.decode()
    assert f"worker={name}" in ada.post(address, {"verdict": "approve"})["Location"]
    assert ada.get(f"{base}next/?worker=W-NOBODY")["Location"].endswith("/review/")


def test_the_answers_that_a_signal_is_about_and_why_only_afterwards(answered: ProjectView) -> None:
    ids = sorted(number_of(one) for one in of_ben(answered))
    sig = Signal.objects.create(
        project_id=answered.id, worker_id=person("ben").id, kind="streak", up_to=ids[-1], evidence=[[ids[2], 0]],
        figures={"in_a_row": 8, "answers": 8, "chance": 1e-9},
    )  # fmt: skip
    ada, base = visitor("ada"), f"/projects/{answered.public_id}/review/"
    name = next(
        one.pseudonym
        for one in work.workers_page(actor("ada"), answered.id)
        if one.worker_id == person("ben").id
    )
    links = re.findall(
        r"href=\"(/projects/\w+/review/next/[^\"]+)",
        ada.get(f"/projects/{answered.public_id}/people/{name}/").content.decode(),
    )
    about = f"evidence={public_id('sig', sig.id)}"
    assert [one.partition("?")[2] for one in links] == [f"worker={name}", about]
    assert f"{base}next/?signal=streak" in ada.get(base).content.decode()
    address = ada.get(links[1])["Location"]
    assert address == f"{base}answers/{public_id('asg', ids[2])}/?{about}"
    page = ada.get(address).content.decode()
    assert "answers you chose" in page and "in a row" not in page
    assert ada.post(address, {"verdict": "approve"})["Location"] == address
    assert "You asked for answers that a signal points at. The same answer 8 times in a row" in words(
        ada.get(address)
    )
    assert ada.get(links[1])["Location"] == base  # nothing more waits of these
    assert ada.get(f"{base}next/?evidence=sig_x").status_code == 404


def test_a_worker_objects_and_somebody_else_decides(answered: ProjectView) -> None:
    asg = of_ben(answered)[0]
    quality.reject_answer(actor=actor("rob"), project_id=answered.id, assignment_id=number_of(asg), **WHY)
    ben, address = visitor("ben"), f"/work/task/{asg}/decision/"
    page = words(ben.get(address))
    assert "Plainly no effort" in page and "Not read." in page and "Do you object?" in page
    refused = ben.post(address, {"do": "object", "text": "Why?"})
    assert refused.status_code == 422 and "Why?" in words(refused)
    assert ben.post(address, {"do": "object", "text": "I have read all of it."}).status_code == 303
    assert "waits for a decision" in words(ben.get(address))
    assert "You have objected" in words(ben.get("/work/mine/"))
    queue = f"/projects/{answered.public_id}/review/appeals/"
    rob = visitor("rob")
    assert "You took part in rejecting this answer" in words(rob.get(queue))
    sent = {"do": "refuse", "answer": asg, "words": "I still think so, sorry."}
    reply = rob.post(queue, sent)
    assert reply.status_code == 409 and "I still think so" in words(reply)
    assert "I have read all of it." in words(visitor("dan").get(f"/operator/decisions/{answered.public_id}/"))
    assert visitor("ada").post(queue, sent | {"do": "grant"}).status_code == 303
    assert "granted: the answer is paid" in words(ben.get(address))
    assert "I still think so" in words(visitor("ada").get(f"{queue}?ended=1"))
    org = public_id("org", answered.organisation_id)
    public = words(visitor(None).get(f"/requesters/{org}/"))
    assert "Granted 1 of 1 objection" in public and "Rejected 0%" in public
    assert f"/requesters/{org}/" in visitor("ben").get(f"/work/{answered.public_id}/").content.decode()


def test_many_rejections_wait_for_a_second_person(answered: ProjectView) -> None:
    ids = [number_of(one) for one in of_ben(answered)]
    quality.reject_answers(actor=actor("rob"), project_id=answered.id, assignment_ids=ids, **WHY)
    address = f"/projects/{answered.public_id}/review/confirm/"
    page = words(visitor("ada").get(address))
    assert "Rob wants to reject" in page and "Answers 8 People 1 Pay that they would not get €0.80" in page
    sent = {"do": "confirm", "answer": of_ben(answered)[:2]}
    assert visitor("rob").post(address, sent).status_code == 409
    reply = visitor("dan").post(f"/operator/decisions/{answered.public_id}/", sent)
    assert reply.status_code == 303 and work.progress(answered.id).rejected == 2
    assert (
        visitor("ada").post(address, sent | {"do": "approve", "answer": of_ben(answered)[2:]}).status_code
        == 303
    )
    assert "Nothing waits for a second person" in words(visitor("ada").get(address))


def test_a_better_answer_is_handed_in_on_the_page_of_the_answer(answered: ProjectView) -> None:
    asg = of_ben(answered)[0]
    quality.open_review(actor=actor("ada"), project_id=answered.id, assignment_id=number_of(asg))
    asked = quality.Found(verdict="revise", text="Read the last line.", extra_micros=50_000)
    quality.commit_review(
        actor=actor("ada"), project_id=answered.id, assignment_id=number_of(asg), found=asked
    )
    ben = visitor("ben")
    assert "A better answer is asked for until" in words(ben.get("/work/mine/"))
    assert "€0.05" in words(ben.get(f"/work/task/{asg}/decision/"))
    address = f"/work/task/{asg}/answer/"
    assert "Read the last line." in words(ben.get(address))
    same = ben.post(address, {"answer.sentiment": '"positive"'})
    assert same.status_code == 409 and "Change it, or leave it as it is" in words(same)
    assert ben.post(address, {"answer.sentiment": '"neutral"'}).status_code == 303
    assert "Better answer that was asked for" in words(ben.get("/work/earnings/"))
    assert ben.post(f"/work/task/{asg}/decision/", {"do": "leave"}).status_code == 404


@pytest.mark.parametrize("path", ["review/", "review/appeals/", "review/confirm/", "review/reviewers/"])
def test_the_pages_need_few_queries(
    answered: ProjectView, django_assert_max_num_queries: Any, path: str
) -> None:
    ids = [number_of(one) for one in of_ben(answered)]
    for one in ids[:3]:
        quality.reject_answer(actor=actor("rob"), project_id=answered.id, assignment_id=one, **WHY)
    ada = visitor("ada")
    ada.get(f"/projects/{answered.public_id}/{path}")
    with django_assert_max_num_queries(20):
        assert ada.get(f"/projects/{answered.public_id}/{path}").status_code == 200


def test_the_page_of_an_answer_needs_few_queries(
    answered: ProjectView, django_assert_max_num_queries: Any
) -> None:
    ada = visitor("ada")
    address = ada.get(f"/projects/{answered.public_id}/review/next/")["Location"]
    ada.get(address)
    with django_assert_max_num_queries(20):
        assert re.search("data-review", ada.get(address).content.decode())
