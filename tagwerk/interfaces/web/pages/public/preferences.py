"""Settings: how the pages look and speak, what comes by mail, goals and breaks. What one is stands in the profile."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tagwerk.base.money import MICROS
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.choices import time_zone_choices
from tagwerk.interfaces.web.formats import whole_minutes_text
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.labels import MAIL_LEVELS
from tagwerk.interfaces.web.pages.worker.home import main_currency
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

THEMES = [
    ("system", gettext_lazy("As the device")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
]
BREAKS = [
    (0, gettext_lazy("Never")),
    (25, gettext_lazy("After 25 minutes")),
    (50, gettext_lazy("After 50 minutes")),
    (90, gettext_lazy("After 90 minutes")),
]
OF_THE_PROFILE = ("ui_language", "time_zone", "mail_level")


class Settings(PageForm):
    """All settings of one person."""

    theme = forms.ChoiceField(label=gettext_lazy("Colours"), choices=THEMES, widget=forms.RadioSelect)
    ui_language = forms.ChoiceField(label=gettext_lazy("Language of the pages"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zone_choices,
        help_text=gettext_lazy("Times are shown in it, and your day begins at its midnight."),
    )
    mail_level = forms.ChoiceField(
        label=gettext_lazy("Which notices also come by e-mail"),
        choices=list(MAIL_LEVELS.items()),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Mails about signing in always come."),
    )
    goal = forms.DecimalField(
        label=gettext_lazy("Money in a day"), required=False, min_value=0, max_value=1000, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    goal_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of active work in a day"), required=False, min_value=0, max_value=960
    )
    break_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Remind me of a break"),
        choices=BREAKS,
        coerce=int,
        help_text=gettext_lazy(
            "After so much active work without a break, a quiet line on the page of a task says so. It stops nothing."
        ),
    )

    def __init__(self, *args: Any, currency: str, breaks: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].label = _("Money in a day ({currency})").format(currency=currency)
        if breaks not in dict(BREAKS):  # chosen by a program
            own = (breaks, _("After {time}").format(time=whole_minutes_text(breaks)))
            self.fields["break_minutes"].choices = [*BREAKS, own]  # type: ignore[attr-defined]


@signed_in
def preferences(request: ActorRequest) -> HttpResponseBase:
    """The settings; a POST keeps them all, and the pages follow at once."""
    currency = main_currency(work.earnings(_person_id(request)))
    breaks = request.actor.preferences.break_minutes
    form = Settings(
        request.POST if request.method == "POST" else None,
        initial=_known(request), currency=currency, breaks=breaks,
    )  # fmt: skip
    if request.method == "POST" and form.carry_out(lambda given: _keep(request, given)):
        response = see_other("settings", said=_("Your settings are saved."), request=request)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return page_with_form(request, "pages/public/preferences.html", {"form": form})


def _keep(request: ActorRequest, given: dict[str, Any]) -> None:
    accounts.update_profile(actor=request.actor, **{name: given[name] for name in OF_THE_PROFILE})
    accounts.change_preferences(
        actor=request.actor,
        theme=given["theme"],
        goal_micros=int((given["goal"] or Decimal(0)) * MICROS),
        goal_minutes=given["goal_minutes"] or 0,
        break_minutes=given["break_minutes"],
    )


def _known(request: ActorRequest) -> dict[str, Any]:
    person, mine = queries.person(_person_id(request)), request.actor.preferences
    return {
        **{name: getattr(person, name) for name in OF_THE_PROFILE},
        "ui_language": person.ui_language or get_language(),
        "theme": mine.theme,
        "goal": Decimal(mine.goal_micros) / MICROS if mine.goal_micros else None,
        "goal_minutes": mine.goal_minutes or None,
        "break_minutes": mine.break_minutes,
    }


def _person_id(request: ActorRequest) -> int:
    assert request.actor.person_id is not None, "a page is opened by a person"
    return request.actor.person_id
