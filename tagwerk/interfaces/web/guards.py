"""Who may open a page: each guard hands the view an actor, or turns the visitor away."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from tagwerk.base.errors import NotAllowed
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator

AGREED = "terms"  # in the session: the version of the terms that the person is known to have agreed to


class ActorRequest(HttpRequest):
    """A request of somebody signed in."""

    actor: Actor


class Page(Protocol):
    """A view behind a guard."""

    def __call__(self, request: ActorRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


View = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor | None:
    """Who asks, read once per request; None while nobody is signed in."""
    if "actor" not in request.__dict__:
        seen = request.__dict__.get("viewing")  # an operator looks as somebody else
        person_id = seen.person_id if seen else request.user.pk if request.user.is_authenticated else None
        request.__dict__["actor"] = accounts.actor_of_person(person_id) if person_id else None
    return request.__dict__["actor"]  # type: ignore[no-any-return]


def known(page: Page) -> View:
    """Lets people in who are signed in, also while they have not agreed to the terms as they are now."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if actor_of(request) is None:
            return redirect_to_login(_back(request))
        return page(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def signed_in(page: Page) -> View:
    """Lets people in who are signed in and agreed to the terms; sends others to do so and then back here."""

    @wraps(page)
    def guarded(request: ActorRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if _owes_terms(request):
            return redirect_to_login(_back(request), reverse("terms_consent"))
        return page(request, *args, **kwargs)

    return known(guarded)


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else "/"


def _owes_terms(request: ActorRequest) -> bool:
    """Asked of the database once per session and version."""
    if request.session.get(AGREED) == settings.TERMS_VERSION:
        return False
    assert request.actor.person_id is not None, "a page is opened by a person"
    if accounts.owes_terms(request.actor.person_id):
        return True
    request.session[AGREED] = settings.TERMS_VERSION
    return False


def operator_only(page: Page) -> View:
    """Lets operators in; for others the page does not exist."""

    @wraps(page)
    def guarded(request: ActorRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_operator(request.actor)
        return page(request, *args, **kwargs)

    return signed_in(guarded)


def requester_only(page: Page) -> View:
    """Lets members of an organisation in; what they may do there the rooms decide."""

    @wraps(page)
    def guarded(request: ActorRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.roles:
            raise NotAllowed(
                "member_only",
                "This page is for members of an organisation. Create one, or ask to be invited.",
            )
        return page(request, *args, **kwargs)

    return signed_in(guarded)
