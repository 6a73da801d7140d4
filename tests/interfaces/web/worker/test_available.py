"""Available work and the introduction to a project."""

import html
import re

import pytest

from tagwerk.domain.academy import actions as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.designs import actions as designs
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tests.interfaces.web.worker.working import hand_in, start, task_in
from tests.orders import project_file
from tests.people import actor, member, organisation, person
from tests.workshop import do_work, launched

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
    for path in ("/work/", "/work/list/"):
        shown = text_of(ben.get(path))
        assert "Sentiment" in shown
        assert "acme" in shown
        assert "€0.10" in shown
        assert "€18.00/h" in shown
        assert "the requester&#x27;s estimate" in shown
        assert "English" in shown
        assert "5 tasks for you" in shown


def test_only_what_is_closed_is_said_to_open(ben, project):
    waiting = launched([{"text": "Only one"}], title="Other")
    hand_in(ben, task_in(start(ben, waiting.public_id)), sentiment="positive")
    assert "What would open" not in text_of(ben.get("/work/"))
    launched(ROWS, title="Closed", audience={"countries": ["FR"]})
    assert "What would open 1 more project<" in text_of(ben.get("/work/"))


def test_enough_answers_say_more_than_an_estimate(ben, settings):
    settings.UNDO_SECONDS = 0
    made = launched(
        [{"text": str(n)} for n in range(8)], quality={"answers": {"min": 4, "max": 4, "confidence": 0.9}}
    )
    for name in ("cyn", "eve", "fay"):
        do_work(made.id, name, lambda data: {"sentiment": "positive"})
    work.feed_answers(project_id=made.id)
    shown = text_of(ben.get("/work/list/"))
    assert "€90.00/h" in shown  # ten cents in four seconds
    assert "24 answers" in shown
    assert "Without a decision an answer is approved after 3 days." in shown
    assert "24 answers" in text_of(ben.get(f"/work/{made.public_id}/"))
    ids = [one.assignment_id for name in ("cyn", "eve", "fay") for one in queries.my_work(person(name).id)]
    work.approve(project_id=made.id, assignment_ids=ids[:23], actor_id=person("ada").id)
    work.reject(
        actor=actor("ada"), project_id=made.id, assignment_id=ids[23], code="low_effort", reason="No."
    )
    shown = text_of(ben.get("/work/list/"))
    assert "95.8% of 24 answers approved, half of them within 1 min." in shown
    assert "€86.25/h" in shown


def test_unpaid_projects_say_nothing_about_money(ben):
    made = launched(ROWS, pay={"per": "none"}, audience={"invited": ["ben@example.org"]})
    for path in ("/work/", f"/work/{made.public_id}/"):
        shown = text_of(ben.get(path))
        assert "€" not in shown
        assert "/h" not in shown.partition("<main")[2].replace("</h", "").replace("/html", "").replace(
            'href="/', ""
        )
    page = text_of(ben.get(f"/work/task/{task_in(start(ben, made.public_id))}/"))
    assert "€" not in page
    assert "€" not in text_of(ben.get("/work/mine/"))


def test_nothing_there_says_what_to_do(ben):
    assert "Nobody has ordered work here" in text_of(ben.get("/work/"))
    assert "There is no work right now" in text_of(ben.get("/work/list/"))
    assert "No project is running that is open to all" in text_of(ben.get("/work/list/why/"))


def test_why_a_project_is_not_open_to_somebody(as_person):
    launched(ROWS, audience={"languages": {"de": "C2"}, "countries": ["AT"], "qualifications": {}})
    person("cyn", country="DE", languages={"de": "B1"})
    cyn = as_person("cyn")
    assert "Why is there no work for me?" in text_of(cyn.get("/work/"))
    shown = text_of(cyn.get("/work/list/why/"))
    assert "Not open to you yet" in shown
    assert "It asks for German: C2 – near native." in shown
    assert "It is for people who live in: Austria." in shown
    assert "1 project asks for something else too." in shown
    assert "Your profile" in shown
    assert "Sentiment" not in text_of(cyn.get("/work/list/"))
    assert "Sentiment" in text_of(cyn.get("/work/list/?state=closed"))


