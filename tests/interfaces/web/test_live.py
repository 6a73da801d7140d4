"""Parts of a page that look again by themselves, in a real browser."""

from typing import Any

import pytest

from tests.interfaces.web.test_gallery import check, look
from tests.interfaces.web.visiting import sign_in
from tests.workshop import do_work, judge, launched

__all__ = ["look"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
HIDE = "hidden => Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden})"
ANSWERS = "#panel-progress .figure:nth-of-type(3) .figure-value"


@pytest.fixture(autouse=True)
def _no_undo(settings: Any) -> None:
    settings.UNDO_SECONDS = 0


@pytest.mark.parametrize("look", ["light"], indirect=True)
def test_the_overview_follows_the_work_while_somebody_looks(site: str, look: Any) -> None:
    made = launched([{"text": f"Text {n}"} for n in range(4)])

    def work(name: str) -> None:
        do_work(made.id, name, lambda data: {"sentiment": "positive"})
        judge(made.id)

    work("ben")
    sign_in(look, site, "ada")
    look.clock.install()
    check(look, f"{site}/projects/{made.public_id}/")
    assert look.text_content(ANSWERS) == "4"
    asked: list[str] = []
    look.on("request", lambda request: asked.append(request.url))

    work("bea")
    look.evaluate(HIDE, True)
    look.clock.run_for(60_000)
    assert asked == []  # nobody looks
    look.evaluate(HIDE, False)
    look.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    look.wait_for_function("sign => document.querySelector(sign)?.textContent === '8'", arg=ANSWERS)
    assert look.evaluate("reports") == []

    look.click("#panel-times summary")  # somebody reads there
    asked.clear()
    look.clock.run_for(130_000)
    assert any("/panels/progress/" in url for url in asked)
    assert not any("/panels/times/" in url for url in asked)
