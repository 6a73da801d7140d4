"""Pay for entry tests: held in the book when an attempt begins, paid when it ends, given back where it does not."""

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from tagwerk.base.errors import Conflict
from tagwerk.base.money import fee_micros
from tagwerk.domain.academy import actions as academy
from tagwerk.domain.academy import queries as academy_queries
from tagwerk.domain.academy.queries import PaidAttempt
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Account, Entry, available, fee_income, prepaid, training, transfer_id
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.work.models import TestPay
from tagwerk.domain.work.queries.paid_tests import ends_a_pause

CODE = "test_pay"
HELD_HOURS = (
    24  # an attempt that takes longer is not paid: who begins and leaves keeps nobody else from it for long
)
MOST_FREED = 500  # in one go


@transaction.atomic
def start_attempt(*, actor: Actor, test_id: int) -> int:
    """Begin an attempt at an entry test, or go on with the one under way; its pay is held from now on. Returns its id."""
    attempt_id = academy.start_attempt(
        actor=actor, test_id=test_id, is_waited_for=ends_a_pause(actor.person_id or 0, test_id)
    )
    found = academy_queries.attempt_pay(attempt_id)
    if found.pay is None or not found.is_new or TestPay.objects.filter(attempt_id=attempt_id).exists():
        return attempt_id
    assert actor.person_id is not None, "an attempt is a person's"
    # The room of knowledge holds the test's lock: two who start at once are counted one after the other.
    promised = TestPay.objects.filter(test_id=test_id).exclude(paid=False, ended_at__isnull=False).count()
    if promised >= found.pay.paid_attempts:
        raise Conflict(
            "test_pay_used_up",
            "So many attempts as this test pays have been made. It is offered again once more of them are paid.",
        )
    _hold(found, actor.person_id, now=timezone.now())
    return attempt_id


@transaction.atomic
def finish_attempt(*, actor: Actor, attempt_id: int) -> academy.Finished:
    """Score an attempt, and pay it where its score is high enough to be paid."""
    finished = academy.finish_attempt(actor=actor, attempt_id=attempt_id)
    row = TestPay.objects.select_for_update().filter(attempt_id=attempt_id, ended_at=None).first()
    if row is not None:
        _end(row, paid=academy_queries.earns_pay(attempt_id), now=timezone.now())
    return finished


def free_held_test_pay(*, now: datetime) -> int:
    """Give back what is held for attempts that were not finished within a day; how many."""
    old = TestPay.objects.filter(ended_at=None, held_at__lt=now - timedelta(hours=HELD_HOURS))
    freed, errors = 0, []
    for number in list(old.order_by("id").values_list("id", flat=True)[:MOST_FREED]):
        try:
            freed += _free(number, now=now)
        except Exception as error:
            error.add_note(f"at test pay {number}")
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some pay for entry tests could not be given back.", errors)
    return freed


@transaction.atomic
def _free(number: int, *, now: datetime) -> bool:
    """Each in a transaction of its own: who has locked accounts for one does not wait for the money of another."""
    row = TestPay.objects.select_for_update(skip_locked=True).filter(id=number, ended_at=None).first()
    if row is not None:
        _end(row, paid=False, now=now)
    return row is not None


def _hold(found: PaidAttempt, person_id: int, *, now: datetime) -> None:
    assert found.pay is not None, "somebody asked"
    reward, currency = found.pay.pay_micros, found.pay.currency
    fee = 0
    if found.organisation_id is not None:
        fee = fee_micros(reward, accounts.fee_of(found.organisation_id).fee_bp)
        payments.lend(
            organisation_id=found.organisation_id, currency=currency, needed_micros=reward + fee,
            key=f"test/{found.id}",
        )  # fmt: skip
    row = TestPay.objects.create(
        attempt_id=found.id, test_id=found.test_id, worker_id=person_id, organisation_id=found.organisation_id,
        currency=currency, reward_micros=reward, fee_micros=fee, held_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            ledger.transfer(entries=_entries(row, "pending"))
    except Conflict as refusal:
        if refusal.code != "not_enough_money":
            raise
        raise Conflict(
            "test_money_missing",
            "There is no money for this test at the moment, so nobody can take it. Try again later.",
        ) from None


def _end(row: TestPay, *, paid: bool, now: datetime) -> None:
    """Pay what is held, or give it back: then it repays what was lent for it."""
    if not paid and row.organisation_id is not None:
        payments.lock_money_of(organisation_id=row.organisation_id)  # before any account
    ledger.transfer(entries=_entries(row, "post" if paid else "void"))
    row.paid, row.ended_at = paid, now
    row.save(update_fields=["paid", "ended_at"])
    if not paid and row.organisation_id is not None:
        payments.repay(
            organisation_id=row.organisation_id, currency=row.currency, key=f"test/{row.attempt_id}"
        )


def _entries(row: TestPay, kind: Literal["pending", "post", "void"]) -> list[Entry]:
    """Pay and fee, held or resolved."""
    source = (
        training(row.currency) if row.organisation_id is None else prepaid(row.organisation_id, row.currency)
    )
    parts: list[tuple[str, Account, int, str]] = [
        ("pay", available(row.worker_id, row.currency), row.reward_micros, CODE),
        ("fee", fee_income(row.currency), row.fee_micros, "fee"),
    ]
    return [
        Entry(
            id=transfer_id("test", row.attempt_id, part, "hold" if kind == "pending" else "end"),
            event=transfer_id("test", row.attempt_id), kind=kind, debit=source.code, credit=target.code,
            amount_micros=micros, currency=row.currency, code=code,
            pending_id=None if kind == "pending" else transfer_id("test", row.attempt_id, part, "hold"),
            ref_type="test_attempt", ref_id=str(row.attempt_id),
        )
        for part, target, micros, code in parts
        if micros
    ]  # fmt: skip
