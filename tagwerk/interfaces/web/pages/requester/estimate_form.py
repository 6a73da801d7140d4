"""What an estimate rests on, as fields that people fill in: in euros, per cent and hours, each with where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_decimal_symbol
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Invalid
from tagwerk.base.money import MICROS, plain
from tagwerk.domain.work.rules.estimating import RANGES, Assumptions, Source
from tagwerk.interfaces.web.formats import locale, number_text
from tagwerk.interfaces.web.posting import PageForm

SOURCES = {
    Source.FILE: gettext_lazy("from the project"),
    Source.MEASURED: gettext_lazy("measured here"),
    Source.GIVEN: gettext_lazy("yours"),
    Source.DEFAULT: gettext_lazy("a default: put in what you know"),
}


@dataclass(frozen=True)
class Asked:
    """One field. `unit`: so many of the assumption's units are one of the person's (100 basis points are one per cent)."""

    name: str
    label: Any
    unit: int = 1
    money: bool = False
    optional: bool = False


FIRST = (
    Asked("tasks", gettext_lazy("Tasks")),
    Asked("reward_micros", gettext_lazy("Pay for an answer"), MICROS, money=True),
    Asked("seconds", gettext_lazy("Seconds for a typical answer (median)")),
    Asked("least", gettext_lazy("Answers for each task, at least")),
    Asked("most", gettext_lazy("Answers for each task, at most")),
    Asked("accuracy_bp", gettext_lazy("One answer is right, in per cent"), 100),
    Asked("people", gettext_lazy("People who work on it")),
    Asked("day_minutes", gettext_lazy("Hours a day that each of them works on it"), 60),
)
MORE = (
    Asked("confidence_bp", gettext_lazy("Certainty at which a task is done, in per cent"), 100),
    Asked("accuracy_spread_bp", gettext_lazy("… give or take, in points"), 100),
    Asked("mean_bp", gettext_lazy("Mean time, as a percentage of the typical one"), 100),
    Asked("time_spread_bp", gettext_lazy("… give or take, in per cent"), 100),
    Asked("gold_bp", gettext_lazy("Gold among what people get, in per cent"), 100),
    Asked("redo_bp", gettext_lazy("Answers done again, in per cent"), 100),
    Asked("worker_bp", gettext_lazy("What people are paid on average, as a percentage of the price"), 100),
    Asked("worker_spread_bp", gettext_lazy("… give or take, in points"), 100),
    Asked("guarantee_bp", gettext_lazy("Guaranteed hours add to the pay, in per cent"), 100),
    Asked("review_bp", gettext_lazy("Answers that members review, in per cent"), 100),
    Asked("review_time_bp", gettext_lazy("Time of a review, as a percentage of an answer’s"), 100),
    Asked("review_hourly_micros", gettext_lazy("An hour of your reviewers costs you"), MICROS, money=True),
    Asked("vat_bp", gettext_lazy("VAT on top, in per cent"), 100, optional=True),
)
COMPARED = (
    Asked("tasks", gettext_lazy("Tasks")),
    Asked("reward_micros", gettext_lazy("Pay for an answer"), MICROS, money=True),
    Asked("accuracy_bp", gettext_lazy("One answer is right, in per cent"), 100),
    Asked("expert_reward_micros", gettext_lazy("Pay for an expert’s answer"), MICROS, money=True),
    Asked("expert_accuracy_bp", gettext_lazy("An expert’s answer is right, in per cent"), 100),
    Asked("model_micros", gettext_lazy("A model’s label costs"), MICROS, money=True),
    Asked("model_accuracy_bp", gettext_lazy("A model’s label is right, in per cent"), 100),
    Asked("asked_bp", gettext_lazy("Tasks that people look at too, in per cent"), 100),
    Asked("kept_accuracy_bp", gettext_lazy("On the others, the model is right in per cent"), 100),
)
OF_MONEY = {
    "reward_micros",
    "review_hourly_micros",
    "vat_bp",
    "worker_bp",
    "worker_spread_bp",
    "guarantee_bp",
}


class EstimateForm(PageForm):
    """The assumptions; what is not filled in differently stays what it was."""

    def __init__(
        self, data: Mapping[str, str] | None, given: Assumptions, currency: str, *, paid: bool,
        first: tuple[Asked, ...] = FIRST, more: tuple[Asked, ...] = MORE,
    ) -> None:  # fmt: skip
        self._first = [one for one in first if paid or one.name not in OF_MONEY]
        self._more = [one for one in more if paid or one.name not in OF_MONEY]
        self.asked = [*self._first, *self._more]
        self.assumptions = given
        typed = {one.name: typed_number(given.shown(one.name), one.unit) for one in self.asked}
        super().__init__({**typed, **_filled(data, typed)} if data is not None else None, initial=typed)
        self.all_optional = True
        for one in self.asked:
            self.fields[one.name] = forms.CharField(
                label=f"{one.label} ({currency})" if one.money else one.label, max_length=20, required=not one.optional,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
            )  # fmt: skip

    @property
    def first(self) -> list[Any]:
        """The fields that everybody sees, with where their values come from."""
        return [self._line(one) for one in self._first]

    @property
    def more(self) -> list[Any]:
        """The others."""
        return [self._line(one) for one in self._more]

    @property
    def opens_more(self) -> bool:
        """Whether something among the others is wrong or was put in."""
        return any(one["field"].errors or one["own"] for one in self.more)

    def _line(self, one: Asked) -> dict[str, Any]:
        source, field = self.assumptions.source(one.name), self[one.name]
        known = self.assumptions.shown(one.name) is not None
        field.help_text = str(SOURCES[source]) if known else _("not known here")
        return {"field": field, "own": source is Source.GIVEN}

    def given(self) -> dict[str, int | None]:
        """What differs from what was there, by the names and in the units of an estimate."""
        return {
            one.name: self.cleaned_data[one.name]
            for one in self.asked
            if self.cleaned_data[one.name] != self.assumptions.shown(one.name)
        }

    def clean(self) -> dict[str, Any]:
        """Each in the units of the estimate, and within its range."""
        found = self.cleaned_data
        for one in self.asked:
            if one.name in found:
                try:
                    found[one.name] = self._read(one, str(found[one.name]))
                except Invalid as refusal:
                    self.add_refusal(refusal)
        if (
            isinstance(found.get("least"), int)
            and isinstance(found.get("most"), int)
            and found["least"] > found["most"]
        ):
            self.add_error("most", _("The most answers cannot be fewer than the least."))
        return found

    def _read(self, one: Asked, text: str) -> int | None:
        text = text.strip().replace(",", ".")
        if not text and one.optional:
            return None
        low, high = RANGES[one.name]
        try:
            value = Decimal(text) * one.unit
            whole = int(value) if value.is_finite() and abs(value) <= 10**18 else None
        except (InvalidOperation, ValueError):
            whole = None
        if whole is None or not low <= whole <= high:
            raise Invalid(
                "estimate_between", "Write a number from {low} to {high}.", path=one.name,
                low=number_text(Decimal(low) / one.unit), high=number_text(Decimal(high) / one.unit),
            )  # fmt: skip
        return whole


def typed_number(value: int | None, unit: int) -> str:
    """A number as people type it in their language."""
    if value is None:
        return ""
    text = plain(value) if unit == MICROS else format((Decimal(value) / unit).normalize(), "f")
    return text.replace(".", str(get_decimal_symbol(locale())))


def _filled(data: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    return {name: data[name] for name in typed if name in data}
