"""People are told about their payouts, and operators about runs that wait."""

from django.db import transaction

from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount, date, message
from tagwerk.domain.payments.actions.receiving import confirm_path
from tagwerk.domain.payments.models import Payout, PayoutHold, PayoutMethod, PayoutRun
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY, LeftOut, PayoutState
from tagwerk.domain.payments.rules.reasons import HOLD_WORDS, reason_of

PAYOUTS_PATH = "/work/payouts/"
EARNINGS_PATH = "/work/earnings/"
CHUNK = 500  # people told in one transaction


def tell_method_asked(*, method_id: int) -> None:
    """The mail with the link that confirms where pay goes."""
    method = PayoutMethod.objects.get(id=method_id)
    if method.ended_at is None:
        notices.tell(
            person_id=method.person_id, kind="payout_method_asked", params={"target": method.shown},
            link=confirm_path(method_id), key=f"payout-method-asked/{method_id}",
        )  # fmt: skip


def tell_method_confirmed(*, method_id: int) -> None:
    """Whoever's pay goes elsewhere from now on hears of it, whatever mail they take."""
    method = PayoutMethod.objects.get(id=method_id)
    if method.usable_at is not None:
        notices.tell(
            person_id=method.person_id, kind="payout_method_confirmed",
            params={"target": method.shown, "usable": date(method.usable_at)},
            link=PAYOUTS_PATH, key=f"payout-method/{method_id}",
        )  # fmt: skip


def tell_hold(*, hold_id: int) -> None:
    """Why somebody's payouts wait, and until when at the latest."""
    hold = PayoutHold.objects.get(id=hold_id)
    params = {
        "why": message(HOLD_WORDS[hold.code]), "until": date(hold.until),
        "reason": message(hold.reason) if hold.by_rule else hold.reason,
    }  # fmt: skip
    notices.tell(
        person_id=hold.person_id, kind="payouts_held_by_rule" if hold.by_rule else "payouts_held", params=params,
        link=PAYOUTS_PATH, key=f"hold/{hold_id}",
    )  # fmt: skip


def tell_freed(*, hold_id: int) -> None:
    """A hold ended before its time."""
    hold = PayoutHold.objects.get(id=hold_id)
    notices.tell(
        person_id=hold.person_id, kind="payouts_freed", params={}, link=EARNINGS_PATH, key=f"freed/{hold_id}"
    )


@transaction.atomic
def tell_names_unwritable(*, run_id: int) -> None:
    """Whoever a run leaves out because a bank's file cannot say their name hears what to do."""
    for row in Payout.objects.filter(
        run_id=run_id, state=PayoutState.LEFT_OUT.value, reason=LeftOut.NAME.value
    ):
        notices.tell(
            person_id=row.person_id, kind="payout_name_unwritable", params={}, link=PAYOUTS_PATH,
            key=f"payout-name/{row.id}",
        )  # fmt: skip


@transaction.atomic
def tell_run_waits(*, run_id: int) -> None:
    """Operators hear that a run waits, except who made it."""
    run = PayoutRun.objects.get(id=run_id)
    if not run.payouts:
        return
    params = {"amount": amount(run.sum_micros or 0, run.currency), "people": run.payouts}
    link = f"/operator/payouts/{public_id('run', run_id)}/"
    for person_id in accounts.operator_ids():
        if person_id != run.made_by_id or len(accounts.operator_ids()) == 1:
            notices.tell(
                person_id=person_id, kind="payout_run_waits", params=params, link=link, key=f"run/{run_id}"
            )


def tell_released(*, run_id: int) -> None:
    """Everybody whom a run pays hears that money is on its way; who was told before a crash is not told twice."""
    last = 0
    while people := _tell_released_after(run_id, last):
        last = people[-1]


@transaction.atomic
def _tell_released_after(run_id: int, last: int) -> list[int]:
    rows = list(
        Payout.objects.filter(run_id=run_id, id__gt=last, state__in=[*ON_ITS_WAY, PayoutState.PAID])
        .select_related("run", "method")
        .order_by("id")[:CHUNK]
    )
    for row in rows:
        assert row.method is not None
        notices.tell(
            person_id=row.person_id, kind="payout_on_its_way",
            params={"amount": amount(row.amount_micros, row.run.currency), "target": row.method.shown},
            link=EARNINGS_PATH, key=f"payout/{row.id}",
        )  # fmt: skip
    return [row.id for row in rows]


@transaction.atomic
def tell_paid_after_all(*, payout_id: int) -> None:
    """Operators hear that a rail says it paid what was given back: the worker may have it twice."""
    row = Payout.objects.select_related("run").get(id=payout_id)
    link = f"/operator/people/{public_id('per', row.person_id)}/payouts/"
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="payout_paid_after_all", link=link, key=f"paid-after-all/{payout_id}",
            params={"amount": amount(row.amount_micros, row.run.currency)},
        )  # fmt: skip


def tell_came_back(*, payout_id: int) -> None:
    """A payout came back: why, and what to do about it."""
    row = Payout.objects.select_related("run").get(id=payout_id)
    reason = reason_of(row.reason)
    params = {
        "amount": amount(row.amount_micros, row.run.currency), "why": message(reason.why),
        "what_to_do": message(reason.what_to_do),
    }  # fmt: skip
    notices.tell(
        person_id=row.person_id, kind="payout_came_back", params=params, link=PAYOUTS_PATH,
        key=f"payout-back/{payout_id}",
    )  # fmt: skip
