"""The control rules of a project: added, changed, taken away, and whom one would have met so far."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tagwerk.base.errors import Refusal
from tagwerk.domain.academy import queries as academy
from tagwerk.domain.accounts.rules import Permission
from tagwerk.domain.designs.rules.control import CATALOGUE, Rule
from tagwerk.domain.designs.rules.yaml_text import project_file_of
from tagwerk.domain.projects.rules import State
from tagwerk.domain.quality import queries
from tagwerk.domain.quality.queries import Preview
from tagwerk.domain.quality.rules.control import figures_text
from tagwerk.domain.work import actions as work_actions
from tagwerk.interfaces.web.guards import ActorRequest
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.file_text import plain_file
from tagwerk.interfaces.web.pages.requester.frame import PEOPLE, Frame, framed, project_page
from tagwerk.interfaces.web.pages.requester.rule_form import PRESETS, RuleForm
from tagwerk.interfaces.web.posting import see_other
from tagwerk.interfaces.web.rule_words import COLLECTORS, action_text, condition_text

SHOWN = 30  # people of a preview


@dataclass(frozen=True)
class Line:
    """A rule in the list."""

    key: str
    collector: str
    name: str
    when: str
    then: str


@dataclass(frozen=True)
class Looked:
    """What a preview found, with the first of those whom the rule would have met."""

    preview: Preview
    when: str
    then: str
    people: list[tuple[str, str, Any]]  # pseudonym, figures, the line itself


class Rules:
    """The rules of a project on their page, as the member changes them."""

    def __init__(self, request: ActorRequest, frame: Frame) -> None:
        self.request, self.frame = request, frame
        self.kept = queries.rules_of(frame.project)
        own = academy.qualifications_for(request.actor, frame.project.organisation_id)
        self.titles = {one.slug: one.title for one in own}

    def line(self, rule: Rule) -> Line:
        """A rule in words."""
        currency = self.frame.project.currency
        return Line(
            rule.key, rule.collector, str(COLLECTORS[rule.collector][0]), condition_text(rule, currency),
            action_text(rule, self.titles),
        )  # fmt: skip

    def form(self, collector: str, data: Any = None, rule: Rule | None = None) -> RuleForm:
        """The form of a rule of this collector."""
        design = self.frame.design
        questions = [(one.name, one.label or one.name) for one in design.questions]
        return RuleForm(
            data, collector, questions=questions, qualifications=list(self.titles.items()), rule=rule
        )

    def keep(self, rules: list[dict[str, Any]]) -> None:
        """Save the file with these rules."""
        file = plain_file(self.frame.project.file)
        quality = {**(file.get("quality") or {}), "rules": rules}
        work_actions.revise(
            actor=self.request.actor, project_id=self.frame.project.id,
            file=project_file_of({**file, "quality": quality}),
        )  # fmt: skip

    def without(self, key: str) -> list[dict[str, Any]]:
        """All rules but this, as the file says them."""
        return [said_of(rule) for rule in self.kept if rule.key != key]

    def with_rule(self, rule: dict[str, Any], instead_of: str) -> list[dict[str, Any]]:
        """All rules with this one, in the place of another or at the end."""
        if instead_of not in [one.key for one in self.kept]:
            return [*self.without(""), rule]
        return [rule if one.key == instead_of else said_of(one) for one in self.kept]

    def look(self, rule: Rule) -> Looked:
        """Whom it would have met."""
        found = queries.preview_rule(self.request.actor, self.frame.project.id, rule)
        line = self.line(rule)
        people = [
            (one.pseudonym, figures_text(said_of(rule), one.figures) if one.figures else "", one)
            for one in found.met[:SHOWN]
        ]
        return Looked(found, line.when, line.then, people)


def said_of(rule: Rule) -> dict[str, Any]:
    """A rule as the project file says it."""
    return rule.model_dump(mode="json", exclude_defaults=True)


@project_page(Permission.PROJECT_MANAGE)
def project_rules(request: ActorRequest, frame: Frame) -> HttpResponse:
    """The list; a rule that is looked at, saved or taken away is posted to it."""
    page, form, looked, refused = Rules(request, frame), None, None, ""
    collector = request.POST.get("collector") or request.GET.get("add", "")
    edited = next(
        (r for r in page.kept if r.key == (request.POST.get("edit") or request.GET.get("edit"))), None
    )
    if edited is not None:
        collector = edited.collector
    if request.method == "POST":
        done, form, looked, refused = _carry_out(page, collector)
        if done:
            messages.success(request, done)
            return see_other(frame.url("project_rules"))
    elif collector in CATALOGUE:
        form = page.form(collector, rule=edited)
    values = framed(
        frame, PEOPLE, lines=[page.line(rule) for rule in page.kept], form=form, looked=looked, refused=refused,
        collector=collector if collector in CATALOGUE else "", edited=edited.key if edited else "",
        about=COLLECTORS[collector] if form is not None else None,
        presets=_presets(page), collectors=[(name, *words) for name, words in COLLECTORS.items() if frame.project.paid or name != "income"],
        is_draft=frame.project.state is State.DRAFT, has_people=frame.project.state is not State.DRAFT,
    )  # fmt: skip
    wrong = refused or (form is not None and form.errors)
    return render(request, "pages/requester/project_rules.html", values, status=422 if wrong else 200)


def _presets(page: Rules) -> list[Line]:
    """Rules to take as they are, those that are not there yet."""
    there = {rule.collector for rule in page.kept}
    offered = [Rule.model_validate(one) for one in PRESETS if one["collector"] not in there]
    return [page.line(rule) for rule in offered]


def _carry_out(page: Rules, collector: str) -> tuple[str, RuleForm | None, Looked | None, str]:
    """(what was done, the form again, what a preview found, a refusal)."""
    given = page.request.POST
    do, key = given.get("do", ""), given.get("rule", "")
    known = {rule.key: rule for rule in (*page.kept, *(Rule.model_validate(one) for one in PRESETS))}
    try:
        if do == "remove" and key in known:
            page.keep(page.without(key))
            return _("The rule is gone."), None, None, ""
        if do == "take" and key in known:
            page.keep(page.with_rule(said_of(known[key]), ""))
            return _("The rule holds from now on."), None, None, ""
        if do == "see" and key in known:
            return "", None, page.look(known[key]), ""
    except Refusal as refusal:
        return "", None, None, refusal_text(refusal)
    if do in ("look", "save") and collector in CATALOGUE:
        return _from_form(page, collector, do)
    return "", None, None, _("Choose what is to be done.")


def _from_form(page: Rules, collector: str, do: str) -> tuple[str, RuleForm | None, Looked | None, str]:
    form = page.form(collector, page.request.POST)
    if not form.is_valid():
        return "", form, None, ""
    said, edited = form.rule(), page.request.POST.get("edit", "")
    try:
        file = {**plain_file(page.frame.project.file)}
        quality = {**(file.get("quality") or {}), "rules": [said]}
        rule = project_file_of({**file, "quality": quality}).quality.rules[0]
        if do == "look":
            return "", form, page.look(rule), ""
        page.keep(page.with_rule(said, edited))
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.refuse(refusal)
        return "", form, None, ""
    return _("The rule holds from now on."), None, None, ""
