"""What pages with API keys share, a worker's own and an organisation's: the form, and lines to show."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Refusal
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts.queries import KeyView
from tagwerk.domain.accounts.rules import ORGANISATION_SCOPES
from tagwerk.interfaces.web.labels import KEY_STATES, SCOPES
from tagwerk.interfaces.web.posting import PageForm


class NewWorkerKey(PageForm):
    """A key to work with."""

    name = forms.CharField(
        label=gettext_lazy("Name of the key"),
        max_length=80,
        help_text=gettext_lazy("What it is for, such as the program that will use it."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Without one the key works until it is revoked."),
    )

    def expires_at(self) -> datetime | None:
        """The end of the last day, in the reader's time zone."""
        day = self.cleaned_data["expires_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None

    def add_refusal(self, refusal: Refusal) -> None:
        """What is wrong with the expiry stands at the last day."""
        if refusal.path == "expires_at":
            refusal.path = "expires_on"
        super().add_refusal(refusal)


class NewOrganisationKey(NewWorkerKey):
    """A key of an organisation, with what it may do."""

    field_order = ("name", "scopes", "expires_on")

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(scope, format_lazy("{} – {}", scope, SCOPES[scope])) for scope in ORGANISATION_SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )


def key_lines(keys: list[KeyView]) -> list[dict[str, Any]]:
    """Keys as the table shows them, those that work first."""
    ordered = sorted(keys, key=lambda key: key.state != "alive")
    return [
        {
            "key": key,
            "id": public_id("key", key.id),
            "state": KEY_STATES[key.state],
            "scopes": key.scopes,
        }
        for key in ordered
    ]
