"""The page of a task in a real browser: what it loads, and how long a worker waits from one task for the next."""

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure, Scale, in_turns, median, note, percentile
from benchmarks.instance import Instance, running

NAMES = ("page.weight", "page.next")
EMPTY = "/work/task/asg_none/"  # nothing is there: head, foot and one sentence
AGAINST = "an empty page of the same server, for the same person"

# In every page: when it became ready, on a clock that all pages of the browser share.
NOTE_READY = """
const clock = () => performance.timeOrigin + performance.now();
addEventListener("DOMContentLoaded", () => { window.loadedAt = clock(); });
new MutationObserver(() => { if (document.documentElement?.hasAttribute("data-ready")) window.readyAt ??= clock(); })
  .observe(document, {attributes: true, subtree: true, attributeFilter: ["data-ready"]});
"""
SUBMIT = """() => {
  document.querySelector(".task-form input[type=radio]").click();
  sessionStorage.begin = performance.timeOrigin + performance.now();
  document.querySelector(".task-form").requestSubmit();
}"""
GO = "(address) => { sessionStorage.begin = performance.timeOrigin + performance.now(); location.href = address; }"
WAITED = "(mark) => window[mark] - Number(sessionStorage.begin)"


@dataclass(frozen=True)
class Weight:
    """What one visit of a page costs."""

    bytes: int
    requests: int
    queries: int


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """What the page weighs, and the time from submit to the next task."""
    from playwright.sync_api import sync_playwright

    from tools.chromium import ADVICE, find_chromium

    program = find_chromium()
    if program is None:
        raise SystemExit(ADVICE)
    with running(web=True, jobs=False) as instance:
        worker = _Worker(instance)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=os.geteuid() != 0)
            note("page: what it weighs")
            if "page.weight" in names:
                yield from _weights(browser, worker)
            if "page.next" in names:
                note("page: from task to task")
                yield from _next_figures(browser, worker, rounds=scale.of(40, 8))
            browser.close()


class _Worker:
    """Somebody signed in who holds a task."""

    def __init__(self, instance: Instance) -> None:
        from benchmarks import scene
        from tagwerk.base.ids import public_id
        from tagwerk.domain.work import actions as work

        self.instance = instance
        order = scene.order(scene.requester(), "How do reviews sound?", answers=1)
        scene.fill(order, 2_000, answers=1)
        self.hand = scene.signed_in(1, "reader")[0]
        scene.enrol([self.hand], order)
        held = work.claim(person_id=self.hand.person_id, project_id=order.project_id, channel=1)
        self.task = f"/work/task/{public_id('asg', held.assignment_id)}/"  # type: ignore[union-attr]

    def open(self, browser: Any) -> Any:
        """A page in a browser that has seen nothing yet."""
        context = browser.new_context(locale="en-GB")
        context.set_default_timeout(20_000)
        name = f"tagwerk-{self.instance.port}"
        context.add_cookies([{"name": name, "value": self.hand.session, "url": self.instance.address}])
        context.add_init_script(NOTE_READY)
        return context.new_page()

    def queries(self, path: str) -> int:
        """How many statements the page's view, guards and templates send."""
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
        client = Client(headers={"host": f"localhost:{self.instance.port}"})
        client.cookies[f"tagwerk-{self.instance.port}"] = self.hand.session
        client.get(path)  # what a process asks only once
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)


def _weights(browser: Any, worker: _Worker) -> Iterator[Figure]:
    first, again = _visit(browser, worker, worker.task)
    empty, _ = _visit(browser, worker, EMPTY)
    for name, unit in (
        ("bytes", "bytes at the first visit"),
        ("requests", "at the first visit"),
        ("queries", ""),
    ):
        value, other = getattr(first, name), getattr(empty, name)
        yield Figure(f"page.{name}", value, unit or "queries", AGAINST, value / max(1, other))
    yield Figure(
        "page.bytes.again",
        again.bytes,
        "bytes at the second visit",
        "the first visit",
        again.bytes / first.bytes,
    )
    yield Figure(
        "page.requests.again",
        again.requests,
        "at the second visit",
        "the first visit",
        again.requests / first.requests,
    )


def _visit(browser: Any, worker: _Worker, path: str) -> tuple[Weight, Weight]:
    """The first visit of a browser, and the second."""
    page = worker.open(browser)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    queries, found = worker.queries(path), []
    for _ in range(2):
        sizes.clear()
        page.goto(worker.instance.address + path, wait_until="networkidle")
        over_the_wire = [size for size in sizes if size]
        found.append(Weight(int(sum(over_the_wire)), len(over_the_wire), queries))
    page.context.close()
    return found[0], found[1]


def _next_figures(browser: Any, worker: _Worker, *, rounds: int) -> Iterator[Figure]:
    working, reading = worker.open(browser), worker.open(browser)
    working.goto(worker.instance.address + worker.task)
    reading.goto(worker.instance.address + EMPTY)
    kinds: dict[str, Callable[[], float]] = {"next": lambda: _next(working), "empty": lambda: _empty(reading)}
    for run in kinds.values():
        run()
    found = in_turns(kinds, rounds=rounds)
    these, those = found["next"], found["empty"]
    yield Figure(
        "page.next",
        median(these),
        "ms from submit to the next task ready",
        AGAINST,
        median(these) / median(those),
    )
    high, other = percentile(these, 0.95), percentile(those, 0.95)
    yield Figure("page.next.p95", high, "ms", f"the p95 of {AGAINST}", high / other)


def _next(page: Any) -> float:
    page.wait_for_selector("form[data-ahead]")  # people take longer than this to read a task
    before = page.url
    page.evaluate(SUBMIT)
    page.wait_for_url(lambda url: url != before)
    page.wait_for_function("window.readyAt")
    return float(page.evaluate(WAITED, "readyAt"))


def _empty(page: Any) -> float:
    with page.expect_navigation():
        page.evaluate(GO, EMPTY)
    page.wait_for_function("window.loadedAt")
    return float(page.evaluate(WAITED, "loadedAt"))
