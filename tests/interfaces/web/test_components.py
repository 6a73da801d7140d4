"""What components say and mark, beside how they look: the gallery's tests see to that."""

import json
from typing import Any

import pytest

from tests.interfaces.web.test_templatetags import rendered

OPTIONS = [
    {"value": "all", "label": "Everybody", "checked": True},
    {"value": "team", "label": "A <team>", "disabled": True},
]


def test_a_choice_is_native_fields_with_one_legend() -> None:
    text = rendered('{% component "choices" name="who" legend="Who" options=options %}', options=OPTIONS)
    assert '<input type="radio" name="who" value="all" checked>' in text
    assert '<input type="radio" name="who" value="team" disabled>' in text
    assert "A &lt;team&gt;" in text
    many = rendered(
        '{% component "choices" name="who" legend="Who" options=options many=True error="One." %}',
        options=OPTIONS,
    )
    assert '<input type="checkbox" name="who" value="all" checked aria-invalid="true">' in many
    assert 'aria-describedby=" who_error"' in many


def test_steps_say_in_words_what_their_marks_mean() -> None:
    steps = [
        {"label": "Data", "href": "/data/", "state": "done"},
        {"label": "Design", "href": "/design/", "state": "problem"},
        {"label": "People", "href": "/people/", "state": "current"},
        {"label": "Launch"},
    ]
    text = rendered('{% component "steps" label="Steps" steps=steps %}', steps=steps)
    assert text.count('aria-current="step"') == 1
    assert 'href="/people/"' not in text
    assert "(done)" in text and "(needs you)" in text


def test_an_error_says_what_happened_what_is_safe_and_what_to_do() -> None:
    text = rendered('{% component "error" title="No" safe="All kept." href="/x/" action="Go" again="/y/" %}')
    assert 'role="alert"' in text
    assert "All kept." in text and 'href="/x/"' in text and 'href="/y/"' in text
    assert "<h1>" in rendered('{% component "error" page=True title="No" %}')


@pytest.mark.journey
def test_dialogs_menus_and_plots_work(site: str, page: Any) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "window.stopped = []; document.addEventListener('securitypolicyviolation', (e) => stopped.push(e.violatedDirective))"
    )
    page.goto(f"{site}/gallery/")
    page.click("[data-opens=granting]")
    assert page.is_visible("#granting")
    page.keyboard.press("Escape")
    assert page.is_hidden("#granting")
    page.click("[popovertarget=menu-sample]")
    assert page.is_visible("#menu-sample")
    page.keyboard.press("Escape")
    assert page.is_hidden("#menu-sample")
    hours = page.locator("[data-name=answers-per-hour]")
    hours.locator(".plot-area").hover()
    hours.locator("canvas").wait_for()
    with page.expect_download() as table:
        hours.locator("[data-save=csv]").click()
    head, first, *_rest = table.value.path().read_text("utf-8-sig").splitlines()
    assert head == "Hour,Answers,Tasks decided"
    assert first.endswith(",30,12")
    for name in ("answers-per-hour", "results-so-far", "tasks-by-state", "active-time-per-answer"):
        with page.expect_download() as picture:
            page.locator(f"[data-name={name}] [data-save=png]").click()
        assert picture.value.suggested_filename == f"{name}.png"
        assert picture.value.path().read_bytes()[:4] == b"\x89PNG"
    assert errors == []
    assert json.loads(page.evaluate("JSON.stringify(stopped)")) == []
