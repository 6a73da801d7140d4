"""By what the list of tasks can be filtered: read from the address, shown as a form, said as words that can be taken off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.exports.queries import Order, TaskFilter
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.quality.rules.words import TaskState
from tagwerk.domain.work.queries import BatchView
from tagwerk.interfaces.web.formats import day_text
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.pages.requester.frame import Frame
from tagwerk.interfaces.web.pages.requester.words import TASK, answer_text, badge, tasks_text

STATES = {state.value: state for state in TaskState}
GOLD = {"yes": True, "no": False}
MOST_RESULTS = 60  # values of a question that can be picked
LONGEST = 200
SIGN = "~"  # between a question and its result: neither a name nor a label begins with it


class _Form(forms.Form):
    """The fields of the filter; nothing is required and nothing is refused."""

    use_required_attribute = False
    id = forms.CharField(label=gettext_lazy("Your id begins with"), max_length=LONGEST)
    state = forms.ChoiceField(label=gettext_lazy("State"))
    result = forms.ChoiceField(label=gettext_lazy("Result"))
    gold = forms.ChoiceField(label=gettext_lazy("Gold"))
    batch = forms.ChoiceField(label=gettext_lazy("Batch"))
    messages = forms.ChoiceField(label=gettext_lazy("Messages"))

    def __init__(self, choices: dict[str, list[Any]], given: dict[str, str]) -> None:
        super().__init__(initial=given)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *offered]
            if not offered:
                del self.fields[name]


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it."""

    text: str
    href: str


@dataclass(frozen=True)
class TaskFilters:
    """What the visitor asked for."""

    wanted: TaskFilter
    form: _Form
    chips: list[Chip]
    only_id: bool
    kept: list[tuple[str, str]]  # the rest of the address, which filtering keeps

    @classmethod
    def of(
        cls, request: ActorRequest, frame: Frame, batches: Sequence[BatchView], *, by_certainty: bool,
        descending: bool,
    ) -> "TaskFilters":  # fmt: skip
        """From the address; what it does not know is not asked."""
        choices = _choices(frame, batches)
        given = {
            name: value
            for name in ("id", "state", "result", "gold", "batch", "messages")
            if (value := _given(request, name, choices))
        }
        wanted = TaskFilter(
            state=STATES.get(given.get("state", "")),
            gold=GOLD.get(given.get("gold", "")),
            batch_id=row_number("bat", given["batch"]) if "batch" in given else None,
            prefix=given.get("id", ""),
            written_about="messages" in given,
            order=Order.CERTAINTY if by_certainty else Order.ADDED,
            descending=descending,
            **result_of(frame, given.get("result", "")),
        )
        form = _Form(choices, given)
        chips = [
            Chip(filter_words(form, name, value), without(request, name)) for name, value in given.items()
        ]
        kept = [(name, value) for name in ("sort",) if (value := request.GET.get(name, ""))]
        return cls(wanted, form, chips, set(given) == {"id"} and not by_certainty, kept)

    @staticmethod
    def batch_label(batch: BatchView) -> str:
        """What a batch is called: its file, or when it came."""
        return f"{batch.source_name or tasks_text(batch.tasks)} · {day_text(batch.created_at)}"


def cleaned_address(request: ActorRequest) -> str:
    """The address without what was left empty in the form, so that it can be shared; "" if nothing was."""
    if all(request.GET.values()):
        return ""
    query = request.GET.copy()
    for name in [name for name, value in request.GET.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _choices(frame: Frame, batches: Sequence[BatchView]) -> dict[str, list[Any]]:
    return {
        "state": [(state.value, badge(TASK, state).label) for state in TaskState],
        "result": result_choices(frame),
        "gold": [("yes", _("only gold")), ("no", _("without gold"))],
        "batch": [(public_id("bat", batch.id), TaskFilters.batch_label(batch)) for batch in batches]
        if len(batches) > 1
        else [],
        "messages": [("yes", _("with messages"))],
    }


def result_choices(frame: Frame) -> list[Any]:
    """The values of each question that is voted on, to pick one."""
    groups = []
    for ballot in quality.ballots_of(frame.project.design_id):
        question = frame.design.by_name[ballot.question]
        values = [
            (label, ballot.kind.from_label(ballot.options, label)) for label in ballot.labels[:MOST_RESULTS]
        ]
        if values:
            options = [
                (f"{ballot.question}{SIGN}{label}", answer_text(frame.design, question, value))
                for label, value in values
            ]
            groups.append((question.label, options))
    return groups


def result_of(frame: Frame, given: str) -> dict[str, Any]:
    """What was picked among them, as a filter takes it."""
    name, _sign, label = given.partition(SIGN)
    for ballot in quality.ballots_of(frame.project.design_id):
        if given and ballot.question == name and label in ballot.places:
            return {"question": name, "value": ballot.kind.from_label(ballot.options, label)}
    return {}


def _given(request: ActorRequest, name: str, choices: dict[str, list[Any]]) -> str:
    """What was chosen, if it can be chosen."""
    value = request.GET.get(name, "").strip()
    if name not in choices:
        return value[:LONGEST]
    offered = {
        key
        for choice in choices[name]
        for key in ([one for one, _label in choice[1]] if isinstance(choice[1], list) else [choice[0]])
    }
    if name == "batch" and value and value not in offered:  # an old one, which the form does not list
        return value if _is_batch(value) else ""
    return value if value in offered else ""


def _is_batch(value: str) -> bool:
    try:
        return row_number("bat", value) > 0
    except NotFound:
        return False


def filter_words(form: forms.Form, name: str, value: str) -> str:
    """A filter that is set, in words."""
    if name not in form.fields:
        return value
    field: Any = form.fields[name]
    for key, label in getattr(field, "choices", ()):
        if key == value:
            return f"{field.label}: {label}"
        for inner, text in label if isinstance(label, list) else ():
            if inner == value:
                return f"{key} {text}"
    return f"{field.label}: {value}"


def without(request: ActorRequest, name: str) -> str:
    """The address without one of its filters."""
    query = request.GET.copy()
    for gone in (name, "after"):
        query.pop(gone, None)
    return f"?{query.urlencode()}"
