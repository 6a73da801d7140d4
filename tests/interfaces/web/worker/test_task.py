"""The page of a task: from taking one to handing it in, and the ways out."""

import html
import json
import re

import pytest

from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.states import State
from tests.interfaces.web.worker.working import answered, hand_in, number_of, start, task_in
from tests.people import actor, person
from tests.workshop import do_work, launched

pytestmark = pytest.mark.django_db


def text_of(reply) -> str:
    return html.unescape(" ".join(reply.content.decode().split()))


def state_of(name: str, assignment: str) -> int:
    return queries.my_work(person(name).id, before=number_of(assignment) + 1, limit=1)[0].state


def test_start_leads_to_a_task_with_its_question(ben, project):
    reply = start(ben, project.public_id)
    assert "instructions=open" in reply["Location"]
    shown = text_of(ben.get(reply["Location"]))
    assert "Text 0" in shown
    assert "How does it sound?" in shown
    assert re.search(r'<details class="task-instructions"[^>]* open>', shown)
    assert "€0.10" in shown


def test_looking_takes_nothing(ben, project):
    reply = ben.get(f"/work/{project.public_id}/next")
    assert reply.status_code == 303
    assert reply["Location"] == f"/work/{project.public_id}/"
    assert queries.my_work(person("ben").id) == []


def test_submitting_leads_to_the_next_task(ben, project):
    first = task_in(start(ben, project.public_id))
    reply = hand_in(ben, first, sentiment="positive")
    second = task_in(reply)
    assert second != first
    page = text_of(ben.get(reply["Location"]))
    assert f'data-done="{first}"' in page
    assert 'data-gone-after="60"' in page
    assert f"/work/task/{first}/undo/" in page
    mine = queries.my_answer(person("ben").id, number_of(first))
    assert mine.answers == {"sentiment": "positive"}


def test_the_form_names_project_and_design_so_that_nothing_is_looked_up(ben, project):
    first = task_in(start(ben, project.public_id))
    page = ben.get(f"/work/task/{first}/").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]+)">', page))
    assert fields["_project"] == project.public_id
    reply = ben.post(f"/work/task/{first}/", fields | answered(sentiment="negative"))
    assert task_in(reply) != first


def test_a_forged_project_in_the_form_reaches_nothing(as_person, project):
    ben, cyn = as_person("ben"), as_person("cyn")
    first = task_in(start(ben, project.public_id))
    start(cyn, project.public_id)
    fields = {"_project": project.public_id} | answered(sentiment="positive")
    assert cyn.post(f"/work/task/{first}/", fields).status_code == 404
    assert state_of("ben", first) == State.HELD


def test_other_people_s_tasks_do_not_exist(as_person, project):
    ben, cyn = as_person("ben"), as_person("cyn")
    first = task_in(start(ben, project.public_id))
    for path in ("", "leave/", "thread/", "answer/"):
        assert cyn.get(f"/work/task/{first}/{path}").status_code == 404, path
    for path in ("", "draft/", "renew/", "leave/", "stop/", "thread/", "answer/", "accept/"):
        fields = {"why": "return", "text": "Hello", **answered(sentiment="positive")}
        if path == "draft/":
            reply = cyn.post(f"/work/task/{first}/draft/", '{"answers": {}}', content_type="application/json")
        else:
            reply = cyn.post(f"/work/task/{first}/{path}", fields)
        assert reply.status_code == 404 or (path == "leave/" and reply.status_code == 422), path
    assert state_of("ben", first) == State.HELD


def test_a_wrong_answer_comes_back_with_what_was_given(ben):
    made = launched(
        [{"text": "Good"}],
        ask={
            "sentiment": {"kind": "choice", "options": ["good", "bad"]},
            "why": {"kind": "text", "min_words": 3},
        },
    )
    first = task_in(start(ben, made.public_id))
    reply = hand_in(ben, first, sentiment="good", why="So")
    assert reply.status_code == 422
    page = text_of(reply)
    assert '"value":"good"' in page
    assert '"value":"So"' in page
    assert 'role="alert"' in page
    assert '<strong dir="auto">why</strong>' in page
    assert state_of("ben", first) == State.HELD


