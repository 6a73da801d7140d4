"""The pay step: what an answer is paid, what that is per hour, and the budget; or no pay at all, for one's own people."""

from collections.abc import Sequence
from typing import Any

from babel.numbers import get_decimal_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Refusal
from tagwerk.base.money import MICROS, micros_of, plain
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.academy.queries import QualificationView
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Wage
from tagwerk.domain.designs.rules.columns import LOOKED_AT
from tagwerk.domain.designs.rules.parts import Hold, seconds_of
from tagwerk.domain.designs.rules.pay import COUNTED, HOUR, MOST_HOURLY_DAYS, WHOLE
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.work import queries as work
from tagwerk.domain.work.queries import Suggestion
from tagwerk.domain.work.rules.units import NONE_BP, factors_of
from tagwerk.domain.work.rules.wages import SIMULATED
from tagwerk.interfaces.web import pay_words
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.formats import duration_text, hourly_text, locale, money_text, percent_text
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.pay_people import PeoplePayForm, people_text, people_typed
from tagwerk.interfaces.web.pages.requester.setup_form import Worry, part_page
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page

NOTHING = "none"
DAY_SECONDS = 86_400
PER = {
    "answer": gettext_lazy("yes, per answer"),
    "hour": gettext_lazy("yes, by the hour: the worker's own timer counts"),
    "audio_minute": gettext_lazy("yes, per minute of audio"),
    "word": gettext_lazy("yes, per word"),
    "deliverable": gettext_lazy("yes, per deliverable: each task has its own amount"),
    "milestone": gettext_lazy("yes, per milestone: each task has its own amount"),
    NOTHING: gettext_lazy("no: people of my own, who are paid elsewhere"),
}
HOUR_SECONDS = 3600


class PayForm(PeoplePayForm):
    """The pay plan of a project file."""

    per = forms.ChoiceField(
        label=gettext_lazy("Is the work paid here?"),
        choices=list(PER.items()),
        widget=forms.RadioSelect,
    )
    amount = forms.CharField(
        label=gettext_lazy("Pay"),
        help_text=gettext_lazy(
            "For an answer, a minute of audio or a word; of deliverables and milestones, for rows that name no amount of their "
            "own in the column “_amount”."
        ),
        max_length=20, required=False,
    )  # fmt: skip
    column = forms.ChoiceField(
        label=gettext_lazy("Column that says how much it is"),
        help_text=gettext_lazy(
            "Per minute of audio: an uploaded file, or its length in seconds. Per word: the text whose words count."
        ),
        required=False,
    )
    seconds = forms.IntegerField(
        label=gettext_lazy("Seconds that an answer takes"),
        help_text=gettext_lazy("Your estimate. People see the pay per hour that follows from it, and later what it really was."),
        min_value=1, max_value=86_400, required=False,
    )  # fmt: skip
    most_minutes = forms.IntegerField(
        label=gettext_lazy("By the hour: minutes of a task that are paid without asking"),
        help_text=gettext_lazy("For more, the worker asks with a reason, and you decide."),
        min_value=1, max_value=1_440, required=False,
    )  # fmt: skip
    guarantee = forms.BooleanField(
        label=gettext_lazy("Guarantee the minimum wage for an hour"),
        help_text=gettext_lazy(
            "If the hours of a person in a week come to less, the rest is paid on Monday. For this a tenth more is set aside; "
            "what is left of it comes back."
        ),
        required=False,
    )  # fmt: skip
    urgent_hours = forms.IntegerField(
        label=gettext_lazy("Urgent: hours before the deadline"),
        help_text=gettext_lazy("Tasks with a “_deadline” that is nearer than that when they are opened."),
        min_value=1, max_value=8_000, required=False,
    )  # fmt: skip
    urgent_percent = forms.IntegerField(
        label=gettext_lazy("Urgent: per cent more"), min_value=1, max_value=900, required=False
    )
    budget = forms.CharField(
        label=gettext_lazy("Most that may be spent"),
        help_text=gettext_lazy("With the fee. Leave it empty for the largest possible cost."), max_length=20, required=False,
    )  # fmt: skip
    places = (
        ("pay.multipliers.level", "level"), ("pay.volume", "volume_percent"), ("pay.location", "by_country"),
        ("pay.hour_guarantee", "guarantee"), ("pay.units_from", "column"), ("pay.most_minutes", "most_minutes"), ("hold.minutes", "most_minutes"), ("approve_after", "per"), ("pay.amount", "amount"), ("pay.estimate_seconds", "seconds"), ("budget", "budget"), ("pay", "amount"),
        ("audience", "per"),
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        file: ProjectFile,
        currency: str,
        columns: Sequence[str],
        offered: Sequence[QualificationView],
    ) -> None:
        super().__init__(
            data,
            initial={
                "per": file.pay.per, "amount": _typed(file.pay.amount), "seconds": file.pay.estimate_seconds,
                "budget": _typed(file.budget), "guarantee": file.pay.hour_guarantee,
                "column": file.pay.units_from, "most_minutes": file.pay.most_minutes, **_urgency(file),
                **people_typed(file.model_dump(mode="json", exclude_none=True)),
            },
        )  # fmt: skip
        self.currency = currency
        self.offer(offered, file)
        per = data.get("per") if data is not None else file.pay.per
        self.fields["amount"].required = per not in (NOTHING, *WHOLE)
        self.fields["amount"].error_messages["required"] = _("Write what an answer is paid, such as 0.10.")
        self.fields["amount"].label = _("Pay, in {currency}").format(currency=currency)
        known = list(dict.fromkeys([*columns, *([file.pay.units_from] if file.pay.units_from else [])]))
        self.fields["column"].choices = [("", _("please choose")), *((name, name) for name in known)]  # type: ignore[attr-defined]
        self.fields["column"].required = per in COUNTED
        self.fields["most_minutes"].required = per == HOUR
        self.fields["budget"].label = _("Most that may be spent, in {currency}").format(currency=currency)

    def _multipliers(self, file: dict[str, Any]) -> dict[str, Any]:
        """Those of the file, with the urgency of the form."""
        found = dict((file.get("pay") or {}).get("multipliers") or {})
        hours, percent = self.cleaned_data["urgent_hours"], self.cleaned_data["urgent_percent"]
        found.pop("urgency", None)
        found.pop("level", None)
        if level := self.level_of(file):
            found["level"] = level
        if hours and percent:
            found["urgency"] = {"within": f"{hours} hours", "factor": plain(MICROS + percent * 10_000)}
        return found

    def clean_amount(self) -> str:
        return self._amount("amount")

    def clean_budget(self) -> str:
        return self._amount("budget")

    def _amount(self, name: str) -> str:
        """An amount as the file writes it; people may write it with a comma."""
        text = str(self.cleaned_data[name]).strip().replace(",", ".")
        if not text:
            return ""
        try:
            return plain(micros_of(text))
        except Refusal as refusal:
            raise ValidationError(refusal_text(refusal)) from None

    def parts(self, file: dict[str, Any]) -> dict[str, Any]:
        """The pay plan and the budget; without pay, the audience is people of one's own."""
        given = self.cleaned_data
        seconds = {"estimate_seconds": given["seconds"]} if given["seconds"] else {}
        if given["per"] != NOTHING:
            hourly = given["per"] == HOUR
            more: dict[str, Any] = {"hour_guarantee": True} if given["guarantee"] and not hourly else {}
            if hourly:
                more["most_minutes"] = given["most_minutes"]
            more |= self.people()
            if given["per"] in COUNTED:
                more["units_from"] = given["column"]
            if multipliers := self._multipliers(file):
                more["multipliers"] = multipliers
            pay = {
                "per": given["per"],
                "amount": given["amount"] or None,
                "currency": self.currency,
                **seconds,
                **more,
            }
            return {
                "pay": pay,
                "budget": given["budget"] or None,
                **(_for_hours(file, given["most_minutes"]) if hourly else {}),
            }
        audience = dict(file.get("audience") or {})
        if not audience.get("team") and not audience.get("invited"):
            audience["team"] = "members"
        return {"pay": {"per": NOTHING, **seconds}, "budget": None, "audience": audience}


