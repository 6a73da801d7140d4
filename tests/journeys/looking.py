"""What every page that a journey opens is looked at for, and the pictures of the README."""

import io
import os
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.interfaces.web.test_gallery import ALL_RULES, STILL, WATCH, violations
from tests.people import PASSWORD, email_of

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
LARGEST_PICTURE = 100_000  # bytes


def watched(browser: Any, **options: Any) -> Any:
    """A page that notes what the content policy stops."""
    context = browser.new_context(
        **{"locale": "en-GB", "timezone_id": "Europe/Berlin", "viewport": DESK, **STILL, **options}
    )
    context.set_default_timeout(20_000)
    context.add_init_script(WATCH)
    return context.new_page()


def sign_in(page: Any, site: str, name: str, *, to: str) -> None:
    """Through the form, as people do."""
    page.goto(f"{site}/accounts/login/?next={to}")
    page.fill("[name=login]", email_of(name))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{to}")


def looked_at(page: Any) -> None:
    """The page as it stands: accessible, within the content policy, no wider than a phone. In the dark and right to left
    every page is looked at by test_pages_look."""
    page.wait_for_load_state("load")
    assert page.evaluate("reports") == [], page.url
    found = violations(page, ALL_RULES)
    assert found == [], (page.url, found)
    size = page.viewport_size
    page.set_viewport_size(PHONE)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), page.url
    page.set_viewport_size(size)


LABELS = """[...document.querySelectorAll("h1, h2, nav a, button, dt, thead th, legend, summary")]
  .filter((one) => one.checkVisibility() && !one.closest("tw-plot")).map((one) => one.innerText.trim().replace(/\\s+/g, " "))"""


def picture(page: Any, name: str) -> None:
    """docs/images/<name>.png shows the page as it is: a picture carries the labels that stood on the page when it was
    taken, and they are still the same; not those of plots, as some figures come by chance. TAGWERK_PICTURES=yes takes
    it anew."""
    page.wait_for_load_state("networkidle")
    labels = " | ".join(page.evaluate(LABELS))
    path = ROOT / "docs" / "images" / f"{name}.png"
    if os.environ.get("TAGWERK_PICTURES") == "yes":
        _take(page, path, labels)
    with Image.open(path) as kept:
        shown = str(kept.info.get("labels"))
    assert shown == labels, f"{path} is old: take it anew with TAGWERK_PICTURES=yes\n{shown}\n{labels}"


def _take(page: Any, path: Path, labels: str) -> None:
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    facts = PngInfo()
    facts.add_itxt("labels", labels)
    small = io.BytesIO()
    shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True, pnginfo=facts
    )
    assert len(small.getvalue()) <= LARGEST_PICTURE, len(small.getvalue())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(small.getvalue())
