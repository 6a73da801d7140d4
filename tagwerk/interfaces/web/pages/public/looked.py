"""Which operators saw the pages as this person sees them, when and why."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries
from tagwerk.interfaces.web.guards import ActorRequest, signed_in


@require_safe
@signed_in
def looked(request: ActorRequest) -> HttpResponseBase:
    """The newest looks."""
    assert request.actor.person_id is not None, "a page is opened by a person"
    return render(
        request, "pages/public/looked.html", {"found": queries.viewings_of(request.actor.person_id)}
    )
