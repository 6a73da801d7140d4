"""How a worker is paid: when next, what is in the way, where it goes, and what became of every payout."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries import receiving
from tagwerk.domain.payments.queries.naming import names_to_answer
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.payments.rules.reasons import LEFT_OUT_WORDS
from tagwerk.domain.work.queries import earnings
from tagwerk.interfaces.web.freshness import (
    confirm_url,
    has_second_factor,
    recently_signed_in,
    with_second_factor,
)
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.worker.payout_forms import MethodForm, ProfileForm, filled_in
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.payout_words import RAILS, payout_badge, reason_words, what_to_do
from tagwerk.interfaces.web.posting import page_with_form, see_other

SHOWN = 30


@require_safe
@signed_in
def payouts(request: ActorRequest) -> HttpResponseBase:
    """The page with its forms."""
    return _page(request)


@require_POST
@signed_in
def save_profile(request: ActorRequest) -> HttpResponseBase:
    """Keep who one is to a bank and on papers; to change it, one shows first that it is oneself."""
    form = ProfileForm(request.POST)
    if receiving.payout_details(asking(request)) is not None and not recently_signed_in(request):
        form.add_error(None, _("Confirm that it is you, then save again. Nothing was changed."))
        return _page(request, profile=form)
    kept = form.carry_out(
        lambda _given: actions.save_payout_profile(
            person_id=asking(request), details=form.details(), now=now()
        )
    )
    if not kept:
        return _page(request, profile=form)
    return see_other("payouts", said=_("Your details are saved."), request=request)


@require_POST
@signed_in
def ask_method(request: ActorRequest) -> HttpResponseBase:
    """Say where pay goes; the mail with the link follows."""
    form = MethodForm(request.POST)
    asked = form.carry_out(
        lambda given: actions.ask_payout_method(
            person_id=asking(request),
            rail=Rail(given["rail"]),
            account=given["account"],
            bic=given["bic"],
            now=now(),
            recently_signed_in=recently_signed_in(request),
            with_second_factor=with_second_factor(request),
        )
    )
    if not asked:
        return _page(request, method=form)
    return see_other("payouts", said=_("We have sent you a mail: open the link in it."), request=request)


@require_POST
@signed_in
def remove_method(request: ActorRequest, method: str) -> HttpResponseBase:
    """Take a way to be paid out of use."""
    actions.remove_payout_method(person_id=asking(request), method_id=row_number("pmt", method), now=now())
    return see_other("payouts", said=_("Your pay does not go there any more."), request=request)


@signed_in
def confirm_method(request: ActorRequest, method: str) -> HttpResponseBase:
    """Where the mail leads: a button, since mail scanners open links; by POST it counts."""
    view = receiving.method_for(request.actor, row_number("pmt", method))
    proof = request.POST.get("proof") or request.GET.get("proof", "")
    if request.method == "POST":
        actions.confirm_payout_method(actor=request.actor, method_id=view.id, proof=proof, now=now())
        return see_other("payouts", said=_("Confirmed. Your pay goes there."), request=request)
    values = {"view": view, "pmt": method, "proof": proof, "way": RAILS[view.rail]}
    return page_with_form(request, "pages/worker/payouts_confirm.html", values)


def _page(
    request: ActorRequest, profile: ProfileForm | None = None, method: MethodForm | None = None
) -> HttpResponseBase:
    person_id = asking(request)
    details = receiving.payout_details(person_id)
    in_use = receiving.method_in_use(person_id)
    had_one = in_use is not None or bool(receiving.methods_before(person_id, limit=1))
    there = {one.currency: one.available_micros for one in earnings(person_id)}
    coming = queries.next_payout(person_id, available=there, now=now())
    found = queries.payouts_of(person_id, before=place(request, "pay"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda one: public_id("pay", one.id))
    here = request.path if request.method == "GET" else "/work/payouts/"
    values: dict[str, Any] = {
        "next": coming,
        "there": sorted(there.items()),
        "coming": sorted(queries.on_their_way(person_id).items()),
        "obstacles": [translated(LEFT_OUT_WORDS[code]) for code in coming.obstacles],
        "holds": [(hold, translated(LEFT_OUT_WORDS[hold.code.value])) for hold in coming.holds],
        "details": details,
        "profile_form": profile
        or ProfileForm(initial=filled_in(details, accounts.person(person_id).country)),
        "may_save": details is None or recently_signed_in(request),
        "sign_in_url": confirm_url(request, here, second_factor=False),
        "in_use": in_use,
        "asked": receiving.method_asked(person_id),
        "method_form": method or MethodForm(),
        "had_one": had_one,
        "fresh": recently_signed_in(request) and (with_second_factor(request) or not had_one),
        "lacks_second_factor": had_one and not has_second_factor(request),
        "confirm_url": confirm_url(request, here, second_factor=had_one),
        "bank_names": names_to_answer(person_id),
        "ways": RAILS,
        "page": page,
        "lines": [
            (one, *payout_badge(one.state, one.reason), reason_words(one.reason), what_to_do(one.reason))
            for one in page.lines
        ],
    }
    return page_with_form(request, "pages/worker/payouts.html", values)
