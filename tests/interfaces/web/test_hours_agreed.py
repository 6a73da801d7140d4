"""Pay by the hour on pages and by API: more time asked for while at a task, better answers, and time without a timer."""

import re

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeRequest
from tagwerk.domain.work.queries import sql
from tests import people
from tests.domain.work import hourly, scene
from tests.domain.work.test_hours_ahead import decide
from tests.domain.work.test_rework import ask
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.interfaces.web.requester.test_setup import text_of
from tests.interfaces.web.test_pay_by_the_hour import _last, asg
from tests.interfaces.web.visiting import plain_files as plain_files
from tests.interfaces.web.visiting import visitor, words

pytestmark = pytest.mark.django_db
WHY = "It is longer than the others."


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def test_more_time_is_asked_for_from_the_page_of_the_task_and_agreed_on_the_requesters():
    project, ben, ada = hourly.running(1), visitor("ben"), visitor("ada")
    held = hourly.timed(scene.worker("ben"), project, 1_200, runs=True)
    here, there = f"/work/task/{asg(held.assignment_id)}/", f"/projects/{project.public_id}/review/time/"
    assert f'href="{here}time/"' in ben.get(here).content.decode()
    page = ben.get(f"{here}time/")
    assert "Ask for more time" in words(page) and "tw-timer" in page.content.decode()  # it goes on here
    assert ben.post(f"{here}time/", {"minutes": "20", "reason": WHY}).status_code == 422
    assert ben.post(f"{here}time/", {"minutes": "50", "reason": ""}).status_code == 422
    reply = ben.post(f"{here}time/", {"minutes": "50", "reason": WHY})
    assert (reply.status_code, reply["Location"]) == (303, here)
    assert "You asked for 50 min" in words(ben.get(here))
    page = words(ben.get(f"{here}time/"))
    assert "your timer says it" in page and "Minutes that the task may take" not in page
    page = words(ada.get(there))
    assert WHY in page and "at this task now" in page and "€6.00" in page
    assert "/review/answers/" not in ada.get(there).content.decode()  # there is no answer yet
    (asked,) = TimeRequest.objects.all()
    reply = ada.post(there, {"request": public_id("tmr", asked.id), "do": "grant"}, follow=True)
    assert "the money for it is set aside" in words(reply) and "with the answer" in words(reply)
    told = ben.post(f"{here}time/seen/").json()
    assert (told["most_seconds"], told["most_micros"], told["most"]) == (3_000, 15_000_000, "50 min")
    assert "paid up to 50 min, as agreed" in text_of(ben.get(here)).replace("\xa0", " ")
    work.tell_time_decided(fact=_last("TimeDecided"))
    inbox = words(ben.get("/inbox/"))
    assert "More time is agreed" in inbox and "Up to 50 minutes of your task" in inbox
    assert "The money for it is set aside" in words(ben.get(f"{here}time/"))


def test_who_may_not_ask_or_decide_gets_nowhere():
    project = hourly.running(1)
    held = hourly.timed(scene.worker("ben"), project, 1_200)
    here = f"/work/task/{asg(held.assignment_id)}/time/"
    assert visitor("cyn").post(here, {"minutes": "50", "reason": WHY}).status_code == 404
    number = public_id("tmr", hourly.ask_ahead(scene.worker("ben"), held, 3_000))
    there = f"/projects/{project.public_id}/review/time/"
    assert visitor("ben").post(there, {"request": number, "do": "grant"}).status_code == 404
    people.person("eve")
    assert visitor("eve").get(there).status_code == 404
    cyn = people.key_for("cyn")
    mine = f"/work/projects/{project.public_id}/assignments/{asg(held.assignment_id)}/time/ask"
    assert call("POST", mine, cyn, {"seconds": 3_000, "reason": WHY}).status == 404