def test_unreadable_fields_are_refused_on_the_page(ben, project):
    first = task_in(start(ben, project.public_id))
    reply = ben.post(f"/work/task/{first}/", {"answer.sentiment": "{"})
    assert reply.status_code == 422
    assert "cannot be read" in text_of(reply)


def test_the_same_form_twice_counts_once_and_leads_to_the_same_task(ben, project):
    first = task_in(start(ben, project.public_id))
    once = task_in(hand_in(ben, first, sentiment="positive"))
    assert task_in(hand_in(ben, first, sentiment="positive")) == once
    other = hand_in(ben, first, sentiment="negative")
    assert other.status_code == 409
    assert f"/work/task/{first}/answer/" in text_of(other)


def test_the_last_task_leads_to_why_there_is_none(ben, project):
    reply = start(ben, project.public_id)
    for _ in range(5):
        reply = hand_in(ben, task_in(reply), sentiment="positive")
    assert reply["Location"].startswith(f"/work/{project.public_id}/next?done=")
    page = text_of(ben.get(reply["Location"]))
    assert "Nothing left for you here right now" in page
    assert "Submitted." in page
    assert "Look again" in page
    assert "Other work" in page


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_open_task", "Look again"),
        ("still_searching", "Look again"),
        ("project_paused", "stopped it for a while"),
        ("project_closed", "No more answers are needed"),
        ("not_eligible", "asks for something"),
        ("worker_paused", "You can read why"),
        ("api_work_not_allowed", "not done by programs"),
    ],
)
def test_every_reason_for_nothing_has_words(ben, project, reason, words):
    assert words in text_of(ben.get(f"/work/{project.public_id}/next?why={reason}"))


def test_reasons_that_nobody_gave_lead_to_the_introduction(ben, project):
    assert ben.get(f"/work/{project.public_id}/next?why=<b>").status_code == 303


def test_who_is_paused_hears_it(ben, project):
    first = task_in(start(ben, project.public_id))
    work.pause_worker(
        project_id=project.id, worker_id=person("ben").id, reason="gold", actor_id=person("ada").id
    )
    reply = hand_in(ben, first, sentiment="positive")
    assert "why=worker_paused" in reply["Location"]
    assert "You get no more tasks" in text_of(ben.get(reply["Location"]))


def test_the_offer_to_undo_cannot_be_forged(ben, project):
    first = task_in(start(ben, project.public_id))
    page = text_of(ben.get(f"/work/task/{first}/?done={first}~submitted~9999999999:nothing"))
    assert "data-done" not in page
    assert "data-gone-after" not in page


def test_drafts_are_kept_and_come_back(ben, project):
    first = task_in(start(ben, project.public_id))
    body = json.dumps({"answers": {"sentiment": "neutral"}})
    reply = ben.post(f"/work/task/{first}/draft/", body, content_type="application/json")
    assert set(reply.json()) == {"saved_at", "until"}
    assert '"value":"neutral"' in text_of(ben.get(f"/work/task/{first}/"))


