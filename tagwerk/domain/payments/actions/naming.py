"""A worker's bank knows the account under nearly the same name: the worker says whether that is them."""

from datetime import datetime

from django.db import transaction

from tagwerk.base.errors import NotFound
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.base.secrecy import decrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments.actions.receiving import change_account_holder
from tagwerk.domain.payments.actions.running import withdraw_payouts
from tagwerk.domain.payments.actions.telling import PAYOUTS_PATH
from tagwerk.domain.payments.events import PayeeNameDenied
from tagwerk.domain.payments.models import PayeeCheck, Payout, PayoutMethod
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY


def tell_payee_name(*, payout_id: int) -> None:
    """The worker is asked whether the name that the bank has is theirs; of a hold they hear by the hold."""
    check = PayeeCheck.objects.select_related("payout__run").get(payout_id=payout_id)
    if check.code == NameCheck.CLOSE and check.sealed_name:
        payout = check.payout
        notices.tell(
            person_id=payout.person_id, kind="payee_name_near", link=PAYOUTS_PATH, key=f"payee-name/{payout_id}",
            params={"amount": amount(payout.amount_micros, payout.run.currency)},
        )  # fmt: skip


@transaction.atomic
def answer_bank_name(*, person_id: int, payout_id: int, is_mine: bool, now: datetime) -> None:
    """The worker says whether the bank's name is theirs; if so, it is the account holder's name from now on, else the
    account is not theirs and nothing is paid to it any more."""
    check = (
        PayeeCheck.objects.select_for_update(of=("self",))
        .select_related("payout")
        .filter(
            payout_id=payout_id, payout__person_id=person_id, code=NameCheck.CLOSE.value, answered_at=None
        )
        .first()
    )
    if check is None or not check.sealed_name:
        raise NotFound("payee_check_not_found", "There is nothing to answer.")
    if is_mine:
        change_account_holder(person_id=person_id, holder=decrypted(check.sealed_name)[:70], now=now)
    else:
        _deny(check.payout, now)
    check.answered_at = now
    check.save(update_fields=["answered_at"])


def _deny(payout: Payout, now: datetime) -> None:
    """The account that this payout goes to is somebody else's."""
    code = NameCheck.CLOSE.value
    ended = PayoutMethod.objects.filter(id=payout.method_id or 0, ended_at=None).update(
        ended_at=now, ended_because=code
    )
    if ended:
        withdraw_payouts(person_id=payout.person_id, reason=code, now=now)
    record(PayeeNameDenied(actor_id=payout.person_id, person_id=payout.person_id, payout_id=payout.id))


@transaction.atomic
def tell_name_denied(*, payout_id: int) -> None:
    """The worker hears that their account is out of use; operators, where a payout to it can still be stopped."""
    payout = Payout.objects.select_related("run", "method").get(id=payout_id)
    assert payout.method is not None
    params = {"amount": amount(payout.amount_micros, payout.run.currency)}
    notices.tell(
        person_id=payout.person_id, kind="payout_account_denied", link=PAYOUTS_PATH, key=f"denied/{payout_id}",
        params={"target": payout.method.shown},
    )  # fmt: skip
    if payout.state in ON_ITS_WAY:
        for person_id in accounts.operator_ids():
            notices.tell(
                person_id=person_id, kind="payout_to_a_stranger", key=f"stranger/{payout_id}", params=params,
                link=f"/operator/payouts/{public_id('run', payout.run_id)}/",
            )  # fmt: skip
