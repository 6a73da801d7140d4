"""An entry of the bank account, and the word that it waits for."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.queries import bank as queries
from tagwerk.domain.payments.rules.bank_entries import Meaning
from tagwerk.domain.payments.rules.rails import Rail, carries
from tagwerk.interfaces.web.formats import day_text, money_text
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.pages.operator.bank_words import DOUBTS, MEANINGS
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

OFFERED = 200  # organisations in the form, the newest; payouts, the nearest


class Said(PageForm):
    """What the entry is for."""

    meaning = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect)
    organisation = forms.ChoiceField(
        label=gettext_lazy("Organisation"),
        required=False,
        help_text=gettext_lazy("For a deposit: whose money came in."),
    )
    booking = forms.ChoiceField(
        label=gettext_lazy("Booking"),
        required=False,
        help_text=gettext_lazy("For what was booked by hand: which booking it is."),
    )

    payout = forms.ChoiceField(
        label=gettext_lazy("Payout"),
        required=False,
        help_text=gettext_lazy(
            "For one that came back: whose. What a bank kept on the way is a fee; the worker gets all of it."
        ),
    )

    def __init__(self, *args: Any, offered: dict[str, list[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            if len(choices) < 2:
                del self.fields[name]


@operator_only
def bank_entry(request: ActorRequest, entry: str) -> HttpResponseBase:
    """The entry; while nobody knows what it is for, a form."""
    found = queries.bank_entry(request.actor, row_number("bke", entry))
    form = Said(request.POST or None, offered=_offered(request, found), initial={"meaning": _guess(found)})
    if request.method == "POST" and form.carry_out(lambda given: _say(request, found.id, given)):
        return see_other("operator_bank", said=_("The entry has its place in the book."), request=request)
    values = {
        "form": form, "entry": found, "id": entry, "meaning": MEANINGS[found.meaning],
        "doubt": DOUBTS[found.doubt] if found.doubt else "", "waits": found.meaning is Meaning.UNKNOWN,
    }  # fmt: skip
    return page_with_form(request, "pages/operator/bank_entry.html", values)


def _say(request: ActorRequest, entry_id: int, given: dict[str, Any]) -> None:
    meaning = Meaning(given["meaning"])
    organisation, booking, payout = (given.get(name) for name in ("organisation", "booking", "payout"))
    payments.assign_bank_entry(
        actor=request.actor,
        entry_id=entry_id,
        meaning=meaning,
        organisation_id=row_number("org", organisation)
        if organisation and meaning is Meaning.DEPOSIT
        else None,
        booking_id=int(booking) if booking and meaning is Meaning.BOOKING else None,
        payout_id=row_number("pay", payout) if payout and meaning is Meaning.RETURNED else None,
        now=now(),
    )


def _guess(entry: queries.BankEntryView) -> str:
    return Meaning.BOOKING.value if entry.doubt == "like_a_booking" else ""


def _offered(request: ActorRequest, entry: queries.BankEntryView) -> dict[str, list[tuple[str, Any]]]:
    """What this entry can be; a list with nothing to choose from is not shown."""
    came_in = entry.amount_micros > 0
    bookings = queries.bookings_for(request.actor, entry.id)
    names = accounts.organisation_names({one.organisation_id for one in bookings})
    payouts = queries.payouts_for(request.actor, entry.id, limit=OFFERED)
    people = accounts.names_of({one.person_id for one in payouts})
    words = {
        Meaning.RETURNED: _("A payout that came back"),
        Meaning.DEPOSIT: _("A deposit of an organisation"),
        Meaning.BOOKING: _("What was booked by hand already"),
        Meaning.BY_HAND: _("Payouts that were marked as paid by hand"),
        Meaning.FEE: _("A fee of the bank"),
        Meaning.OWN: _("Our own money: put in, or taken out"),
        Meaning.PAYPAL: _("Moved to our PayPal account, or back from it"),
    }
    fits = {
        Meaning.DEPOSIT: came_in, Meaning.BOOKING: bool(bookings), Meaning.RETURNED: bool(payouts),
        Meaning.BY_HAND: not came_in, Meaning.PAYPAL: carries(Rail.PAYPAL, entry.currency),
    }  # fmt: skip
    organisations = accounts.organisations_page(request.actor, limit=OFFERED) if came_in else []
    choices = sorted(
        ((public_id("org", one.id), one.name) for one in organisations), key=lambda x: x[1].casefold()
    )
    return {
        "meaning": [(each.value, text) for each, text in words.items() if fits.get(each, True)],
        "organisation": [("", "–"), *choices],
        "booking": [
            ("", "–"),
            *(
                (str(one.id), f"{names[one.organisation_id]}, {day_text(one.booked_at)}: {one.reference}")
                for one in bookings
            ),
        ],
        "payout": [
            ("", "–"),
            *(
                (
                    public_id("pay", one.id),
                    f"{people[one.person_id]}, {money_text(one.amount_micros, one.currency)}, {day_text(one.cutoff_at)}",
                )
                for one in payouts
            ),
        ],
    }
