"""Going on: the task that is fetched ahead, what a sitting came to, the keys and the pace that somebody chose."""

import json
import re

import pytest

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.states import State
from tests.interfaces.web.visiting import words
from tests.interfaces.web.worker.working import answered, hand_in, number_of, start, task_in
from tests.people import actor, person
from tests.workshop import launched

pytestmark = pytest.mark.django_db
AS_PROGRAM = {"accept": "application/json"}


@pytest.fixture
def two(db):
    """A project that lets people hold two tasks."""
    return launched([{"text": f"Text {number}"} for number in range(4)], hold={"tasks": 2})


def ahead_of(client, project, assignment):
    return client.post(f"/work/{project.public_id}/ahead", {"from": assignment}).json()["href"]


def send(client, assignment, said="positive", **fields):
    """What the page itself sends; its reply."""
    reply = client.post(f"/work/task/{assignment}/", fields | answered(sentiment=said), headers=AS_PROGRAM)
    assert reply.status_code == 200, reply.content
    return reply.json()


def test_the_next_task_is_taken_once_and_kept_by_the_browser(ben, two):
    first = task_in(start(ben, two.public_id))
    href = ahead_of(ben, two, first)
    assert ahead_of(ben, two, first) == href
    page = ben.get(href)
    assert page["Cache-Control"].startswith("private, max-age=")
    assert "Cache-Control" not in ben.get(href.partition("?")[0])
    reply = send(ben, first, _ahead=href.split("/")[3])
    assert (reply["status"], reply["next"]) == ("submitted", f"/work/{two.public_id}/next")
    assert reply["sitting"].startswith("1 done")
    third = reply["ahead"].split("/")[3]
    assert third not in (first, href.split("/")[3])
    assert send(ben, first, _ahead=href.split("/")[3])["ahead"] == reply["ahead"]  # the same again
    held = [one.assignment_id for one in queries.holding(person("ben").id, two.id)]
    assert held == [number_of(href.split("/")[3]), number_of(third)]


def test_where_one_task_may_be_held_none_is_fetched(ben, project):
    first = task_in(start(ben, project.public_id))
    assert ahead_of(ben, project, first) is None
    assert send(ben, first)["next"].startswith("/work/task/asg_")


def test_nothing_is_taken_for_who_holds_nothing_here(as_person, two):
    first = task_in(start(as_person("ben"), two.public_id))
    for wrong in (first, "asg_zzzz", ""):
        assert ahead_of(as_person("cyn"), two, wrong) is None
    assert queries.my_work(person("cyn").id) == []


def test_going_on_leads_to_the_task_that_was_fetched(ben, two):
    first = task_in(start(ben, two.public_id))
    second = ahead_of(ben, two, first).split("/")[3]
    reply = ben.post(f"/work/task/{first}/leave/", {"why": "not_for_me"})
    assert task_in(reply) == second
    assert task_in(start(ben, two.public_id)) == second


@pytest.mark.parametrize("headers", [AS_PROGRAM, {}])
def test_who_is_faster_than_the_page_gets_the_task_that_was_fetched(ben, two, headers):
    first = task_in(start(ben, two.public_id))
    page = ben.get(f"/work/task/{first}/").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]+)">', page))
    second = ahead_of(ben, two, first).split("/")[3]  # the answer leaves before the page has heard of it
    reply = ben.post(f"/work/task/{first}/", fields | answered(sentiment="positive"), headers=headers)
    assert second in (reply.json()["next"] if headers else reply["Location"])
    held = [one.assignment_id for one in queries.holding(person("ben").id, two.id)]
    assert held == [number_of(second)]


def test_a_refused_answer_says_so_to_the_page(ben, two):
    first = task_in(start(ben, two.public_id))
    reply = ben.post(f"/work/task/{first}/", answered(sentiment="unheard of"), headers=AS_PROGRAM)
    assert (reply.status_code, reply.json()["path"]) == (422, "sentiment")


def test_drafts_of_two_windows_do_not_overwrite_one_another(ben, two):
    first = task_in(start(ben, two.public_id))

    def keep(said, seen):
        body = json.dumps({"answers": {"sentiment": said}, "seen": seen})
        return ben.post(
            f"/work/task/{first}/draft/", body, content_type="application/json", headers=AS_PROGRAM
        )

    page = ben.get(f"/work/task/{first}/").content.decode()
    before = page.partition('data-draft-seen="')[2].partition('"')[0]
    one = keep("positive", before).json()["saved_at"]
    refused = keep("negative", before)
    assert (refused.status_code, refused["X-Refusal"]) == (409, "draft_differs")
    assert keep("neutral", one).status_code == 200
    assert keep("negative", "").status_code == 200  # the person chose
    assert queries.held_for(person("ben").id, number_of(first)).draft == {"sentiment": "negative"}


