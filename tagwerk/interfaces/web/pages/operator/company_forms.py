"""What operators say about their company, in forms."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tagwerk.base.money import MICROS, micros_of
from tagwerk.domain.payments.queries import PayerView
from tagwerk.interfaces.web.choices import country_choices, time_zone_choices
from tagwerk.interfaces.web.pages.operator.instance_forms import Percent
from tagwerk.interfaces.web.posting import PageForm

LABELS: dict[str, Any] = {
    "name": _("Name of the company"),
    "street": _("Street"),
    "building": _("House number"),
    "postcode": _("Postcode"),
    "town": _("Town"),
    "country": _("Country"),
    "register_number": _("Register number"),
    "tax_number": _("Tax number"),
    "vat_id": _("VAT id"),
    "iban": _("IBAN"),
    "bic": _("BIC"),
    "vat_rate": _("VAT rate of the country"),
}


def _text(name: str, longest: int, help_text: Any = "", **facts: Any) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name], max_length=longest, required=False, help_text=help_text, **facts
    )


class CompanyForm(PageForm):
    """Who the operator is, as papers name them."""

    name = _text("name", 70, _("As the bank has it."))
    street = _text("street", 70)
    building = _text("building", 16)
    postcode = _text("postcode", 16)
    town = _text("town", 35)
    country = forms.ChoiceField(label=LABELS["country"], choices=country_choices, required=False)
    register_number = _text("register_number", 80, _("Such as HRB 12345, Amtsgericht Hamburg."))


class BankForm(PageForm):
    """From which account payouts leave, when weeks end, and from which amount on."""

    iban = _text("iban", 42)
    bic = _text("bic", 11, _("Needed only where the bank asks for it."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        help_text=_("In which weeks and months begin and end."),
    )
    minimum = forms.CharField(
        label=_("Smallest payout"),
        max_length=12,
        help_text=_(
            "From 0 to 10 euros, about as much in other currencies; what is less stays and is paid with the next."
        ),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def changes(self) -> dict[str, Any]:
        """What was filled in, as the action wants it."""
        given = dict(self.cleaned_data)
        minimum = str(given.pop("minimum")).replace(",", ".")
        return given | {"minimum_micros": micros_of(minimum, path="minimum")}


class TaxForm(PageForm):
    """What the company is to the tax office, and who owes whom."""

    vat_scheme = forms.ChoiceField(
        label=_("VAT"),
        choices=[
            ("none", _("Papers say nothing about VAT")),
            ("small_business", _("Small business without VAT (in Germany § 19 UStG)")),
            ("standard", _("VAT is charged")),
        ],
        widget=forms.RadioSelect,
    )
    tax_number = _text("tax_number", 30)
    vat_id = _text("vat_id", 20, _("Such as DE136695976."))
    contract_model = forms.ChoiceField(
        label=_("Contracts"),
        choices=[
            ("principal", _("The company buys work and sells results in its own name")),
            ("agent", _("The company passes money on between organisations and workers")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "Passing on other people's money needs a licence, or a licensed partner, in the EU and elsewhere."
        ),
    )
    asks_tax_data = forms.BooleanField(
        label=_("Ask workers in the EU for tax data before their first payout"),
        required=False,
        help_text=_("Platforms there have to report what they pay (DAC7, in Germany the PStTG)."),
    )


class RateForm(PageForm):
    """A VAT rate that the program does not know."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    rate = Percent(label=_("Rate in per cent"))

    def basis_points(self) -> int:
        """The rate as the action wants it."""
        return int(Decimal(self.cleaned_data["rate"]) * 100)


def initial_of(payer: PayerView) -> dict[str, Any]:
    """What the forms show: what is."""
    minimum = Decimal(payer.minimum_micros) / MICROS
    return {**{name: getattr(payer, name) for name in _FIELDS}, "minimum": f"{minimum:.2f}"}


_FIELDS = (
    "name", "street", "building", "postcode", "town", "country", "register_number", "iban", "bic", "time_zone",
    "vat_scheme", "tax_number", "vat_id", "contract_model", "asks_tax_data",
)  # fmt: skip
