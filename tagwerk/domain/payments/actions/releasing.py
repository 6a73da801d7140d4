"""The second pair of eyes: a run leaves only if it adds up, and another operator than its maker says so."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery, Sum

from tagwerk.base.errors import Conflict, NotAllowed
from tagwerk.base.events import record
from tagwerk.base.money import plain
from tagwerk.base.providers import provider
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.payments.actions.bank_names import look_at_names
from tagwerk.domain.payments.actions.running import locked_run, withdraw_from_ended_accounts
from tagwerk.domain.payments.actions.two_people import acts_alone
from tagwerk.domain.payments.events import PayoutRunConfirmed, PayoutRunEnded, PayoutRunReleased
from tagwerk.domain.payments.models import Payout, PayoutProfile, PayoutRun
from tagwerk.domain.payments.queries.payer import payer, payer_in_files
from tagwerk.domain.payments.rules.entries import leaves_from, run_event
from tagwerk.domain.payments.rules.payouts import PayoutState, RunState
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.payments.rules.sepa import writable_name

log = logging.getLogger(__name__)


@transaction.atomic
def confirm_run(*, actor: Actor, run_id: int) -> None:
    """An operator stands for a run that the schedule made, as if they had made it; another one releases it."""
    require_operator(actor)
    run = locked_run(run_id)
    if run.made_by_id == actor.person_id:
        return
    if run.made_by_id is not None:
        raise Conflict("run_confirmed", "Somebody stands for this run already; you can release it.")
    _require_state(run, RunState.MAKING, RunState.LOCKED)
    run.made_by_id = actor.person_id
    run.save(update_fields=["made_by_id"])
    record(PayoutRunConfirmed(actor_id=actor.person_id, run_id=run_id))


def release_run(*, actor: Actor, run_id: int, now: datetime, with_second_factor: bool) -> None:
    """Let the money of a run leave. `with_second_factor`: whether the actor has just shown one.

    Refuses who made the run while there is a second operator, and a run whose payouts, total and book differ. What
    would go to an account out of use is taken out first.
    """
    require_operator(actor)
    # In transactions of its own: it locks runs after the key of planning, and what follows locks the run first.
    withdraw_from_ended_accounts(now=now)
    _release(actor, run_id, now, with_second_factor)


@transaction.atomic
def _release(actor: Actor, run_id: int, now: datetime, with_second_factor: bool) -> None:
    run = locked_run(run_id)
    if run.released_at is not None and run.released_by_id == actor.person_id:
        return
    _require_state(run, RunState.LOCKED)
    alone = acts_alone(
        actor=actor, first_id=run.made_by_id, now=now, with_second_factor=with_second_factor,
        unconfirmed=NotAllowed(
            "run_not_confirmed",
            "The schedule made this run: one operator confirms it, another one releases it.",
        ),
        own=NotAllowed(
            "own_run", "You made this run, so another operator has to release it; you can still cancel it."
        ),
    )  # fmt: skip
    _require_sums(run)
    _require_accounts(run)
    _require_right_book(run)
    _require_senders(run)
    payouts = Payout.objects.filter(run=run, state=PayoutState.LOCKED.value)
    submitted = payouts.update(state=PayoutState.SUBMITTED.value, submitted_at=now)
    run.state, run.released_at, run.released_by_id = RunState.RELEASED, now, actor.person_id
    run.released_alone, run.payer = alone, payer_in_files()
    if not submitted:
        run.state, run.ended_at = RunState.DONE, now
    run.save(update_fields=["state", "released_at", "released_by_id", "released_alone", "payer", "ended_at"])
    record(PayoutRunReleased(actor_id=actor.person_id, run_id=run_id, alone=alone))
    if not submitted:
        record(PayoutRunEnded(run_id=run_id))


def _require_state(run: PayoutRun, *states: RunState) -> None:
    if run.state not in states:
        raise Conflict("run_not_ready", "This run has moved on since you looked at it; look at it again.")


def _require_sums(run: PayoutRun) -> None:
    """The run's total, its payouts and what the book holds for it are one number, or nothing leaves."""
    in_book = {
        code: (held.transfers, held.micros) for code, held in ledger.held_by(run_event(run.id)).items()
    }
    listed: dict[str, tuple[int, int]] = {}
    payouts = Payout.objects.filter(run=run, state=PayoutState.LOCKED.value)
    for rail, count, micros in (
        payouts.values("rail").annotate(n=Count("id"), s=Sum("amount_micros")).values_list("rail", "n", "s")
    ):
        code = leaves_from(Rail(rail), run.currency).code
        before = listed.get(code, (0, 0))
        listed[code] = (before[0] + count, before[1] + micros)
    withdrawn = Payout.objects.filter(run=run, state=PayoutState.WITHDRAWN.value).aggregate(
        n=Count("id"), s=Sum("amount_micros")
    )
    total = (
        (run.payouts or 0) - (withdrawn["n"] or 0),
        (run.sum_micros or 0) - (withdrawn["s"] or 0),
    )
    sums = (sum(n for n, _ in listed.values()), sum(s for _, s in listed.values()))
    if listed == in_book and sums == total:
        return
    held = sum(micros for _, micros in in_book.values())
    log.critical("Run %s does not add up: total %s, payouts %s, book %s", run.id, total, listed, in_book)
    raise Conflict(
        "run_does_not_add_up",
        "Nothing was released: the run’s total is {total}, its payouts add up to {payouts}, and the book holds {book}. "
        "Cancel this run, and look at “tagwerk ledger verify”.",
        total=plain(total[1]),
        payouts=plain(sums[1]),
        book=plain(held),
    )


