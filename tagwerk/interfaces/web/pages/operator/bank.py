"""The operator's bank account: whether it and the book agree, what waits for a word, files of the bank."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.operator.bank_words import DOUBTS, MEANINGS, remark_words
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50
WAITING_SHOWN = 50


class BankFiles(PageForm):
    """A file of the bank, or an archive of some."""

    file = forms.FileField(
        label=gettext_lazy("File of the bank"),
        help_text=gettext_lazy(
            "camt.053, camt.052, camt.054 or pain.002 as XML, or a ZIP of them. The same file again changes nothing."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.zip,.c53,.c52,.c54"}),
    )


@operator_only
def bank(request: ActorRequest) -> HttpResponseBase:
    """The account, and a file that is brought in."""
    form = BankFiles(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.carry_out(lambda given: _bring(request, given)):
        return see_other("operator_bank", said=_said(form.result), request=request)
    found = queries.bank_entries(request.actor, before=place(request, "bke"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda entry: public_id("bke", entry.id))
    waiting = queries.bank_entries(request.actor, waiting=True, limit=WAITING_SHOWN)
    standings = queries.bank_standings(request.actor, now=now())
    files = [
        (one, [remark_words(remark) for remark in one.remarks])
        for one in queries.bank_files(request.actor, limit=10)
    ]
    values = {
        "form": form, "silences": queries.bank_silences(request.actor, now=now()), "page": page, "standings": standings, "files": files,
        "waiting": _lines(waiting), "lines": _lines(page.lines),
        "plots": [plot for one in standings if (plot := _plot(request, one.currency))],
    }  # fmt: skip
    return page_with_form(request, "pages/operator/bank.html", values)


def _bring(request: ActorRequest, given: dict[str, Any]) -> list[payments.ImportedFile]:
    file = given["file"]
    return payments.import_bank_file(actor=request.actor, name=file.name, content=file.read(), now=now())


def _said(files: list[payments.ImportedFile]) -> str:
    new = sum(one.entries for one in files)
    if not any(one.is_new for one in files):
        return _("This file was here before; nothing has changed.")
    return ngettext("{n} new entry.", "{n} new entries.", new).format(n=new)


def _lines(found: Any) -> list[dict[str, Any]]:
    names = accounts.organisation_names({one.organisation_id for one in found if one.organisation_id})
    return [
        {
            "entry": one,
            "id": public_id("bke", one.id),
            "meaning": MEANINGS[one.meaning],
            "doubt": DOUBTS[one.doubt] if one.doubt else "",
            "about": names.get(one.organisation_id or 0, ""),
        }
        for one in found
    ]


def _plot(request: ActorRequest, currency: str) -> plots.Plot | None:
    days = queries.closings(request.actor, currency)
    if len(days) < 2:
        return None  # a dot tells nothing that the figure above does not
    return plots.time_series(
        title=_("Balance at the bank ({currency})").format(currency=currency),
        times=[datetime.combine(day, time(12), UTC) for day, _micros in days],
        series=[plots.Series(_("Closing balance"), [micros for _day, micros in days])],
        measure=plots.Measure(_("at the end of the day"), currency=currency),
        basis=_("by statement"),
        time_label=_("Day"),
        by_day=True,
    )
