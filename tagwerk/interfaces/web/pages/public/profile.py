"""One's own profile: name, place, languages, and the code to tell requesters."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.rules import MOST_LANGUAGES
from tagwerk.interfaces.web.choices import LEVELS, country_choices, language_choices
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other

EMPTY_ROWS = 2


class Profile(PageForm):
    """What a person tells about themselves."""

    display_name = forms.CharField(
        label=gettext_lazy("Display name"),
        max_length=80,
        help_text=gettext_lazy("Other members of your organisation see it; requesters you work for do not."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country you live in"), choices=country_choices)


class Languages(PageForm):
    """Rows of language and level; a row without a language does not count."""

    all_optional = True

    def __init__(self, *args: Any, spoken: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = range(1, min(len(spoken) + EMPTY_ROWS, MOST_LANGUAGES) + 1)
        known = list(spoken.items())
        choices = language_choices(spoken)
        for row in self.rows:
            tag, level = known[row - 1] if row <= len(known) else ("", "")
            self.fields[f"language_{row}"] = forms.ChoiceField(
                label=_("Language"), choices=choices, required=False, initial=tag
            )
            self.fields[f"level_{row}"] = forms.ChoiceField(
                label=_("How well you speak it"), choices=LEVELS, required=False, initial=level
            )

    def clean(self) -> dict[str, Any]:
        """A language needs its level, and stands here once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for row in self.rows:
            tag = cleaned.get(f"language_{row}")
            if tag and not cleaned.get(f"level_{row}"):
                self.add_error(f"level_{row}", _("Say how well you speak it."))
            if tag and tag in seen:
                self.add_error(f"language_{row}", _("This language is there already."))
            seen.add(tag or "")
        return cleaned

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each row, for the template."""
        return [(self[f"language_{row}"], self[f"level_{row}"]) for row in self.rows]

    def spoken(self) -> dict[str, str]:
        """Tag → level, as filled in."""
        given = self.cleaned_data
        return {
            given[f"language_{row}"]: given[f"level_{row}"]
            for row in self.rows
            if given.get(f"language_{row}")
        }


@require_safe
@signed_in
def profile(request: ActorRequest) -> HttpResponseBase:
    """The profile with its forms."""
    return _page(request)


@require_POST
@signed_in
def change_profile(request: ActorRequest) -> HttpResponseBase:
    """Keep the profile."""
    form = Profile(request.POST)
    if not form.carry_out(lambda given: accounts.update_profile(actor=request.actor, **given)):
        return _page(request, form=form)
    return see_other("profile", said=_("Your profile is saved."), request=request)


@require_POST
@signed_in
def change_languages(request: ActorRequest) -> HttpResponseBase:
    """Keep the languages; work that needs them is offered from now on."""
    form = Languages(request.POST, spoken=_spoken(request))
    if not form.carry_out(lambda _: accounts.set_languages(actor=request.actor, languages=form.spoken())):
        return _page(request, languages=form)
    return see_other("profile", said=_("Your languages are saved."), request=request)


def _spoken(request: ActorRequest) -> dict[str, str]:
    assert request.actor.person_id is not None, "a page is opened by a person"
    return dict(queries.worker_profile(request.actor.person_id).languages)


def _page(
    request: ActorRequest, form: Profile | None = None, languages: Languages | None = None
) -> HttpResponseBase:
    assert request.actor.person_id is not None, "a page is opened by a person"
    person = queries.person(request.actor.person_id)
    known = {name: getattr(person, name) for name in Profile.base_fields}
    values = {
        "person": person,
        "form": form or Profile(initial=known),
        "languages_form": languages or Languages(spoken=_spoken(request)),
        "terms_version": settings.TERMS_VERSION,
    }
    return page_with_form(request, "pages/public/profile.html", values)
