"""The fee that is agreed with one organisation."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.domain.accounts.rules import LONGEST_FEE_NOTE
from tagwerk.interfaces.web.posting import PageForm


class FeeForm(PageForm):
    """In per cent of the pay; empty: the instance's."""

    fee_bp = forms.CharField(
        label=gettext_lazy("Fee in per cent of the pay"), max_length=10, required=False,
        help_text=gettext_lazy("For new projects of this organisation. Leave it empty for the fee that everybody has."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Why"), max_length=LONGEST_FEE_NOTE, help_text=gettext_lazy("The organisation reads it."),
    )  # fmt: skip

    def clean_fee_bp(self) -> int | None:
        """In basis points."""
        text = self.cleaned_data["fee_bp"].strip().replace(",", ".")
        if not text:
            return None
        try:
            fee = Decimal(text) * 100
            whole = int(fee) if fee.is_finite() and fee == int(fee) else -1
        except (InvalidOperation, ValueError, OverflowError):
            whole = -1
        if not 0 <= whole <= 10_000:
            raise forms.ValidationError(_("Write a number from 0 to 100, with two decimals at most."))
        return whole
