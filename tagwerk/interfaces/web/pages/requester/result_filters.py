"""By what the table of results can be filtered and sorted: read from the address, so that it can be shared as a link."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.domain.exports.queries import Between, Order, TaskFilter
from tagwerk.domain.quality.rules.words import Source
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.requester.task_filters import (
    LONGEST,
    Chip,
    filter_words,
    result_choices,
    result_of,
    without,
)
from tagwerk.interfaces.web.pages.requester.words import SOURCES

ORDERS = {
    "sure": (Order.CERTAINTY, False),
    "-sure": (Order.CERTAINTY, True),
    "agreement": (Order.AGREEMENT, False),
    "-agreement": (Order.AGREEMENT, True),
}
HERE = "#results"  # the table stands below the exports


class _Form(forms.Form):
    """The fields of the filter; nothing is required and nothing is refused."""

    use_required_attribute = False
    id = forms.CharField(label=gettext_lazy("Your id begins with"), max_length=LONGEST)
    question = forms.ChoiceField(label=gettext_lazy("Question"))
    result = forms.ChoiceField(label=gettext_lazy("Result"))
    sure_from = forms.CharField(label=gettext_lazy("Certainty from %"), max_length=6)
    sure_to = forms.CharField(label=gettext_lazy("Certainty to %"), max_length=6)
    agreement_from = forms.CharField(label=gettext_lazy("Agreement from %"), max_length=6)
    agreement_to = forms.CharField(label=gettext_lazy("Agreement to %"), max_length=6)
    source = forms.ChoiceField(label=gettext_lazy("Where it comes from"))
    sort = forms.ChoiceField(label=gettext_lazy("Sorted by"))

    def __init__(self, choices: dict[str, list[Any]], given: dict[str, str]) -> None:
        super().__init__(initial=given)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", _("the file’s order") if name == "sort" else _("All")), *offered]
            if not offered:
                del self.fields[name]
        for name in SHARES:
            self.fields[name].widget.attrs["inputmode"] = "decimal"


SHARES = ("sure_from", "sure_to", "agreement_from", "agreement_to")


@dataclass(frozen=True)
class ResultFilters:
    """What the visitor asked for; `question`: the one that they look at, empty for all."""

    wanted: TaskFilter
    question: str
    form: _Form
    chips: list[Chip]

    @classmethod
    def of(cls, request: ActorRequest, frame: Frame) -> "ResultFilters":
        """From the address; what it does not know is not asked."""
        choices = _choices(frame)
        given = {name: text for name in _Form.base_fields if (text := _given(request, name, choices))}
        sure, agree = _between(given, "sure"), _between(given, "agreement")
        order, descending = ORDERS.get(given.get("sort", ""), (Order.ADDED, False))
        # A range leads where nothing else was asked for: its index finds a few among very many.
        if order is Order.ADDED and (sure or agree):
            order = Order.CERTAINTY if sure else Order.AGREEMENT
        picked = result_of(frame, given.get("result", ""))
        question = picked.get("question") or given.get("question", "")
        wanted = TaskFilter(
            prefix=given.get("id", ""),
            of=question or (_first(frame) if order is Order.AGREEMENT else ""),
            sure=sure,
            agree=agree,
            source=Source(given["source"]) if "source" in given else None,
            order=order,
            descending=descending,
            **picked,
        )
        form = _Form(choices, given)
        chips = [
            Chip(filter_words(form, name, text), without(request, name) + HERE)
            for name, text in given.items()
        ]
        return cls(wanted, question, form, chips)


def _choices(frame: Frame) -> dict[str, list[Any]]:
    questions = [(one.name, one.label) for one in frame.design.questions]
    return {
        "question": questions if len(questions) > 1 else [],
        "result": result_choices(frame),
        "source": [(source, translated(text)) for source, text in SOURCES.items()],
        "sort": [
            ("sure", _("certainty, the least first")),
            ("-sure", _("certainty, the most first")),
            ("agreement", _("agreement, the least first")),
            ("-agreement", _("agreement, the most first")),
        ],
    }


def _first(frame: Frame) -> str:
    """The question that agreement is asked of where none was chosen: one that decides."""
    return next(iter(frame.design.decides), frame.design.questions[0].name)


def _given(request: ActorRequest, name: str, choices: dict[str, list[Any]]) -> str:
    """What was written or chosen, if it can be."""
    value = request.GET.get(name, "").strip()[:LONGEST]
    if name in SHARES:
        return value if _share(value) is not None else ""
    if name not in choices:
        return value
    offered: set[str] = set()
    for key, label in choices[name]:
        offered |= {one for one, _text in label} if isinstance(label, list) else {key}
    return value if value in offered else ""


def _between(given: dict[str, str], name: str) -> Between | None:
    low, high = _share(given.get(f"{name}_from", "")), _share(given.get(f"{name}_to", ""))
    if low is None and high is None:
        return None
    return Between(0.0 if low is None else low, 1.0 if high is None else high)


def _share(text: str) -> float | None:
    """Per cent as people write them, from 0 to 1; None: none."""
    try:
        value = float(text.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return value / 100 if 0 <= value <= 100 else None
