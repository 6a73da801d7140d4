"""The form by which operators shut somebody out, and how suspensions are shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tagwerk.domain.accounts.queries import SuspensionView
from tagwerk.domain.accounts.rules import LONGEST_NOTE
from tagwerk.domain.notices.rules.suspensions import REASONS
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.posting import PageForm


class SuspensionForm(PageForm):
    """Why, from the closed list, and in words that they read."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=lambda: [
            ("", "–"),
            *((reason.value, translated(words)) for reason, words in REASONS.items()),
        ],
        help_text=_("They read it in the mail, and when they try to sign in."),
    )
    note = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("In your words, for them: what you saw, and what they can do."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def suspension_lines(found: list[SuspensionView]) -> list[dict[str, Any]]:
    """Each suspension with its reason in the reader's language."""
    return [{"suspension": one, "reason": translated(REASONS[one.reason])} for one in found]
