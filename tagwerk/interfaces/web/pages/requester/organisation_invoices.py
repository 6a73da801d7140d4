"""An organisation's invoices, and where they go."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.domain.accounts.rules import Permission, may, require
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.interfaces.web.choices import country_choices, country_name
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.invoice_words import invoice_line, pdf_of
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.paging import cut, plain_place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50


def _text(label: Any, longest: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, help_text=help_text)


class BillingForm(PageForm):
    """Who an organisation is on its invoices."""

    name = forms.CharField(label=gettext_lazy("Name on invoices"), max_length=100)
    street = _text(gettext_lazy("Street"), 70)
    building = _text(gettext_lazy("House number"), 16)
    postcode = _text(gettext_lazy("Postcode"), 16)
    town = _text(gettext_lazy("Town"), 35)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices, required=False)
    vat_id = _text(
        gettext_lazy("VAT id"), 20, gettext_lazy("Elsewhere in the EU it decides whether VAT is charged.")
    )
    reference = _text(
        gettext_lazy("Your reference"), 70, gettext_lazy("Such as an order; it stands on each invoice.")
    )
    email = forms.EmailField(label=gettext_lazy("E-mail for invoices"), max_length=254, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of invoices"), choices=settings.LANGUAGES)


LABELS = {name: field.label for name, field in BillingForm.base_fields.items()}


@requester_only
def invoices(request: ActorRequest, org: str) -> HttpResponseBase:
    """The list, and the details; whoever manages the money changes them."""
    view = organisation_in(request, org, Permission.MONEY_VIEW)
    if request.method == "POST":
        require(request.actor, view.id, Permission.MONEY_MANAGE)
    billing = queries.billing(request.actor, view.id)
    form = BillingForm(request.POST or None, initial={name: getattr(billing, name) for name in LABELS})
    if request.method == "POST" and form.carry_out(
        lambda given: payments.change_billing(actor=request.actor, organisation_id=view.id, **given)
    ):
        return see_other("organisation_invoices", org, said=_("Saved."), request=request)
    found = queries.invoices_of(request.actor, view.id, before=plain_place(request), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda invoice: str(invoice.id))
    values = frame(request, view, "organisation_invoices") | {
        "billing": billing,
        "country": country_name(billing.country),
        "missing": [LABELS[name] for name in billing.missing],
        "page": page,
        "lines": [invoice_line(one) for one in page.lines],
        "file_address": "organisation_invoice_file",
    }
    if may(request.actor, view.id, Permission.MONEY_MANAGE):
        values["form"] = form
    return page_with_form(request, "pages/requester/organisation_invoices.html", values)


@require_safe
@requester_only
def invoice_file(request: ActorRequest, org: str, invoice: str) -> HttpResponseBase:
    """One of them as PDF."""
    organisation = organisation_in(request, org, Permission.MONEY_VIEW)
    view = queries.invoice_for(request.actor, invoice)
    if view.organisation_id != organisation.id:
        raise NotFound("invoice_not_found", "There is no such invoice.")
    return pdf_of(view)
