"""The start page: what this is, for those who are not signed in; others go where they work."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from tagwerk.base.money import MICROS
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.projects.rules import price
from tagwerk.inference.vote import posterior
from tagwerk.interfaces.web.formats import percent_text
from tagwerk.interfaces.web.guards import actor_of
from tagwerk.interfaces.web.pages.public.example_task import example_task

RIGHT_OF_TEN = 8  # the worker of the picture of certainty
CLASSES = 3
ENOUGH = 0.95


def start(request: HttpRequest) -> HttpResponseBase:
    """The start page, or on to the pages of one's role."""
    actor = actor_of(request)
    if actor is not None:
        return redirect(home_of(actor))
    here = accounts.instance()
    paid = price(reward_micros=MICROS, fee_bp=here.fee_bp, currency=here.currency)
    values = {
        "open_to_all": settings.SIGN_UP == "open",
        "example": example_task(request.GET.get("example", "")),
        "price": paid,
        "fee_share": paid.fee_bp / 10_000,
        "take_share": paid.take_bp / 10_000,
        **certainty(),
    }
    return render(request, "pages/public/start.html", values)


def certainty() -> dict[str, Any]:
    """How sure answers that agree make a result, by the rule that judges all of them, and where it stops asking."""
    shares = [
        float(posterior([0] * count, [RIGHT_OF_TEN / 10] * count, classes=CLASSES)[0]) for count in (1, 2, 3)
    ]
    enough = next(count for count, share in enumerate(shares, 1) if share >= ENOUGH)
    bars = [
        {"label": count, "width": round(100 * share, 1), "text": percent_text(share)}
        for count, share in enumerate(shares, 1)
    ]
    return {"bars": bars, "enough": enough, "right_of_ten": RIGHT_OF_TEN, "enough_share": ENOUGH}


def home_of(actor: Actor) -> str:
    """The page (URL name) that a person most likely came for."""
    if actor.roles:
        return "projects"
    if actor.is_operator:
        return "operator"
    return "invitations" if accounts.invitations_for(actor) else "work"
