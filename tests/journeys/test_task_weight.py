"""What the page of a task costs a worker's phone: bytes over the wire, requests and statements, never time."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.rules import Channel
from tagwerk.domain.work import actions as work
from tests.interfaces.web.visiting import visitor
from tests.people import person
from tests.workshop import launched

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

KINDS: dict[str, dict[str, Any]] = {
    "choice": {"kind": "choice", "options": ["positive", "neutral", "negative"]},
    "rating": {"kind": "rating", "scale": 5},
    "comparison": {"kind": "comparison", "of": ["a", "b"]},
    "text": {"kind": "text", "min_words": 3},
}
HEAVIEST = ("rating", "text")  # in script, and in what is typed
CODE_BYTES = 25_000  # script and style, compressed
FIRST_REQUESTS = 16
NEXT_BYTES = 5_000  # all of the next task, and what the answer to the one before brings back
NEXT_REQUESTS = (
    3  # the answer; more time for the task that came to hand; the page after it. The page itself is there
)
QUERIES = 12


@dataclass
class Wire:
    """What came over it, by type: bodies, compressed as they are sent; what the browser had already is not counted."""

    bytes: dict[str, int] = field(default_factory=dict)
    began: dict[str, tuple[str, int]] = field(default_factory=dict)
    requests: int = 0

    def listen(self, page: Any) -> None:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._began)
        session.on("Network.loadingFinished", self._finished)

    def _began(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or event["requestId"] in self.began:
            return
        self.began[event["requestId"]] = event["type"], int(response["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        kind, headers = self.began.get(event["requestId"], ("", 0))
        self.bytes[kind] = self.bytes.get(kind, 0) + max(0, int(event["encodedDataLength"]) - headers)
        self.requests += event["encodedDataLength"] > 0

    @property
    def code(self) -> int:
        return self.bytes.get("Script", 0) + self.bytes.get("Stylesheet", 0)


def task_of(kind: str) -> tuple[str, int]:
    """The address of a task with one question of this kind in Ben's hands."""
    made = launched(
        [{"a": f"A {number}", "b": f"B {number}"} for number in range(4)],
        title=kind,
        show=[{"compare": {"a": "{{ a }}", "b": "{{ b }}"}}],
        ask={"answer": KINDS[kind]},
        hold={"tasks": 2},
    )
    held = work.claim(person_id=person("ben").id, project_id=made.id, channel=Channel.PAGE)
    return f"/work/task/{public_id('asg', held.assignment_id)}/", made.id  # type: ignore[union-attr]


def queries(client: Client, path: str) -> int:
    client.get(path)  # what a process asks only once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "kind", [kind if kind in HEAVIEST else pytest.param(kind, marks=pytest.mark.long) for kind in KINDS]
)
def test_what_the_page_of_a_task_weighs(site: str, browser: Any, kind: str) -> None:
    path, _ = task_of(kind)
    client = visitor("ben")
    context = browser.new_context(locale="en-GB")
    session = client.cookies[configured.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page, first, then = context.new_page(), Wire(), Wire()
    first.listen(page)
    page.goto(site + path, wait_until="networkidle")
    page.wait_for_selector("html[data-ready]")
    assert "Font" not in first.bytes
    assert first.code <= CODE_BYTES, first.bytes
    assert first.requests <= FIRST_REQUESTS
    page.wait_for_selector("form[data-ahead]")

    page.keyboard.press("1")
    if kind == "text":
        page.fill("textarea", "one two three")
    then.listen(page)
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)
    page.wait_for_selector("form[data-ahead]")
    page.wait_for_load_state("networkidle")
    assert sum(then.bytes.values()) <= NEXT_BYTES, then.bytes
    assert then.requests <= NEXT_REQUESTS
    assert queries(client, page.url.removeprefix(site)) <= QUERIES
    context.close()
