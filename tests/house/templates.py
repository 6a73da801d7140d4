"""Words in templates that no translator has seen: a small reader of Django's templates as HTML."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
TRANSLATED = re.compile(
    r"{% blocktrans(?:late)?\b.*?%}.*?{% endblocktrans(?:late)? %}|{% comment %}.*?{% endcomment %}", re.S
)
ATTRIBUTES = re.compile(r"{% block (?:width|\w+_attributes) %}.*?{% endblock %}", re.S)  # classes, not words
OWN_ELEMENT = re.compile(r"(</?){{.*?}}")
WORD = re.compile(r"[^\W\d_]{2,}")
SAID = {"alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title"}
SILENT = {"code", "kbd", "script", "style", "svg"}
# What components say: {% component "button" label="Save" %} should be label=_("Save").
GIVEN = re.compile(
    r"\b(action|aside|back_label|basis|caption|describe|empty|heading|help|label|lead|legend|name_label|note|per|placeholder"
    r'|safe|text|title|tools|unit|value_label|alt)="([^"]*)"'
)
PUT_IN = re.compile(r'\|(?:default|default_if_none|yesno):"([^"]*)"')


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def untranslated(source: str, known: frozenset[str]) -> Iterator[str]:
    """The words of a template that stand outside gettext, but for the `known` names, which are the same everywhere."""
    source = ATTRIBUTES.sub("", TRANSLATED.sub("", source))
    said = [text for tag in TAG.findall(source) for text in _in_tag(tag)]
    reader = _Reader()
    reader.feed(TAG.sub(" ", OWN_ELEMENT.sub(r"\1tw-own", source)))
    reader.close()
    for text in (*reader.found, *said):
        for word in WORD.findall(text):
            if word not in known:
                yield " ".join(text.split())[:60]
                break


def _in_tag(tag: str) -> list[str]:
    if tag.startswith("{{"):
        return PUT_IN.findall(tag)
    if tag.startswith(("{% component", "{% wrap", "{% include")):
        bare = re.sub(r"\b(?:name|icon|tone|id)=\S+", "", tag)
        return [text for _name, text in GIVEN.findall(bare)] + PUT_IN.findall(bare)
    return []
