"""Stopping to look as somebody else."""

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.posting import see_other
from tagwerk.interfaces.web.viewing import VIEWING


@require_POST
@operator_only
def stop(request: ActorRequest) -> HttpResponseBase:
    """Back to the page of the person whom the operator looked as."""
    number = request.session.pop(VIEWING, None)
    found = queries.viewing(number) if number else None
    assert request.actor.person_id is not None, "a page is opened by a person"
    if found is None or found.operator_id != request.actor.person_id:
        return see_other("operator_people")
    accounts.end_viewing(viewing_id=found.id, operator_id=request.actor.person_id)
    person = public_id("per", found.person_id)
    return see_other("operator_person", person, said=_("You see your own pages again."), request=request)
