"""The people step: who may answer, and how many known people that are."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.choices import (
    LEVELS,
    country_choices,
    country_name,
    language_choices,
    language_name,
)
from tagwerk.interfaces.web.formats import number_text
from tagwerk.interfaces.web.pages.requester.setup_form import PartForm, Worry, part_page
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page

ALL, TEAM, INVITED = "all", "team", "invited"
ROWS = 2  # for languages and for qualifications; more where the file has more
TEAMS = (
    ("members", gettext_lazy("all members")),
    ("reviewers", gettext_lazy("reviewers, managers and owners")),
    ("managers", gettext_lazy("managers and owners")),
    ("owners", gettext_lazy("owners")),
)
SENSITIVE = (
    ("0", gettext_lazy("no")),
    ("1", gettext_lazy("hardly: rude words")),
    ("2", gettext_lazy("yes: insults, injuries")),
    ("3", gettext_lazy("very much: violence, hatred")),
    ("4", gettext_lazy("extremely: what can hurt who sees it")),
)


class PeopleForm(PartForm):
    """The audience of a project file."""

    who = forms.ChoiceField(
        label=gettext_lazy("Who may answer?"),
        choices=[
            (ALL, gettext_lazy("everybody here who fits")),
            (TEAM, gettext_lazy("only people of my organisation")),
            (INVITED, gettext_lazy("only people whom I name")),
        ],
        widget=forms.RadioSelect,
    )
    invited = forms.CharField(
        label=gettext_lazy("Their e-mail addresses"), help_text=gettext_lazy("One on a line."),
        widget=forms.Textarea(attrs={"rows": 3}), required=False,
    )  # fmt: skip
    countries = forms.CharField(
        label=gettext_lazy("Only people who live in"),
        help_text=gettext_lazy("Countries, separated by commas. Leave it empty for everywhere."),
        required=False,
    )
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Can the content burden people?"),
        help_text=gettext_lazy("From “yes” on, people are warned, have to agree first, and may stop at any task with pay."),
        choices=SENSITIVE, required=False,
    )  # fmt: skip
    places = (
        ("audience.languages", "language_0"), ("audience.countries", "countries"), ("audience.invited", "invited"),
        ("audience.team", "team"), ("audience.qualifications", "qualification_0"), ("audience", "who"),
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        file: dict[str, Any],
        qualifications: list[tuple[str, str]],
        own_teams: dict[str, str],
    ) -> None:
        audience = file.get("audience") or {}
        super().__init__(data, initial=_initial(file, audience))
        self.fields["team"] = forms.ChoiceField(
            label=_("Of my organisation"), choices=_team_choices(own_teams), required=False
        )
        if (file.get("pay") or {}).get("per") == "none":
            self.fields["sensitivity"].help_text = _(
                "From “yes” on, people are warned, have to agree first, and may stop at any task."
            )
        languages = language_choices([*(audience.get("languages") or {}), file["language"]])
        for number in range(_rows(audience, "languages")):
            name = _("Language") if not number else _("Another language")
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=name, choices=languages, required=False
            )
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=_("At least"), choices=LEVELS, required=False
            )
        asked = audience.get("qualifications")
        for number in range(_rows(audience, "qualifications") if qualifications or asked else 0):
            self.fields[f"qualification_{number}"] = forms.ChoiceField(
                label=_("Qualification"), choices=[("", "–"), *qualifications], required=False
            )
            self.fields[f"score_{number}"] = forms.IntegerField(
                label=_("At least points"), min_value=0, max_value=100, required=False
            )

    def clean_countries(self) -> list[str]:
        """Codes or names of countries, in the reader's language."""
        by_name = {name.casefold(): code for code, name in country_choices()}
        found = []
        for text in re.split(r"[,;\n]", self.cleaned_data["countries"]):
            word = text.strip()
            code = by_name.get(word.casefold(), word.upper())
            if word and code not in by_name.values():
                raise ValidationError(
                    _("“{name}” is not a country that is known here.").format(name=word[:40])
                )
            if word:
                found.append(code)
        return list(dict.fromkeys(found))

    def parts(self, file: dict[str, Any]) -> dict[str, Any]:
        """The audience and how much the content burdens."""
        given, audience = self.cleaned_data, dict[str, Any]()
        if given["who"] == TEAM:
            audience["team"] = given["team"] or "members"
        if given["who"] == INVITED:
            audience["invited"] = (
                re.split(r"[\s,;]+", given["invited"].strip()) if given["invited"].strip() else []
            )
        if given["who"] == TEAM == self.initial["who"] and (file.get("audience") or {}).get("invited"):
            audience["invited"] = file["audience"]["invited"]  # only some of the team: the file says so
        audience["languages"] = self._pairs("language", "level", "B2")
        audience["countries"] = given["countries"]
        audience["qualifications"] = self._pairs("qualification", "score", 0)
        return {
            "audience": {name: value for name, value in audience.items() if value} or None,
            "sensitivity": int(given["sensitivity"] or 0) or None,
        }

    def clean(self) -> dict[str, Any]:
        """Who names people has to name some."""
        given = super().clean() or {}
        if given.get("who") == INVITED and not given.get("invited", "").strip():
            self.add_error("invited", ValidationError(_("Write at least one address.")))
        return given

    def _pairs(self, name: str, measure: str, least: Any) -> dict[str, Any]:
        found = {}
        for number in range(len(self.fields)):
            if key := self.cleaned_data.get(f"{name}_{number}"):
                found[key] = self.cleaned_data.get(f"{measure}_{number}") or least
        return found

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Fields that stand beside one another."""
        names = [("language", "level"), ("qualification", "score")]
        return [
            (self[f"{one}_{number}"], self[f"{two}_{number}"])
            for one, two in names for number in range(2) if f"{one}_{number}" in self.fields
        ]  # fmt: skip


def _team_choices(own: dict[str, str]) -> list[tuple[str, Any]]:
    """The teams that follow from roles, and the organisation's own ones after them."""
    return [*TEAMS, (_("Own teams"), list(own.items()))] if own else [*TEAMS]


