"""Work goes on while the connection is lost or the server away, and each answer arrives exactly once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries
from tagwerk.domain.work.rules.states import State
from tests.interfaces.web.visiting import visitor
from tests.journeys.looking import watched
from tests.people import person
from tests.site import served
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OFFLINE = "[data-kept=offline]"
WAITS = "Object.keys(localStorage).filter((key) => key.startsWith('tagwerk.outbox.')).length"


@pytest.fixture
def ordered(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 300
    return launched([{"text": f"Text {number}"} for number in range(4)], hold={"tasks": 2})


@pytest.fixture
def open_task(browser: Any, ordered: ProjectView) -> Any:
    """Opens the first task at an address of the site; the next one lies ready."""
    pages = []

    def start(site: str) -> Any:
        client = visitor("ben")
        page = watched(browser)
        pages.append(page)
        session = client.cookies[configured.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page.goto(site + client.post(f"/work/{ordered.public_id}/next")["Location"])
        page.wait_for_selector("form[data-ahead]")
        return page

    yield start
    for page in pages:
        page.context.close()


def answer(page: Any, key: str) -> None:
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press(key)
    page.keyboard.press("Control+Enter")


def handed_in() -> list[tuple[str, int]]:
    """What Ben handed in, the oldest first: the answer and how often it was changed."""
    mine = [one for one in queries.my_work(person("ben").id) if one.state == State.SUBMITTED]
    found = [queries.my_answer(person("ben").id, one.assignment_id) for one in reversed(mine)]
    return [(one.answers["sentiment"], one.revision) for one in found]


def two_answers_without_a_server(page: Any) -> Callable[[], None]:
    """Hands two tasks in: the one in hand, and the one that was fetched ahead. Gives what comes after."""
    first = page.url.partition("?")[0]
    answer(page, "1")
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=first)
    second = page.url.partition("?")[0]
    answer(page, "3")
    page.wait_for_selector(OFFLINE, state="visible")
    assert page.url.partition("?")[0] == second
    assert "is kept in this browser" in page.inner_text(OFFLINE)

    def arrived() -> None:
        page.wait_for_function("before => location.href.split('?')[0] !== before", arg=second)
        page.wait_for_selector("html[data-ready]")
        assert handed_in() == [("positive", 0), ("negative", 0)]
        assert page.evaluate(WAITS) == 0
        assert page.evaluate("reports") == []

    return arrived


def test_without_a_network_work_goes_on_and_arrives_once(site: str, open_task: Any) -> None:
    page = open_task(site)
    page.context.set_offline(True)
    arrived = two_answers_without_a_server(page)
    page.context.set_offline(False)
    arrived()


def test_the_server_is_killed_and_comes_back(static_files: Path, open_task: Any) -> None:
    server = served()
    page = open_task(f"http://localhost:{server.port}")
    server.terminate()
    arrived = two_answers_without_a_server(page)
    assert handed_in() == []
    again = served(server.port)
    arrived()
    again.terminate()


def test_a_reply_that_is_lost_counts_once(site: str, open_task: Any) -> None:
    page = open_task(site)
    page.evaluate("delete document.querySelector('form[data-task]').dataset.ahead")
    lost = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # the server has it
            route.abort()
        else:
            route.continue_()

    page.route("**/work/task/*/", lose)
    first = page.url
    answer(page, "2")
    page.wait_for_function("before => location.href !== before", arg=first)
    assert lost == [200]
    assert handed_in() == [("neutral", 0)]


def test_an_answer_handed_in_while_the_one_before_is_on_its_way_goes_too(site: str, open_task: Any) -> None:
    page = open_task(site)
    slow: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if route.request.method == "POST" and not slow:
            slow.append(route)
        else:
            route.continue_()

    page.route("**/work/task/*/", hold_the_first)
    first = page.url.partition("?")[0]
    answer(page, "1")
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=first)
    second = page.url.partition("?")[0]
    answer(page, "3")
    page.wait_for_selector("form[data-task][aria-busy=true]")
    assert len(slow) == 1
    slow[0].continue_()
    page.wait_for_function("before => location.href.split('?')[0] !== before", arg=second)
    assert handed_in() == [("positive", 0), ("negative", 0)]
    assert page.evaluate(WAITS) == 0


def test_an_answer_that_waits_is_kept_for_who_gave_it(site: str, open_task: Any) -> None:
    page = open_task(site)
    page.evaluate("delete document.querySelector('form[data-task]').dataset.ahead")
    page.context.clear_cookies()
    answer(page, "1")
    page.wait_for_selector("[data-kept=signed-out]", state="visible")
    assert page.evaluate(WAITS) == 1
    assert handed_in() == []
    session = visitor("ben").cookies[configured.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page.goto(site + "/work/mine/")
    page.wait_for_function(f"() => {WAITS} === 0")
    assert handed_in() == [("positive", 0)]


def test_what_waits_leaves_from_other_pages_too(site: str, open_task: Any) -> None:
    page = open_task(site)
    page.evaluate("delete document.querySelector('form[data-task]').dataset.ahead")
    lost = True
    page.route(
        "**/work/task/*/",
        lambda route: route.abort() if lost and route.request.method == "POST" else route.continue_(),
    )
    answer(page, "1")
    page.wait_for_selector(OFFLINE, state="visible")
    page.goto(f"{site}/work/")
    assert page.evaluate(WAITS) == 1
    lost = False
    page.wait_for_function(f"() => {WAITS} === 0")
    assert handed_in() == [("positive", 0)]
