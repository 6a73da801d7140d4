"""What was handed to PayPal, what PayPal refused, and whether the book and PayPal say the same."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of
from tagwerk.base.providers import provider
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries.paypal import paypal_batches, paypal_currencies, paypal_standings
from tagwerk.domain.payments.rules.paypal import GIVING_BACK, SAYABLE, TOO_OLD, BatchState, Settled
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50
STATES = {
    BatchState.NEW: ("info", gettext_lazy("being handed over")),
    BatchState.SENT: ("info", gettext_lazy("at PayPal")),
    BatchState.CLOSED: ("ok", gettext_lazy("closed")),
    BatchState.REFUSED: ("bad", gettext_lazy("refused")),
}


class BalanceForm(PageForm):
    """What is in the account at PayPal."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    amount = forms.CharField(
        label=gettext_lazy("Balance at PayPal"),
        max_length=20,
        help_text=gettext_lazy(
            "All that is in the account now, as PayPal shows it. Where your app at PayPal may read balances, PayPal says it by itself each night."
        ),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, one) for one in paypal_currencies()]


@operator_only
def paypal(request: ActorRequest) -> HttpResponseBase:
    """The account, and the batches, the newest first; by POST a balance, or what a difference is."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step in {each.value for each in SAYABLE}:
        actions.settle_paypal_difference(
            actor=request.actor, balance_id=_number(request.POST.get("balance", "")), settled=Settled(step), now=now(),
        )  # fmt: skip
        return see_other("operator_paypal", said=_("The difference is in the book."), request=request)
    form = BalanceForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda given: _enter(request, given)):
        return see_other("operator_paypal", said=_("The balance is compared with the book."), request=request)
    found = paypal_batches(request.actor, before=place(request, "ppb"), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda one: public_id("ppb", one.id))
    lines = [
        (one, *STATES[one.state], one.state is BatchState.REFUSED, one.error not in (TOO_OLD, GIVING_BACK))
        for one in page.lines
    ]
    values = {
        "page": page, "lines": lines, "is_set_up": provider("paypal").is_set_up, "form": form,
        "standings": paypal_standings(request.actor), "may_enter": bool(paypal_currencies()),
    }  # fmt: skip
    return page_with_form(request, "pages/operator/paypal.html", values)


def _enter(request: ActorRequest, given: dict[str, Any]) -> None:
    actions.enter_paypal_balance(
        actor=request.actor, currency=given["currency"], now=now(),
        amount_micros=micros_of(given["amount"].replace(",", "."), path="amount"),
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_POST
@operator_only
def retry(request: ActorRequest, ppb: str) -> HttpResponseBase:
    """Ask PayPal again for what it refused, or give it back."""
    if request.POST.get("step") == "give_back":
        actions.give_back_paypal_batch(actor=request.actor, batch_id=row_number("ppb", ppb), now=now())
        return see_other("operator_paypal", said=_("The money is back in the balances."), request=request)
    actions.retry_paypal_batch(actor=request.actor, batch_id=row_number("ppb", ppb), now=now())
    return see_other("operator_paypal", said=_("PayPal is asked again within a minute."), request=request)
