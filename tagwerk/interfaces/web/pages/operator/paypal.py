"""What was handed to PayPal, and what PayPal refused."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.providers import provider
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries.paypal import paypal_batches
from tagwerk.domain.payments.rules.paypal import GIVING_BACK, TOO_OLD, BatchState
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import see_other

SHOWN = 50
STATES = {
    BatchState.NEW: ("info", gettext_lazy("being handed over")),
    BatchState.SENT: ("info", gettext_lazy("at PayPal")),
    BatchState.CLOSED: ("ok", gettext_lazy("closed")),
    BatchState.REFUSED: ("bad", gettext_lazy("refused")),
}


@require_safe
@operator_only
def paypal(request: ActorRequest) -> HttpResponseBase:
    """The batches, the newest first."""
    found = paypal_batches(request.actor, before=place(request, "ppb"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda one: public_id("ppb", one.id))
    lines = [
        (one, *STATES[one.state], one.state is BatchState.REFUSED, one.error not in (TOO_OLD, GIVING_BACK))
        for one in page.lines
    ]
    values = {"page": page, "lines": lines, "is_set_up": provider("paypal").is_set_up}
    return render(request, "pages/operator/paypal.html", values)


@require_POST
@operator_only
def retry(request: ActorRequest, ppb: str) -> HttpResponseBase:
    """Ask PayPal again for what it refused, or give it back."""
    if request.POST.get("step") == "give_back":
        actions.give_back_paypal_batch(actor=request.actor, batch_id=row_number("ppb", ppb), now=now())
        return see_other("operator_paypal", said=_("The money is back in the balances."), request=request)
    actions.retry_paypal_batch(actor=request.actor, batch_id=row_number("ppb", ppb), now=now())
    return see_other("operator_paypal", said=_("PayPal is asked again within a minute."), request=request)
