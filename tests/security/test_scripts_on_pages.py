"""Script in everything that people name and write, looked for on the pages of workers, requesters and operators."""

import io
from html.parser import HTMLParser

import pytest
from PIL import Image

from tagwerk.domain.accounts.models import Organisation, Person
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries
from tests.interfaces.web.access_table import TABLE
from tests.interfaces.web.scene import Scene
from tests.interfaces.web.visiting import plain_files
from tests.people import actor

__all__ = ["plain_files"]
pytestmark = pytest.mark.django_db

BAD = "<img src=x onerror=alert(1)>\"'></textarea></script><script>alert(1)</script>{{ 7 * 7 }}"
ASK = {
    "sentiment": {
        "kind": "choice",
        "options": ["positive", {"bad": BAD}],
        "label": BAD,
        "help": BAD,
    }
}


class Elements(HTMLParser):
    """Whether one of a page's elements is ours who attack: a browser sees these, whatever the text looks like."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hostile = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.hostile |= "onerror" in known or known.get("src") == "x"
        self.hostile |= tag == "script" and not known.keys() & {"src", "nonce"} and known.get("type") is None


def test_what_looks_for_script_finds_some():
    assert Elements(f"<p>{BAD}</p>").hostile and Elements(f"<input value='{BAD}'>").hostile
    assert not Elements('<input value="&lt;img src=x onerror=alert(1)&gt;">').hostile


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.long)])
def test_no_script_gets_onto_a_page(settings, all_of_them):
    """Each page as the first of three sees it who may, or as all of them."""
    scene = Scene(settings, title=BAD, row=BAD, ask=ASK)
    Person.objects.update(display_name=BAD[:80])
    Organisation.objects.update(name=BAD[:80])
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    projects.upload_media(
        actor=actor("ada"), project_id=scene.made.id, name=f"{BAD}.png", content=io.BytesIO(out.getvalue())
    )
    assert "<" not in queries.media_page(scene.made.id)[0].name
    seen, hostile = 0, []
    for name, (may_get, _may_post, _sent) in TABLE.items():
        readers = [who for who in ("ada", "ben", "dan") if who in (may_get or ())]
        for who in readers if all_of_them else readers[:1]:
            reply = scene.clients[who].get(scene.address(name))
            if "text/html" not in reply.headers.get("Content-Type", ""):
                continue
            page = reply.content.decode()
            seen += "alert(1)" in page
            if Elements(page).hostile:
                hostile.append((name, who))
    assert hostile == []
    assert seen > 10, "what was written is shown, as text"