def test_requests_have_a_pager_in_the_order_in_which_they_lapse(monkeypatch):
    monkeypatch.setattr("tagwerk.interfaces.web.pages.requester.project_time.PAGE", 2)
    project, ada = hourly.running(5), visitor("ada")
    there = f"/projects/{project.public_id}/review/time/"
    for place in range(5):
        name = f"w{place}"
        number = hourly.worked(scene.worker(name), project, 600)
        hourly.correct(scene.worker(name), project, number, 2_000, reason=f"Reason {place}.")
        TimeRequest.objects.filter(assignment_id=number).update(until=hourly.later(9 - place))
    work.feed_answers(project_id=project.id)
    seen, address = [], there
    for _ in range(3):
        page = ada.get(address).content.decode()
        seen += [int(text[0]) for text in page.split('<blockquote class="said" dir="auto">Reason ')[1:]]
        links = {one for one in re.findall(r'\?(asked_after=\w+)"', page) if one not in address}
        address = f"{there}?{links.pop()}" if links else ""
    assert seen == [4, 3, 2, 1, 0] and not address
    assert ada.get(f"{there}?asked_after=nonsense").status_code == 404
    for one in TimeRequest.objects.all():
        decide(project, one.id, grants=False)
    page = ada.get(there).content.decode()
    assert page.count("not granted") == 2 and "ended_before=" in page


def test_what_counts_without_a_timer_is_marked_for_both_and_can_be_corrected():
    project, ben, ada = hourly.running(1), visitor("ben"), visitor("ada")
    held = hourly.untimed(scene.worker("ben"), project)
    sent = {"_by_the_hour": "1", "_active_ms": "300000", "answer.sentiment": '"positive"'}
    here = f"/work/task/{asg(held.assignment_id)}/"
    assert "/time/" in ben.post(here, sent)["Location"]
    page = words(ben.get(f"{here}time/"))
    assert "At work on the page" in page and "counts, because no timer ran" in page and "€1.50" in page
    work.feed_answers(project_id=project.id)
    there = f"/projects/{project.public_id}/review/time/"
    assert "no timer ran: 5 min at work on the page" in words(ada.get(there))
    assert ben.post(f"{here}time/", {"minutes": "10", "reason": WHY}).status_code == 303
    assert queries.time_of(project.id, held.assignment_id).paid_seconds == 600


def test_the_stop_button_of_the_page_is_paid_for_its_time():
    project = hourly.running(1, sensitivity=2)
    ben, client = scene.worker("ben", project), visitor("ben")
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    work.consent(person_id=ben, project_id=project.id)
    held = hourly.untimed(ben, project)
    here = f"/work/task/{asg(held.assignment_id)}/"
    reply = client.post(f"{here}stop/", {"_active_ms": "120000"}, follow=True)
    assert "This task is paid for its time" in words(reply) and f"{here}time/" in reply.content.decode()
    assert f"{here}time/" in client.get("/work/mine/").content.decode()
    work.return_to_queue(project_id=project.id)
    assert scene.earned("ben") == 600_000
    page = words(client.get(f"{here}time/"))
    assert "This task is paid." in page and "Ask for it" in page
    client.post(f"{here}time/", {"minutes": "5", "reason": WHY})
    assert queries.open_time_requests(project.id) == 1


def test_the_page_of_a_better_answer_has_the_timer_and_its_time_is_paid():
    project, ben, client = hourly.running(1), scene.worker("ben"), visitor("ben")
    held = hourly.timed(ben, project, 600)
    scene.submit(held, ben)
    work.feed_answers(project_id=project.id)
    ask(project, held.assignment_id, extra=0)
    here = f"/work/task/{asg(held.assignment_id)}/"
    assert "paid by the hour" in words(client.get(f"{here}decision/"))
    page = client.get(f"{here}answer/").content.decode()
    assert "tw-timer" in page and "data-fresh" in page
    assert client.post(f"{here}time/start/").json()["running"]
    assert client.post(f"{here}time/seen/").json()["running"]
    asked = client.post(f"{here}time/", {"minutes": "50", "reason": WHY})
    assert asked["Location"] == f"{here}answer/"
    hourly.start(ben, held, 300)
    sent = {"answer.sentiment": '"negative"', "_by_the_hour": "1"}
    assert client.post(f"{here}answer/", sent)["Location"] == "/work/mine/"
    found = queries.time_of(project.id, held.assignment_id)
    assert (found.rework_seconds, found.paid_seconds) == (300, 900)
    page = words(client.get(f"{here}time/"))
    assert "For the better answer" in page and "not needed after all" in page
    work.feed_answers(project_id=project.id)
    page = words(visitor("ada").get(f"/projects/{project.public_id}/review/time/"))
    assert "5 min of all that for a better answer" in page


