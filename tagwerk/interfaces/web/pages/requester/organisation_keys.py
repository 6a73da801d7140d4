"""An organisation's API keys: made (shown once), replaced, revoked."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tagwerk.base.ids import row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.actions import NewKey
from tagwerk.domain.accounts.queries import OrganisationView
from tagwerk.domain.accounts.rules import Permission
from tagwerk.interfaces.web.guards import ActorRequest, requester_only
from tagwerk.interfaces.web.pages.keys import NewOrganisationKey, key_lines
from tagwerk.interfaces.web.pages.requester.organisation_frame import frame, organisation_in
from tagwerk.interfaces.web.posting import page_with_form, see_other, shown_once

TEMPLATE = "pages/requester/organisation_keys.html"


@requester_only
def keys(request: ActorRequest, org: str) -> HttpResponseBase:
    """The list, and a new key."""
    view = organisation_in(request, org, Permission.KEY_MANAGE)
    form = NewOrganisationKey(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.create_api_key(
            actor=request.actor,
            organisation_id=view.id,
            name=given["name"],
            scopes=given["scopes"],
            expires_at=form.expires_at(),
        )
    ):
        return _with_new(request, view, form.result)
    return page_with_form(request, TEMPLATE, _values(request, view) | {"form": form})


@require_POST
@requester_only
def replace_key(request: ActorRequest, org: str, key: str) -> HttpResponseBase:
    """A new key in place of one; the old one ends at once."""
    view = organisation_in(request, org, Permission.KEY_MANAGE)
    return _with_new(
        request, view, accounts.rotate_api_key(actor=request.actor, key_id=row_number("key", key))
    )


@require_POST
@requester_only
def revoke_key(request: ActorRequest, org: str, key: str) -> HttpResponseBase:
    """The key opens nothing any more."""
    organisation_in(request, org, Permission.KEY_MANAGE)
    accounts.revoke_api_key(actor=request.actor, key_id=row_number("key", key))
    return see_other("organisation_keys", org, said=_("The key is revoked."), request=request)


def _with_new(request: ActorRequest, view: OrganisationView, new: NewKey) -> HttpResponseBase:
    return shown_once(
        request, TEMPLATE, _values(request, view) | {"form": NewOrganisationKey(), "new_key": new}
    )


def _values(request: ActorRequest, view: OrganisationView) -> dict[str, Any]:
    lines = key_lines(queries.keys_of(request.actor, view.id))
    return frame(request, view, "organisation_keys") | {"lines": lines}
