"""A worker's day: sign in, take work, answer with keys alone, undo, see what it came to."""

import json
from typing import Any

import pytest

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.designs.rules.yaml_text import read_project_file
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.states import State
from tests.journeys.looking import ROOT, looked_at, picture, sign_in, watched
from tests.orders import deposit
from tests.people import PASSWORD, actor, person
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SAMPLE = ROOT / "tagwerk" / "interfaces" / "cli" / "samples" / "comparison"


@pytest.fixture
def ordered(settings: Any) -> ProjectView:
    """The sample project that compares two answers, with ten of its tasks."""
    settings.UNDO_SECONDS = 300
    person("ben", password=PASSWORD)
    file = read_project_file((SAMPLE / "project.yaml").read_text())
    rows = [json.loads(line) for line in (SAMPLE / "tasks.jsonl").read_text().splitlines()]
    organisation_id = deposit(100_000_000)
    made = projects.create_project(actor=actor("ada"), organisation_id=organisation_id, file=file)
    plain = [row for row in rows if "_gold" not in row][:10]
    work.import_tasks(project_id=made.id, rows=plain, actor_id=person("ada").id)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    return made


@pytest.fixture
def page(browser: Any) -> Any:
    """A page that notes what the content policy stops."""
    made = watched(browser)
    yield made
    made.context.close()


def ready(page: Any) -> None:
    page.wait_for_selector("html[data-ready]")


def answer_with_keys(page: Any, key: str, words: str = "") -> None:
    """One task without a mouse; waits for the page after it."""
    ready(page)
    before = page.url.partition("?")[0]
    page.keyboard.press(key)
    if words:
        page.keyboard.press("]")
        page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=before)


def start(page: Any, site: str, project: ProjectView) -> None:
    sign_in(page, site, "ben", to="/work/")
    page.click("a:has-text('Which answer is better?')")
    page.click("button:has-text('Start')")
    page.wait_for_url("**/work/task/**")
    ready(page)


def test_three_tasks_with_keys_one_undone_and_what_it_comes_to(
    site: str, page: Any, ordered: ProjectView
) -> None:
    start(page, site, ordered)
    answer_with_keys(page, "1", "It says what to do")
    picture(page, "worker")
    answer_with_keys(page, "5", "The other one is wrong")
    answer_with_keys(page, "3")
    ready(page)
    page.keyboard.press("Control+z")
    page.wait_for_url("**/answer/")
    answer_with_keys(page, "4", "A little more is said")
    assert page.is_visible("text=Your answer is changed.")
    page.goto(f"{site}/work/mine/")
    assert page.locator(".badge:has-text('Handed in')").count() == 3
    page.click("nav >> text=Earnings")
    page.wait_for_url("**/work/earnings/")
    assert page.is_visible("text=€0.90")
    assert page.is_visible("text=3 answers wait for approval")
    mine = [one for one in queries.my_work(person("ben").id) if one.state == State.SUBMITTED]
    answers = [queries.my_answer(person("ben").id, one.assignment_id) for one in mine]
    assert [one.answers["why"] for one in answers if one.revision == 1] == ["A little more is said"]


def test_the_side_that_is_picked_is_the_side_that_is_stored(site: str, page: Any, settings: Any) -> None:
    settings.UNDO_SECONDS = 300
    person("ben", password=PASSWORD)
    made = launched(
        [{"x": f"x {number}", "y": f"y {number}"} for number in range(2)],
        title="Which answer is better?",
        show=[{"compare": {"x": "{{ x }}", "y": "{{ y }}"}}],
        ask={"better": {"kind": "comparison", "of": ["y", "x"]}},
    )
    start(page, site, made)
    left = page.inner_text(".side >> nth=0 >> .prose")[0]
    answer_with_keys(page, "1")
    [mine] = [one for one in queries.my_work(person("ben").id) if one.state == State.SUBMITTED]
    stored = queries.my_answer(person("ben").id, mine.assignment_id).answers
    assert stored == {"better": -1 if left == "y" else 1}


