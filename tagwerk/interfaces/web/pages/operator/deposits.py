"""Money that came in from organisations or went back, as the bank statement says."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import micros_of
from tagwerk.domain.accounts import queries
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments import queries as bookings
from tagwerk.domain.payments.rules import LONGEST_REFERENCE
from tagwerk.interfaces.web.formats import money_text
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.paging import cut, plain_place
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

SHOWN = 50
OFFERED = 200  # organisations in the form, the newest; others come by their line in the list of organisations


class Booking(PageForm):
    """Which money of whom. The key makes sending the form twice one booking."""

    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    direction = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            ("deposit", gettext_lazy("Deposit: money came in")),
            ("refund", gettext_lazy("Refund: unspent money went back")),
        ],
        widget=forms.RadioSelect,
        initial="deposit",
    )
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=30,
        help_text=gettext_lazy("In the organisation's currency, such as 1200.00"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=LONGEST_REFERENCE,
        help_text=gettext_lazy("What the bank statement says."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered


@operator_only
def deposits(request: ActorRequest) -> HttpResponseBase:
    """The list, and a new booking."""
    initial = {"organisation": request.GET.get("organisation", ""), "key": f"page-{uuid4()}"}
    form = Booking(request.POST or None, initial=initial, offered=_offered(request))
    if request.method == "POST" and form.carry_out(lambda given: _book(request, given)):
        return see_other("operator_deposits", said=_said(form.cleaned_data), request=request)
    found = bookings.bookings_page(request.actor, before=plain_place(request), limit=SHOWN + 1)
    page = cut(request, found, SHOWN, lambda booking: str(booking.id))
    values = {"form": form, "page": page, "lines": _lines(page.lines)}
    return page_with_form(request, "pages/operator/deposits.html", values)


def _book(request: ActorRequest, given: dict[str, Any]) -> int:
    book = payments.book_deposit if given["direction"] == "deposit" else payments.book_refund
    return book(
        actor=request.actor,
        organisation_id=row_number("org", given["organisation"]),
        amount_micros=micros_of(_point(given["amount"]), path="amount"),
        reference=given["reference"],
        key=given["key"],
    )


def _point(amount: str) -> str:
    """ "1200,50" is meant as "1200.50"; two signs are left to be refused, because nobody knows what they mean."""
    return amount.replace(",", ".") if amount.count(",") == 1 and "." not in amount else amount


def _said(given: dict[str, Any]) -> str:
    view = queries.organisation(row_number("org", given["organisation"]))
    amount = money_text(micros_of(_point(given["amount"])), view.currency)
    if given["direction"] == "deposit":
        said = _("Booked: {amount} from {organisation}.")
    else:
        said = _("Booked: {amount} back to {organisation}.")
    return said.format(amount=amount, organisation=view.name)


def _offered(request: ActorRequest) -> list[tuple[str, str]]:
    found = queries.organisations_page(request.actor, limit=OFFERED)
    offered = {public_id("org", one.id): f"{one.name} ({one.currency})" for one in found}
    asked = request.POST.get("organisation") or request.GET.get("organisation", "")
    if asked and asked not in offered:
        one = queries.organisation(row_number("org", asked))
        offered[asked] = f"{one.name} ({one.currency})"
    return [("", "–"), *sorted(offered.items(), key=lambda choice: choice[1].casefold())]


def _lines(found: Any) -> list[dict[str, Any]]:
    names = queries.organisation_names({one.organisation_id for one in found})
    bookers = queries.names_of({one.booked_by_id for one in found if one.booked_by_id})
    return [
        {
            "booking": one,
            "organisation": names.get(one.organisation_id, ""),
            "booked_by": bookers.get(one.booked_by_id or 0) or _("console"),
        }
        for one in found
    ]
