"""The quality step: how many answers a task gets, how sure a result has to be, gold and review."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tagwerk.domain.designs.rules.parts import seconds_of
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.interfaces.web.formats import number_text, percent_text
from tagwerk.interfaces.web.pages.requester.setup_form import PartForm, Worry, part_page
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, setup_page
from tagwerk.interfaces.web.pages.requester.showing import unsaved_design
from tagwerk.interfaces.web.rule_words import rule_text

DAY_SECONDS = 86_400
METHODS = [
    ("auto", gettext_lazy("chosen by the answers")),
    ("ibcc", gettext_lazy("a model of how each person errs")),
    ("one_coin", gettext_lazy("a model of how often each person is right")),
    ("gold_vote", gettext_lazy("a vote weighted by gold")),
    ("majority", gettext_lazy("a vote in which all count alike")),
]
_ASKED = ("answers", "gold_share", "review", "method")


def _percent(label: Any, help_text: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most)


class QualityForm(PartForm):
    """The quality plan of a project file."""

    least = forms.IntegerField(
        label=gettext_lazy("Answers that every task gets"), min_value=1, max_value=1000
    )
    most = forms.IntegerField(
        label=gettext_lazy("Answers that it gets at most"),
        help_text=gettext_lazy("As long as people disagree, more of them are asked."), min_value=1, max_value=1000,
    )  # fmt: skip
    confidence = forms.IntegerField(
        label=gettext_lazy("Enough when a result is certain to, in %"), min_value=50, max_value=99
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How answers add up to a result"), choices=METHODS, required=False,
        help_text=gettext_lazy("Chosen by the answers: a vote at first, then a model of how people err. The results page says which, and why."),
    )  # fmt: skip
    gold = _percent(
        gettext_lazy("Gold among the tasks of a person, in %"),
        gettext_lazy("Tasks whose right answer you know. They look like all others and show how good somebody is."), 50,
    )  # fmt: skip
    review = _percent(
        gettext_lazy("Answers that your own people look at, in %"),
        gettext_lazy("They come to the review of the project; 0: none."), 100,
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("Days until an answer that nobody rejected is approved"),
        min_value=0,
        max_value=365,
    )
    places = (
        ("quality.answers.min", "least"), ("quality.answers.max", "most"), ("quality.answers.confidence", "confidence"),
        ("quality.method", "method"), ("quality.gold_share", "gold"), ("quality.review", "review"), ("approve_after", "days"), ("quality", "least"),
    )  # fmt: skip

    def parts(self, file: dict[str, Any]) -> dict[str, Any]:
        """The quality plan and the time for rejecting."""
        given = self.cleaned_data
        answers: dict[str, Any] = {
            "min": given["least"],
            "max": given["most"],
            "confidence": given["confidence"] / 100,
        }
        # What this form does not ask, such as the control rules, stays as it is.
        kept = {name: part for name, part in (file.get("quality") or {}).items() if name not in _ASKED}
        quality: dict[str, Any] = {**kept, "answers": answers}
        if (method := given["method"] or self.initial["method"]) != "auto":
            quality["method"] = method
        if given["gold"]:
            quality["gold_share"] = given["gold"] / 100
        if given["review"]:
            before = (file.get("quality") or {}).get("review") or {}  # what only the file says stays
            quality["review"] = {**before, "share": given["review"] / 100, "by": "members"}
        return {"quality": quality, "approve_after": self._days(file)}

    def _days(self, file: dict[str, Any]) -> str:
        """Whole days; hours that somebody wrote into the file stay, as long as the days do."""
        if self.cleaned_data["days"] == self.initial["days"] and "approve_after" in file:
            return str(file["approve_after"])
        return f"{self.cleaned_data['days']} days"


@setup_page("quality")
def setup_quality(setup: Setup) -> HttpResponse:
    """How sure a result has to be, and what that means for a task."""
    file = setup.with_parts({})
    initial = {
        "least": file.answers.min, "most": file.answers.max, "confidence": round(file.answers.confidence * 100),
        "method": file.quality.method, "gold": round(file.quality.gold_share * 100),
        "review": round(file.quality.review.share * 100) if file.quality.review else 0,
        "days": seconds_of(file.approve_after) // DAY_SECONDS,
    }  # fmt: skip
    form = QualityForm(setup.request.POST if setup.request.method == "POST" else None, initial=initial)
    gold_tasks = setup.progress.gold_tasks
    return part_page(setup, form, "pages/requester/setup_quality.html", quality_said, gold_tasks=gold_tasks)


def quality_said(setup: Setup, file: ProjectFile) -> dict[str, Any]:
    """What happens to a task, in sentences."""
    worry, href = "", ""
    if file.quality.gold_share and setup.rows and not setup.progress.gold_tasks:
        worry = _(
            "There is no gold yet: give some rows their right answer, here or in a column “_gold.{question}”. Until then nobody gets any."
        ).format(question=unsaved_design(file).questions[0].name)
    elif setup.progress.gold_tasks and not file.quality.gold_share:
        worry = ngettext(
            "{count} row is gold, but no gold is among the tasks: nobody ever gets it. Set its share to 10%, for example.",
            "{count} rows are gold, but no gold is among the tasks: nobody ever gets them. Set its share to 10%, for example.",
            setup.progress.gold_tasks,
        ).format(count=number_text(setup.progress.gold_tasks))  # fmt: skip
        href = setup.url("quality") + "#id_gold"
    elif file.answers.max == 1 and not file.quality.review:
        worry = _("With one answer each and no review, nobody notices mistakes.")
    return {
        "sentences": quality_text(file, has_gold=bool(setup.progress.gold_tasks)),
        "worry": Worry(worry, "quality", href, _("Gold among the tasks")) if worry else None,
    }


def quality_text(file: ProjectFile, *, has_gold: bool) -> list[str]:
    """The quality plan in sentences; gold that nobody can get is not promised."""
    answers, decides = file.answers, unsaved_design(file).decides
    if answers.min == answers.max:
        found = [
            ngettext(
                "Each task goes to {count} person.", "Each task goes to {count} people.", answers.min
            ).format(count=answers.min)
        ]
    elif decides:
        found = [
            _(
                "Each task goes to {least} to {most} people, until its result is {share} certain or no further answer would be worth its price."
            ).format(least=answers.min, most=answers.max, share=percent_text(answers.confidence))
        ]
    else:
        found = [
            _(
                "Each task goes to {least} people: texts are not counted, so no certainty asks for more."
            ).format(least=answers.min)
        ]
    if file.quality.gold_share and has_gold:
        found.append(
            _("{share} of the tasks that somebody gets are gold.").format(
                share=percent_text(file.quality.gold_share)
            )
        )
    if file.quality.review:
        found.append(
            _("Your own people look at {share} of the answers.").format(
                share=percent_text(file.quality.review.share)
            )
        )
    rules = file.quality.rules
    if rules:
        found.append(
            ngettext(
                "{count} control rule: {first}.", "{count} control rules, the first: {first}.", len(rules)
            ).format(count=len(rules), first=rule_text(rules[0], file.pay.currency))
        )
    days = seconds_of(file.approve_after) // DAY_SECONDS
    found.append(
        ngettext("Whatever nobody rejects is approved after {count} day.", "Whatever nobody rejects is approved after {count} days.", days)
        .format(count=days)
    )  # fmt: skip
    return found
