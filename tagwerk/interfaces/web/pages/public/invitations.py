"""Invitations into organisations: accept with consent to be seen by name, or decline."""

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import InvitationView
from tagwerk.interfaces.web.guards import ActorRequest, actor_of, signed_in
from tagwerk.interfaces.web.labels import ROLES
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class Joining(PageForm):
    """What joining needs: to agree to be seen by name."""

    agrees_to_name = forms.BooleanField(
        label=gettext_lazy("Members of the organisation may see me by name."),
        error_messages={"required": gettext_lazy("Agree to that to join, or decline.")},
    )


@require_safe
@signed_in
def invitations(request: ActorRequest) -> HttpResponseBase:
    """The open invitations to the person's address."""
    return _page(request)


@require_POST
@signed_in
def accept(request: ActorRequest, invitation: str) -> HttpResponseBase:
    """Join the organisation."""
    number = row_number("inv", invitation)
    found = next((one for one in queries.invitations_for(request.actor) if one.id == number), None)
    form = Joining(request.POST, prefix=invitation)
    agreed = form.carry_out(
        lambda given: accounts.accept_invitation(
            actor=request.actor, invitation_id=number, agrees_to_name=given["agrees_to_name"]
        )
    )
    if not agreed or found is None or found.organisation_id is None:
        return _page(request, form)
    request.__dict__.pop("actor")  # their roles have changed
    assert actor_of(request) is not None
    said = _("You are a member of {organisation} now.").format(organisation=found.organisation_name)
    return see_other("organisation", public_id("org", found.organisation_id), said=said, request=request)


@require_POST
@signed_in
def decline(request: ActorRequest, invitation: str) -> HttpResponseBase:
    """Decline it; nobody is told why."""
    accounts.decline_invitation(actor=request.actor, invitation_id=row_number("inv", invitation))
    return see_other("invitations", said=_("The invitation is declined."), request=request)


def _page(request: ActorRequest, sent: Joining | None = None) -> HttpResponseBase:
    found = queries.invitations_for(request.actor)
    lines = [(one, ROLES[one.role], _form(one, sent)) for one in found]
    return page_with_form(request, "pages/public/invitations.html", {"lines": lines, "form": sent})


def _form(one: InvitationView, sent: Joining | None) -> Joining:
    prefix = public_id("inv", one.id)
    return sent if sent is not None and sent.prefix == prefix else Joining(prefix=prefix)
