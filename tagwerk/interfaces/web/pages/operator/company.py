"""The operator's company: who papers and files for the bank say that pays, and what is still missing."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from tagwerk.base.errors import NotFound
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.domain.payments.rules.vat import Rate, shipped_rates
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.operator.company_forms import (
    LABELS,
    BankForm,
    CompanyForm,
    RateForm,
    TaxForm,
    initial_of,
)
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


@operator_only
def company(request: ActorRequest) -> HttpResponseBase:
    """What is missing, and the forms; by POST one of the forms."""
    payer = queries.payer()
    sent = {request.POST.get("what"): request.POST} if request.method == "POST" else {}
    forms: dict[str, Any] = {
        name: form(sent.get(name), initial=initial_of(payer)) for name, form in FORMS.items()
    }
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in SAVED:
            raise NotFound("page_not_found", "There is nothing here.")
        if forms[what].carry_out(lambda given: SAVED[what](request, forms[what])):
            return see_other("operator_company", said=_("Saved."), request=request)
    values: dict[str, Any] = {f"{name}_form": form for name, form in forms.items()}
    values |= {
        "payer": payer,
        "for_invoices": [LABELS[name] for name in payer.missing_for_invoices],
        "for_payouts": [LABELS[name] for name in payer.missing_for_payouts],
        "rates": _rates(payer),
    }
    return page_with_form(request, "pages/operator/company.html", values)


FORMS: Mapping[str, type[PageForm]] = {
    "company": CompanyForm,
    "bank": BankForm,
    "tax": TaxForm,
    "rate": RateForm,
}
SAVED: Mapping[str, Callable[[ActorRequest, Any], None]] = {
    "company": lambda request, form: payments.change_payer(actor=request.actor, **form.cleaned_data),
    "bank": lambda request, form: payments.change_payer(actor=request.actor, **form.changes()),
    "tax": lambda request, form: payments.change_payer(actor=request.actor, **form.cleaned_data),
    "rate": lambda request, form: payments.add_vat_rate(
        actor=request.actor, since=form.cleaned_data["since"], basis_points=form.basis_points()
    ),
}


def _rates(payer: queries.PayerView) -> list[dict[str, Any]]:
    """The rates of the country, the newest first, with where each comes from and which one counts today."""
    today = payer.day_of(timezone.now())
    own = {rate.since: rate for rate in payer.own_rates}
    shipped = [rate for rate in shipped_rates() if rate.country == payer.country and rate.since not in own]
    found: list[Rate] = sorted([*own.values(), *shipped], key=lambda rate: rate.since, reverse=True)
    counts = payer.rate_on(today)
    lines = [
        {
            "since": rate.since,
            "share": rate.basis_points / 10_000,
            "own": rate.since in own,
            "counts": False,
        }
        for rate in found
    ]
    for line, rate in zip(lines, found, strict=True):
        if rate.basis_points == counts and rate.since <= today:
            line["counts"] = True
            break
    return lines
