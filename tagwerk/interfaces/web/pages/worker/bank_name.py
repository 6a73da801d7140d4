"""The name that a worker's bank has for the account."""

from django.http import HttpResponseBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tagwerk.base.ids import row_number
from tagwerk.domain.payments import actions
from tagwerk.interfaces.web.guards import ActorRequest, signed_in
from tagwerk.interfaces.web.pages.worker.task import asking
from tagwerk.interfaces.web.posting import see_other


@require_POST
@signed_in
def answer_name(request: ActorRequest, payout: str) -> HttpResponseBase:
    """The worker says whether it is theirs."""
    is_mine = request.POST.get("answer") == "yes"
    actions.answer_bank_name(
        person_id=asking(request), payout_id=row_number("pay", payout), is_mine=is_mine, now=now()
    )
    said = (
        _("From now on you are paid under this name.")
        if is_mine
        else _("Nothing is paid to this account any more. Enter yours below; a digit may have been wrong.")
    )
    return see_other("payouts", said=said, request=request)
