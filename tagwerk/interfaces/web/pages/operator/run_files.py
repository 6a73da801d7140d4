"""How the money of a released run leaves: files to download, and what an operator says of them."""

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tagwerk.base.errors import NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.queries import payouts as queries
from tagwerk.domain.payments.queries.naming import names_in_run
from tagwerk.domain.payments.queries.payouts import PayoutView, RunSums, RunView
from tagwerk.domain.payments.queries.rail_files import RailFile, manual_file, sepa_file
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY, PayoutState
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.interfaces.web.guards import ActorRequest, operator_only
from tagwerk.interfaces.web.posting import see_other


@require_safe
@operator_only
def run_sepa(request: ActorRequest, run: str) -> HttpResponseBase:
    """The file for the bank."""
    kinds = request.GET.getlist("kind")
    file = sepa_file(
        request.actor, row_number("run", run), instant="instant" in kinds, single="single" in kinds
    )
    return _download(file)


@require_safe
@operator_only
def run_list(request: ActorRequest, run: str) -> HttpResponseBase:
    """Whom to pay by hand."""
    return _download(manual_file(request.actor, row_number("run", run)))


def _download(file: RailFile) -> HttpResponseBase:
    response = StreamingHttpResponse(file.pieces, content_type=f"{file.kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@operator_only
def run_paid(request: ActorRequest, run: str) -> HttpResponseBase:
    """All payouts of a rail, or one of them, are paid; or one is taken out."""
    view = queries.run_for(request.actor, row_number("run", run))
    payout = request.POST.get("payout", "")
    if request.POST.get("step") == "take_out":
        actions.take_out_payout(actor=request.actor, payout_id=row_number("pay", payout), now=now())
        return see_other(
            "operator_run", run, said=_("Taken out: the money is in the balance again."), request=request
        )
    if request.POST.get("step") == "came_back":
        actions.say_payout_came_back(actor=request.actor, payout_id=row_number("pay", payout), now=now())
        return see_other(
            "operator_run", run, said=_("It came back: the money is in the balance again."), request=request
        )
    rail = request.POST.get("rail", "")
    if rail not in (Rail.SEPA.value, Rail.MANUAL.value):
        raise NotFound("page_not_found", "There is nothing here.")
    count = actions.mark_paid_by_hand(
        actor=request.actor,
        run_id=view.id,
        rail=Rail(rail),
        payout_ids=[row_number("pay", payout)] if payout else None,
        now=now(),
    )
    said = ngettext("{n} payout is marked as paid.", "{n} payouts are marked as paid.", count).format(n=count)
    return see_other("operator_run", run, said=said, request=request)


def steps_of(one: PayoutView) -> list[tuple[str, str]]:
    """What an operator can say of one payout that leaves by a file."""
    if one.rail not in (Rail.SEPA, Rail.MANUAL):
        return []
    if one.state is PayoutState.PAID:
        return [("came_back", _("It came back"))]
    if one.state is not PayoutState.SUBMITTED:
        return []
    return [("paid", _("Paid")), ("take_out", _("Take it out"))]


def files_of(request: ActorRequest, view: RunView, sums: RunSums) -> dict[str, Any]:
    """What the run's page shows of them."""
    if view.released_at is None:
        return {}
    names = names_in_run(request.actor, view.id)
    people = accounts.names_of({one.person_id for one in names})
    return {
        "has_sepa": Rail.SEPA in sums.by_rail,
        "has_manual": Rail.MANUAL in sums.by_rail,
        "has_paypal": Rail.PAYPAL in sums.by_rail,
        "any_on_its_way": any(state in sums.by_state for state in ON_ITS_WAY),
        "names": [
            (one, public_id("pay", one.payout_id), people.get(one.person_id, ""), one.code is NameCheck.NONE)
            for one in names
        ],
    }
