"""What operators say about the instance, in forms: at the first run and later."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from tagwerk.domain.accounts.queries import InstanceView
from tagwerk.domain.accounts.rules import LONGEST_INSTANCE_NAME, LONGEST_PAGE_TEXT, Source
from tagwerk.interfaces.web.choices import currency_choices
from tagwerk.interfaces.web.fairwork_words import THRESHOLDS
from tagwerk.interfaces.web.posting import PageForm

SET_OUTSIDE = _("The environment sets it, so it cannot be changed here.")


class Percent(forms.DecimalField):
    """A share in per cent, with a point or a comma."""

    def __init__(self, **facts: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(min_value=0, max_value=100, decimal_places=2, widget=widget, **facts)

    def to_python(self, value: Any) -> Any:
        """ "12,5" is meant as "12.5"."""
        text = value.replace(",", ".") if isinstance(value, str) and value.count(",") == 1 else value
        return super().to_python(text)


class NameForm(PageForm):
    """What the instance is called, and how to reach those who run it."""

    name = forms.CharField(
        label=_("Name of the instance"),
        max_length=LONGEST_INSTANCE_NAME,
        help_text=_("People see it on every page and in every mail, such as “Nordlicht Data Work”."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For visitors whose browser asks for a language that we do not have."),
    )
    contact_email = forms.EmailField(
        label=_("Contact address"),
        max_length=254,
        required=False,
        help_text=_("Where people reach you; it stands at the foot of the pages."),
    )


class MoneyForm(PageForm):
    """Currency and fee; what the environment sets is shown and stays."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currency_choices,
        help_text=_("Of new organisations. What exists keeps its own."),
    )
    fee = Percent(
        label=_("Fee in per cent of the pay"),
        help_text=_(
            "On top of what workers get: with 20, an answer for 1.00 costs 1.20. Of new projects only."
        ),
    )

    def __init__(self, data: Any = None, *, instance: InstanceView) -> None:
        fee = (Decimal(instance.fee_bp) / 100).quantize(Decimal("0.01")).normalize()
        initial = {"currency": instance.currency, "fee": f"{fee:f}"}
        super().__init__(data, initial=initial)
        for name, source in (("currency", instance.currency_from), ("fee", instance.fee_from)):
            if source is Source.ENVIRONMENT:
                self.fields[name].disabled = True
                self.fields[name].required = False
                self.fields[name].help_text = SET_OUTSIDE

    def changes(self) -> dict[str, Any]:
        """What may be changed here, as the action wants it."""
        given = self.cleaned_data
        found = {"currency": given["currency"], "fee_bp": int(Decimal(given["fee"]) * 100)}
        return {
            name: value
            for (name, value), field in zip(found.items(), ("currency", "fee"), strict=True)
            if not self.fields[field].disabled
        }


class TextsForm(PageForm):
    """Imprint and privacy text in each language, as Markdown."""

    def __init__(self, *args: Any, instance: InstanceView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text, label in (("imprint", _("Imprint")), ("privacy", _("Privacy"))):
            for language, name in settings.LANGUAGES:
                self.fields[f"{text}_{language}"] = forms.CharField(
                    label=f"{label} · {name}",
                    max_length=LONGEST_PAGE_TEXT,
                    required=False,
                    initial=getattr(instance, text).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 8, "lang": language}),
                )

    def texts(self, text: str) -> dict[str, str]:
        """Language → what was written."""
        return {language: self.cleaned_data[f"{text}_{language}"] for language, _name in settings.LANGUAGES}


class FairworkForm(PageForm):
    """What is said about each threshold of Fairwork, in each language, as Markdown."""

    def __init__(self, *args: Any, instance: InstanceView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, (asks, _does) in THRESHOLDS.items():
            said = instance.fairwork.get(number, {})
            for language, name in settings.LANGUAGES:
                self.fields[_field(number, language)] = forms.CharField(
                    label=f"{number} {translate(asks)} · {name}", max_length=LONGEST_PAGE_TEXT, required=False,
                    initial=said.get(language, ""), widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
                )  # fmt: skip

    def texts(self) -> dict[str, dict[str, str]]:
        """Threshold → language → what was written."""
        return {
            number: {
                language: self.cleaned_data[_field(number, language)]
                for language, _name in settings.LANGUAGES
            }
            for number in THRESHOLDS
        }


def _field(number: str, language: str) -> str:
    return f"threshold_{number.replace('.', '_')}_{language}"


class MailForm(PageForm):
    """Where a test mail goes."""

    to = forms.EmailField(label=_("Send it to"), max_length=254)