def test_a_test_that_would_open_a_project_can_be_begun_where_it_is_missing(ben):
    acme = organisation("acme")
    made = academy.create_qualification(
        actor=actor("ada"), organisation_id=acme, slug="mood", title="Moods in texts"
    )
    launched(ROWS, audience={"qualifications": {"mood": 80}})
    shown = text_of(ben.get("/work/list/why/"))
    assert "Get the qualification “Moods in texts”" in shown and "No test is offered for it" in shown
    academy.define_entry_test(
        actor=actor("ada"), qualification_id=made, draw=1, pass_mark=80,
        rows=[{"text": "x", "_gold": {"sentiment": "positive"}}],
        design_id=designs.save_design(organisation_id=acme, file=project_file()).id,
    )  # fmt: skip
    shown = text_of(ben.get("/work/list/why/"))
    assert "Take the test “Moods in texts”" in shown
    assert "It opens 1 project, €18.00/h." in shown
    assert 'action="/work/qualifications/tests/tst_' in shown


def test_why_a_project_of_one_s_own_has_no_task(ben, project):
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"})
    assert "You have had every task that is open." in text_of(ben.get("/work/"))
    shown = text_of(ben.get("/work/list/why/"))
    assert "Yours, without tasks at the moment" in shown
    assert "You have had every task that is open." in shown


def test_private_projects_are_named_nowhere(ben):
    launched(ROWS, title="A secret of ours", audience={"invited": ["cyn@example.org"]})
    for path in ("/work/", "/work/list/?state=all", "/work/list/why/"):
        assert "A secret of ours" not in text_of(ben.get(path))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind=text", ["Write"]),
        ("kind=choice", ["Quick", "Slow"]),
        ("hourly=12", ["Quick"]),
        ("minutes=1", ["Quick"]),
        ("language=de", ["Write"]),
        ("calm=yes", ["Quick", "Write"]),
        ("kind=choice&calm=yes", ["Quick"]),
        ("hourly=nonsense&state=nonsense", ["Quick", "Slow", "Write"]),
        ("state=closed", []),
    ],
)
def test_filters(ben, asked, found):
    launched(ROWS, title="Quick")
    slow = {"per": "answer", "amount": "0.10", "currency": "EUR", "estimate_seconds": 120}
    launched(ROWS, title="Slow", pay=slow, sensitivity=2)
    launched(ROWS, title="Write", pay=slow, language="de", ask={"why": {"kind": "text", "label": "Why?"}})
    shown = text_of(ben.get(f"/work/list/?{asked}"))
    assert [title for title in ("Quick", "Slow", "Write") if f">{title}</a>" in shown] == found


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


def test_what_pays_most_stands_first_and_many_come_page_by_page(ben, monkeypatch):
    monkeypatch.setattr("tagwerk.interfaces.web.pages.worker.available.PAGE", 2)
    for seconds in (60, 20, 40):
        pay = {"per": "answer", "amount": "0.10", "currency": "EUR", "estimate_seconds": seconds}
        launched(ROWS, title=f"In {seconds} seconds", pay=pay)
    shown = text_of(ben.get("/work/list/?kind=choice"))
    assert shown.index("In 20 seconds") < shown.index("In 40 seconds")
    assert "In 60 seconds" not in shown
    older = html.unescape(re.search(r'href="(/work/list/\?[^"]*after=prj_\w+)"', shown)[1])
    assert "kind=choice" in older
    last = text_of(ben.get(older))
    assert "In 60 seconds" in last and "In 40 seconds" not in last and 'rel="prev"' in last
    assert ben.get("/work/list/?after=nonsense").status_code == 200


def test_known_work_begins_with_one_press(ben, project):
    assert "Go on" not in text_of(ben.get("/work/list/"))
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"}, most=1)
    shown = text_of(ben.get("/work/"))
    assert f'action="/work/{project.public_id}/next"' in shown


def test_today_with_a_goal_and_news(ben, project):
    shown = text_of(ben.get("/work/"))
    assert "Set a goal" in shown and "Nothing unread." in shown and "Your first hour" in shown
    accounts.change_preferences(actor=actor("ben"), goal_micros=200_000, goal_minutes=30)
    notices.tell(person_id=person("ben").id, kind="project_paused", params={"project": "Breakfast"})
    do_work(project.id, "ben", lambda data: {"sentiment": "positive"}, most=2)
    shown = text_of(ben.get("/work/"))
    assert "€0.20 / €0.20" in shown and "Reached." in shown
    assert "0 min / 30 min" in shown
    assert "Breakfast is paused" in shown
    assert "2 answers wait; what nobody rejects is approved by" in shown
    assert "Your first hour" not in shown


def test_few_queries(ben, project, django_assert_max_num_queries):
    for title in ("One", "Two", "Three"):
        launched(ROWS, title=title, audience={"qualifications": {}})
    start(ben, project.public_id)
    ben.get("/work/")
    for path in ("/work/", "/work/list/", "/work/list/why/", f"/work/{project.public_id}/"):
        with django_assert_max_num_queries(19):
            ben.get(path)