def _for_hours(file: dict[str, Any], most_minutes: int) -> dict[str, Any]:
    """What pay by the hour asks of the rest of the file: tasks are held for as long, and decided within days."""
    hold, found = dict(file.get("hold") or {}), dict[str, Any]()
    if most_minutes > int(hold.get("minutes", Hold().minutes)):
        found["hold"] = hold | {"minutes": most_minutes}
    if seconds_of(file.get("approve_after") or "3 days") > MOST_HOURLY_DAYS * DAY_SECONDS:
        found["approve_after"] = f"{MOST_HOURLY_DAYS} days"
    return found


def _urgency(file: ProjectFile) -> dict[str, int]:
    factors = factors_of(file.model_dump(mode="json", exclude_none=True))
    if factors.urgent_bp == NONE_BP:
        return {}
    return {
        "urgent_hours": max(1, factors.urgent_seconds // HOUR_SECONDS), "urgent_percent": (factors.urgent_bp - NONE_BP) // 100,
    }  # fmt: skip


def _typed(amount: str | None) -> str:
    """An amount as people type it in their language."""
    return (amount or "").replace(".", str(get_decimal_symbol(locale())))


@setup_page("pay")
def setup_pay(setup: Setup) -> HttpResponse:
    """What an answer is paid; what that is per hour and in all, while it is filled in."""
    file = setup.with_parts({})
    currency = (
        file.pay.currency if file.paid else accounts.organisation(setup.project.organisation_id).currency
    )
    data = setup.request.POST if setup.request.method == "POST" else None
    offered = academy.qualifications_offered(setup.project.organisation_id)
    return part_page(
        setup,
        PayForm(data, file, currency, _columns(setup), offered),
        "pages/requester/setup_pay.html",
        pay_said,
    )


def _columns(setup: Setup) -> list[str]:
    """The columns of the first rows."""
    rows = work.tasks_after(setup.project.id, 0, LOOKED_AT)
    return list(dict.fromkeys(name for one in rows for name in one.data))


def pay_said(setup: Setup, file: ProjectFile) -> dict[str, Any]:
    """What people get and what it costs, in sentences."""
    worry = ""
    if file.paid and not file.pay.usual_seconds:
        worry = _(
            "Without an estimate of the time nobody can tell what an hour is worth; fewer people will begin."
        )
    view = setup.as_if(file)
    found = work.suggestion(view, on=timezone.localdate())
    if found is not None and found.is_below:
        worry = _too_little(found.present_micros, found.floor)
    floor = work.floor_of(view, on=timezone.localdate()) if view.hour_micros else None
    if floor is not None and view.hour_micros < floor.per_hour_micros:
        worry = _too_little(view.hour_micros, floor)
    sentences = [*pay_text(setup, file), *(suggestion_text(found) if found else ())]
    return {"sentences": sentences, "worry": Worry(worry, "pay") if worry else None}


def _too_little(hour_micros: int, floor: Wage) -> str:
    return _(
        "{pay} per hour is less than the minimum wage in {country}, {floor}. Most people would earn less than that."
    ).format(
        pay=money_text(hour_micros, floor.currency), country=country_name(floor.country),
        floor=money_text(floor.per_hour_micros, floor.currency),
    )  # fmt: skip


def suggestion_text(found: Suggestion) -> list[str]:
    """What a fair price would be and what a simulation says about it, and about the present one."""
    currency = found.floor.currency
    facts = {
        "floor": hourly_text(found.floor.per_hour_micros, currency), "country": country_name(found.floor.country),
        "time": duration_text(found.answer_ms / 1000), "price": money_text(found.reward_micros, currency),
    }  # fmt: skip
    said = _(
        "Suggestion: {price} for an answer, which is 1.4 times the minimum wage in {country} ({floor}) for {time} of work."
    )
    if found.measured:
        said = _(
            "Suggestion: {price} for an answer, which is 1.4 times the minimum wage in {country} ({floor}) for the measured "
            "{time} of work."
        )
    why = _(
        "People differ in speed, and tasks in length: in a simulation about {share} earned at least the minimum wage at the "
        "suggested price, and {least} where the middle answer paid just that."
    ).format(share=percent_text(found.suggested_share), least=percent_text(SIMULATED[-1][1]))
    if found.share is not None:
        why += " " + _("At the price that stands here now, at least about {share} did.").format(
            share=percent_text(found.share)
        )
    return [said.format(**facts), why]


def hourly_micros(view: ProjectView) -> int | None:
    """What an hour pays at the estimate of the file; None where nobody knows yet."""
    if not view.paid or not view.estimate_seconds or (view.measures and view.task_micros is None):
        return None
    return view.usual_micros * HOUR_SECONDS // view.estimate_seconds


def price_text(view: ProjectView) -> str:
    """What a task pays and costs; where tasks differ, on average."""
    price = view.price
    facts = {
        "pay": money_text(price.reward_micros, view.currency), "share": percent_text(price.fee_bp / 10_000),
        "price": money_text(price.total_micros, view.currency),
    }  # fmt: skip
    if not view.measures and not view.hour_micros:
        said = _("A person gets {pay} for an answer; with the fee ({share} on top) it costs you {price}.")
        return said.format(**facts)
    facts |= {
        "pay": pay_words.pay_text(view),
        "price": pay_words.about_text(price.total_micros, view.currency),
    }
    if view.hour_micros:
        said = _(
            "A person gets {rate} by their own timer; with the fee ({share} on top) a task costs you about {price}, and at most {most} without asking."
        )
        return said.format(
            **facts,
            rate=pay_words.rate_text(view),
            most=money_text(view.unit_price.total_micros, view.currency),
        )
    if view.task_micros is None:
        return _("A person gets {pay}; the fee is {share} on top.").format(**facts)
    said = _("A person gets {pay}; with the fee ({share} on top) a task costs you about {price}.")
    return said.format(**facts)


def pay_text(setup: Setup, file: ProjectFile) -> list[str]:
    """The pay plan in sentences; nothing about money where there is none."""
    if not file.paid:
        return [
            _(
                "Nothing is paid here, and no page of this project speaks of money. Only people of your own may answer."
            )
        ]
    view, currency = setup.as_if(file), file.pay.currency
    found = [price_text(view)]
    if agreed := pay_words.agreed_text(view):
        found.append(agreed)
    if lines := pay_words.factor_lines(view):
        found.append(_("More is paid for: {what}.").format(what="; ".join(lines)))
    found += people_text(view)
    if (hourly := hourly_micros(view)) is not None and not view.hour_micros:
        found.append(
            _("At {time} an answer, that is {pay} per hour.").format(
                time=duration_text(file.pay.estimate_seconds or 0), pay=money_text(hourly, currency)
            )
        )
    if file.pay.hour_guarantee:
        found.append(
            _(
                "An hour is guaranteed: if a week pays somebody less than the minimum wage, the rest is paid on Monday."
            )
        )
    if file.budget_micros is not None:
        found.append(
            _("No more than {budget} is spent in all.").format(
                budget=money_text(file.budget_micros, currency)
            )
        )
    return found
