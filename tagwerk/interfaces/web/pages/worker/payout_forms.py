"""What a worker fills in to be paid: who they are to a bank and on papers, and where the money goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tagwerk.base.providers import provider
from tagwerk.domain.payments.rules.profile import Address, PayoutDetails, VatTreatment, names_in
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.interfaces.web.choices import country_choices
from tagwerk.interfaces.web.posting import PageForm

TREATMENTS = [
    (VatTreatment.PRIVATE, _("I am a private person")),
    (VatTreatment.SMALL_BUSINESS, _("Small business without VAT (in Germany § 19 UStG)")),
    (VatTreatment.STANDARD, _("Business in Germany, with VAT")),
    (VatTreatment.REVERSE_CHARGE, _("Business in another country of the EU (reverse charge)")),
    (VatTreatment.THIRD_COUNTRY, _("Business outside the EU")),
]
RAILS = [
    (Rail.SEPA, _("Bank account (SEPA)")),
    (Rail.PAYPAL, "PayPal"),
    (Rail.MANUAL, _("Another way, as agreed with the operator")),
]


NAME_MISSING = {"required": _("Write your first and your last name, as in your passport.")}


class NameInput(forms.TextInput):
    """Asked of people; the browser lets it be empty, since a company has none."""

    def use_required_attribute(self, initial: Any) -> bool:
        """Never."""
        return False


class ProfileForm(PageForm):
    """Name and address as the bank has them, and what papers and the tax office ask for."""

    holder = forms.CharField(
        label=_("Account holder"),
        max_length=70,
        help_text=_("Exactly as your bank has it: banks compare the name before they pay."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=70,
        help_text=_("All of them, as in your passport. Leave both names empty if a company is paid."),
        widget=NameInput(attrs={"autocomplete": "given-name"}),
        error_messages=NAME_MISSING,
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=70,
        widget=NameInput(attrs={"autocomplete": "family-name"}),
        error_messages=NAME_MISSING,
    )
    street = forms.CharField(
        label=_("Street"), max_length=70, widget=forms.TextInput(attrs={"autocomplete": "address-line1"})
    )
    building = forms.CharField(label=_("House number"), max_length=16, required=False)
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    town = forms.CharField(
        label=_("Town"), max_length=35, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    vat_treatment = forms.ChoiceField(
        label=_("For the tax office"),
        choices=TREATMENTS,
        initial=VatTreatment.PRIVATE,
        help_text=_(
            "Your papers are written accordingly. If you do not know, ask a tax adviser; we cannot say."
        ),
    )
    vat_id = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    born_on = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    tax_country = forms.ChoiceField(
        label=_("Country of your tax number"), choices=country_choices, required=False
    )
    tax_number = forms.CharField(
        label=_("Tax number"),
        max_length=30,
        required=False,
        help_text=_("In Germany the eleven digits of the Steuer-ID."),
    )
    birth_place = forms.CharField(
        label=_("Place of birth"),
        max_length=100,
        required=False,
        help_text=_("Only if you have no tax number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        treatment = self.data.get("vat_treatment", VatTreatment.PRIVATE)
        for name in ("first_name", "last_name"):
            self.fields[name].required = treatment == VatTreatment.PRIVATE

    def clean(self) -> dict[str, Any]:
        """A tax number needs its country."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("tax_number") and not cleaned.get("tax_country"):
            self.add_error("tax_country", _("Choose the country that gave you the number."))
        return cleaned

    def details(self) -> PayoutDetails:
        """What was filled in."""
        given = self.cleaned_data
        treatment = VatTreatment(given["vat_treatment"])
        return PayoutDetails(
            holder=given["holder"],
            address=Address(
                **{name: given[name] for name in ("street", "building", "postcode", "town", "country")}
            ),
            business=treatment is not VatTreatment.PRIVATE,
            vat_treatment=treatment,
            vat_id=given["vat_id"],
            born_on=given["born_on"],
            birth_place=given["birth_place"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            tax_numbers={given["tax_country"]: given["tax_number"]} if given["tax_number"] else {},
        )


def filled_in(details: PayoutDetails | None, country: str) -> dict[str, Any]:
    """The form's values for what was said before; a newcomer's country stands there already."""
    if details is None:
        return {"country": country}
    address = details.address
    names = (details.first_name, details.last_name)
    first_name, last_name = names_in(details.holder) if details.lacks_name else names
    tax_country, tax_number = next(iter(details.tax_numbers.items()), ("", ""))
    return {
        "holder": details.holder, "first_name": first_name, "last_name": last_name, "street": address.street, "building": address.building,
        "postcode": address.postcode, "town": address.town, "country": address.country,
        "vat_treatment": details.vat_treatment, "vat_id": details.vat_id, "born_on": details.born_on,
        "birth_place": details.birth_place, "tax_country": tax_country, "tax_number": tax_number,
    }  # fmt: skip


class MethodForm(PageForm):
    """Where pay goes from now on."""

    rail = forms.ChoiceField(label=_("Way"), choices=RAILS, widget=forms.RadioSelect, initial=Rail.SEPA)
    account = forms.CharField(
        label=_("IBAN, PayPal address or what you agreed on"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bic = forms.CharField(
        label="BIC",
        max_length=11,
        required=False,
        help_text=_("Only if your bank is outside the EU, such as in Switzerland or Great Britain."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rail"]
        assert isinstance(field, forms.ChoiceField)
        there = provider("paypal").is_set_up
        field.choices = [(rail, name) for rail, name in RAILS if there or rail is not Rail.PAYPAL]
