"""A task that is paid by the hour: the timer runs, is paused with a key, survives a lost connection, and is corrected."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from tagwerk.base.ids import public_id
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.domain.work.models import TimeEntry
from tagwerk.domain.work.queries import sql
from tests.domain.work import hourly, scene
from tests.domain.work.test_rework import ask
from tests.journeys.looking import PHONE, looked_at, sign_in, watched
from tests.people import PASSWORD, actor, person
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("HOUR_SHOTS")


@pytest.fixture
def ordered(settings: Any) -> ProjectView:
    settings.UNDO_SECONDS = 0
    person("ben", password=PASSWORD)
    rows = [{"text": f"How nice this is, {n}."} for n in range(3)]
    return launched(
        rows, title="By the hour", pay=hourly.PAY, hold=hourly.HOLD, quality={"answers": {"min": 1, "max": 1}}
    )


@pytest.fixture
def page(browser: Any) -> Any:
    made = watched(browser, viewport=PHONE)
    yield made
    made.context.close()


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def runs() -> list[str]:
    return list(TimeEntry.objects.order_by("id").values_list("ended_by", flat=True))


def wait_for(page: Any, state: str) -> None:
    page.wait_for_selector(f"tw-timer[data-state={state}]")


def ran_before(seconds: int) -> None:
    """The timer that runs was started so long ago."""
    sql.write(
        "UPDATE time_entry SET started_at = started_at - make_interval(secs => %s) WHERE ended_at IS NULL",
        [seconds],
    )
    sql.write("UPDATE assignment SET claimed_at = claimed_at - make_interval(secs => %s)", [seconds + 3_600])


def opened(page: Any, site: str) -> None:
    """A task of the project, whose timer runs since."""
    sign_in(page, site, "ben", to="/work/")
    page.click("a:has-text('By the hour')")
    shot(page, "offer")
    page.click("button:has-text('Start')")
    page.wait_for_url("**/work/task/**")
    page.wait_for_selector("html[data-ready]")
    wait_for(page, "runs")


def test_a_timer_starts_with_the_task_and_is_paused_with_a_key(
    site: str, page: Any, ordered: ProjectView
) -> None:
    opened(page, site)
    page.wait_for_selector("text=Your timer runs, because you opened the task.")
    assert runs() == [""]
    looked_at(page)
    shot(page, "runs")
    page.keyboard.press("t")
    wait_for(page, "paused")
    page.wait_for_selector("text=Your timer is paused.")
    assert runs() == ["paused"]
    shot(page, "paused")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert runs() == ["paused"]  # whoever paused goes on by themselves
    page.click("tw-timer button")
    wait_for(page, "runs")
    page.wait_for_selector("tw-timer >> text=Your timer runs.")
    assert runs() == ["paused", ""]


def test_the_limit_is_told_before_and_when_it_comes_and_more_is_asked_for(
    site: str, page: Any, ordered: ProjectView
) -> None:
    opened(page, site)
    ran_before(1_600)
    page.reload()
    wait_for(page, "soon")
    page.wait_for_selector("text=Less than five minutes left")
    shot(page, "soon")
    ran_before(600)
    page.reload()
    wait_for(page, "over")
    looked_at(page)
    shot(page, "over")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/time/")  # there is something to say about this time
    assert page.is_visible("text=For the rest, say below why it took longer")
    looked_at(page)
    shot(page, "asks")
    page.fill("[name=minutes]", "40")
    page.fill("[name=reason]", "The text had to be looked up.")
    page.click("button:has-text('Correct the time')")
    page.wait_for_selector("text=waits for a decision")
    looked_at(page)
    shot(page, "asked")
    work.feed_answers(project_id=ordered.id)
    (asked,) = queries.time_requests(ordered.id)
    assert (asked.seconds, asked.paid_seconds) == (2_400, 1_800)


def test_a_timer_goes_on_after_a_lost_connection(site: str, page: Any, ordered: ProjectView) -> None:
    opened(page, site)
    page.context.set_offline(True)
    # Meanwhile the server has heard nothing for five minutes.
    sql.write(
        "UPDATE time_entry SET started_at = now() - interval '10 minutes', seen_at = now() - interval '5 minutes'"
    )
    work.end_lost_timers(now=now())
    page.context.set_offline(False)
    for _ in range(100):
        if len(runs()) > 1:
            break
        page.wait_for_timeout(100)
    assert runs() == ["offline", ""]
    wait_for(page, "runs")
    found = sql.value("SELECT extract(epoch FROM ended_at - started_at) FROM time_entry ORDER BY id LIMIT 1")
    assert 590 <= found <= 615


def test_what_was_handed_in_offline_carries_its_time(site: str, page: Any, ordered: ProjectView) -> None:
    opened(page, site)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-kept=offline]:not([hidden])")
    # Meanwhile the server has heard nothing for twenty minutes, of a timer that ran for ten before.
    sql.write(
        "UPDATE time_entry SET started_at = now() - interval '10 minutes', seen_at = now() - interval '5 minutes'"
    )
    page.context.set_offline(False)
    page.wait_for_url(
        lambda url: "/work/task/" not in url or "ahead" in url or url.count("/") > 5, timeout=20_000
    )
    for _ in range(50):
        work.feed_answers(project_id=ordered.id)
        if queries.times_page(ordered.id):
            break
        page.wait_for_timeout(100)
    (time,) = queries.times_page(ordered.id)
    assert 590 <= time.measured_seconds <= 600  # until it was handed in, not until it was sent


def test_more_time_is_asked_for_while_at_it_and_the_timer_says_that_it_is_agreed(
    site: str, page: Any, ordered: ProjectView
) -> None:
    opened(page, site)
    page.click("tw-timer >> text=Ask for more time")
    page.wait_for_selector("main tw-timer[data-state=runs]")  # it goes on here
    page.fill("[name=minutes]", "50")
    page.fill("[name=reason]", "Three sources have to be compared.")
    looked_at(page)
    page.click("button:has-text('Ask for it')")
    page.wait_for_url("**/work/task/*/")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("tw-timer >> text=You asked for 50 min")
    assert runs() == [""]
    (asked,) = queries.urgent_time_requests(ordered.id)
    work.decide_time(actor=actor("ada"), project_id=ordered.id, request_id=asked.id, grants=True, now=now())
    page.evaluate("dispatchEvent(new Event('online'))")  # the next sign of life
    page.wait_for_selector("tw-timer [data-said]:has-text('up to 50 min are paid')")
    looked_at(page)
    shot(page, "agreed")


def test_a_timer_is_quiet_keeps_the_focus_and_can_be_read(site: str, page: Any, ordered: ProjectView) -> None:
    opened(page, site)
    voice, state = page.locator("tw-timer [data-voice]"), page.locator("tw-timer [role=timer]")
    page.wait_for_selector("tw-timer [data-voice]:has-text('Your timer runs')", state="attached")
    page.evaluate(
        "() => { globalThis.said = []; new MutationObserver(() => said.push(document.querySelector('[data-voice]').textContent))"
        ".observe(document.querySelector('[data-voice]'), { childList: true, characterData: true, subtree: true }); }"
    )
    page.focus("tw-timer button")
    page.wait_for_timeout(2_500)  # the clock ticks
    assert page.evaluate("said") == [] and state.get_attribute("aria-live") == "off"
    assert state.text_content() == "Runs: 0 minutes, €0.00 so far."
    assert page.get_by_role("button", name="Pause Your timer").count() == 1
    page.keyboard.press("Enter")
    wait_for(page, "paused")
    page.wait_for_function("() => said.length")
    assert page.evaluate("said") == ["Your timer is paused."]
    assert page.evaluate("document.activeElement.matches('tw-timer button')")
    assert page.get_by_role("button", name="Go on Your timer").count() == 1
    assert state.text_content() == "Paused: 0 minutes, €0.00 so far." and voice.count() == 1
    sql.write("UPDATE time_entry SET started_at = ended_at - interval '9 minutes 45 seconds'")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.click("tw-timer button")
    page.wait_for_selector(
        "tw-timer [data-voice]:has-text('10 minutes on your timer, €3.00.')", state="attached"
    )


def test_the_timer_of_a_better_answer_starts_with_its_page(
    site: str, page: Any, ordered: ProjectView
) -> None:
    ben = person("ben").id
    held = hourly.timed(ben, ordered, 600)
    scene.submit(held, ben)
    work.feed_answers(project_id=ordered.id)
    ask(ordered, held.assignment_id, extra=0)
    sign_in(page, site, "ben", to=f"/work/task/{public_id('asg', held.assignment_id)}/answer/")
    page.wait_for_selector("html[data-ready]")
    wait_for(page, "runs")
    assert runs() == ["paused", ""]
    looked_at(page)
    ran_before(120)
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/answer/" not in url)
    assert queries.time_of(ordered.id, held.assignment_id).rework_seconds >= 120
    assert runs() == ["paused", "handed_in"]
