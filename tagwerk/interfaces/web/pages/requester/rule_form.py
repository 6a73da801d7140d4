"""The form of one control rule: only what its collector can be asked; and rules to take as they are."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagwerk.base.errors import Refusal
from tagwerk.domain.designs.rules.control import CATALOGUE, CONDITIONS, Rule
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.rule_words import ACTIONS, SIGNALS

BELOW, FROM = "share_below", "share_from"
# Rules to take as they are: careful ones, that hardly ever meet a good worker.
PRESETS: tuple[dict[str, Any], ...] = (
    {"collector": "guessing", "answers": 8, "sure": 0.95, "action": "pause"},
    {"collector": "gold", "answers": 20, "share_below": 0.6, "action": "pause"},
    {"collector": "agreement", "answers": 40, "share_below": 0.5, "action": "pause"},
    {"collector": "decisions", "answers": 10, "share_below": 0.7, "action": "pause"},
    {"collector": "signals", "signal": "copying", "action": "pause"},
    {"collector": "speed", "times_faster": 5, "action": "signal"},
    {"collector": "skips", "in_a_row": 5, "action": "offer_other_work"},
)


def _whole(label: Any, help_text: Any = "", least: int = 1, most: int = 100_000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=least, max_value=most, required=False
    )


FIELDS: dict[str, Any] = {
    "answers": lambda: _whole(gettext_lazy("Answers, at least")),
    "last": lambda: _whole(
        gettext_lazy("Only the newest"), gettext_lazy("So many answers count; empty: all that it looks at."), 5, 200
    ),
    "sure": lambda: _whole(gettext_lazy("How sure, in %"), "", 50, 99),
    "question": lambda: forms.ChoiceField(label=gettext_lazy("Question"), required=False),
    "times_faster": lambda: forms.FloatField(
        label=gettext_lazy("Times faster than others"), min_value=1.5, max_value=100, required=False
    ),
    "minutes": lambda: _whole(gettext_lazy("Within so many minutes"), gettext_lazy("Empty: altogether."), 1, 10_080),
    "in_a_row": lambda: _whole(gettext_lazy("Skipped one after another"), "", 2, 100),
    "per_day": lambda: forms.CharField(label=gettext_lazy("Most earned on one day"), max_length=20, required=False),
    "signal": lambda: forms.ChoiceField(
        label=gettext_lazy("Which signal"), choices=[(name, SIGNALS[name]) for name in list(SIGNALS)[:4]]
    ),
}  # fmt: skip


MORE: dict[str, tuple[str, Any]] = {  # action → what only it can be asked
    "review": (
        "next",
        lambda: _whole(gettext_lazy("Answers to come"), gettext_lazy("Of a review: so many of the next ones. Empty: 20."), most=1000),
    ),
    "grant": ("score", lambda: _whole(gettext_lazy("Points of a grant"), least=0, most=100)),
}  # fmt: skip


class RuleForm(forms.Form):
    """One rule; the collector says which fields there are."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any,
        collector: str,
        *,
        questions: list[tuple[str, str]],
        qualifications: list[tuple[str, str]],
        rule: Rule | None = None,
    ) -> None:
        self.collector, known = collector, CATALOGUE[collector]
        super().__init__(data, initial=_initial(collector, rule))
        if known.one_of:
            self.fields["which"] = forms.ChoiceField(
                label=_("The share is"), choices=[(BELOW, _("less than")), (FROM, _("this or more:"))]
            )
            self.fields["share"] = forms.IntegerField(label=_("Share, in %"), min_value=1, max_value=100)
        for name in CONDITIONS:
            if name in (*known.needs, *known.may):
                self.fields[name] = FIELDS[name]()
                self.fields[name].required = name in known.needs
        if "question" in self.fields:
            self.fields["question"] = forms.ChoiceField(
                label=_("Question"), choices=[("", _("all of them")), *questions], required=False
            )
        self.fields["action"] = forms.ChoiceField(
            label=_("Then"), choices=[(name, ACTIONS[name]) for name in known.actions]
        )
        self._add_for(set(known.actions), qualifications)

    def _add_for(self, actions: set[str], qualifications: list[tuple[str, str]]) -> None:
        if "pause" in actions:
            self.fields["until"] = forms.ChoiceField(
                label=_("A pause lasts"), required=False,
                choices=[("review", _("until a member has looked")), ("test", _("until the test is passed again"))],
            )  # fmt: skip
        if {"pause", "grant", "revoke"} & actions:
            self.fields["qualification"] = forms.ChoiceField(
                label=_("Qualification"), choices=[("", "–"), *qualifications], required=False,
                help_text=_("For a pause until the test, for granting and for taking away: one of your own."),
            )  # fmt: skip
        for action, (name, field) in MORE.items():
            if action in actions:
                self.fields[name] = field()

    def rule(self) -> dict[str, Any]:
        """What was filled in, as the project file says it."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        said: dict[str, Any] = {"collector": self.collector, "action": given["action"]}
        if "share" in given:
            said[given["which"]] = given["share"] / 100
        if "sure" in given:
            given["sure"] /= 100
        said |= {name: given[name] for name in CONDITIONS if name in given}
        if said["action"] == "pause" and given.get("until") == "test":
            said["until"] = "test"
        if said["action"] in ("grant", "revoke") or said.get("until") == "test":
            said["qualification"] = given.get("qualification")
        name = MORE.get(said["action"], ("", None))[0]
        if name in given:
            said[name] = given[name]
        return {name: value for name, value in said.items() if value is not None}

    def refuse(self, refusal: Refusal) -> None:
        """Show what is wrong, at its field where it has one."""
        problems = refusal.problems if isinstance(refusal, ProjectFileError) else ()
        for problem in problems:
            name = problem.path.rpartition(".")[2]
            self.add_error(name if name in self.fields else None, ValidationError(problem.message.said(_)))
        if not problems:
            self.add_error(None, ValidationError(refusal_text(refusal)))


def _initial(collector: str, rule: Rule | None) -> dict[str, Any]:
    preset = next((one for one in PRESETS if one["collector"] == collector), None)
    start = Rule.model_validate(preset) if rule is None and preset else rule
    if start is None:
        return {}
    found = start.model_dump(exclude_none=True)
    if start.sure is not None:
        found["sure"] = round(100 * start.sure)
    for name in (BELOW, FROM):
        if name in found:
            found |= {"which": name, "share": round(100 * found[name])}
    return found
