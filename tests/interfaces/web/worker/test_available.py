"""Available work and the introduction to a project."""

import re

import pytest

from tests.interfaces.web.worker.working import start, task_in
from tests.people import member, organisation, person
from tests.workshop import launched

pytestmark = pytest.mark.django_db

ROWS = [{"text": "Good"}, {"text": "Bad"}]


def text_of(reply) -> str:
    return " ".join(reply.content.decode().split())


def test_who_is_not_signed_in_is_sent_to_sign_in(client, project):
    for path in (
        "",
        "mine/",
        "earnings/",
        "qualifications/",
        f"{project.public_id}/",
        f"{project.public_id}/next",
    ):
        reply = client.get(f"/work/{path}")
        assert reply.status_code == 302
        assert reply["Location"].startswith("/accounts/login/"), path


def test_a_project_with_its_pay(ben, project):
    shown = text_of(ben.get("/work/"))
    assert "Sentiment" in shown
    assert "acme" in shown
    assert "€0.10" in shown
    assert "about €18.00 an hour" in shown
    assert "English" in shown


def test_unpaid_projects_say_nothing_about_money(ben):
    made = launched(ROWS, pay={"per": "none"}, audience={"invited": ["ben@example.org"]})
    for path in ("/work/", f"/work/{made.public_id}/"):
        shown = text_of(ben.get(path))
        assert "€" not in shown
        assert "an hour" not in shown
    page = text_of(ben.get(f"/work/task/{task_in(start(ben, made.public_id))}/"))
    assert "€" not in page
    assert "€" not in text_of(ben.get("/work/mine/"))


def test_nothing_there_says_what_to_do(ben):
    assert "Complete your profile" in text_of(ben.get("/work/"))


def test_why_a_project_is_not_open_to_somebody(as_person):
    launched(ROWS, audience={"languages": {"de": "C2"}, "countries": ["AT"], "qualifications": {}})
    person("cyn", country="DE", languages={"de": "B1"})
    shown = text_of(as_person("cyn").get("/work/"))
    assert "Not open to you" in shown
    assert "It asks for German: C2 – near native." in shown
    assert "It is for people who live in: Austria." in shown
    assert "Your profile" in shown


def test_projects_for_a_team_do_not_exist_for_others(as_person, ben):
    made = launched(ROWS, audience={"team": "members"}, pay={"per": "none"})
    assert "Sentiment" not in text_of(ben.get("/work/"))
    for path in ("", "next"):
        assert ben.get(f"/work/{made.public_id}/{path}").status_code == 404
    assert start(ben, made.public_id).status_code == 404
    member("mia", organisation("acme"))
    mia = as_person("mia")
    assert "Sentiment" in text_of(mia.get("/work/"))
    assert mia.get(f"/work/{made.public_id}/").status_code == 200


def test_drafts_and_unknown_projects_do_not_exist(ben):
    from tests.orders import project as draft_project

    assert ben.get(f"/work/{draft_project().public_id}/").status_code == 404
    assert ben.get("/work/prj_aaaaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404


def test_the_introduction_tells_what_to_know(ben, project):
    shown = text_of(ben.get(f"/work/{project.public_id}/"))
    assert "Read the text and say how it sounds." in shown
    assert "€0.10" in shown
    assert "20 sec" in shown
    assert "Start" in shown


def test_held_tasks_are_offered_to_go_on_with(ben, project):
    assignment = task_in(start(ben, project.public_id))
    shown = text_of(ben.get("/work/"))
    assert "1 task in your hands" in shown
    reply = ben.get(f"/work/{project.public_id}/next")
    assert task_in(reply) == assignment


def test_sensitive_projects_warn_and_ask_first(ben):
    made = launched(ROWS, sensitivity=3)
    intro = text_of(ben.get(f"/work/{made.public_id}/"))
    assert "Disturbing content" in intro
    assert 'name="consent"' in intro
    refused = start(ben, made.public_id)
    assert refused.status_code == 422
    assert "Read the warning" in text_of(refused)
    page = ben.get(start(ben, made.public_id, consent="on")["Location"])
    assert "Stop: end this task now, with pay" in text_of(page)
    assert 'name="consent"' not in text_of(ben.get(f"/work/{made.public_id}/"))


def test_many_projects_come_page_by_page(ben, monkeypatch):
    monkeypatch.setattr("tagwerk.interfaces.web.pages.worker.available.PAGE", 2)
    for language in ("de", "fr", "en"):
        launched(ROWS, title=f"In {language}", audience={"languages": {language: "B1"}})
    shown = text_of(ben.get("/work/"))
    assert "In de" not in shown
    assert shown.index("In en") < shown.index("Not open to you") < shown.index("In fr")
    older = re.search(r'href="(/work/\?before=prj_\w+)"', shown)
    assert older
    last = text_of(ben.get(older[1]))
    assert "In de" in last and "In en" not in last and 'rel="prev"' in last


def test_few_queries(ben, project, django_assert_max_num_queries):
    ben.get("/work/")
    with django_assert_max_num_queries(16):
        ben.get("/work/")
    with django_assert_max_num_queries(14):
        ben.get(f"/work/{project.public_id}/")
