"""What the bank says of a file of ours before it pays: rejected payments, and names that do not fit."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from tagwerk.base.events import record
from tagwerk.base.secrecy import encrypted
from tagwerk.domain.notices.rules.kinds import N_
from tagwerk.domain.payments.actions.following import mark_failed
from tagwerk.domain.payments.actions.holding import hold_by_rule
from tagwerk.domain.payments.events import PayeeNameDiffers
from tagwerk.domain.payments.models import PayeeCheck, Payout, PayoutRun
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.bank_entries import Remark, payout_named, run_of_batch
from tagwerk.domain.payments.rules.bank_files import PaymentStatus, StatusReport
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.payouts import DUPLICATES, ON_ITS_WAY
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
    if report.status == REJECTED:
        yield _reject(report, run_id, now)
        return
    twice = [one for one in report.payments if one.status == REJECTED and one.reason in DUPLICATES]
    if twice:
        yield Remark.PAYMENTS_DUPLICATE, str(len(twice))
    for payment in report.payments:
        ref = payout_named(payment.end_to_end)
        found = Payout.objects.filter(ref=ref, run_id=run_id).first() if ref else None
        if found is None:
            yield Remark.PAYMENT_UNKNOWN, payment.end_to_end
        else:
            _follow_payment(found, payment, now)


def _reject(report: StatusReport, run_id: int, now: datetime) -> tuple[Remark, str]:
    """The whole file was not taken, which is nobody's account's fault. Every upload of it has the same name: what is
    said of a second one must not give back what the first one pays."""
    duplicate = {report.reason, *(one.reason for one in report.payments)} & DUPLICATES
    if duplicate:
        return Remark.FILE_DUPLICATE, min(duplicate)
    if PayoutRun.objects.filter(id=run_id, file_accepted_at__isnull=False).exists():
        for payment in report.payments:
            ref = payout_named(payment.end_to_end)
            found = Payout.objects.filter(ref=ref, run_id=run_id).first() if ref and payment.reason else None
            if found is not None:
                _follow_payment(found, payment, now)
        return Remark.FILE_REJECTED_LATER, report.reason or "–"
    for payout in Payout.objects.filter(run_id=run_id, rail=Rail.SEPA.value, state__in=list(ON_ITS_WAY)):
        mark_failed(ref=payout.ref, reason=NOT_HANDED_OVER, now=now)
    return Remark.FILE_REJECTED, report.reason or "–"


def _follow_payment(payout: Payout, payment: PaymentStatus, now: datetime) -> None:
    if payment.status == REJECTED:
        if payment.reason in DUPLICATES:
            return
        mark_failed(ref=payout.ref, reason=payment.reason, now=now)
    elif payment.status in (NameCheck.CLOSE, NameCheck.NONE):
        _note_name(payout, NameCheck(payment.status), payment.said, now)


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
