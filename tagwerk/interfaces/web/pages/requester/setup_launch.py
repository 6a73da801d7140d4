"""The launch step: everything in words, the whole price against what is there, and go: as a pilot or whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tagwerk.base.errors import Invalid, NotAllowed, NotFound, Refusal
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import queries as payments
from tagwerk.domain.quality import queries as quality
from tagwerk.domain.work import actions as work
from tagwerk.domain.work import queries
from tagwerk.interfaces.web.middleware import refusal_text
from tagwerk.interfaces.web.pages.requester.frame import OVERVIEW
from tagwerk.interfaces.web.pages.requester.project_steps import pilot_in
from tagwerk.interfaces.web.pages.requester.setup_check import troubles, wrong_steps
from tagwerk.interfaces.web.pages.requester.setup_frame import Setup, cents_up, setup_page
from tagwerk.interfaces.web.pages.requester.setup_pay import pay_text
from tagwerk.interfaces.web.pages.requester.setup_people import audience_text
from tagwerk.interfaces.web.pages.requester.setup_quality import quality_said
from tagwerk.interfaces.web.pages.requester.words import tasks_text
from tagwerk.interfaces.web.posting import see_other

WORTH_A_PILOT = 100  # tasks


@setup_page("launch")
def setup_launch(setup: Setup) -> HttpResponse:
    """What will happen, what it costs; a POST launches."""
    if setup.request.method != "POST":
        return _page(setup)
    try:
        _require_ready(setup)
        whole = setup.request.POST.get("how") == "all"
        tasks = None if whole else pilot_in(setup.request)
        if tasks is None and not whole:
            raise Invalid("pilot_unfit", "Write how many tasks the pilot has, such as 50.", path="tasks")
        work.launch(actor=setup.request.actor, project_id=setup.project.id, tasks=tasks, whole=whole)
    except (NotFound, NotAllowed) as refusal:
        if refusal.code != "organisation_not_approved":
            raise
        return _page(setup, refused=refusal)
    except Refusal as refusal:
        return _page(setup, refused=refusal)
    setup.note()
    messages.success(setup.request, _("The project is running: people can take its tasks."))
    return see_other(setup.frame.url(OVERVIEW))


def _require_ready(setup: Setup) -> None:
    if any(one.stops for one in troubles(setup, setup.with_parts({}))):
        raise Invalid(
            "project_not_ready", "Something still stands in the way of launching; it is named below."
        )


def _page(setup: Setup, *, refused: Refusal | None = None) -> HttpResponse:
    file = setup.with_parts({})
    found = troubles(setup, file)
    organisation = accounts.organisation(setup.project.organisation_id)
    values = setup.values(
        wrong=wrong_steps(found),
        refused=refusal_text(refused) if refused else "",
        sentences=[
            (_("Data"), "data", [_("Ready: {tasks}.").format(tasks=tasks_text(setup.progress.tasks))]),
            (_("Design"), "design", [", ".join(question.label for question in setup.frame.design.questions)]),
            (_("People"), "people", audience_text(setup, file)),
            (_("Quality"), "quality", quality_said(setup, file)["sentences"]),
            (_("Pay"), "pay", pay_text(setup, file)),
        ],
        stops=[one for one in found if one.stops],
        thoughts=[one for one in found if not one.stops],
        approved=organisation.approved_at is not None,
        money=_money(setup),
        pilot=pilot_size(setup),
        pilot_first=setup.progress.tasks >= WORTH_A_PILOT or setup.project.open_limit is not None,
        pilot_answers=quality.PILOT_ANSWERS,
        pilot_workers=quality.PILOT_WORKERS,
        offers_pilot=setup.progress.tasks > 1,
        given=setup.request.POST,
    )
    return render(
        setup.request, "pages/requester/setup_launch.html", values, status=refused.status if refused else 200
    )


def pilot_size(setup: Setup) -> int:
    """How many tasks a pilot proposes."""
    return quality.pilot_size(answers_min=setup.project.answers_min, tasks=setup.progress.tasks)


def _money(setup: Setup) -> dict[str, Any] | None:
    """What launching sets aside, what is there, what is missing; None where there is no pay."""
    project = setup.project
    if not project.paid:
        return None
    there = payments.prepaid_micros(project.organisation_id, project.currency)
    price = setup.price()
    whole = project.budget_micros if project.budget_micros is not None else price.most_micros
    pilot = cents_up(queries.estimate(project.id, tasks=pilot_size(setup)).largest_micros)
    return {
        "there": there,
        "whole": whole,
        "pilot": min(pilot, whole),
        "missing": max(0, whole - there),
        "missing_pilot": max(0, min(pilot, whole) - there),
        "currency": project.currency,
        "url": reverse("organisation_money", args=[public_id("org", project.organisation_id)]),
    }