def test_drafts_survive_a_closed_page_and_go_with_the_answer(
    site: str, page: Any, ordered: ProjectView
) -> None:
    start(page, site, ordered)
    page.keyboard.press("1")
    page.keyboard.press("]")
    page.keyboard.type("Half a sentence")
    page.wait_for_selector("[data-state=saved]")
    task = page.url.partition("?")[0]
    page.evaluate("localStorage.clear()")
    page.goto(f"{site}/work/mine/")
    page.goto(task)
    ready(page)
    assert page.input_value("[data-question=why] textarea") == "Half a sentence"
    page.keyboard.press("Control+Enter")  # three words are too few: the page stays, and says so
    assert page.url.partition("?")[0] == task
    page.focus("[data-question=why] textarea")
    page.keyboard.press("Control+End")
    page.keyboard.type(" and two words")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url.partition("?")[0] != task)
    ready(page)
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('tagwerk.draft.'))")


def test_to_stop_for_now_keeps_what_was_only_just_typed(site: str, page: Any, ordered: ProjectView) -> None:
    start(page, site, ordered)
    task = page.url.partition("?")[0]
    page.click("[popovertarget=more]")
    page.evaluate("document.querySelector('[data-question=better]').commit(-2)")
    page.click("#more >> text=Stop for now")
    page.wait_for_url("**/work/sitting/**")
    assert {"better": -2} in [one.draft for one in queries.holding(person("ben").id, ordered.id)]
    page.goto(task)
    ready(page)
    assert page.url.partition("?")[0] == task


def test_ways_out_of_a_task(site: str, page: Any, ordered: ProjectView) -> None:
    start(page, site, ordered)
    page.keyboard.press("s")
    page.wait_for_selector("#leave[open]")
    looked_at(page)
    page.click("#leave >> text=Back to the task")
    page.click("[popovertarget=more]")
    page.click("#more >> text=Ask the requester")
    page.wait_for_url("**/thread/")
    page.fill("textarea", "May both be wrong?")
    page.click("button:has-text('Send')")
    page.wait_for_selector(".thread-message")
    looked_at(page)
    page.go_back()
    page.goto(page.url.replace("thread", "leave"))
    looked_at(page)
    page.check("input[value='cannot_be_answered/broken']")
    page.click("button:has-text('Give it back')")
    page.wait_for_url("**/work/task/**done=**")
    assert page.is_visible("text=Skipped.")


def test_the_end_of_a_project_says_what_to_do(site: str, page: Any, ordered: ProjectView) -> None:
    start(page, site, ordered)
    for _ in range(10):
        answer_with_keys(page, "3")
    assert page.is_visible("text=Nothing left for you here right now")
    looked_at(page)


def test_the_offer_to_undo_goes_away(site: str, page: Any, ordered: ProjectView, settings: Any) -> None:
    settings.UNDO_SECONDS = 4
    start(page, site, ordered)
    answer_with_keys(page, "3")
    page.wait_for_selector("text=Submitted.")
    page.wait_for_selector("text=Submitted.", state="detached")


@pytest.fixture
def phone(browser: Any) -> Any:
    """A phone in a German hand."""
    page = watched(browser, is_mobile=True, has_touch=True, viewport={"width": 390, "height": 844})
    yield page
    page.context.close()


def test_a_task_by_thumb_in_german(site: str, phone: Any, ordered: ProjectView) -> None:
    page = phone
    sign_in(page, site, "ben", to="/work/")
    page.context.add_cookies([{"name": "django_language", "value": "de", "url": site}])
    page.goto(f"{site}/work/{ordered.public_id}/")
    looked_at(page)
    page.tap("form.way-in button")
    page.wait_for_url("**/work/task/**")
    ready(page)
    looked_at(page)
    first = page.url.partition("?")[0]
    page.tap("[data-question=better] label >> nth=2")
    page.tap(".task-bar .button-primary")
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=first)
    page.wait_for_selector("text=Abgegeben.")
    assert "1 erledigt" in page.inner_text("[data-sitting]")
    bar = page.locator(".task-bar").bounding_box()
    assert bar["y"] + bar["height"] == 844  # all that is pressed lies under the thumb
    page.tap("[data-undo] button")
    page.wait_for_url("**/answer/")
    page.tap("[data-question=better] label >> nth=1")
    page.fill("textarea", "Sie sagt mehr und ist genauer")
    page.tap(".task-bar .button-primary")
    page.wait_for_url(lambda url: "/answer/" not in url)
    ready(page)
    page.tap("[popovertarget=more]")
    page.tap("#more button:has-text('Für jetzt aufhören')")
    page.wait_for_url("**/work/sitting/**")
    looked_at(page)
    assert "0,30\xa0€" in page.inner_text("main")


