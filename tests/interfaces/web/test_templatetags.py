"""Components, scripts and data in templates."""

import json
import re

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from tagwerk.interfaces.web.finders import WEB
from tagwerk.interfaces.web.templatetags import web


def rendered(source: str, **values: object) -> str:
    request = RequestFactory().get("/")
    return Template("{% load web %}" + source).render(Context({"request": request, **values}))


def test_a_component_gets_its_values_only() -> None:
    assert "badge-ok" in rendered('{% component "badge" tone="ok" label=word %}', word="fine")
    assert "secret" not in rendered('{% component "badge" tone="ok" %}', label="secret")


def test_text_in_a_component_is_escaped() -> None:
    assert "<script>" not in rendered('{% component "badge" label=word %}', word="<script>alert(1)</script>")


def test_what_stands_between_backticks_is_code_and_harmless() -> None:
    assert rendered("{{ text|codes }}", text="with `tasks`, <b>") == "with <code>tasks</code>, &lt;b&gt;"
    assert rendered("{{ text|codes }}", text="`<i>`") == "<code>&lt;i&gt;</code>"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_bar_is_drawn_in_every_language(language: str) -> None:
    with translation.override(language):
        text = rendered(
            '{% component "bars" bars=bars %}', bars=[{"label": "A", "width": 62.5, "text": "5 of 8"}]
        )
    assert 'width="62.5"' in text


def test_wrap_puts_what_stands_between_into_the_component() -> None:
    text = rendered('{% wrap "card" title="Pay" %}<p>{{ word }}</p>{% endwrap %}', word="a & b")
    assert "<p>a &amp; b</p>" in text
    assert ">Pay</h2>" in text


def test_scripts_of_used_components_come_once(static_files: object) -> None:
    source = '{% component "code" text="a" %}{% component "code" text="b" %}{% component "badge" %}{% used_scripts %}'
    scripts = re.findall(r'<script type="module" src="([^"]+)"', rendered(source))
    assert [re.sub(r"\.[0-9a-f]{12}", "", src) for src in scripts] == ["/static/components/code/code.js"]


def test_the_import_map_names_every_module(static_files: object) -> None:
    text = rendered("{% import_map %}")
    imports = json.loads(text[text.index("{") : text.rindex("}") + 1])["imports"]
    assert set(imports) >= {
        "tagwerk/answers/base.js",
        "tagwerk/answers/when.js",
        "tagwerk/components/code/code.js",
    }
    assert re.fullmatch(r"/static/answers/base\.[0-9a-f]{12}\.js", imports["tagwerk/answers/base.js"])


def test_every_imported_module_is_in_the_import_map() -> None:
    known = {f"tagwerk/{path}" for path in web.beside_templates({".js"})} | set(web.PACKAGES)
    for path in WEB.rglob("*.js"):
        for name in re.findall(r'from "([^"]+)"|^import "([^"]+)"', path.read_text(), re.MULTILINE):
            assert "".join(name) in known, (path.name, name)


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<!--", "a&b"])
def test_data_cannot_leave_its_script_element(hostile: str) -> None:
    text = web.as_data({"label": hostile})
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"label": hostile}


def test_no_template_has_inline_style_or_script_or_handlers() -> None:
    inline = re.compile(
        r"\sstyle=|<style|\son[a-z]+=|<script(?! type=\"application/json\"| type=\"module\" src=|[^>]* src=)"
    )
    for path in WEB.rglob("*.html"):
        assert not inline.search(path.read_text()), path


def test_a_lean_field_sends_the_same_values_and_escapes_as_before() -> None:
    choices = [("", "–"), ("UTC", "UTC"), ("de", "German"), ("<b>", "<b>"), ("a b", "a b")]
    widget = forms.ChoiceField(choices=choices).widget
    full = widget.render("zone", "UTC")
    short = web.lean(full)
    assert "<option selected>UTC</option>" in short
    assert '<option value="de">German</option>' in short
    assert "<b>" not in short
    assert len(short) < len(full)
