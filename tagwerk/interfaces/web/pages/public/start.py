"""The start page: what this is, for those who are not signed in; others go where they work."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor
from tagwerk.interfaces.web.guards import actor_of


def start(request: HttpRequest) -> HttpResponseBase:
    """The start page, or on to the pages of one's role."""
    actor = actor_of(request)
    if actor is not None:
        return redirect(home_of(actor))
    return render(request, "pages/public/start.html", {"open_to_all": settings.SIGN_UP == "open"})


def home_of(actor: Actor) -> str:
    """The page (URL name) that a person most likely came for."""
    if actor.roles:
        return "projects"
    if actor.is_operator:
        return "operator"
    return "invitations" if accounts.invitations_for(actor) else "work"
