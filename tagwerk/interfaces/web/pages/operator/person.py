"""One person, with all that operators may know of them, and what operators can do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.log import Wanted, audit_page
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.queries import PersonView
from tagwerk.domain.accounts.rules import LONGEST_NOTE, Kind
from tagwerk.domain.notices.queries import mail_leaves
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.choices import LEVELS, country_name, language_name
from tagwerk.interfaces.web.freshness import confirm_url, has_second_factor, with_second_factor
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import KEY_STATES, KINDS, ROLES, SOURCES, translated
from tagwerk.interfaces.web.pages.operator.audit_lines import audit_lines
from tagwerk.interfaces.web.pages.operator.suspending import SuspensionForm, suspension_lines
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other
from tagwerk.interfaces.web.viewing import VIEWING

EVENTS_SHOWN = 10

# What the buttons send → the action, and what is said afterwards.
STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "lift": (accounts.lift_suspension_of_person, gettext_noop("{name} is let in again.")),
    "operator": (accounts.make_operator, gettext_noop("{name} is an operator now.")),
    "no_operator": (
        lambda **who: accounts.make_operator(**who, is_operator=False),
        gettext_noop("{name} is no operator any more."),
    ),
}
OF_OPERATORS = ("operator", "no_operator")  # who operates the instance moves everybody's money


class ViewForm(PageForm):
    """Why an operator has to look."""

    reason = forms.CharField(
        label=gettext_lazy("Why you have to look"),
        max_length=LONGEST_NOTE,
        help_text=gettext_lazy(
            "They read it at once, with your name. Such as: “You asked why no work is shown to you.”"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@operator_only
def person(request: ActorRequest, person: str) -> HttpResponseBase:
    """The person's facts; by POST one of the steps."""
    view = queries.person(row_number("per", person))
    step = request.POST.get("step", "")
    suspend = SuspensionForm(request.POST if step == "suspend" else None, auto_id="suspend_%s")
    look = ViewForm(request.POST if step == "view" else None, auto_id="view_%s")
    if request.method == "POST":
        done = _carried_out(request, person, view, suspend, look)
        if done is not None:
            return done
    values = _about(request, view) | {
        "person": view,
        "per": person,
        "name": _name(view),
        "suspend_form": suspend,
        "view_form": look,
        "may_be_viewed": view.kind is Kind.PERSON and view.is_active and not view.is_operator,
    }
    return page_with_form(request, "pages/operator/person.html", values)


def _carried_out(
    request: ActorRequest, person: str, view: PersonView, suspend: SuspensionForm, look: ViewForm
) -> HttpResponseBase | None:
    """None: a form came back with errors."""
    step = request.POST.get("step", "")
    who: dict[str, Any] = {"actor": request.actor, "person_id": view.id}
    if step == "suspend":
        said = _("{name} is suspended: no sign-in, and no key of theirs works.")
        if mail_leaves():
            said += " " + _("They get a mail with the reason.")
        done = suspend.carry_out(lambda given: accounts.suspend_person(**who, **given))
    elif step == "view":
        return _view(request, look, who)
    elif step in STEPS:
        if step in OF_OPERATORS and has_second_factor(request) and not with_second_factor(request):
            return see_other(confirm_url(request, request.path, second_factor=True))
        action, said = STEPS[step]
        action(**who)
        done, said = True, translated(said)
    else:
        raise NotFound("page_not_found", "There is nothing here.")
    said = said.format(name=_name(view))
    return see_other("operator_person", person, said=said, request=request) if done else None


def _view(request: ActorRequest, look: ViewForm, who: dict[str, Any]) -> HttpResponseBase | None:
    if not look.carry_out(lambda given: accounts.begin_viewing(**who, **given)):
        return None
    request.session[VIEWING] = look.result
    return see_other("start")


def _name(view: PersonView) -> str:
    return view.display_name or view.email


def _about(request: ActorRequest, view: PersonView) -> dict[str, Any]:
    held = queries.roles_of(view.id)
    organisations = queries.organisation_names(held)
    events = audit_page(Wanted(person_id=view.id), limit=EVENTS_SHOWN)
    return {
        "kind": KINDS[view.kind],
        "country": country_name(view.country),
        "spoken": [
            (language_name(tag), dict(LEVELS)[level]) for tag, level in queries.languages_of(view.id).items()
        ],
        "roles": [
            (public_id("org", number), organisations.get(number, ""), ROLES[role][0])
            for number, role in held.items()
        ],
        "holdings": [(one, SOURCES.get(one.source, one.source)) for one in academy.own_holdings(view.id)],
        "worked": work.worked_projects(request.actor, view.id),
        "earnings": work.earnings(view.id),
        "keys": [(one, KEY_STATES[one.state]) for one in queries.keys_of_person(request.actor, view.id)],
        "consents": queries.consents_of(request.actor, view.id),
        "suspensions": suspension_lines(queries.suspensions_of(person_id=view.id)),
        "viewings": queries.viewings_of(view.id),
        "events": audit_lines(events),
    }
