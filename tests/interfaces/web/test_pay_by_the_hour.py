"""Pay by the hour on pages, by API and on the command line: the timer, what it pays, and what is asked beside."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tagwerk.base.ids import public_id
from tagwerk.base.money import for_seconds
from tagwerk.domain.exports import queries as exports
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeEntry, TimeRequest
from tagwerk.domain.work.rules.estimating import Source, assumptions_of_file, forecast
from tests import orders, people
from tests.domain.work import hourly, scene
from tests.domain.work.test_units import draft, rows
from tests.interfaces.api.calling import call
from tests.interfaces.api.test_story import ok
from tests.interfaces.web.requester.test_setup import GO, at, send, text_of
from tests.interfaces.web.visiting import plain_files as plain_files
from tests.interfaces.web.visiting import visitor, words
from tests.orders import floor
from tests.people import actor

pytestmark = pytest.mark.django_db
GIVEN = {"per": "hour", "amount": "18,00", "most_minutes": "30", "seconds": "600"}
AS_JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _fed_at_once(settings):
    settings.UNDO_SECONDS = 0


def asg(number: int) -> str:
    return public_id("asg", number)


def test_the_pay_step_offers_hours_and_asks_for_their_limit():
    made = draft(rows([1, 2]), quality=scene.answers(1))
    floor(19_000_000)
    said = text_of(visitor("ada").post(at(made, "pay"), GIVEN, headers={"HX-Request": "true"}))
    assert "A person gets €18.00 per hour by their own timer" in said
    assert "a task costs you about €3.60, and at most €10.80 without asking" in said
    assert "less than the minimum wage" in said and "Suggestion" not in said
    assert send(made, "pay", {**GIVEN, "most_minutes": ""} | GO).status_code == 422
    assert send(made, "pay", {**GIVEN, "seconds": "1900"} | GO).status_code == 422
    assert send(made, "pay", GIVEN | GO).status_code == 303
    kept = projects.project(made.id)
    assert (kept.hour_micros, kept.most_seconds, kept.hold_seconds) == (18_000_000, 1_800, 1_800)
    assert "18.00" in text_of(visitor("ada").get(at(made, "pay")))


@pytest.mark.parametrize(
    ("language", "offer", "task"),
    [
        (
            "en",
            "€18.00 per hour on your timer, for up to 30 min a task without asking",
            "paid up to 30 min without asking",
        ),
        ("de", "18,00\xa0€ je Stunde", "bis 30 Min. ohne Nachfrage bezahlt"),
    ],
)
def test_an_offer_and_a_task_say_what_an_hour_pays(language, offer, task):
    project, ben = hourly.running(1), visitor("ben", ui_language=language)
    for path in ("/work/", "/work/list/", f"/work/{project.public_id}/"):
        assert " ".join(offer.split()) in words(ben.get(path)), path
    held = scene.taken(scene.worker("ben"), project)
    page = ben.get(f"/work/task/{asg(held.assignment_id)}/")
    assert task in text_of(page).replace("\xa0", " ")
    shown = page.content.decode()
    assert "data-fresh" in shown and 'name="_by_the_hour"' in shown and "data-ahead-url" not in shown


def test_the_page_starts_pauses_and_keeps_the_timer():
    one, other, ben = hourly.running(1), hourly.running(1, title="Other"), visitor("ben")
    first, second = (scene.taken(scene.worker("ben"), each).assignment_id for each in (one, other))
    started = ben.post(f"/work/task/{asg(first)}/time/start/").json()
    assert started["running"] and started["said"] == ""
    assert ben.post(f"/work/task/{asg(first)}/time/seen/").json()["running"]
    said = ben.post(f"/work/task/{asg(second)}/time/start/").json()["said"]
    assert said == "The timer of another task was paused: Sentiment"
    told = ben.post(f"/work/task/{asg(second)}/time/pause/", {"at": "nonsense"}).json()
    assert not told["running"] and not told["lost"]
    assert not ben.post(f"/work/task/{asg(first)}/time/seen/").json()["running"]
    assert "data-fresh" not in ben.get(f"/work/task/{asg(first)}/").content.decode()
    plain = scene.taken(scene.worker("ben"), scene.running(1, title="Plain")).assignment_id
    assert ben.post(f"/work/task/{asg(plain)}/time/start/").status_code == 404
    assert ben.get(f"/work/task/{asg(plain)}/time/").status_code == 404


def test_handing_in_leads_to_the_time_where_there_is_something_to_say():
    project, ben = hourly.running(3), visitor("ben")
    worker = scene.worker("ben")
    sent = {
        "_by_the_hour": "1",
        "_project": project.public_id,
        "answer.sentiment": '"positive"',
    }
    for seconds, leads in ((600, False), (2_400, True)):
        number = hourly.timed(worker, project, seconds).assignment_id
        reply = ben.post(f"/work/task/{asg(number)}/", sent)
        assert reply.status_code == 303 and ("/time/" in reply["Location"]) is leads
    shown = words(ben.get(f"/work/task/{asg(number)}/time/"))
    assert "40 min" in shown and "€9.00" in shown and "For the rest, say below why" in shown
    number = scene.taken(worker, project).assignment_id
    assert "/time/" in ben.post(f"/work/task/{asg(number)}/", sent)["Location"]
    assert "Your timer did not run." in words(ben.get(f"/work/task/{asg(number)}/time/"))


def test_an_answer_from_the_outbox_counts_until_it_was_handed_in():
    project, ben = hourly.running(1), visitor("ben")
    held = hourly.timed(scene.worker("ben"), project, 1_200, runs=True)
    TimeEntry.objects.update(seen_at=now() - timedelta(minutes=15))
    until = (now() - timedelta(minutes=10)).isoformat()
    sent = {"_by_the_hour": "1", "answer.sentiment": '"positive"', "_timer_until": until}
    assert ben.post(f"/work/task/{asg(held.assignment_id)}/", sent, headers=AS_JSON).status_code == 200
    assert queries.time_of(project.id, held.assignment_id).measured_seconds in (599, 600)


def test_time_is_asked_for_on_one_page_and_decided_on_another():
    project, ben, ada = hourly.running(1), visitor("ben"), visitor("ada")
    number = hourly.worked(scene.worker("ben"), project, 2_400)
    here, there = f"/work/task/{asg(number)}/time/", f"/projects/{project.public_id}/review/time/"
    assert ben.post(here, {"minutes": "40", "reason": ""}).status_code == 422
    assert ben.post(here, {"minutes": "40", "reason": "I had to look it up."}).status_code == 303
    assert "waits for a decision" in words(ben.get(here))
    assert "I had to look it up." not in words(ada.get(there))  # it can still be undone
    work.feed_answers(project_id=project.id)
    page = words(ada.get(there))
    assert "40 min" in page and "30 min" in page and "I had to look it up." in page and "€3.00" in page
    work.tell_time_asked(fact=_last("TimeAsked"))
    (asked,) = queries.time_requests(project.id)
    sent = {"request": public_id("tmr", asked.id)}
    assert ada.post(there, sent | {"do": "refuse", "code": "", "words": "No."}).status_code == 422
    assert ada.post(there, sent | {"do": "think"}).status_code == 422
    assert ada.post(there, sent | {"do": "grant"}).status_code == 303
    work.tell_time_decided(fact=_last("TimeDecided"))
    assert scene.earned("ben") == 3_000_000  # the rest with the answer
    assert "granted" in words(ben.get(here)) and "granted" in words(ada.get(there))
    assert "Your time is paid" in words(ben.get("/inbox/"))
    assert "A worker asks for more time" in words(ada.get("/inbox/"))
    plain = scene.running(1, title="Plain")
    assert ada.get(f"/projects/{plain.public_id}/review/time/").status_code == 404
    assert "/review/time/" not in ada.get(f"/projects/{plain.public_id}/review/").content.decode()


def test_requests_stand_in_the_order_in_which_they_lapse_and_each_keeps_its_own_words():
    project, ada = hourly.running(2), visitor("ada")
    for name, days in (("ben", 2), ("cyn", 1)):
        number = hourly.worked(scene.worker(name), project, 600)
        hourly.correct(scene.worker(name), project, number, 2_000, reason=f"As {name} says.")
        TimeRequest.objects.filter(assignment_id=number).update(until=hourly.later(days))
    work.feed_answers(project_id=project.id)
    there = f"/projects/{project.public_id}/review/time/"
    ben, _cyn = (public_id("tmr", one.id) for one in TimeRequest.objects.order_by("id"))
    page = words(ada.get(there))
    assert page.index("As cyn says.") < page.index("As ben says.")
    reply = ada.post(there, {"request": ben, "do": "refuse", "code": "", "words": "Lunch is in it."})
    assert reply.status_code == 422
    shown = reply.content.decode()
    assert shown.count("Lunch is in it.") == 1 and shown.count("<details open") == 1
    assert shown.index(f'id="words-{ben}"') < shown.index("Lunch is in it.")


def _last(name: str):
    from tagwerk.base.models import StoredEvent
    from tagwerk.domain.work import events

    stored = StoredEvent.objects.filter(name=name).latest("id")
    return getattr(events, name)(
        actor_id=stored.actor_id,
        organisation_id=stored.organisation_id,
        project_id=stored.project_id,
        **stored.facts,
    )


def test_programs_keep_timers_and_decide_about_time():
    project = hourly.running(2, api_work=True)
    ben, ada = people.key_for("ben"), people.key_for("ada", people.organisation())
    told = ok(call("GET", f"/projects/{project.public_id}", ada))["price"]
    assert (told["per"], told["rate"]["amount"], told["most_seconds"]) == ("hour", "18.00", 1_800)
    assert told["reward"]["amount"] == "3.00"
    held = scene.taken(scene.worker("ben"), project)
    mine = f"/work/projects/{project.public_id}/assignments/{asg(held.assignment_id)}"
    started = ok(call("POST", f"{mine}/time/start", ben))
    assert started["running"] and started["paused"] is None and started["rate"]["amount"] == "18.00"
    assert not ok(call("POST", f"{mine}/time/pause", ben))["running"]
    hourly.start(scene.worker("ben"), held, 600)
    ok(call("POST", f"{mine}/submit", ben, {"answers": {"sentiment": "positive"}}))
    found = ok(call("GET", f"{mine}/time", ben))
    assert (found["seconds"], found["paid_seconds"], found["pay"]["amount"]) == (600, 600, "3.00")
    corrected = ok(
        call("POST", f"{mine}/time/correct", ben, {"seconds": 2_700, "reason": "I read it twice."})
    )
    assert corrected["paid_seconds"] == 1_800 and corrected["requests"][0]["state"] == "asked"
    there = f"/projects/{project.public_id}/time-requests"
    work.feed_answers(project_id=project.id)
    (asked,) = ok(call("GET", f"{there}?state=asked", ada))["items"]
    assert (asked["seconds"], asked["measured_seconds"]) == (2_700, 600)
    wrong = call("POST", f"{there}/{asked['id']}/refuse", ada, {"code": "bad_work", "reply": "No."})
    assert (wrong.status, wrong.code) == (422, "time_reason_not_listed")
    assert ok(call("POST", f"{there}/{asked['id']}/grant", ada, {}))["state"] == "granted"
    (time,) = ok(call("GET", f"/projects/{project.public_id}/times", ada))["items"]
    assert (time["measured_seconds"], time["stated_seconds"], time["paid_seconds"]) == (600, 2_700, 2_700)
    assert time["pay"]["amount"] == "13.50"


def test_an_export_says_the_seconds_that_are_paid():
    project = hourly.running(1)
    number = hourly.worked(scene.worker("ben"), project, 600)
    work.feed_answers(project_id=project.id)
    work.approve(project_id=project.id, assignment_ids=[number])
    (record,) = exports.records_page(actor("ada"), project.id, raw_answers=True).records
    assert "'paid_seconds': 600" in str(record)
    plain = scene.running(1, title="Plain", quality=scene.answers(1))
    number = scene.done(scene.worker("ben"), plain)
    work.feed_answers(project_id=plain.id)
    work.approve(project_id=plain.id, assignment_ids=[number])
    assert "paid_seconds" not in str(exports.records_page(actor("ada"), plain.id, raw_answers=True).records)


def test_an_estimate_pays_for_the_time_that_answers_take_and_stops_at_the_longest():
    file = orders.project_file(
        pay={**hourly.PAY, "estimate_seconds": 600}, hold=hourly.HOLD, quality=scene.answers(1)
    )
    given = assumptions_of_file(file, tasks=10, gold_tasks=0, fee_bp=2_000)
    told = forecast(given)
    assert {one.hourly_micros for one in told.cases} == {18_000_000}
    assert told.mid.pay_micros == 11 * for_seconds(
        18_000_000, 768
    )  # a redone one, and means are longer than the middle
    long = forecast(given.said({"seconds": 3_600}, Source.GIVEN))
    assert long.mid.pay_micros == 11 * 9_000_000  # paid without asking
    said = forecast(given.said({"reward_micros": 5_000_000}, Source.GIVEN))
    assert said.mid.pay_micros == 11 * 5_000_000
