"""One organisation, as operators see it: its people, projects and money, and its suspension."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.log import Wanted, audit_page
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.ledger.rules import prepaid
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects import queries as projects
from tagwerk.domain.projects.queries import ProjectView
from tagwerk.domain.projects.rules import State
from tagwerk.interfaces.web.choices import country_name
from tagwerk.interfaces.web.fee_words import fee_lines, fee_text
from tagwerk.interfaces.web.formats import money_text
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import ROLES, translated
from tagwerk.interfaces.web.pages.operator.audit_lines import audit_lines
from tagwerk.interfaces.web.pages.operator.crediting import credit_of, grant
from tagwerk.interfaces.web.pages.operator.fee_form import FeeForm
from tagwerk.interfaces.web.pages.operator.suspending import SuspensionForm, suspension_lines
from tagwerk.interfaces.web.pages.requester.words import PROJECT
from tagwerk.interfaces.web.pay_words import unit_text
from tagwerk.interfaces.web.posting import page_with_form, see_other

EVENTS_SHOWN, PROJECTS_SHOWN = 10, 20


@operator_only
def organisation(request: ActorRequest, org: str) -> HttpResponseBase:
    """Its facts; by POST it is suspended, or that is lifted."""
    view = queries.organisation(row_number("org", org))
    form = SuspensionForm(request.POST if request.POST.get("step") == "suspend" else None)
    fee = FeeForm(request.POST if request.POST.get("step") == "fee" else None)
    if request.method == "POST":
        said = _fee_set(request, view, fee) if fee.is_bound else _carried_out(request, view, form)
        if said:
            return see_other("operator_organisation", org, said=said.format(name=view.name), request=request)
    values = _about(request, view) | {"organisation": view, "org": org, "form": form, "fee_form": fee}
    return page_with_form(request, "pages/operator/organisation.html", values)


def _carried_out(request: ActorRequest, view: OrganisationView, form: SuspensionForm) -> str:
    """What to say; nothing: the form came back with errors."""
    who: dict[str, Any] = {"actor": request.actor, "organisation_id": view.id}
    if request.POST.get("step") == "suspend":
        done = form.carry_out(lambda given: accounts.suspend_organisation(**who, **given))
        return (
            _("{name} is suspended: its projects are being paused, and its members are told.") if done else ""
        )
    if request.POST.get("step") == "credit":
        return grant(request, view)
    if request.POST.get("step") == "lift":
        accounts.lift_suspension_of_organisation(**who)
        return _(
            "The suspension of {name} is lifted. Its projects stay paused until its managers resume them."
        )
    raise NotFound("page_not_found", "There is nothing here.")


def _fee_set(request: ActorRequest, view: OrganisationView, form: FeeForm) -> str:
    done = form.carry_out(
        lambda given: accounts.set_organisation_fee(actor=request.actor, organisation_id=view.id, **given)
    )
    return _("New projects of {name} have this fee.") if done else ""


def _about(request: ActorRequest, view: OrganisationView) -> dict[str, Any]:
    events = audit_page(Wanted(organisation_id=view.id), limit=EVENTS_SHOWN)
    return {
        "founder": queries.person_name(view.created_by_id),
        "founder_id": public_id("per", view.created_by_id),
        "country": country_name(view.country),
        "prepaid_account": prepaid(view.id, view.currency).code,
        "prepaid": payments.prepaid_of({view.id: view.currency})[view.id],
        **credit_of(request, view),
        "fee": fee_text(queries.fee_of(view.id).fee_bp),
        "fee_history": fee_lines(queries.fee_history(request.actor, view.id)),
        "members": [
            (one, public_id("per", one.person_id), ROLES[one.role][0])
            for one in queries.members_of(request.actor, view.id)
        ],
        "projects": _projects(view),
        "suspensions": suspension_lines(queries.suspensions_of(organisation_id=view.id)),
        "events": audit_lines(events),
    }


def _priced(project: ProjectView) -> str:
    """What a unit costs the organisation, and whether that was agreed."""
    if project.client_micros is not None:
        return _("{price} {unit}, agreed").format(
            price=money_text(project.client_micros, project.currency), unit=unit_text(project)
        )
    return fee_text(round(project.fee_bp))


def _projects(view: OrganisationView) -> list[dict[str, Any]]:
    found = projects.projects_of([view.id], limit=PROJECTS_SHOWN)
    return [
        {
            "project": one,
            "state": translated(label),
            "tone": tone,
            "price": _priced(one) if one.paid else "",
            "open": one.state is State.DRAFT and bool(one.amount_micros),
        }
        for one in found
        for label, tone in [PROJECT[one.state]]
    ]
