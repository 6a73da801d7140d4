"""One correction of the book: what it moves, whose balance changes, and the steps of two people."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import balance_sign
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries import corrections as queries
from tagwerk.domain.payments.queries.corrections import CorrectionView
from tagwerk.domain.payments.rules.corrections import (
    LONGEST_WORDS,
    CorrectionState,
    account,
    changes_of,
    owner_of,
)
from tagwerk.interfaces.web.freshness import confirm_url, has_second_factor, with_second_factor
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.operator.corrections import lines_of
from tagwerk.interfaces.web.posting import PageForm, page_with_form, see_other


class RefusalForm(PageForm):
    """Why not."""

    words = forms.CharField(
        label=gettext_lazy("Why not?"),
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Whoever proposed it reads this."),
    )


def _approve(request: ActorRequest, number: int) -> None:
    actions.approve_correction(
        actor=request.actor, correction_id=number, now=now(), with_second_factor=with_second_factor(request)
    )


# What the buttons send → the action, and what is said afterwards.
STEPS: dict[str, tuple[Callable[[ActorRequest, int], None], str]] = {
    "confirm": (
        lambda request, number: actions.confirm_correction(actor=request.actor, correction_id=number),
        gettext_noop("You stand for this correction; another operator can approve it."),
    ),
    "approve": (_approve, gettext_noop("Booked. Whose balance changed is told.")),
}


@operator_only
def correction(request: ActorRequest, correction: str) -> HttpResponseBase:
    """The correction; by POST one of the steps."""
    view = queries.correction_for(request.actor, row_number("cor", correction))
    step = request.POST.get("step", "")
    form = RefusalForm(request.POST if step == "refuse" else None)
    if request.method == "POST" and step != "refuse":
        if step not in STEPS:
            raise NotFound("page_not_found", "There is nothing here.")
        action, said = STEPS[step]
        action(request, view.id)
        return see_other("operator_correction", correction, said=translated(said), request=request)
    if request.method == "POST" and form.carry_out(lambda given: _refuse(request, view.id, given)):
        return see_other(
            "operator_correction", correction, said=_("Refused; nothing was booked."), request=request
        )
    (line,) = lines_of([view])
    values = {"form": form, "line": line, "changes": _changes(view), **_steps(request, view)}
    return page_with_form(request, "pages/operator/correction.html", values)


def _refuse(request: ActorRequest, number: int, given: dict[str, Any]) -> None:
    actions.refuse_correction(actor=request.actor, correction_id=number, words=given["words"], now=now())


def _changes(view: CorrectionView) -> list[dict[str, Any]]:
    """By account: whose it is, what it holds now, and by how much that changes, in the account's own direction: of what was
    spent, less than nothing is less spent."""
    sums = {code: micros for code, micros in changes_of(view.lines).items() if micros}
    there = book.balances(sums)
    owners = {code: owner_of(code) for code in sums}
    people = accounts.names_of({number for sort, number in owners.values() if sort == "worker"})
    names = accounts.organisation_names(
        {number for sort, number in owners.values() if sort == "organisation"}
    )
    found = []
    for code, micros in sums.items():
        sort, number = owners[code]
        url_name = {"worker": "operator_person_payouts", "organisation": "operator_organisation"}.get(
            sort, ""
        )
        found.append({
            "code": code, "micros": micros * balance_sign(account(code, "account").kind), "there": there[code].posted, "url_name": url_name,
            "owner": people.get(number, "") if sort == "worker" else names.get(number, "") if sort == "organisation" else "",
            "id": public_id("per" if sort == "worker" else "org", number) if url_name else "",
        })  # fmt: skip
    return found


def _steps(request: ActorRequest, view: CorrectionView) -> dict[str, Any]:
    """Which buttons this operator has, and why not."""
    mine = view.proposed_by_id == request.actor.person_id
    waits_until = accounts.new_operator_until(request.actor.person_id, now())
    others = bool(accounts.second_operators(request.actor.person_id, now()))
    waits = view.state is CorrectionState.PROPOSED
    may_approve = (
        waits and waits_until is None and (not others or (view.proposed_by_id is not None and not mine))
    )
    return {
        "waits": waits,
        "may_confirm": waits and view.proposed_by_id is None and others,
        "may_approve": may_approve,
        "alone": may_approve and not others,
        "waits_for_another": waits and mine and others,
        "waits_until": waits_until,
        "fresh": with_second_factor(request),
        "lacks_second_factor": not has_second_factor(request),
        "confirm_url": confirm_url(request, request.path, second_factor=True),
    }
