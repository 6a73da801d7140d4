"""The price that an operator agrees for an organisation's draft: the fee is what lies between it and the pay."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id
from tagwerk.base.money import MICROS, micros_of, plain
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.projects import queries
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.domain.work import actions as work
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.fee_words import fee_text
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pay_words import agreed_text, pay_text, unit_text
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class PriceForm(PageForm):
    """What the organisation pays for a unit; empty: the pay and its usual fee."""

    price = forms.CharField(
        label=gettext_lazy("Price"), max_length=20, required=False,
        help_text=gettext_lazy("With the fee, in the project’s currency. Leave it empty for the organisation’s usual fee."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10}),
    )  # fmt: skip


@operator_only
def project_price(request: ActorRequest, prj: str) -> HttpResponseBase:
    """A project's pay, fee and price; by POST a draft gets another price."""
    view = queries.project_for(request.actor, prj, Permission.PROJECT_VIEW)
    agreed = "" if view.client_micros is None else plain(view.client_micros)
    form = PriceForm(request.POST if request.method == "POST" else None, initial={"price": agreed})
    if request.method == "POST":
        done = form.carry_out(
            lambda given: work.agree_price(
                actor=request.actor, project_id=view.id, price_micros=_micros(given["price"])
            )
        )
        if done:
            return see_other("operator_project_price", prj, said=_("The price is kept."), request=request)
    organisation = accounts.organisation(view.organisation_id)
    values = {
        "project": view, "organisation": organisation, "org": public_id("org", organisation.id), "form": form,
        "pay": pay_text(view) if view.paid else "", "unit": unit_text(view) if view.paid else "", "agreed": agreed_text(view),
        "fee": fee_text(round(view.fee_bp)), "plot": _split(view) if view.paid else None,
        "can": view.state is State.DRAFT and bool(view.amount_micros),
    }  # fmt: skip
    return page_with_form(request, "pages/operator/project_price.html", values)


def _micros(text: str) -> int | None:
    said = text.strip().replace(",", ".")
    return micros_of(said, path="price") if said else None


def _split(view: ProjectView) -> plots.Plot:
    """Where each unit of the currency goes."""
    price = view.unit_price
    whole = Decimal(price.total_micros) / MICROS
    shares: list[tuple[Any, float, str]] = [
        (_("Workers"), float(Decimal(price.reward_micros) / MICROS / whole), "ok"),
        (_("Operator"), float(Decimal(price.fee_micros) / MICROS / whole), "info"),
    ]
    return plots.parts(
        title=_("Where each {unit} goes").format(unit=view.currency), name_label=_("To"), value_label=_("Of the price"),
        parts=shares, whole=1.0, measure=plots.Measure(percent=True), basis=_("of the price"),
    )  # fmt: skip
