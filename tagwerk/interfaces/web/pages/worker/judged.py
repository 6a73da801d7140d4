"""How a worker's work is judged in a project: the rules, every figure that affects them, what happened, and objecting."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tagwerk.domain.academy import queries as academy
from tagwerk.domain.designs import queries as designs
from tagwerk.domain.quality import actions, queries
from tagwerk.domain.quality.queries import StepView
from tagwerk.domain.quality.rules.control import figures_text
from tagwerk.domain.work.queries import Entered
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.access import project_for_worker
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.pages.worker.words import pause_text
from tagwerk.interfaces.web.posting import PageForm, see_other
from tagwerk.interfaces.web.rule_words import (
    STEPS,
    action_text,
    condition_text,
    rule_of,
    rule_text,
)
from tagwerk.interfaces.web.shares import share_lines


class ObjectionForm(PageForm):
    """Why somebody should not be paused."""

    text = forms.CharField(
        label=gettext_lazy("Why should you go on?"),
        help_text=gettext_lazy("In your own words. A member of the organisation reads it and decides."),
        widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
    )  # fmt: skip


@dataclass(frozen=True)
class StepLine:
    """What a rule or a member did."""

    what: str
    why: str
    figures: str
    at: Any
    ended_at: Any


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def judged(request: ActorRequest, project: str) -> HttpResponse:
    """The page; an objection is posted to it."""
    person_id = asking(request)
    entered = project_for_worker(person_id, project)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(
        lambda filled: actions.object_to_pause(person_id=person_id, project_id=entered.project.id, **filled)
    ):
        messages.success(request, _("Your objection is on its way. You are told what becomes of it."))
        return see_other(request.path)
    values = _values(person_id, entered) | {"form": form}
    return render(request, "pages/worker/judged.html", values, status=422 if form.errors else 200)


def _values(person_id: int, entered: Entered) -> dict[str, Any]:
    view, mine = entered.project, entered.enrolment
    figures = queries.figures_of(view, person_id)
    design = designs.design(view.design_id)
    pause = queries.running_pause(view.id, person_id)
    objection = queries.objection_of(view.id, person_id)
    paused = bool(mine and mine.pause_reason)
    slugs = {rule.qualification for rule in queries.rules_of(view) if rule.qualification}
    named = academy.titles_of([view.organisation_id], slugs) if slugs else {}
    titles = {slug: title for (_owner, slug), title in named.items()}
    running_rule = rule_of(pause.rule) if pause and pause.rule else None
    return {
        "project": view,
        "paused": pause_text(mine.pause_reason or "", paid=view.paid) if mine and paused else "",
        "paused_at": mine.paused_at if mine else None,
        "pause_rule": condition_text(running_rule, view.currency) if running_rule else "",
        "pause_then": action_text(running_rule, titles) if running_rule else "",
        "pause_figures": queries.pause_figures(pause),
        "until_test": running_rule is not None and running_rule.until == "test",
        "tests": reverse("my_qualifications"),
        "objection": objection if objection and mine and objection.paused_at == mine.paused_at else None,
        "rules": [rule_text(rule, view.currency, titles) for rule in queries.rules_of(view)],
        "a_day": view.answers_a_day,
        "figures": figures,
        "accuracy": figures.accuracy,
        "gold": share_lines(design, figures.gold),
        "agreement": share_lines(design, figures.agreement),
        "steps": [_step(one, view.currency) for one in queries.steps_of_worker(view.id, person_id) if one.step != "signal"],
        "submitted": mine.submitted if mine else 0,
    }  # fmt: skip


def _step(one: StepView, currency: str) -> StepLine:
    rule = rule_of(one.rule) if one.rule else None
    return StepLine(
        str(STEPS[one.step]), condition_text(rule, currency) if rule else _("a member decided it"),
        figures_text(one.rule or {}, one.figures) if one.rule and one.figures else "", one.made_at, one.ended_at,
    )  # fmt: skip
