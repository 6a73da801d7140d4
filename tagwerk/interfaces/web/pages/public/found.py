"""Found an organisation, to order work."""

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.interfaces.web.choices import country_choices, currency_choices
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class Founding(PageForm):
    """What an organisation is called, where it is, and in which money it pays."""

    name = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=currency_choices,
        help_text=gettext_lazy("Deposits and balance are kept in it. It cannot be changed later."),
    )


@signed_in
def found(request: ActorRequest) -> HttpResponseBase:
    """The form, and the founding."""
    assert request.actor.person_id is not None, "a page is opened by a person"
    known = {
        "currency": queries.instance().currency,
        "country": queries.person(request.actor.person_id).country,
    }
    form = Founding(request.POST or None, initial=known)
    if request.method == "POST" and form.carry_out(
        lambda given: accounts.found_organisation(actor=request.actor, **given)
    ):
        said = _("The organisation is founded.")
        return see_other("projects", said=said, request=request)
    return page_with_form(request, "pages/public/found.html", {"form": form})
