"""One payout run: whom it pays, whom it leaves out and why, and the steps of two people."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries.payouts import RunView
from tagwerk.domain.payments.rules.payouts import PayoutState, RunState
from tagwerk.interfaces.web.freshness import confirm_url, has_second_factor, with_second_factor
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.labels import translated
from tagwerk.interfaces.web.pages.operator.run_files import files_of, steps_of
from tagwerk.interfaces.web.paging import following, place
from tagwerk.interfaces.web.payout_words import PAYOUT_STATES, RAILS, RUN_STATES, reason_words
from tagwerk.interfaces.web.posting import page_with_form, see_other

SHOWN = 50


def _release(request: ActorRequest, run_id: int) -> None:
    actions.release_run(
        actor=request.actor, run_id=run_id, now=now(), with_second_factor=with_second_factor(request)
    )


# What the buttons send → the action, and what is said afterwards.
STEPS: dict[str, tuple[Callable[[ActorRequest, int], None], str]] = {
    "confirm": (
        lambda request, run_id: actions.confirm_run(actor=request.actor, run_id=run_id),
        gettext_noop("You stand for this run; another operator can release it."),
    ),
    "release": (_release, gettext_noop("Released: the money is on its way.")),
    "cancel": (
        lambda request, run_id: actions.cancel_run(actor=request.actor, run_id=run_id),
        gettext_noop("Called off: all of it goes back into the balances."),
    ),
}


@operator_only
def run(request: ActorRequest, run: str) -> HttpResponseBase:
    """The run; by POST one of the steps."""
    view = queries.run_for(request.actor, row_number("run", run))
    if request.method == "POST":
        step = request.POST.get("step", "")
        if step not in STEPS:
            raise NotFound("page_not_found", "There is nothing here.")
        action, said = STEPS[step]
        action(request, view.id)
        return see_other("operator_run", run, said=translated(said), request=request)
    return page_with_form(request, "pages/operator/run.html", _about(request, view, run))


def _about(request: ActorRequest, view: RunView, run: str) -> dict[str, Any]:
    sums = queries.run_sums(request.actor, view.id)
    chosen = _chosen(request)
    found = queries.payouts_of_run(
        request.actor,
        view.id,
        states=frozenset({chosen}) if chosen else None,
        after=place(request, "pay"),
        limit=SHOWN + 1,
    )
    page = following(request, found, SHOWN, lambda one: public_id("pay", one.id))
    names = accounts.names_of(
        {one.person_id for one in page.lines}
        | {number for number in (view.made_by_id, view.released_by_id) if number}
    )
    tone, state = RUN_STATES[view.state]
    return {
        "run": view,
        "tone": tone,
        "state": state,
        "sums": sums,
        "rails": [(RAILS[rail], one) for rail, one in sums.by_rail.items()],
        "left_out": [(reason_words(code), one) for code, one in sums.left_out.items()],
        "states": _tabs(run, sums, chosen),
        "page": page,
        "lines": [
            (
                one,
                names.get(one.person_id, ""),
                *PAYOUT_STATES[one.state],
                RAILS[one.rail] if one.rail else "",
                reason_words(one.reason),
                public_id("pay", one.id),
                steps_of(one),
            )
            for one in page.lines
        ],
        "maker": names.get(view.made_by_id or 0, ""),
        "releaser": names.get(view.released_by_id or 0, ""),
        **_steps(request, view),
        **files_of(request, view, sums),
    }


def _chosen(request: ActorRequest) -> PayoutState | None:
    asked = request.GET.get("state", "")
    return PayoutState(asked) if asked in list(PayoutState) else None


def _tabs(run: str, sums: queries.RunSums, chosen: PayoutState | None) -> list[dict[str, Any]]:
    total = sum(one.payouts for one in sums.by_state.values())
    everything = {"label": _("All"), "href": "?#payouts", "current": chosen is None, "count": total}
    return [everything] + [
        {
            "label": PAYOUT_STATES[state][1],
            "href": f"?state={state.value}#payouts",
            "current": state is chosen,
            "count": one.payouts,
        }
        for state, one in sums.by_state.items()
    ]


def _steps(request: ActorRequest, view: RunView) -> dict[str, Any]:
    """Which buttons this operator has, and why not."""
    mine = view.made_by_id == request.actor.person_id
    waits_until = accounts.new_operator_until(request.actor.person_id, now())
    others = bool(accounts.second_operators(request.actor.person_id, now()))
    locked = view.state is RunState.LOCKED
    may_release = (
        locked and waits_until is None and (not others or (view.made_by_id is not None and not mine))
    )
    return {
        "may_confirm": view.state in (RunState.MAKING, RunState.LOCKED)
        and view.made_by_id is None
        and others,
        "may_release": may_release,
        "alone": may_release and not others,
        "waits_for_another": locked and mine and others,
        "may_cancel": view.state in (RunState.MAKING, RunState.LOCKED),
        "waits_until": waits_until,
        "fresh": with_second_factor(request),
        "lacks_second_factor": not has_second_factor(request),
        "confirm_url": confirm_url(request, request.path, second_factor=True),
    }
