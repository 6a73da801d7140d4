"""What the bank says of a file of ours before it pays: rejected payments, and names that do not fit."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.base.secrecy import encrypted
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.kinds import N_
from tagwerk.domain.payments.actions.following import mark_failed, mark_not_paid
from tagwerk.domain.payments.actions.holding import hold_by_rule
from tagwerk.domain.payments.events import PayeeNameDiffers
from tagwerk.domain.payments.models import BankEntry, PayeeCheck, Payout, PayoutRun
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.bank_entries import Meaning, Remark, payout_named, run_of_batch
from tagwerk.domain.payments.rules.bank_files import PaymentStatus, StatusReport
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.payouts import DUPLICATES, ON_ITS_WAY, PayoutState
from tagwerk.domain.payments.rules.rails import Rail

REJECTED = "RJCT"
ACCEPTED = frozenset(
    {"ACTC", "ACCP", "ACSP", "ACSC", "ACWC", "PART"}
)  # the file, or all of it but some payments
NOT_HANDED_OVER = "not_handed_over"


def follow_status(report: StatusReport, now: datetime) -> list[list[str]]:
    """Follow what a bank says of a file and its payments; what is not about ours is told. Repeatable."""
    return [[code.value, about] for code, about in _follow(report, now)]


def _follow(report: StatusReport, now: datetime) -> Iterator[tuple[Remark, str]]:
    run_id = run_of_batch(report.message)
    if run_id is None or not Payout.objects.filter(run_id=run_id, rail=Rail.SEPA.value).exists():
        yield Remark.MESSAGE_UNKNOWN, report.message
        return
    if report.status in ACCEPTED:
        PayoutRun.objects.filter(id=run_id, file_accepted_at=None).update(file_accepted_at=now)
    counted_as_paid: Counter[Remark] = Counter()
    follow = _reject if report.status == REJECTED else _follow_payments
    yield from follow(report, run_id, counted_as_paid, now)
    for remark, count in sorted(counted_as_paid.items()):
        yield remark, f"{report.message}: {count}"
    if counted_as_paid:
        _tell_rejected(report, run_id, counted_as_paid)


def _follow_payments(
    report: StatusReport, run_id: int, counted_as_paid: Counter[Remark], now: datetime
) -> Iterator[tuple[Remark, str]]:
    twice = [one for one in report.payments if one.status == REJECTED and one.reason in DUPLICATES]
    if twice:
        yield Remark.PAYMENTS_DUPLICATE, str(len(twice))
    for payment in report.payments:
        found = _payout_of(payment, run_id)
        if found is None:
            yield Remark.PAYMENT_UNKNOWN, payment.end_to_end
        else:
            counted_as_paid.update(_follow_payment(found, payment, now))


def _payout_of(payment: PaymentStatus, run_id: int) -> Payout | None:
    ref = payout_named(payment.end_to_end)
    return Payout.objects.filter(ref=ref, run_id=run_id).first() if ref else None


def _reject(
    report: StatusReport, run_id: int, counted_as_paid: Counter[Remark], now: datetime
) -> Iterator[tuple[Remark, str]]:
    """The whole file was not taken, which is nobody's account's fault. Every upload of it has the same name: what is
    said of a second one must not give back what the first one pays."""
    duplicate = {report.reason, *(one.reason for one in report.payments)} & DUPLICATES
    if duplicate:
        yield Remark.FILE_DUPLICATE, min(duplicate)
    elif _was_taken(run_id):
        for payment in report.payments:
            if payment.reason and (found := _payout_of(payment, run_id)) is not None:
                counted_as_paid.update(_follow_payment(found, payment, now))
        yield Remark.FILE_REJECTED_LATER, report.reason or "–"
    else:
        states = [*ON_ITS_WAY, PayoutState.PAID]
        for payout in Payout.objects.filter(run_id=run_id, rail=Rail.SEPA.value, state__in=states):
            counted_as_paid.update(_give_back(payout, NOT_HANDED_OVER, now))
        yield Remark.FILE_REJECTED, report.reason or "–"


def _was_taken(run_id: int) -> bool:
    """Whether the bank has taken a file of this run before, as it said or as its entries show."""
    debits = Q(run=run_id) | Q(payout__run=run_id, meaning=Meaning.PAYOUT.value)
    accepted = PayoutRun.objects.filter(id=run_id, file_accepted_at__isnull=False)
    return accepted.exists() or BankEntry.objects.filter(debits).exists()


def _follow_payment(payout: Payout, payment: PaymentStatus, now: datetime) -> list[Remark]:
    if payment.status == REJECTED and payment.reason not in DUPLICATES:
        return _give_back(payout, payment.reason, now)
    if payment.status in (NameCheck.CLOSE, NameCheck.NONE):
        _note_name(payout, NameCheck(payment.status), payment.said, now)
    return []


def _give_back(payout: Payout, reason: str, now: datetime) -> list[Remark]:
    """The bank did not pay it. A remark where it counted as paid: by an operator's word the bank's word ends that, by
    the bank's own entries it does not."""
    if mark_failed(ref=payout.ref, reason=reason, now=now):
        return []
    if mark_not_paid(ref=payout.ref, reason=reason, now=now):
        return [Remark.REJECTED_AFTER_PAID]
    payout.refresh_from_db(fields=["state"])
    return [Remark.REJECTED_THOUGH_PAID] if payout.state == PayoutState.PAID else []


@transaction.atomic
def _tell_rejected(report: StatusReport, run_id: int, counted_as_paid: Counter[Remark]) -> None:
    """Operators hear at once what contradicts their word or a statement; of the same news once."""
    back, payouts = counted_as_paid[Remark.REJECTED_AFTER_PAID], counted_as_paid.total()
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="bank_rejects_paid", params={"payouts": payouts, "back": back},
            link=f"/operator/payouts/{public_id('run', run_id)}/",
            key=f"bank-rejects-paid/{report.message}/{payouts}/{back}",
        )  # fmt: skip


@transaction.atomic
def _note_name(payout: Payout, code: NameCheck, name: str, now: datetime) -> None:
    """A near name is for the worker to confirm; another name holds the payouts of this one person."""
    _check, is_new = PayeeCheck.objects.get_or_create(
        payout=payout,
        defaults={"code": code.value, "sealed_name": encrypted(name) if name else "", "told_at": now},
    )
    if not is_new:
        return
    if code is NameCheck.NONE:
        hold_by_rule(
            person_id=payout.person_id, code=HoldCode.NAME_MISMATCH, now=now,
            reason=N_("The bank says that this account belongs to somebody with another name."),
        )  # fmt: skip
    record(PayeeNameDiffers(person_id=payout.person_id, payout_id=payout.id, code=code.value))
