"""What templates may call: components, formats, ids, the import map and the scripts of what was used."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.base import token_kwargs as read_keywords
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tagwerk.base.ids import public_id as make_public_id
from tagwerk.domain.academy.queries import OfferedTest
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.interfaces.web import fee_words, formats, icons, pay_words
from tagwerk.interfaces.web.finders import NODE_MODULES, PACKAGES, SHEET, TASK_SHEET, WEB, beside_templates

register = template.Library()


# Components: a folder each, used by name.


@lru_cache
def _has_script(name: str) -> bool:
    return (WEB / f"components/{name}/{name}.js").is_file()


def _render_component(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """The component's template with these values only; the page's variables do not leak into it."""
    if _has_script(name):
        _use(context, f"components/{name}/{name}.js")
    inner = {"request": context.get("request"), "csrf_token": context.get("csrf_token"), **values}
    # A plain context: the context processors have run once for the page.
    return get_template(f"components/{name}/{name}.html").template.render(Context(inner))  # type: ignore[attr-defined,no-any-return]


@register.simple_tag(takes_context=True)
def component(context: Context, component_name: str, **values: Any) -> SafeString:
    """{% component "badge" tone="ok" label=state %}"""
    return _render_component(context, component_name, values)


@register.filter
def filled(fields: Iterable[BoundField] | None) -> list[str]:
    """What is set in the fields of a filter, as "label: value"."""
    found = []
    for field in fields or ():
        value = field.value()
        if value:
            choices = dict(getattr(field.field, "choices", ()))
            found.append(f"{field.label}: {choices.get(value, value)}")
    return found


class _Wrap(template.Node):
    def __init__(self, name: FilterExpression, values: dict[str, FilterExpression], body: NodeList) -> None:
        self.name, self.values, self.nodelist = name, values, body

    def render(self, context: Context) -> SafeString:
        values = {key: value.resolve(context) for key, value in self.values.items()}
        return _render_component(
            context, self.name.resolve(context), {**values, "body": self.nodelist.render(context)}
        )


@register.tag
def wrap(parser: Parser, token: Token) -> _Wrap:
    """{% wrap "card" title=… %} … {% endwrap %}: the component finds what stands between in {{ body }}."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("wrap needs the name of a component")
    values = read_keywords(bits[1:], parser)
    body = parser.parse(("endwrap",))
    parser.delete_first_token()
    return _Wrap(parser.compile_filter(bits[0]), values, body)


# Scripts: each page loads the modules of what it uses, and only those.


def _use(context: Context, module: str) -> None:
    request = context.get("request")
    if request is not None:
        used = request.__dict__.setdefault("used_modules", [])
        if module not in used:
            used.append(module)


@register.simple_tag(takes_context=True)
def uses(context: Context, module: str) -> str:
    """{% uses "answers/task.js" %}: load this module at the end of the page."""
    _use(context, module)
    return ""


@register.simple_tag(takes_context=True)
def used_scripts(context: Context) -> SafeString:
    """The script elements of all modules used so far; the layout's last line."""
    used = getattr(context.get("request"), "used_modules", [])
    return format_html_join("\n", '<script type="module" src="{}"></script>', ((static(m),) for m in used))


@lru_cache(maxsize=1)
def _import_map() -> str:
    """Every module under its bare name, "tagwerk/…", with the address under which it is served."""
    modules = {f"tagwerk/{path}": static(path) for path in beside_templates({".js"})}
    packages = {
        name: static(name)
        for name, source in PACKAGES.items()
        if name.endswith(".js") and (NODE_MODULES / source).is_file()
    }
    text = json.dumps({"imports": modules | packages})
    return text.replace("<", "\\u003c")


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """The import map. It is the one script inside the page, so it carries the nonce of the policy."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(_import_map()))  # noqa: S308


@register.simple_tag(takes_context=True)
def task_modules(context: Context, questions: Iterable[Any]) -> SafeString:
    """The page of a task: an import map of what it needs and nothing else, and all of it asked for at once."""
    kinds = sorted({question.kind for question in questions or ()})
    modules = [*_TASK_MODULES, *(f"answers/{kind}/{kind}.js" for kind in kinds)]
    imports = {f"tagwerk/{path}": static(path) for path in (*modules, *_TASK_EXTRAS)}
    nonce = getattr(context.get("request"), "csp_nonce", "")
    text = json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")
    element = format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(text))  # noqa: S308
    _use(context, "answers/task.js")
    return element + preload_modules(*modules)


_TASK_MODULES = tuple(f"answers/{name}.js" for name in ("base", "drafts", "keys", "outbox", "task"))
_TASK_EXTRAS = tuple(
    f"answers/{name}.js" for name in ("breaks", "swipe", "when")
)  # loaded where a task needs them


@register.simple_tag
def task_sheet() -> str:
    """The small sheet of the page of a task."""
    return static(TASK_SHEET)


@register.filter
def task_tone(level: str) -> str:
    """The tone of a banner for the level of a message."""
    return {"success": "ok", "warning": "wait", "error": "bad"}.get(level, "info")


@register.simple_tag
def preload_modules(*modules: str) -> SafeString:
    """Ask for modules before the page's end asks for them."""
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(m),) for m in modules))


