"""Who acts for an organisation, in which role; invitations."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import MemberView, OrganisationView
from tagwerk.domain.accounts.rules import Permission, may
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.labels import ROLES
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.paging import following, place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50


class Inviting(PageForm):
    """Whom to invite as what."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(role, label) for role, (label, _says) in ROLES.items()],
        initial="manager",
    )


@requester_only
def members(request: ActorRequest, org: str) -> HttpResponseBase:
    """Members and open invitations; owners invite here."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    form = Inviting(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.invite_member(actor=request.actor, organisation_id=view.id, **given)
    ):
        said = _("An invitation is on its way to {email}.").format(email=form.cleaned_data["email"])
        return see_other("organisation_members", org, said=said, request=request)
    values = frame(request, view, "organisation_members") | _values(request, view)
    return page_with_form(request, "pages/requester/organisation_members.html", values | {"form": form})


@require_POST
@requester_only
def change_role(request: ActorRequest, org: str, member: str) -> HttpResponseBase:
    """Give a member another role."""
    view = organisation_in(request, org, Permission.MEMBER_MANAGE)
    found = _member(request, view, member)
    role = request.POST.get("role", "")
    accounts.change_role(actor=request.actor, organisation_id=view.id, person_id=found.person_id, role=role)
    said = _("{name} is now: {role}.").format(name=found.name, role=ROLES[role][0])
    return see_other("organisation_members", org, said=said, request=request)


@require_POST
@requester_only
def remove(request: ActorRequest, org: str, member: str) -> HttpResponseBase:
    """Remove a member; removing oneself is leaving."""
    view = organisation_in(request, org, Permission.PROJECT_VIEW)
    found = _member(request, view, member)
    accounts.remove_member(actor=request.actor, organisation_id=view.id, person_id=found.person_id)
    if found.person_id == request.actor.person_id:
        return see_other("organisations", said=_("You have left the organisation."), request=request)
    said = _("{name} is no member any more.").format(name=found.name)
    return see_other("organisation_members", org, said=said, request=request)


@require_POST
@requester_only
def withdraw(request: ActorRequest, org: str, invitation: str) -> HttpResponseBase:
    """Withdraw an invitation."""
    organisation_in(request, org, Permission.MEMBER_MANAGE)
    accounts.withdraw_invitation(actor=request.actor, invitation_id=row_number("inv", invitation))
    return see_other("organisation_members", org, said=_("The invitation is withdrawn."), request=request)


def _member(request: ActorRequest, view: OrganisationView, member: str) -> MemberView:
    number = row_number("mbr", member)
    found = queries.members_page(request.actor, view.id, after=number - 1, limit=1)
    if not found or found[0].id != number:
        raise NotFound("member_not_found", "There is no such member.")
    return found[0]


def _values(request: ActorRequest, view: OrganisationView) -> dict[str, Any]:
    manages = may(request.actor, view.id, Permission.MEMBER_MANAGE)
    found = queries.members_page(request.actor, view.id, after=place(request, "mbr") or 0, limit=SHOWN + 1)
    invited = queries.invitations_of(request.actor, view.id) if manages else []
    return {
        "page": following(request, found, SHOWN, lambda member: public_id("mbr", member.id)),
        "invitations": [(one, ROLES[one.role][0]) for one in invited],
        "manages": manages,
        "roles": {role: label for role, (label, _says) in ROLES.items()},
        "role_words": ROLES.values(),
    }
