"""A worker's own API keys: made (shown once), replaced, revoked."""

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tagwerk.base.ids import row_number
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.actions import NewKey
from tagwerk.domain.accounts.rules import WORK
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.keys import NewWorkerKey, key_lines
from tagwerk.interfaces.web.posting import page_with_form, see_other, shown_once

TEMPLATE = "pages/public/worker_keys.html"


@signed_in
def worker_keys(request: ActorRequest) -> HttpResponseBase:
    """The list, and a new key."""
    form = NewWorkerKey(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.create_api_key(
            actor=request.actor, name=given["name"], scopes=[WORK], expires_at=form.expires_at()
        )
    ):
        return _with_new(request, form.result)
    return page_with_form(request, TEMPLATE, _values(request) | {"form": form})


@require_POST
@signed_in
def replace_key(request: ActorRequest, key: str) -> HttpResponseBase:
    """A new key in place of one; the old one ends at once."""
    return _with_new(request, accounts.rotate_api_key(actor=request.actor, key_id=row_number("key", key)))


@require_POST
@signed_in
def revoke_key(request: ActorRequest, key: str) -> HttpResponseBase:
    """The key opens nothing any more."""
    accounts.revoke_api_key(actor=request.actor, key_id=row_number("key", key))
    return see_other("worker_keys", said=_("The key is revoked."), request=request)


def _with_new(request: ActorRequest, new: NewKey) -> HttpResponseBase:
    return shown_once(request, TEMPLATE, _values(request) | {"form": NewWorkerKey(), "new_key": new})


def _values(request: ActorRequest) -> dict[str, object]:
    return {"lines": key_lines(queries.keys_of(request.actor))}
