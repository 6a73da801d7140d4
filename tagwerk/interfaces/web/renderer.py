"""How forms are drawn: as Django does it, but for long lists."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECT, OPTION = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"


class Renderer(DjangoTemplates):
    """Django's own, which draws each option by two templates: with the time zones of the world a page took ten times as
    long."""

    def render(self, template_name: str, context: dict[str, Any], request: Any | None = None) -> SafeString:
        """The markup of a widget."""
        if template_name == SELECT and _is_plain(context["widget"]):
            return _select(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _is_plain(widget: Mapping[str, Any]) -> bool:
    return all(option["template_name"] == OPTION for _, group, _ in widget["optgroups"] for option in group)


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = format_html_join(
        "", "{}", ((_group(name, options),) for name, options, _ in widget["optgroups"])
    )
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), groups
    )


def _group(name: str | None, options: list[Mapping[str, Any]]) -> SafeString:
    inside = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((one["value"], _attributes(one["attrs"]), localize(one["label"])) for one in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    said = ((name, value) for name, value in attributes.items() if value is not False)
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in said
        ),
    )