def test_a_choice_of_two_is_a_swipe(site: str, phone: Any, settings: Any) -> None:
    settings.UNDO_SECONDS = 300
    person("ben", password=PASSWORD)
    made = launched(
        [{"text": f"Text {number}"} for number in range(3)],
        ask={"sentiment": {"kind": "choice", "options": ["bad", "good"]}},
        hold={"tasks": 2},
    )
    page = phone
    sign_in(page, site, "ben", to=f"/work/{made.public_id}/")
    page.tap("form.way-in button")
    ready(page)
    page.wait_for_selector("form[data-ahead]")
    assert page.is_visible("text=good →")
    first = page.url.partition("?")[0]
    wire = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", 60), ("touchMove", 160), ("touchMove", 320), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": 160}]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=first)
    page.wait_for_selector("[data-undo]")
    [mine] = [one for one in queries.my_work(person("ben").id) if one.state == State.SUBMITTED]
    assert queries.my_answer(person("ben").id, mine.assignment_id).answers == {"sentiment": "good"}


def walk_through_options(page: Any) -> None:
    """With the arrow keys, which choose on the way and hand nothing in."""
    ready(page)
    page.focus("[data-question] input")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('[data-question]').value") == "neutral"
    assert page.get_attribute("form[data-task]", "aria-busy") is None


def test_with_keys_alone_and_ones_of_your_own(site: str, page: Any, settings: Any) -> None:
    settings.UNDO_SECONDS = 300
    person("ben", password=PASSWORD)
    accounts.change_preferences(
        actor=actor("ben"),
        auto_advance=True,
        option_keys="qwertzuopa",
        keys={"skip": "x", "full_screen": "v"},
    )
    made = launched([{"text": f"Text {number}"} for number in range(5)], hold={"tasks": 2})
    sign_in(page, site, "ben", to=f"/work/{made.public_id}/")
    page.keyboard.press("End")
    page.focus("form.way-in button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/task/**")
    walk_through_options(page)
    for key in ("w", "q"):  # each choice hands in and goes on
        ready(page)
        page.wait_for_selector("form[data-ahead]")
        before = page.url.partition("?")[0]
        page.keyboard.press("1")  # no key of this person's
        page.keyboard.press(key)
        page.wait_for_function("before => location.href.split('?')[0] !== before", arg=before)
    page.wait_for_selector("[data-undo]")
    page.keyboard.press("i")
    page.wait_for_selector("#instructions[open]")
    page.keyboard.press("v")
    assert page.is_hidden(".task-top")
    page.keyboard.press("v")
    page.keyboard.press("x")
    page.wait_for_selector("#leave[open]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    page.wait_for_url("**/answer/")
    ready(page)
    assert page.evaluate("document.querySelector('[data-question]').value") == "positive"


def test_what_another_window_changed_is_not_overwritten(site: str, page: Any, ordered: ProjectView) -> None:
    start(page, site, ordered)
    other = page.context.new_page()
    other.goto(page.url.partition("?")[0])
    ready(other)
    page.keyboard.press("1")
    page.wait_for_selector("[data-state=saved]")
    other.wait_for_selector("[data-conflict]", state="visible")
    other.click("[data-keep=other]")
    ready(other)
    value = "document.querySelector('[data-question=better]').value"
    assert other.evaluate(value) == page.evaluate(value)
