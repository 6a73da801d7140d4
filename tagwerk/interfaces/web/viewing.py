"""While an operator sees the pages as somebody else: who is seen, and that nothing can be changed.

Every page of such a request runs in a transaction that cannot write, so that a page that notes something when it is
opened is stopped by the database itself. What holds secrets stays closed.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from tagwerk.base.errors import NotAllowed
from tagwerk.base.reading import is_refused_write, read_only
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import ViewingView
from tagwerk.interfaces.web.middleware import RefusalMiddleware, Respond

VIEWING = "viewing"  # in the session: the number of the look
STOP = "operator_view_stop"  # the one thing that may be sent
SAFE = ("GET", "HEAD", "OPTIONS")
# Keys, second steps, addresses to confirm, bank accounts: not even to be looked at. And pages of the operator's own.
CLOSED = ("/accounts/", "/profile/keys/", "/operator/", "/setup/", "/settings/data/", "/work/payouts/")
CLOSED_PARTS = ("/keys/", "/webhooks/")


def viewing_of(request: HttpRequest) -> ViewingView | None:
    """The look that goes on in this request, if any."""
    found: ViewingView | None = request.__dict__.get(VIEWING)
    return found


class ViewingMiddleware:
    """Lets an operator look, and nothing more; ends the look when its time is over."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = request.session.get(VIEWING)
        if number is None:
            return self.get_response(request)
        found = accounts.viewing_now(number, request.user.pk) if request.user.is_authenticated else None
        if found is None:  # over, stopped elsewhere, or not theirs
            request.session.pop(VIEWING, None)
            return self.get_response(request)
        if _is_stop(request):
            return self.get_response(request)
        request.__dict__[VIEWING] = found
        with read_only():
            response = self.get_response(request)
            if _is_file(response):
                response = (
                    RefusalMiddleware(self.get_response).process_exception(request, _closed()) or response
                )
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuses what changes something, and what holds secrets."""
        if viewing_of(request) is None:
            return None
        try:
            _check(request)
        except NotAllowed as refusal:
            return RefusalMiddleware(self.get_response).process_exception(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page that notes something when it is opened; the transaction is broken, so the words need no database."""
        if viewing_of(request) is None or not is_refused_write(error):
            return None
        response = render(request, "layout/plain_viewing.html", {"instance": None}, status=403)
        response.headers["X-Refusal"] = "viewing_only"
        return response


def _check(request: HttpRequest) -> None:
    if request.method not in SAFE:
        raise NotAllowed(
            "viewing_only", "You only look as somebody else: nothing can be changed. Stop looking first."
        )
    if request.path.startswith(CLOSED) or any(part in request.path for part in CLOSED_PARTS):
        raise _closed()


def _closed() -> NotAllowed:
    return NotAllowed("viewing_closed", "This page is not shown to who looks as somebody else.")


def _is_file(response: HttpResponse) -> bool:
    """Something to take away; a streamed body would also be read only after the transaction that cannot write."""
    return response.streaming or response.get("Content-Disposition", "").startswith("attachment")


def _is_stop(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).url_name == STOP
    except Resolver404:
        return False
