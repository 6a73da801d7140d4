"""Every component and every element, in a real browser: all there, accessible, within the content policy."""

import json
from pathlib import Path
from typing import Any

import pytest

from tagwerk.interfaces.web.finders import NODE_MODULES, WEB
from tests.people import PASSWORD, person

pytestmark = pytest.mark.journey

WATCH = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (e) =>
  window.reports.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));
"""
STILL = {"reduced_motion": "reduce"}  # a colour half-way from light to dark has no contrast to speak of
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "forced colours": {"forced_colors": "active"},
}
SIGNED_IN = ["/accounts/email/", "/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/password/change/"]


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, browser: Any) -> Any:
    """A page as people with different eyes and devices have it."""
    context = browser.new_context(locale="en-GB", **STILL, **LOOKS[request.param])
    context.add_init_script(WATCH)
    page = context.new_page()
    page.look = request.param
    yield page
    context.close()


ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]  # all that is new where the same page is shown in other colours


def violations(page: Any, rules: list[str] = ALL_RULES) -> list[str]:
    """What axe finds, in one line each. Evaluated by the debugger, which no content policy stops."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((NODE_MODULES / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false})", rules
    )
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def check(page: Any, address: str) -> None:
    page.goto(address)
    assert page.evaluate("reports") == []
    assert violations(page, COLOURS if page.look in ("dark", "forced colours") else ALL_RULES) == []
    assert page.evaluate("reports.filter((r) => !r.includes('axe'))") == []
    assert fits(page), address


def fits(page: Any) -> bool:
    """Whether the page is no wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", ["forced colours"], indirect=True)
def test_colours_that_the_system_forces(site: str, look: Any) -> None:
    for path in ("/gallery/", "/gallery/task/", "/accounts/login/"):
        check(look, site + path)


def test_the_gallery_is_shown_as_it_is_asked(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/?dir=rtl&theme=dark&lang=de")
    root = page.evaluate(
        "(({lang, dir}) => [lang, dir, getComputedStyle(document.documentElement).colorScheme])(document.documentElement)"
    )
    assert root == ["de", "rtl", "dark"]
    assert violations(page) == [] and fits(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", ["dark", "phone"], indirect=True)
def test_pages_of_people_who_are_signed_in(site: str, look: Any) -> None:
    person("ada", password=PASSWORD)
    look.goto(f"{site}/accounts/login/?next=/accounts/2fa/")
    look.fill("[name=login]", "ada@example.org")
    look.fill("[name=password]", PASSWORD)
    look.press("[name=password]", "Enter")
    look.wait_for_selector("h1:has-text('Two-Factor')")
    for path in SIGNED_IN:
        check(look, site + path)


def test_every_sample_is_on_the_page_and_no_script_fails(site: str, page: Any) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/gallery/")
    page.wait_for_selector("html[data-ready]")
    for shelf in ("components", "answers"):
        for folder in sorted(path.name for path in (WEB / shelf).iterdir() if path.is_dir()):
            if folder != "__pycache__":
                assert (WEB / shelf / folder / "sample.html").is_file(), folder
                assert page.locator(f"#sample-{folder}").count() == 1, folder
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_the_palette_finds_and_goes_there_by_the_keyboard_alone(site: str, page: Any) -> None:
    person("ben", password=PASSWORD)
    page.goto(f"{site}/accounts/login/?next=/inbox/")
    page.fill("[name=login]", "ben@example.org")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("h1:has-text('Inbox')")
    page.wait_for_selector("tw-palette:defined", state="attached")
    page.keyboard.press("Control+k")
    page.keyboard.type("e")
    page.wait_for_selector("[role=option]:has-text('Earnings')")
    # Gone with the list from before the letter.
    page.wait_for_selector("[role=option]:has-text('Qualifications')", state="detached")
    first = page.get_attribute("[aria-selected=true]", "id")
    page.keyboard.press("ArrowDown")
    chosen = page.get_attribute("[aria-selected=true]", "id")
    assert first != chosen == page.get_attribute("[role=combobox]", "aria-activedescendant")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    page.keyboard.type("earnings")
    page.wait_for_selector("[role=option] >> nth=0 >> text=Earnings")
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/earnings/")


def test_fingers_find_large_targets(site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}/gallery/task/")
    page.wait_for_selector("html[data-ready]")
    small = page.evaluate(
        """[...document.querySelectorAll('button, .choices-row, .scale-cell, .point, .button, summary')]
           .filter((e) => e.checkVisibility()).map((e) => [e.textContent.trim(), e.getBoundingClientRect().height])
           .filter(([, height]) => height < 44)"""
    )
    assert [item for item in small if "Instructions" not in item[0]] == []
    context.close()


def test_the_type_of_htmx_s_markup_is_trusted_and_no_other(site: str, page: Any) -> None:
    page.goto(f"{site}/gallery/")
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<p>no</p>'")
    assert Path(NODE_MODULES / "htmx.org").is_dir()
    assert json.loads(page.text_content("script[type=importmap]"))["imports"]["packages/htmx.js"]


def test_htmx_brings_fragments_in_and_no_script_with_them(site: str, page: Any) -> None:
    fragment = (
        '<p id="arrived">Here.</p><script>window.ran = true</script><b hx-on:click="window.ran = true">x</b>'
    )
    page.route("**/fragment/", lambda route: route.fulfill(body=fragment, content_type="text/html"))
    page.goto(f"{site}/gallery/")
    page.evaluate(
        """async () => {
          const { default: htmx } = await import("tagwerk/layout/htmx.js");
          const button = Object.assign(document.createElement("button"), { id: "bring", type: "button" });
          const place = Object.assign(document.createElement("div"), { id: "place" });
          button.setAttribute("hx-get", "/fragment/");
          button.setAttribute("hx-target", "#place");
          document.getElementById("main").prepend(button, place);
          htmx.process(button);
        }"""
    )
    page.click("#bring")
    assert page.inner_text("#arrived") == "Here."
    page.click("#place b")
    assert page.evaluate("window.ran") is None
