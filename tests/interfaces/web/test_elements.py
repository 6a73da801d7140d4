"""The answer elements under the hands of a worker: keys, undo, drafts, conditions, what is posted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.journey


@pytest.fixture
def task(site: str, page: Any) -> Any:
    """The sample task: better (comparison), unsafe (choice), clear (rating, optional), why (text, when better != 0)."""
    page.address = f"{site}/gallery/task/"
    open_task(page)
    return page


def open_task(page: Any) -> None:
    page.goto(page.address)
    page.wait_for_selector("html[data-ready]")


def value(page: Any, question: str) -> Any:
    return page.evaluate(f"document.querySelector('[data-question={question}]').value")


def visible(page: Any, question: str) -> bool:
    return bool(page.is_visible(f"[data-question={question}]"))


def posted(page: Any) -> dict[str, Any]:
    page.wait_for_selector("h1:has-text('What arrived')")
    rows = page.evaluate(
        "[...document.querySelectorAll('tbody tr')].map((r) => [r.cells[0].innerText, r.cells[1].innerText])"
    )
    return dict(rows)


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_task_is_done_with_keys_alone(task: Any) -> None:
    press(task, "1", "]", "3", "]", "4", "]")
    task.keyboard.type("It really helps")
    press(task, "Control+Enter")
    fields = posted(task)
    assert {name: json.loads(text) for name, text in fields.items() if name.startswith("answer.")} == {
        "answer.better": -2, "answer.unsafe": "none", "answer.clear": 4, "answer.why": "It really helps",
    }  # fmt: skip
    assert fields["_assignment"] == "asg_gallery"
    assert int(fields["_active_ms"]) > 0


def test_keys_work_wherever_the_focus_is(task: Any) -> None:
    task.click("h1")
    press(task, "2")
    assert value(task, "better") == -1
    task.click("[data-question=unsafe] legend")
    press(task, "1")
    assert (value(task, "better"), value(task, "unsafe")) == (-1, "A")


def test_keys_are_letters_while_typing(task: Any) -> None:
    press(task, "1")
    task.focus("[data-question=why] textarea")
    task.keyboard.type("12 [or] 3?")
    assert value(task, "why") == "12 [or] 3?"
    assert value(task, "better") == -2


def test_single_keys_can_be_switched_off(task: Any) -> None:
    press(task, "?")
    task.uncheck("#keys [data-keys-switch]")
    press(task, "Escape", "1")
    assert value(task, "better") is None
    task.click("[data-keys-help]")
    task.check("#keys [data-keys-switch]")
    press(task, "Escape", "1")
    assert value(task, "better") == -2


def test_undo_takes_back_the_last_step_of_the_page(task: Any) -> None:
    press(task, "1", "2", "]", "3")
    press(task, "Control+z")
    assert (value(task, "better"), value(task, "unsafe")) == (-1, None)
    press(task, "Control+z")
    assert value(task, "better") == -2
    press(task, "Control+Shift+z", "Control+Shift+z")
    assert (value(task, "better"), value(task, "unsafe")) == (-1, "none")


def test_a_question_is_there_while_its_condition_holds(task: Any) -> None:
    assert not visible(task, "why")
    press(task, "1")
    assert visible(task, "why")
    press(task, "3")
    assert not visible(task, "why")


def test_an_answer_that_is_hidden_again_is_not_sent(task: Any) -> None:
    press(task, "1", "]", "3", "]", "]")
    task.keyboard.type("one two three")
    task.click("[data-question=better] label:has-text('Both the same')")
    press(task, "Control+Enter")
    assert "answer.why" not in posted(task)


def test_a_missing_answer_stops_the_submit_and_is_named(task: Any) -> None:
    press(task, "1", "Control+Enter")
    error = task.locator("[data-question=unsafe] .answer-error")
    error.wait_for(state="visible")
    assert error.inner_text() == "Please answer this question."
    assert task.evaluate("document.activeElement.closest('[data-question]').dataset.question") == "unsafe"
    press(task, "1")
    assert error.is_hidden()
    press(task, "Control+Enter")
    message = task.locator("[data-question=why] .answer-error")
    message.wait_for(state="visible")


def test_limits_of_a_text_are_said_in_words(task: Any) -> None:
    press(task, "1", "]", "3")
    task.fill("[data-question=why] textarea", "too short")
    press(task, "Control+Enter")
    error = task.locator("[data-question=why] .answer-error")
    error.wait_for(state="visible")
    assert error.inner_text() == "Words needed: at least 3. Words so far: 2."
    assert task.inner_text("[data-question=why] .text-counter") == "Words: 2 (at least 3)"
    task.keyboard.press("Control+End")
    task.keyboard.type(" by far")  # the error goes in the middle of it, the focus stays
    assert value(task, "why") == "too short by far"


def test_a_draft_survives_a_reload_and_goes_when_the_server_has_the_answer(task: Any) -> None:
    press(task, "1", "]", "3", "]", "]")
    task.keyboard.type("kept for later")
    task.wait_for_timeout(300)
    task.reload()
    task.wait_for_selector("html[data-ready]")
    assert (value(task, "better"), value(task, "unsafe"), value(task, "why")) == (
        -2,
        "none",
        "kept for later",
    )
    assert task.is_checked("[data-question=better] input >> nth=0")
    press(task, "Control+Enter")
    posted(task)
    open_task(task)
    assert (value(task, "better"), value(task, "why")) == (None, None)


def test_drafts_go_to_the_server_after_a_pause(task: Any) -> None:
    sent = []
    task.route(
        "**/draft/",
        lambda route: (
            sent.append(route.request),
            route.fulfill(status=200, body='{"saved_at": "2026-11-20", "until": ""}'),
        ),
    )
    task.evaluate("document.querySelector('form[data-task]').dataset.draftUrl = '/draft/'")
    press(task, "1")
    task.wait_for_selector("[data-saved][data-state=saved]")
    assert json.loads(sent[0].post_data) == {"answers": {"better": -2}, "seen": ""}
    assert sent[0].headers["x-csrftoken"]
    assert task.inner_text("[data-saved]").startswith("Saved ")


def test_drafts_go_to_the_server_while_somebody_types_without_a_pause(task: Any) -> None:
    sent: list[Any] = []
    task.route(
        "**/draft/",
        lambda route: (
            sent.append(route.request) or route.fulfill(body='{"saved_at": "2026-11-20", "until": ""}')
        ),
    )
    task.clock.install()
    task.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    task.evaluate("document.querySelector('form[data-task]').dataset.draftUrl = '/draft/'")
    press(task, "1")
    task.focus("[data-question=why] textarea")
    for _second in range(18):
        task.keyboard.type("x")
        task.clock.run_for(1000)
    assert len(sent) == 1


def test_an_answer_is_sent_once(task: Any) -> None:
    sent = []
    task.route("**/gallery/task/", lambda route: sent.append(route.request) or route.fulfill(status=204))
    press(task, "3", "]", "3")
    task.evaluate("for (const i of [1, 2, 3]) document.querySelector('form[data-task]').requestSubmit()")
    task.wait_for_timeout(300)
    assert len(sent) == 1


def test_without_a_network_nothing_is_lost(task: Any) -> None:
    press(task, "3", "]", "3")
    task.context.set_offline(True)
    press(task, "Control+Enter")
    task.wait_for_selector("[data-kept=offline]", state="visible")
    task.context.set_offline(False)
    assert posted(task)["answer.better"] == "0"


def test_enter_submits_once_all_is_answered(task: Any) -> None:
    press(task, "3", "Enter")
    assert "gallery/task" in task.url
    press(task, "]", "3", "Enter")
    assert posted(task)["answer.unsafe"] == '"none"'


def test_choices_many_other_and_readonly(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/")
    page.wait_for_selector("html[data-ready]")
    page.click("[data-question=flaws] legend")
    press(page, "2", "1", "5")
    page.keyboard.type("boring")
    assert value(page, "flaws") == ["factual error", "too long", {"other": "boring"}]
    page.evaluate("document.querySelector('[data-question=flaws]').toggleAttribute('readonly', true)")
    page.click("[data-question=flaws] legend")
    press(page, "2")
    assert value(page, "flaws") == ["factual error", "too long", {"other": "boring"}]


def test_own_words_are_needed_where_something_else_is_picked(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/")
    page.wait_for_selector("html[data-ready]")
    page.click("[data-question=flaws] legend")
    press(page, "5")
    assert page.evaluate("document.querySelector('[data-question=flaws]').validationMessage") == (
        "Say in your own words what else it is."
    )


def test_ratings_slider_and_number(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/")
    page.wait_for_selector("html[data-ready]")
    assert page.inner_text("[data-question=toxicity] output") == "not set"
    page.focus("[data-question=toxicity] input")
    press(page, "ArrowRight")
    assert value(page, "toxicity") == 51
    page.fill("[data-question=age] input", "130")
    assert page.evaluate("document.querySelector('[data-question=age]').validity.valid") is False
    page.fill("[data-question=age] input", "30")
    assert value(page, "age") == 30
    page.click("[data-question=fluency] label:has-text('4')")
    assert value(page, "fluency") == 4


def test_a_comparison_shown_the_other_way_keeps_its_signs(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/")
    page.wait_for_selector("html[data-ready]")
    assert page.is_checked(
        "[data-question=safer] input >> nth=0"
    )  # shown "ba", value 3: the second of `of` is better
    page.click("[data-question=safer] legend")
    press(page, "6")
    assert value(page, "safer") == -3


def test_a_pattern_is_asked_of_the_whole_text(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/")
    page.wait_for_selector("html[data-ready]")
    for text, fits in (("1984", True), ("in 1984", False), ("", True)):
        page.fill("[data-question=year] input", text)
        assert page.evaluate("document.querySelector('[data-question=year]').validity.valid") is fits
