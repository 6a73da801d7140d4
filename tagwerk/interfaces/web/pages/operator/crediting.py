"""The credit limit of an organisation, on its page for operators."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.money import MICROS, micros_of
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.posting import PageForm


class CreditForm(PageForm):
    """Up to which sum an organisation may be lent money."""

    limit = forms.CharField(
        label=gettext_lazy("Credit limit"),
        max_length=20,
        help_text=gettext_lazy("In the organisation's currency; 0 for none."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def grant(request: ActorRequest, view: OrganisationView) -> str:
    """Set the limit; what to say, or nothing where the form came back with errors."""
    form = _form(request, 0)
    done = form.carry_out(
        lambda given: payments.grant_credit(
            actor=request.actor,
            organisation_id=view.id,
            limit_micros=micros_of(given["limit"].replace(",", "."), path="limit"),
        )
    )
    request.credit_form = form  # type: ignore[attr-defined]
    return _("The credit limit of {name} is set.") if done else ""


def credit_of(request: ActorRequest, view: OrganisationView) -> dict[str, Any]:
    """The limit, what of it is used, and the form."""
    credit = queries.credit_standing(view.id, view.currency)
    form = getattr(request, "credit_form", None) or _form(request, credit.limit_micros)
    return {"credit": credit, "credit_form": form}


def _form(request: ActorRequest, limit_micros: int) -> CreditForm:
    sent = request.POST if request.POST.get("step") == "credit" else None
    return CreditForm(sent, initial={"limit": f"{Decimal(limit_micros) / MICROS:.2f}"})
