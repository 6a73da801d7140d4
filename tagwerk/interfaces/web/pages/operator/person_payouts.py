"""How one person is paid, as operators see it: their ways without the accounts, holds, and payouts."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions
from tagwerk.domain.payments import queries as statements
from tagwerk.domain.payments.queries import corrections, receiving
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.rules.holds import LONGEST_REASON, HoldCode
from tagwerk.domain.payments.rules.reasons import HOLD_WORDS
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.payout_words import RAILS, payout_badge, reason_words
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50


class HoldForm(PageForm):
    """Why, in the words of the closed list and in one's own, and until when."""

    code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=lambda: [("", "–"), *((code.value, translated(HOLD_WORDS[code.value])) for code in HoldCode)],
        help_text=gettext_lazy("They read it in the mail and beside their payouts."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("In your words, for them: what you saw, and what they can do."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@operator_only
def person_payouts(request: ActorRequest, person: str) -> HttpResponseBase:
    """The page; by POST a hold."""
    view = accounts.person(row_number("per", person))
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda given: _hold(request, view.id, given)):
        return see_other(
            "operator_person_payouts",
            person,
            said=_("Held; they get a mail with the reason."),
            request=request,
        )
    same = receiving.people_with_the_same_account(request.actor, view.id)
    names = accounts.names_of(same)
    in_use = receiving.method_in_use(view.id)
    bills = statements.self_bills(request.actor, view.id)
    values = {
        "view": view,
        "per": person,
        "name": view.display_name or view.email,
        "form": form,
        "in_use": in_use,
        "way": RAILS[in_use.rail] if in_use else "",
        "before": [
            (one, RAILS[one.rail], reason_words(one.ended_because))
            for one in receiving.methods_before(view.id)
        ],
        "accounts": corrections.accounts_of(request.actor, "worker", view.id),
        "same": [(number, names.get(number, "")) for number in same],
        "holds": [
            (one, translated(HOLD_WORDS[one.code.value]), one.ended_at is None and one.until > now())
            for one in receiving.holds_of_person(request.actor, view.id)
        ],
        "lines": [
            (one, *payout_badge(one.state, one.reason), reason_words(one.reason), bills.get(one.id, ""))
            for one in queries.payouts_of_person(request.actor, view.id, limit=SHOWN)
        ],
    }
    return page_with_form(request, "pages/operator/person_payouts.html", values)


@require_safe
@operator_only
def self_bill(request: ActorRequest, statement: str) -> HttpResponseBase:
    """The operator's copy of a self-billing invoice as PDF."""
    pdf = statements.self_bill_pdf(request.actor, statement)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{statement}.pdf"'
    response.headers["Cache-Control"] = "no-store"  # who they are stands on it
    return response


@require_POST
@operator_only
def end_hold(request: ActorRequest, hold: str) -> HttpResponseBase:
    """End a hold before its time."""
    whose = actions.end_hold(actor=request.actor, hold_id=row_number("phd", hold), now=now())
    person = public_id("per", whose)
    return see_other(
        "operator_person_payouts", person, said=_("The hold is over; they are told."), request=request
    )


def _hold(request: ActorRequest, person_id: int, given: dict[str, Any]) -> int:
    return actions.hold_payouts(
        actor=request.actor,
        person_id=person_id,
        code=HoldCode(given["code"]),
        reason=given["reason"],
        until=_end_of(given["until"]),
        now=now(),
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=get_current_timezone())
