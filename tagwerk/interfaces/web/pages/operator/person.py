"""One person, as operators see them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_noop

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import row_number
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.interfaces.web.choices import LEVELS, country_name, language_name
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import KINDS, SOURCES, translated
from tagwerk.interfaces.web.posting import see_other

# What the buttons send → the action, and what is said afterwards.
STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "deactivate": (
        accounts.deactivate_person,
        gettext_noop("{name} is shut out: no sign-in, and no key of theirs works."),
    ),
    "reactivate": (accounts.reactivate_person, gettext_noop("{name} is let in again.")),
    "operator": (accounts.make_operator, gettext_noop("{name} is an operator now.")),
    "no_operator": (
        lambda **who: accounts.make_operator(**who, is_operator=False),
        gettext_noop("{name} is no operator any more."),
    ),
}


@operator_only
def person(request: ActorRequest, person: str) -> HttpResponseBase:
    """The person's facts; by POST one of the steps."""
    view = queries.person(row_number("per", person))
    if request.method == "POST":
        if request.POST.get("step", "") not in STEPS:
            raise NotFound("page_not_found", "There is nothing here.")
        step, said = STEPS[request.POST["step"]]
        step(actor=request.actor, person_id=view.id)
        name = view.display_name or view.email
        return see_other("operator_person", person, said=translated(said).format(name=name), request=request)
    profile = queries.worker_profile(view.id)
    values = {
        "person": view,
        "kind": KINDS[view.kind],
        "country": country_name(view.country),
        "spoken": [(language_name(tag), dict(LEVELS)[level]) for tag, level in profile.languages.items()],
        "holdings": [(one, SOURCES.get(one.source, one.source)) for one in academy.own_holdings(view.id)],
    }
    return render(request, "pages/operator/person.html", values)