def _require_accounts(run: PayoutRun) -> None:
    """Somebody's account went out of use this very moment: nothing may follow to it."""
    payouts = Payout.objects.filter(run=run, state=PayoutState.LOCKED.value)
    if payouts.filter(method__ended_at__isnull=False).exists():
        raise Conflict("run_not_ready", "This run has moved on since you looked at it; look at it again.")


def _require_right_book(run: PayoutRun) -> None:
    """While accounts differ from their transfers, or from what was sealed, nobody can say what anybody is owed."""
    wrong, accounts_wrong = ledger.drift_micros(), [each.account for each in ledger.wrong_accounts()]
    if wrong or accounts_wrong:
        log.critical(
            "Run %s was not released: the book is wrong by %s micros, and in %s",
            run.id,
            wrong,
            accounts_wrong,
        )
        raise Conflict(
            "book_wrong",
            "Nothing was released: accounts of the book differ from their transfers, their seals or the chart. “tagwerk ledger verify” names them.",
        )


def _require_senders(run: PayoutRun) -> None:
    """A file for the bank needs to say whose account it is, and PayPal needs to be reached."""
    rails = set(
        Payout.objects.filter(run=run, state=PayoutState.LOCKED.value)
        .values_list("rail", flat=True)
        .distinct()
    )
    company = payer()
    if Rail.SEPA.value in rails and not (company.name and company.iban):
        raise Conflict(
            "payer_incomplete",
            "A file for the bank needs your company’s name and IBAN; fill them in first.",
        )
    if Rail.SEPA.value in rails:
        writable_name(company.name)
        _require_names(run)
    if Rail.PAYPAL.value in rails and not provider("paypal").is_set_up:
        raise Conflict(
            "paypal_not_set_up",
            "Payouts of this run go by PayPal, which is not set up any more. Set it up again, or cancel this run: the next one leaves them out.",
        )


def _require_names(run: PayoutRun) -> None:
    """Whose name a bank's file cannot say would stop the file of everybody else."""
    look_at_names()
    newest = PayoutProfile.objects.filter(person_id=OuterRef("person_id")).order_by("-id")
    wrong = (
        Payout.objects.filter(run=run, state=PayoutState.LOCKED.value, rail=Rail.SEPA.value)
        .annotate(fits=Subquery(newest.values("bank_name_fits")[:1]))
        .filter(fits=False)
        .values_list("person_id", flat=True)
    )
    if wrong:
        names = accounts.names_of(set(wrong[:10]))
        raise Conflict(
            "names_unwritable",
            "Nothing was released: a file for the bank cannot say the account holders’ names of {people} people, among "
            "them {names}. Hold their payouts, or cancel this run: the next one leaves them out, and they are told.",
            people=len(wrong),
            names=", ".join(sorted(names.values())),
        )