@register.simple_tag
def style_sheet() -> str:
    return static(SHEET)


@register.filter
def as_data(value: Any) -> SafeString:
    """JSON for a <script type="application/json">: no character that could end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308


@register.filter
def as_json(value: Any) -> str:
    """JSON for an attribute, where the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


SPACE = re.compile(r"(?<=>)\s+(?=<)")
SAID_TWICE = re.compile(r'<option value="([^"<>\s]+)"((?: selected)?)>\1</option>')


@register.filter
def lean(field: Any) -> SafeString:
    """A field without what a browser does not need: long lists, such as that of time zones, become half as long."""
    tight = SAID_TWICE.sub(r"<option\2>\1</option>", SPACE.sub("", str(field)))
    return mark_safe(tight)  # noqa: S308 (Django's own markup, shortened)


@register.filter
def codes(text: str) -> SafeString:
    """What stands between backticks as code, the rest as it is."""
    parts = text.split("`")
    return format_html_join(
        "",
        "{}{}",
        (
            (part, format_html("<code>{}</code>", code)) if code else (part, "")
            for part, code in zip_longest(parts[::2], parts[1::2], fillvalue="")
        ),
    )


@register.filter
def icon_shapes(name: str) -> SafeString:
    """What the icon of this name draws; the component `icon` puts it into its svg element."""
    return icons.icon_shapes(name)


# Formats.


@register.filter
def money(micros: int, currency: str) -> str:
    """{{ reward_micros|money:currency }}"""
    return formats.money_text(int(micros), currency)


@register.filter
def pay(project: ProjectView) -> str:
    """{{ project|pay }}: what a task pays, in words."""
    return pay_words.pay_text(project)


@register.filter
def fee(project: ProjectView) -> str:
    """{{ project|fee }}: who gets what of the price of an answer."""
    return fee_words.offer_fee_text(project)


@register.filter
def test_fee(test: OfferedTest) -> str:
    """{{ test|test_fee }}: who gets what of the price of a paid attempt."""
    return fee_words.test_fee_text(test)


@register.filter
def pay_factors(project: ProjectView) -> list[str]:
    """{{ project|pay_factors }}: what makes tasks worth more."""
    return pay_words.factor_lines(project)


@register.filter
def hourly(micros: int, currency: str) -> str:
    """{{ hourly_micros|hourly:currency }}"""
    return formats.hourly_text(int(micros), currency)


@register.filter
def minutes(count: int) -> str:
    return formats.minutes_text(int(count))


@register.filter
def clock(moment: datetime) -> str:
    return formats.clock_text(moment)


@register.filter
def long_day(moment: datetime) -> str:
    return formats.long_day_text(moment)


@register.filter
def duration(seconds: float) -> str:
    return formats.duration_text(seconds)


@register.filter
def when(moment: datetime) -> str:
    return formats.when_text(moment)


@register.filter
def day(moment: datetime | date | None) -> str:
    return formats.day_text(moment) if moment else "–"


@register.filter
def ago(moment: datetime) -> str:
    return formats.near_text(moment, now=timezone.now())


@register.filter
def exactly(moment: datetime) -> str:
    """To the second, with the zone: what stands behind every time on a page."""
    return formats.exact_text(moment)


@register.filter
def count(value: float) -> str:
    return formats.number_text(value)


@register.filter
def percent(share: float) -> str:
    return formats.percent_text(share)


@register.filter
def public_id(number: int, prefix: str) -> str:
    """{{ project.id|public_id:"prj" }}"""
    return make_public_id(prefix, number)