@pytest.mark.parametrize("body", ["", "[]", '{"answers": 3}', "{", '{"answers": ' * 2000, '"x"'])
def test_drafts_that_are_none_are_refused(ben, project, body):
    first = task_in(start(ben, project.public_id))
    reply = ben.post(
        f"/work/task/{first}/draft/",
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert reply.status_code == 422
    assert reply.json()["code"] == "draft_unreadable"


def test_more_time(ben, project):
    first = task_in(start(ben, project.public_id))
    reply = ben.post(f"/work/task/{first}/renew/")
    assert reply.json()["until"] > "2026"


def test_what_a_model_filled_in_says_so(ben):
    made = launched([{"text": "Good", "_prediction": {"sentiment": "positive"}}])
    first = task_in(start(ben, made.public_id))
    page = text_of(ben.get(f"/work/task/{first}/"))
    assert "A model has filled this in" in page
    assert '"value":"positive"' in page


def test_skipping_leads_to_the_next_task(ben, project):
    first = task_in(start(ben, project.public_id))
    assert "Nobody can answer it" in text_of(ben.get(f"/work/task/{first}/leave/"))
    reply = ben.post(
        f"/work/task/{first}/leave/", {"why": "cannot_be_answered/broken", "words": "No picture"}
    )
    assert task_in(reply) != first
    assert state_of("ben", first) == State.SKIPPED
    assert "Skipped." in text_of(ben.get(reply["Location"]))


def test_returning_ends_the_work(ben, project):
    first = task_in(start(ben, project.public_id))
    reply = ben.post(f"/work/task/{first}/leave/", {"why": "return"})
    assert reply["Location"].startswith(f"/work/{project.public_id}/?done=")
    assert state_of("ben", first) == State.RETURNED
    page = text_of(ben.get(reply["Location"]))
    assert "You returned the task." in page
    assert f'data-done="{first}"' in page


def test_leaving_asks_why(ben, project):
    first = task_in(start(ben, project.public_id))
    assert ben.post(f"/work/task/{first}/leave/", {}).status_code == 422
    assert state_of("ben", first) == State.HELD


def test_stopping_at_a_sensitive_task_is_paid_and_asks_again(ben):
    made = launched([{"text": "Good"}, {"text": "Bad"}], sensitivity=2)
    first = task_in(start(ben, made.public_id, consent="on"))
    reply = ben.post(f"/work/task/{first}/stop/", answered(sentiment="positive"))
    page = text_of(ben.get(reply["Location"]))
    assert "This task is paid" in page
    assert 'name="consent"' in page
    assert state_of("ben", first) == State.STOPPED


def test_a_task_that_is_not_sensitive_cannot_be_stopped(ben, project):
    first = task_in(start(ben, project.public_id))
    assert "formaction" not in text_of(ben.get(f"/work/task/{first}/"))
    assert ben.post(f"/work/task/{first}/stop/").status_code == 409


def test_changing_what_was_handed_in(ben, project):
    first = task_in(start(ben, project.public_id))
    second = task_in(hand_in(ben, first, sentiment="positive"))
    to_change = ben.post(f"/work/task/{first}/undo/")
    assert to_change["Location"] == f"/work/task/{first}/answer/"
    assert '"value":"positive"' in text_of(ben.get(to_change["Location"]))
    reply = ben.post(to_change["Location"], answered(sentiment="negative"))
    assert reply["Location"] == f"/work/task/{second}/"
    mine = queries.my_answer(person("ben").id, number_of(first))
    assert (mine.answers, mine.revision) == ({"sentiment": "negative"}, 1)


def test_a_wrong_change_comes_back(ben, project):
    first = task_in(start(ben, project.public_id))
    hand_in(ben, first, sentiment="positive")
    reply = ben.post(f"/work/task/{first}/answer/", answered(sentiment="nothing like it"))
    assert reply.status_code == 422
    assert "How does it sound?" in text_of(reply)


def test_from_an_answer_lead_two_ways_that_can_be_told_apart(ben, project):
    first = task_in(start(ben, project.public_id))
    hand_in(ben, first, sentiment="positive")
    page = text_of(ben.get(f"/work/task/{first}/answer/"))
    for way in ("/work/mine/", f"/work/task/{first}/thread/"):
        assert f'<a class="button button-quiet" href="{way}"' in page, way


def test_what_is_judged_can_only_be_looked_at(ben, project, settings):
    settings.UNDO_SECONDS = 0
    first = task_in(start(ben, project.public_id))
    hand_in(ben, first, sentiment="positive")
    work.feed_answers(project_id=project.id)
    page = text_of(ben.get(f"/work/task/{first}/answer/"))
    assert "cannot be changed any more" in page
    assert " readonly" in page
    refused = ben.post(f"/work/task/{first}/answer/", answered(sentiment="negative"))
    assert refused.status_code == 409
    assert '"value":"negative"' in text_of(refused)


def test_the_address_of_a_task_that_is_done_leads_to_the_answer(ben, project):
    first = task_in(start(ben, project.public_id))
    hand_in(ben, first, sentiment="positive")
    assert ben.get(f"/work/task/{first}/")["Location"] == f"/work/task/{first}/answer/"


def test_the_address_of_a_task_given_back_leads_to_its_project(ben, project):
    first = task_in(start(ben, project.public_id))
    ben.post(f"/work/task/{first}/leave/", {"why": "return"})
    assert ben.get(f"/work/task/{first}/")["Location"] == f"/work/{project.public_id}/"


def test_asking_the_requester(ben, project):
    first = task_in(start(ben, project.public_id))
    assert "Nothing has been written" in text_of(ben.get(f"/work/task/{first}/thread/"))
    assert ben.post(f"/work/task/{first}/thread/", {"text": " "}).status_code == 422
    assert ben.post(f"/work/task/{first}/thread/", {"text": "Is <b>irony</b> negative?"}).status_code == 303
    page = text_of(ben.get(f"/work/task/{first}/thread/"))
    assert "You" in page
    assert "Is <b>irony</b> negative?" in page
    assert "&lt;b&gt;" in ben.get(f"/work/task/{first}/thread/").content.decode()


def test_nothing_on_the_page_says_whether_a_task_is_gold(ben):
    made = launched(
        [{"text": f"Gold{number}", "_gold": {"sentiment": "positive"}} for number in range(4)]
        + [{"text": f"Plain{number}"} for number in range(12)],
        quality={"answers": {"min": 1, "max": 1}, "gold_share": 0.5},
    )
    reply, pages = start(ben, made.public_id), {"Gold": set(), "Plain": set()}
    while "/work/task/" in reply["Location"]:
        assignment = task_in(reply)
        page = ben.get(f"/work/task/{assignment}/").content.decode()
        text = re.search(r'<div class="plain">(\w+)</div>', page)[1]
        page = re.sub(
            r'asg_\w+|name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|\d\d:\d\d:\d\d[.\d]*\+\S+|data-sitting>[^<]*',
            "",
            page,
        )
        pages[text.rstrip("0123456789")].add(page.replace(text, ""))
        reply = hand_in(ben, assignment, sentiment="positive")
    assert pages["Gold"] == pages["Plain"] != set()
    assert "gold" not in pages["Gold"].pop().lower()


def test_few_queries(ben, project, django_assert_num_queries):
    reply = start(ben, project.public_id)
    first = task_in(reply)
    page = ben.get(reply["Location"]).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]+)">', page))
    with django_assert_num_queries(7):  # session, person, actor, the gate, the task, the project, the sitting
        ben.get(f"/work/task/{first}/")
    with django_assert_num_queries(4):  # session, person, actor, submit-and-claim
        task_in(ben.post(f"/work/task/{first}/", fields | answered(sentiment="positive")))


def test_pages_speak_german(ben, project):
    first = task_in(start(ben, project.public_id))
    ben.cookies["django_language"] = "de"
    page = text_of(ben.get(f"/work/task/{first}/"))
    assert 'lang="de"' in page
    assert "0,10" in page


def test_finished_projects_stay_for_those_who_worked_there(as_person, ben, project):
    from tagwerk.domain.projects import actions as projects

    do_work(project.id, "ben", lambda data: {"sentiment": "positive"}, most=1)
    projects.finish_project(actor=actor("ada"), project_id=project.id)
    assert "No tasks are given out" in text_of(ben.get(f"/work/{project.public_id}/"))
    assert as_person("cyn").get(f"/work/{project.public_id}/").status_code == 404
