"""Icons: every name that a template or a page uses is in the package, and none breaks out of its element."""

import re

import pytest

from tagwerk.interfaces.web.finders import WEB
from tagwerk.interfaces.web.icons import icon_shapes
from tests.interfaces.web.test_templatetags import rendered

# {% component "icon" name="search" %}, or what becomes that name: icon="search", "icon": "search"
NAMED = re.compile(r"""(?:component "icon" name=|\bicon=|"icon": )["']([a-z0-9-]+)["']""")


def names() -> set[str]:
    files = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    return {name for path in files for name in NAMED.findall(path.read_text("utf-8"))}


def test_every_icon_that_is_named_exists() -> None:
    assert len(names()) > 3
    for name in names():
        assert "<path" in icon_shapes(name) or "<circle" in icon_shapes(name), name


def test_a_name_never_leads_out_of_the_folder() -> None:
    for name in ("../package", "no-such-icon-at-all"):
        with pytest.raises((ValueError, FileNotFoundError)):
            icon_shapes(name)


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in rendered('{% component "icon" name="search" %}')
    named = rendered('{% component "icon" name="search" label=label %}', label="Search & find")
    assert 'role="img" aria-label="Search &amp; find"' in named
    assert "aria-hidden" not in named