def _rows(audience: dict[str, Any], name: str) -> int:
    return max(ROWS, len(audience.get(name) or {}) + 1)


def _initial(file: dict[str, Any], audience: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "who": TEAM if audience.get("team") else INVITED if audience.get("invited") else ALL,
        "team": audience.get("team", "members"),
        "invited": "\n".join(audience.get("invited") or []),
        "countries": ", ".join(country_name(code) for code in audience.get("countries") or []),
        "sensitivity": str(file.get("sensitivity", 0)),
    }
    for number, (tag, level) in enumerate((audience.get("languages") or {}).items()):
        found |= {f"language_{number}": tag, f"level_{number}": level}
    for number, (slug, score) in enumerate((audience.get("qualifications") or {}).items()):
        found |= {f"qualification_{number}": slug, f"score_{number}": score}
    return found


@setup_page("people")
def setup_people(setup: Setup) -> HttpResponse:
    """Who may answer; how many known people that are, while it is filled in."""
    offered = academy.qualifications_offered(setup.project.organisation_id)
    form = PeopleForm(
        setup.request.POST if setup.request.method == "POST" else None,
        setup.file, [(one.slug, one.title) for one in offered],
        accounts.team_names(setup.project.organisation_id),
    )  # fmt: skip
    return part_page(setup, form, "pages/requester/setup_people.html", people_said)


def people_said(setup: Setup, file: ProjectFile) -> dict[str, Any]:
    """Who may answer, in sentences, and how many there are."""
    fits = work.fitting(setup.as_if(file))
    people = ngettext(
        "{people} of {known} person known here fits at the moment.",
        "{people} of {known} people known here fit at the moment.", fits.known,
    ).format(people=number_text(fits.people), known=number_text(fits.known))  # fmt: skip
    worry = None
    if not fits.people:
        text = _("Nobody known here fits yet. Ask for less, or invite people first; the tasks wait for them.")
        worry = Worry(text, "people")
    elif fits.people < file.answers.max:
        text = _(
            "A task may get {most} answers, each from another person: that needs at least {most} people who fit."
        ).format(most=file.answers.max)
        worry = Worry(text, "people", setup.url("quality") + "#id_most", _("Ask for fewer answers"))
    return {"sentences": [*audience_text(setup, file), people], "worry": worry}


def audience_text(setup: Setup, file: ProjectFile) -> list[str]:
    """The audience in a sentence."""
    audience = file.audience
    if audience.team:
        found = [_team_text(setup, audience.team)]
    elif audience.invited:
        count = len(audience.invited)
        found = [
            ngettext(
                "Only {count} person whom you name.", "Only {count} people whom you name.", count
            ).format(count=count)
        ]
    else:
        found = [_("Everybody here who fits may answer.")]
    asked = [f"{language_name(tag)} ({level})" for tag, level in audience.languages.items()]
    asked += [country_name(code) for code in audience.countries]
    asked += [f"{slug} ≥ {score}" for slug, score in audience.qualifications.items()]
    return [*found, _("They need: {what}.").format(what=", ".join(asked))] if asked else found


def _team_text(setup: Setup, team: str) -> str:
    by_role = dict[str, Any](TEAMS)
    if team in by_role:
        return _("Only people of your organisation: {who}.").format(who=by_role[team])
    own = accounts.team_names(setup.project.organisation_id)
    return _("Only people of the team “{name}” of your organisation.").format(name=own.get(team, team))
