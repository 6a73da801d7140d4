"""The log of the whole instance: who did what, when, to whom; by person, organisation, project, kind and time."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.log import Wanted, audit_page
from tagwerk.domain.accounts import queries as accounts
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.operator.audit_lines import audit_lines
from tagwerk.interfaces.web.pages.requester.event_words import EVENTS
from tagwerk.interfaces.web.paging import cut, place

SHOWN = 50


def _kinds() -> list[tuple[str, str]]:
    named = [(name, translated(words)) for name, words in EVENTS.items()]
    return [("", _("everything")), *sorted(named, key=lambda choice: choice[1].casefold())]


class Known(forms.CharField):
    """Somebody or something by its public id; of people also by their address."""

    def __init__(self, prefix: str, **facts: Any) -> None:
        super().__init__(max_length=254, required=False, **facts)
        self.prefix = prefix

    def clean(self, value: Any) -> int | None:
        """The number of the row; None: all."""
        text = super().clean(value)
        if not text:
            return None
        try:
            if self.prefix == "per" and "@" in text:
                return accounts.person_id_of_email(text)
            return row_number(self.prefix, text)
        except NotFound:
            raise ValidationError(_("There is nothing of that name."), code="unknown") from None


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Search(forms.Form):
    """Which facts are listed."""

    person = Known("per", label=gettext_lazy("Person (address or id)"))
    organisation = Known("org", label=gettext_lazy("Organisation (id)"))
    project = Known("prj", label=gettext_lazy("Project (id)"))
    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=_kinds, required=False)
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("Until"))


@require_safe
@operator_only
def audit(request: ActorRequest) -> HttpResponseBase:
    """The log, newest first."""
    search = Search(request.GET)
    found = (
        audit_page(_wanted(search.cleaned_data), before=place(request, "evt"), limit=SHOWN + 1)
        if search.is_valid()
        else []
    )
    page = cut(request, found, SHOWN, lambda event: public_id("evt", event.id))
    values = {
        "search": search,
        "page": page,
        "lines": audit_lines(page.lines),
        "clear": request.path if any(request.GET.values()) else "",
    }
    return render(request, "pages/operator/audit.html", values)


def _wanted(given: dict[str, Any]) -> Wanted:
    """Days are those of the reader's zone; the last one counts whole."""
    since, until = given["since"], given["until"]
    return Wanted(
        person_id=given["person"],
        organisation_id=given["organisation"],
        project_id=given["project"],
        names=[given["kind"]] if given["kind"] else (),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())
