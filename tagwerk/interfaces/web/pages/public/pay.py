"""How pay and fees work on this instance, with an example that anybody can change."""

from typing import Any

from babel.numbers import get_decimal_symbol
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tagwerk.base.errors import Invalid
from tagwerk.base.money import MICROS, micros_of
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.queries import InstanceView
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.projects.rules import Price, price
from tagwerk.interfaces.web import plots
from tagwerk.interfaces.web.formats import locale
from tagwerk.interfaces.web.posting import PageForm, page_with_form

LARGEST_EXAMPLE_MICROS = 10_000 * MICROS
EXAMPLE_AMOUNT = "0.30"
EXAMPLE = {"seconds": 60, "answers": 1000}
HOUR = 3600


class Example(PageForm):
    """Pay per answer, how long one takes, and how many there are to be."""

    amount = forms.CharField(
        label=gettext_lazy("Pay per answer"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
    )
    seconds = forms.IntegerField(label=gettext_lazy("Seconds it takes"), min_value=1, max_value=86_400)
    answers = forms.IntegerField(label=gettext_lazy("Answers"), min_value=1, max_value=10_000_000)
    vat = forms.CharField(
        label=gettext_lazy("VAT, in per cent"), max_length=10, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
    )  # fmt: skip

    def clean_vat(self) -> int | None:
        """In basis points; None: left out."""
        text = self.cleaned_data["vat"].strip().replace(",", ".")
        if not text:
            return None
        try:
            micros = micros_of(text)
        except Invalid:
            raise forms.ValidationError(_("Write a number from 0 to 100.")) from None
        if not 0 <= micros <= 100 * MICROS:
            raise forms.ValidationError(_("Write a number from 0 to 100."))
        return micros * 100 // MICROS

    def clean_amount(self) -> int:
        """In micros; written with a point or a comma."""
        text = self.cleaned_data["amount"].strip()
        try:
            micros = micros_of(text.replace(",", "."))
        except Invalid:
            raise forms.ValidationError(_("Write an amount such as 0.30.")) from None
        if not 0 < micros <= LARGEST_EXAMPLE_MICROS:
            raise forms.ValidationError(_("Write an amount between 0 and 10,000."))
        return micros


def _example() -> dict[str, Any]:
    return EXAMPLE | {"amount": EXAMPLE_AMOUNT.replace(".", str(get_decimal_symbol(locale())))}


@require_safe
def pay(request: HttpRequest) -> HttpResponseBase:
    """The example, and what happens to the money step by step."""
    form = Example(request.GET if "amount" in request.GET else _example())
    here = accounts.instance()
    values: dict[str, Any] = {
        "form": form,
        "currency": here.currency,
        "appeal_seconds": settings.APPEAL_SECONDS,
        "undo_seconds": settings.UNDO_SECONDS,
    }
    if form.is_valid():
        values |= _computed(form.cleaned_data, here)
    fee = price(reward_micros=MICROS, fee_bp=here.fee_bp, currency=here.currency)
    values["rail_known"] = payments.rail_costs(here.currency).of_fee is not None
    values |= {"fee_share": fee.fee_bp / 10_000, "take_share": fee.take_bp / 10_000}
    return page_with_form(request, "pages/public/pay.html", values)


def _computed(given: dict[str, Any], here: InstanceView) -> dict[str, Any]:
    """What each side gets or pays, for one answer, an hour and all of them."""
    one: Price = price(reward_micros=given["amount"], fee_bp=here.fee_bp, currency=here.currency)
    count, seconds = given["answers"], given["seconds"]
    hourly = one.reward_micros * HOUR // seconds // 10_000 * 10_000  # to the cent, down
    lines: list[dict[str, Any]] = [
        {"what": _("The worker gets"), "one": one.reward_micros, "all": one.reward_micros * count},
        {"what": _("The operator’s fee"), "one": one.fee_micros, "all": one.fee_micros * count},
        {"what": _("The requester pays"), "one": one.total_micros, "all": one.total_micros * count},
    ]
    vat = None if given["vat"] is None else one.total_micros * count * given["vat"] // 10_000
    if vat is not None:
        lines[2]["what"] = _("Together")
        lines.append({"what": _("VAT on top"), "one": one.total_micros * given["vat"] // 10_000, "all": vat})
        lines.append({"what": _("The requester pays"), "one": one.total_micros + lines[-1]["one"], "all": one.total_micros * count + vat})  # fmt: skip
    split = euro_split(one.reward_micros * count, one.fee_micros * count, vat or 0, here.currency)
    return {"lines": lines, "count": count, "hourly_micros": hourly, "seconds": seconds, "split": split}


def euro_split(pay_micros: int, fee_micros: int, vat_micros: int, currency: str) -> plots.Plot:
    """Every unit of what is paid in one bar: worker, operator, what sending the payout costs, VAT."""
    whole = pay_micros + fee_micros + vat_micros
    of_fee = payments.rail_costs(currency).of_fee
    rail = round(fee_micros * of_fee) if of_fee is not None else 0
    parts = [(_("Worker"), pay_micros, "ok"), (_("Operator"), fee_micros - rail, "info")]
    if of_fee is not None:
        parts.append((_("Banks and payment services"), rail, "wait"))
    if vat_micros:
        parts.append((_("VAT"), vat_micros, "rest"))
    return plots.parts(
        title=_("Where each {unit} goes").format(unit=currency), name_label=_("To"), value_label=_("Of the price"),
        parts=[(label, value / whole, tone) for label, value, tone in parts], whole=1.0,
        measure=plots.Measure(percent=True),
    )  # fmt: skip