def test_a_better_answer_that_took_longer_leads_to_its_time():
    project, ben, client = hourly.running(1), scene.worker("ben"), visitor("ben")
    held = hourly.timed(ben, project, 1_700)
    scene.submit(held, ben)
    work.feed_answers(project_id=project.id)
    ask(project, held.assignment_id, extra=0)
    hourly.start(ben, held, 300)
    here = f"/work/task/{asg(held.assignment_id)}/"
    sent = {"answer.sentiment": '"negative"', "_by_the_hour": "1"}
    assert client.post(f"{here}answer/", sent)["Location"] == f"{here}time/"
    assert "For the rest, say below why" in words(client.get(f"{here}time/"))


def test_programs_ask_for_time_and_are_paid_without_a_timer():
    project = hourly.running(2, api_work=True)
    ben, ada = people.key_for("ben"), people.key_for("ada", people.organisation())
    held = hourly.timed(scene.worker("ben"), project, 1_200)
    mine = f"/work/projects/{project.public_id}/assignments/{asg(held.assignment_id)}"
    wrong = call("POST", f"{mine}/time/ask", ben, {"seconds": 600, "reason": WHY})
    assert (wrong.status, wrong.code) == (422, "time_ahead_unfit")
    asked = ok(call("POST", f"{mine}/time/ask", ben, {"seconds": 3_000, "reason": WHY}))
    assert asked["requests"][0]["state"] == "asked" and asked["most_seconds"] == 1_800
    there = f"/projects/{project.public_id}/time-requests"
    (one,) = ok(call("GET", f"{there}?state=asked", ada))["items"]
    assert one["at_work"] and one["measured_seconds"] == 1_200
    granted = ok(call("POST", f"{there}/{one['id']}/grant", ada, {}))
    assert (granted["state"], granted["set_aside"]["amount"], granted["paid"]["amount"]) == (
        "granted",
        "7.20",
        "0.00",
    )
    assert ok(call("GET", f"{mine}/time", ben))["most_seconds"] == 3_000
    again = call("POST", f"{mine}/time/ask", ben, {"seconds": 3_000, "reason": WHY})
    assert again.status == 422
    ok(call("POST", f"{mine}/submit", ben, {"answers": {"sentiment": "positive"}}))
    untimed = hourly.untimed(scene.worker("ben"), project)
    mine = f"/work/projects/{project.public_id}/assignments/{asg(untimed.assignment_id)}"
    ok(call("POST", f"{mine}/submit", ben, {"answers": {"sentiment": "positive"}, "active_ms": 600_000}))
    told = ok(call("GET", f"{mine}/time", ben))
    assert (told["seconds"], told["active_seconds"], told["pay"]["amount"]) == (0, 600, "3.00")
    work.feed_answers(project_id=project.id)
    newest = ok(call("GET", f"/projects/{project.public_id}/times", ada))["items"][0]
    assert (newest["active_seconds"], newest["rework_seconds"]) == (600, 0)


def test_programs_stop_with_and_without_saying_how_long_it_took():
    project = hourly.running(2, sensitivity=2, api_work=True)
    ben, key = scene.worker("ben", project), people.key_for("ben")
    sql.write("UPDATE person SET adult_confirmed_at = now()")
    for body, earned in (({"active_ms": 120_000}, 600_000), (None, 600_000)):
        work.consent(person_id=ben, project_id=project.id)
        held = hourly.untimed(ben, project)
        mine = f"/work/projects/{project.public_id}/assignments/{asg(held.assignment_id)}"
        assert call("POST", f"{mine}/stop", key, body).status == 204
        work.return_to_queue(project_id=project.id)
        assert scene.earned("ben") == earned


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [("en", "ended after 1 minute,", "ended after 2 minutes,"), ("de", "nach 1 Minute ", "nach 2 Minuten ")],
)
def test_a_minute_is_one_and_two_are_many(language, one, many):
    client = visitor("ben", ui_language=language)
    project, ben = hourly.running(1), scene.worker("ben")
    held = hourly.timed(ben, project, 60, runs=True)
    work.end_lost_timers(now=hourly.later(1))
    hourly.start(ben, held, 125, runs=True)
    work.end_lost_timers(now=hourly.later(1))
    inbox = words(client.get("/inbox/"))
    assert one in inbox and many in inbox


def test_the_timer_is_quiet_and_its_state_can_be_read():
    project, ben = hourly.running(1), visitor("ben")
    held = hourly.timed(scene.worker("ben"), project, 600)
    page = ben.get(f"/work/task/{asg(held.assignment_id)}/").content.decode()
    assert 'role="timer" aria-live="off"' in page and 'aria-keyshortcuts="T"' in page
    assert page.count('role="status" data-voice') == 1
