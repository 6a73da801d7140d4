"""The table of minimum wages by country and day: what came along, and what operators put over it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import csv_of_wages, wage_of, wages_of_csv
from tagwerk.interfaces.web.choices import country_choices, country_name, currency_choices
from tagwerk.interfaces.web.formats import day_text, number_text
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.qualifying_forms import text_of
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class WageForm(PageForm):
    """One line of the table."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)
    day = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    per_hour = forms.CharField(
        label=gettext_lazy("For an hour"),
        max_length=20,
        help_text=gettext_lazy("Such as 13.90"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currency_choices)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("The law or the page that says so, with its address."),
    )


class WageList(PageForm):
    """A CSV of lines."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy(
            "Columns: country, from, per_hour, currency, source. A line takes the place of the one of the same country and "
            "day. If one line is wrong, none counts."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        return text_of(self.cleaned_data["file"])


@operator_only
def wages(request: ActorRequest) -> HttpResponseBase:
    """The table, a new line, a list; each form names itself in `what`."""
    what = request.POST.get("what", "")
    if request.method == "POST" and what not in _POSTS:
        raise NotFound("page_not_found", "There is nothing here.")
    line = WageForm(
        request.POST if what == "line" else None, initial={"currency": queries.instance().currency}
    )
    many = WageList(request.POST, request.FILES) if what == "list" else WageList()
    form: PageForm = {"line": line, "list": many}.get(what, PageForm(request.POST or None))
    if request.method == "POST" and form.carry_out(lambda given: _POSTS[what](request, given)):
        return see_other("operator_wages", said=_said(what, form.result), request=request)
    return page_with_form(request, "pages/operator/wages.html", {"form": line, "list_form": many, **_table()})


@require_safe
@operator_only
def wages_file(request: ActorRequest) -> HttpResponse:
    """The whole table as a CSV that can be changed and brought in again."""
    response = HttpResponse(
        csv_of_wages(line.wage for line in queries.wage_lines()), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="minimum-wages.csv"'
    return response


def _line(request: ActorRequest, given: dict[str, Any]) -> int:
    wage = wage_of(
        country=given["country"], valid_from=given["day"].isoformat(), per_hour=given["per_hour"].replace(",", "."),
        currency=given["currency"], source=given["source"],
    )  # fmt: skip
    return accounts.put_wages(actor=request.actor, wages=[wage])


def _list(request: ActorRequest, given: dict[str, Any]) -> int:
    return accounts.put_wages(actor=request.actor, wages=wages_of_csv(given["file"]))


def _remove(request: ActorRequest, _given: dict[str, Any]) -> None:
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise NotFound("page_not_found", "There is nothing here.") from None
    accounts.remove_wage(actor=request.actor, country=request.POST.get("country", "")[:2], valid_from=day)


_POSTS: Mapping[str, Callable[[ActorRequest, dict[str, Any]], int | None]] = {
    "line": _line,
    "list": _list,
    "remove": _remove,
}


def _said(what: str, changed: int | None) -> str:
    if what == "remove":
        return _("The line is taken out.")
    return _("Lines that are new or other than before: {count}.").format(count=number_text(changed or 0))


def _table() -> dict[str, Any]:
    today = timezone.localdate()
    now = queries.floors(today)
    lines = [
        {
            "line": line,
            "country": country_name(line.wage.country),
            "day": day_text(line.wage.valid_from),
            "holds": now.get(line.wage.country) == line.wage,
            "comes": line.wage.valid_from > today,
        }
        for line in queries.wage_lines()
    ]
    return {
        "lines": sorted(lines, key=lambda one: str(one["country"])),
        "file_url": reverse("operator_wages_file"),
    }
