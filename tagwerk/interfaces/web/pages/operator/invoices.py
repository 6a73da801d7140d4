"""Invoices of all organisations: read, issued, cancelled."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.domain.projects import queries as projects
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.invoice_words import invoice_line, pdf_of
from tagwerk.interfaces.web.pages.operator.company_forms import LABELS
from tagwerk.interfaces.web.paging import cut, plain_place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50


class IssueForm(PageForm):
    """For whom to issue what is due."""

    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered


class CancelForm(PageForm):
    """Which one to cancel."""

    invoice = forms.CharField(max_length=24)


@operator_only
def invoices(request: ActorRequest) -> HttpResponseBase:
    """The list, and by POST what is due is issued, or one is cancelled and issued anew."""
    step = request.POST.get("step", "")
    issue = IssueForm(request.POST if step == "issue" else None, offered=_offered())
    cancel = CancelForm(request.POST if step == "cancel" else None)
    if request.method == "POST":
        if step not in ("issue", "cancel"):
            raise NotFound("page_not_found", "There is nothing here.")
        form, carry = (issue, _issue) if step == "issue" else (cancel, _cancel)
        if form.carry_out(lambda given: carry(request, given)):
            return see_other("operator_invoices", said=_said(form.result), request=request)
    found = queries.invoices_page(request.actor, before=plain_place(request), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda invoice: str(invoice.id))
    names = accounts.organisation_names({one.organisation_id for one in page.lines})
    values = {
        "issue_form": issue, "cancel_form": cancel, "page": page, "names": True,
        "lines": [invoice_line(one) | {"organisation": names.get(one.organisation_id, "")} for one in page.lines],
        "missing": [LABELS[name] for name in queries.payer().missing_for_invoices],
        "incomplete": _incomplete(),
    }  # fmt: skip
    return page_with_form(request, "pages/operator/invoices.html", values)


@require_safe
@operator_only
def invoice_file(request: ActorRequest, invoice: str) -> HttpResponseBase:
    """One of them as PDF."""
    return pdf_of(queries.invoice_for(request.actor, invoice))


def _issue(request: ActorRequest, given: dict[str, Any]) -> list[str]:
    return payments.issue_now(
        actor=request.actor, organisation_id=row_number("org", given["organisation"]), now=timezone.now(),
        titles=projects.titles_of,
    )  # fmt: skip


def _cancel(request: ActorRequest, given: dict[str, Any]) -> list[str]:
    return payments.cancel_invoice(
        actor=request.actor, label=given["invoice"], now=timezone.now(), titles=projects.titles_of
    )


def _said(labels: list[str]) -> str:
    if not labels:
        return _("Nothing is due: all deposits and ended months have their invoices.")
    return _("Issued: {numbers}.").format(numbers=", ".join(labels))


def _offered() -> list[tuple[str, str]]:
    names = accounts.organisation_names({number for number, _currency in queries.with_money()})
    offered = [(public_id("org", number), name) for number, name in names.items()]
    return [("", "–"), *sorted(offered, key=lambda one: one[1].casefold())]


def _incomplete() -> list[dict[str, Any]]:
    """Organisations with money whose details are not complete, so that no invoice can go to them."""
    missing = queries.organisations_without_billing()
    names = accounts.organisation_names(missing)
    return [{"org": public_id("org", number), "name": names.get(number, "")} for number in missing]
