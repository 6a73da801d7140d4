"""The quality step: how many answers a task gets, how sure a result has to be, gold and review."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from tagwerk.domain.designs.rules.kinds import KINDS
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
_ASKED = ("answers", "gold_share", "gold_start", "gold_feedback", "tolerance", "review", "method")
MORE_GOLD = ("gold_start", "gold_start_tasks", "gold_feedback")
MORE_REVIEW = ("below", "double", "review_gold")
NEAR = {  # kind → what its tolerance counts
    "text": gettext_noop("the share of characters that may differ, such as 0.1; in long texts of words"),
    "rating": gettext_noop("how many points up or down"),
    "choice": gettext_noop("the share of options that both have picked, such as 0.5; 1: the very same"),
}


def _percent(label: Any, help_text: Any, most: int, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=0, max_value=most, required=required
    )


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
    gold_start = _percent(
        gettext_lazy("Gold among the first tasks of a person, in %"),
        gettext_lazy("Empty: four times as much as later."), 50, required=False,
    )  # fmt: skip
    gold_start_tasks = forms.IntegerField(
        label=gettext_lazy("After so many tasks it is as much as later"), min_value=1, max_value=1000, required=False,
    )  # fmt: skip
    gold_feedback = forms.BooleanField(
        label=gettext_lazy(
            "For training: people see at once whether their answer to gold was right, and why"
        ),
        required=False,
    )
    below = _percent(
        gettext_lazy("Always look at answers to tasks that are less certain than, in %"),
        gettext_lazy("Beyond the share above."), 99, required=False,
    )  # fmt: skip
    double = _percent(
        gettext_lazy("Of what is looked at, a second person looks at, in %"),
        gettext_lazy("Without seeing what the first one said."), 100, required=False,
    )  # fmt: skip
    review_gold = _percent(
        gettext_lazy("Answers to gold that come along, in %"),
        gettext_lazy("They show how right your reviewers are."), 100, required=False,
    )  # fmt: skip
    places: tuple[tuple[str, str], ...] = (
        ("quality.gold_start.tasks", "gold_start_tasks"), ("quality.gold_start", "gold_start"),
        ("quality.review.below", "below"), ("quality.review.double", "double"), ("quality.review.gold", "review_gold"),
        ("quality.answers.min", "least"), ("quality.answers.max", "most"), ("quality.answers.confidence", "confidence"),
        ("quality.method", "method"), ("quality.gold_share", "gold"), ("quality.review", "review"), ("approve_after", "days"), ("quality", "least"),
    )  # fmt: skip

    def __init__(self, *args: Any, near: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """`near`: question → its label, and what its tolerance counts."""
        super().__init__(*args, **kwargs)
        self.near = {f"near_{name}": name for name in near}
        for name, (label, counted) in near.items():
            self.fields[f"near_{name}"] = forms.FloatField(
                label=_("How near to the right answer is right: {question}").format(question=label),
                help_text=counted, required=False, localize=True,
            )  # fmt: skip
        self.places = (*((f"quality.tolerance.{name}", at) for at, name in self.near.items()), *self.places)

    @property
    def more_gold(self) -> list[forms.BoundField]:
        """What seldom changes about gold."""
        return [self[name] for name in (*MORE_GOLD, *self.near)]

    @property
    def more_review(self) -> list[forms.BoundField]:
        """What seldom changes about review."""
        return [self[name] for name in MORE_REVIEW]

    @property
    def says_more(self) -> dict[str, bool]:
        """Which of the two has something in it that should be seen."""
        names = {"gold": (*MORE_GOLD, *self.near), "review": MORE_REVIEW}
        return {
            key: any(self.errors.get(name) or self[name].value() for name in some)
            for key, some in names.items()
        }

    def parts(self, file: dict[str, Any]) -> dict[str, Any]:
        """The quality plan and the time for rejecting."""
        given, before = self.cleaned_data, file.get("quality") or {}
        was = before.get("answers")
        sure = self._share("confidence", was.get("confidence") if isinstance(was, dict) else None)
        answers: dict[str, Any] = {"min": given["least"], "max": given["most"], "confidence": sure}
        # What this form does not ask, such as the control rules, stays as it is.
        kept = {name: part for name, part in before.items() if name not in _ASKED}
        quality: dict[str, Any] = {**kept, "answers": answers}
        if (method := given["method"] or self.initial["method"]) != "auto":
            quality["method"] = method
        return {
            "quality": {**quality, **self._gold(before), **self._review(before.get("review") or {})},
            "approve_after": self._days(file),
        }

    def clean(self) -> dict[str, Any]:
        """So many tasks are of a share at the start."""
        given = super().clean() or self.cleaned_data
        if given.get("gold_start_tasks") and given.get("gold_start") is None:
            self.add_error("gold_start", _("Say here how much gold there is among these first tasks."))
        return given

    def _gold(self, before: Mapping[str, Any]) -> dict[str, Any]:
        given = self.cleaned_data
        share = self._share("gold", before.get("gold_share"))
        found: dict[str, Any] = {"gold_share": share} if share else {}
        if given["gold_start"] is not None:
            tasks = {"tasks": given["gold_start_tasks"]} if given["gold_start_tasks"] else {}
            start = self._share("gold_start", (before.get("gold_start") or {}).get("share"))
            found["gold_start"] = {"share": start, **tasks}
        if given["gold_feedback"]:
            found["gold_feedback"] = True
        asked = {name: given[at] for at, name in self.near.items()}
        near = {**(before.get("tolerance") or {}), **asked}  # comparisons say theirs in the file
        said = {name: one for name, one in near.items() if one is not None}
        return found | ({"tolerance": said} if said else {})

    def _review(self, before: Mapping[str, Any]) -> dict[str, Any]:
        share = self._share("review", before.get("share"))
        more = {"below": "below", "double": "double", "gold": "review_gold"}
        shares = {name: self._share(field, before.get(name)) for name, field in more.items()}
        said = {name: one for name, one in shares.items() if one}
        return {"review": {"share": share, "by": "members", **said}} if share or said else {}

    def _share(self, field: str, before: float | None) -> float:
        """The percentage of a field as a share; finer ones that somebody wrote into the file stay as long as it does."""
        if before is not None and self.cleaned_data[field] == self.initial[field]:
            return before
        return (self.cleaned_data[field] or 0) / 100

    def _days(self, file: dict[str, Any]) -> str:
        """Whole days; hours that somebody wrote into the file stay, as long as the days do."""
        if self.cleaned_data["days"] == self.initial["days"] and "approve_after" in file:
            return str(file["approve_after"])
        return f"{self.cleaned_data['days']} days"


@setup_page("quality")
def setup_quality(setup: Setup) -> HttpResponse:
    """How sure a result has to be, and what that means for a task."""
    file = setup.with_parts({})
    plan, review = file.quality, file.quality.review
    initial = {
        "least": file.answers.min, "most": file.answers.max, "confidence": round(file.answers.confidence * 100),
        "method": plan.method, "gold": round(plan.gold_share * 100),
        "gold_start": round(plan.gold_start.share * 100) if plan.gold_start else None,
        "gold_start_tasks": plan.gold_start.tasks if plan.gold_start else None,
        "gold_feedback": plan.gold_feedback,
        "review": round(review.share * 100) if review else 0,
        "below": _whole(review.below) if review else None, "double": _whole(review.double) if review else None,
        "review_gold": _whole(review.gold) if review else None,
        **{f"near_{name}": plan.tolerance[name] for name in plan.tolerance},
        "days": seconds_of(file.approve_after) // DAY_SECONDS,
    }  # fmt: skip
    form = QualityForm(
        setup.request.POST if setup.request.method == "POST" else None, initial=initial, near=_near(setup)
    )
    gold_tasks = setup.progress.gold_tasks
    return part_page(setup, form, "pages/requester/setup_quality.html", quality_said, gold_tasks=gold_tasks)


def _whole(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def _near(setup: Setup) -> dict[str, tuple[str, str]]:
    """The questions of which an answer can be nearly right, with what is counted."""
    asked = setup.frame.design.questions
    return {
        one.name: (one.label, _(NEAR[one.kind]))
        for one in asked
        if one.kind in NEAR and KINDS[one.kind].tolerance(one.options, None, path=one.name) is not None
    }


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
    if file.quality.review and file.quality.review.share:
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