def test_a_sitting_is_summed_up_and_what_was_only_fetched_goes_back(ben, two):
    first = task_in(start(ben, two.public_id))
    second = ahead_of(ben, two, first).split("/")[3]
    ben.post(f"/work/task/{first}/", answered(sentiment="positive") | {"_active_ms": "120000"})
    reply = ben.post(f"/work/{two.public_id}/stop")
    assert reply["Location"].startswith("/work/sitting/")
    assert queries.holding(person("ben").id, two.id) == []
    states = {one.assignment_id: one.state for one in queries.my_work(person("ben").id)}
    assert states[number_of(second)] == State.RETURNED
    page = words(ben.get(reply["Location"]))
    for part in ("Tasks 1", "2 min", "€0.10", "€3.00", "until it is judged", "It is paid when"):
        assert part in page, part


def test_without_pay_no_page_mentions_money(as_person):
    made = launched(
        [{"text": "One"}, {"text": "Two"}], audience={"invited": ["ben@example.org"]}, pay={"per": "none"}
    )
    ben = as_person("ben")
    first = task_in(start(ben, made.public_id))
    page = ben.get(hand_in(ben, first, sentiment="positive")["Location"]).content.decode()
    assert "1 done" in page
    stopped = words(ben.get(ben.post(f"/work/{made.public_id}/stop")["Location"]))
    for text in (page, stopped):
        assert "€" not in text
        assert "paid" not in text


def test_keys_and_pace_are_chosen_on_a_page_of_their_own(ben, two):
    page = ben.get("/profile/keys-of-the-task-page/").content.decode()
    assert 'name="skip" value="s"' in page
    sent = {"keys_on": "on", "auto_advance": "on", "skip": "x", "submit": "Enter", "option_keys": ""}
    assert ben.post("/profile/keys-of-the-task-page/", sent).status_code == 303
    chosen = actor("ben").preferences
    assert (chosen.keys, chosen.auto_advance, chosen.swipe) == ({"skip": "x"}, True, False)
    task = ben.get(start(ben, two.public_id)["Location"]).content.decode()
    assert "data-advance" in task
    assert "data-keys='{" in task or 'data-keys="{&quot;skip&quot;:&quot;x&quot;}"' in task
    assert '<kbd aria-hidden="true">X</kbd>' in task


def test_a_key_that_is_taken_is_refused_in_words(ben):
    reply = ben.post("/profile/keys-of-the-task-page/", {"keys_on": "on", "skip": "f"})
    assert reply.status_code == 422
    assert "Each key can do only one thing." in reply.content.decode()


def test_the_switch_on_the_page_of_a_task_is_kept(ben, two):
    ben.post("/profile/keys-of-the-task-page/", {"keys_on": ""}, headers=AS_PROGRAM)
    assert actor("ben").preferences.keys_on is False
    assert "data-keys-off" in ben.get(start(ben, two.public_id)["Location"]).content.decode()


@pytest.mark.parametrize(
    ("ask", "alone", "by_swipe"),
    [
        ({"a": {"kind": "choice", "options": ["x", "y"]}}, True, True),
        ({"a": {"kind": "choice", "options": ["x", "y", "z"]}}, True, False),
        ({"a": {"kind": "choice", "options": ["x", "y"], "many": True}}, False, False),
        ({"a": {"kind": "rating", "scale": 5}}, True, False),
        ({"a": {"kind": "rating", "min": 0, "max": 100, "as": "slider"}}, False, False),
        ({"a": {"kind": "choice", "options": ["x", "y"]}, "b": {"kind": "text"}}, False, False),
    ],
)
def test_what_goes_on_by_itself_and_what_is_swiped(ben, ask, alone, by_swipe):
    accounts.change_preferences(actor=actor("ben"), auto_advance=True)
    made = launched([{"text": "One"}], ask=ask)
    page = ben.get(start(ben, made.public_id)["Location"]).content.decode()
    assert (" data-advance" in page, " data-swipe>" in page) == (alone, by_swipe)


def test_a_problem_is_reported_with_what_is_wrong(ben, two):
    first = task_in(start(ben, two.public_id))
    assert "What is wrong?" in words(ben.get(f"/work/task/{first}/thread/?about=problem"))
    ben.post(f"/work/task/{first}/thread/", {"about": "unclear", "text": "Is irony negative?"})
    page = words(ben.get(f"/work/task/{first}/thread/"))
    assert "The instructions do not say what to do here Is irony negative?" in page
