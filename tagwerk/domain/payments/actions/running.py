"""A payout run is made and set aside in the book, or called off. Every step can die and be taken up again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.utils import IntegrityError

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.base.providers import provider
from tagwerk.domain.accounts.rules import Actor, currency_code, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as ledger_queries
from tagwerk.domain.payments.actions.bank_names import look_at_names
from tagwerk.domain.payments.actions.following import CHUNK, paying
from tagwerk.domain.payments.events import (
    PayoutRunCancelled,
    PayoutRunEnded,
    PayoutRunLocked,
    PayoutRunMade,
    PayoutWithdrawn,
)
from tagwerk.domain.payments.models import Payout, PayoutRun
from tagwerk.domain.payments.queries.due import due_micros
from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.payments.rules import entries
from tagwerk.domain.payments.rules.payer import smallest_payout
from tagwerk.domain.payments.rules.payouts import (
    OPEN_RUNS,
    LeftOut,
    PayoutState,
    RunState,
    last_cutoff,
    run_time,
)
from tagwerk.domain.payments.rules.rails import Rail, carries, smallest_micros

PLANNING = 7_340_022  # key of the lock


def make_run(
    *, actor: Actor, currency: str, now: datetime, cutoff_at: datetime | None = None, now_due: bool = False
) -> int:
    """An operator makes a run that pays what was booked before `cutoff_at`: last Monday 00:00, or with `now_due` all
    that there is. What it pays whom is written down here; setting it aside in the book is `lock_run`."""
    require_operator(actor)
    when = cutoff_at or (now if now_due else last_cutoff(now, payer().time_zone))
    if when > now:
        raise Invalid("cutoff_ahead", "This week is not over; a run pays what is past.", path="cutoff_at")
    return _make(actor.person_id, currency_code(currency), when, now)


def make_weekly_runs(*, now: datetime) -> list[int]:
    """On Tuesdays, a run for the week before in each currency in which anybody has money; those that are new."""
    cutoff = last_cutoff(now, payer().time_zone)
    if now < run_time(cutoff, payer().time_zone):
        return []
    there = [currency for currency, _people, _micros in ledger_queries.sums_of_workers()]
    made = PayoutRun.objects.filter(cutoff_at=cutoff).exclude(state=RunState.CANCELLED)
    open_ones = PayoutRun.objects.filter(state__in=OPEN_RUNS)
    without = (
        set(there)
        - set(made.values_list("currency", flat=True))
        - set(open_ones.values_list("currency", flat=True))
    )
    return [_make(None, currency, cutoff, now) for currency in sorted(without)]


@transaction.atomic
def _make(made_by_id: int | None, currency: str, cutoff_at: datetime, now: datetime) -> int:
    _one_at_a_time()
    facts = {
        "currency": currency, "cutoff_at": cutoff_at, "through_seq": ledger_queries.settled_before(cutoff_at),
        "minimum_micros": smallest_payout(payer().minimum_micros, currency), "made_by_id": made_by_id, "made_at": now,
    }  # fmt: skip
    try:
        with transaction.atomic():
            run = PayoutRun.objects.create(**facts)
    except IntegrityError:
        raise Conflict(
            "run_exists",
            "There is such a run already, or one in {currency} waits to be released; look at it first.",
            currency=currency,
        ) from None
    _plan(run, now)
    record(PayoutRunMade(actor_id=made_by_id, run_id=run.id))
    return run.id


def _one_at_a_time() -> None:
    """Planning a run and taking somebody out of runs wait for each other: else a hold that is not committed yet would
    miss a run that is not committed yet, and neither would see the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLANNING])


def _plan(run: PayoutRun, now: datetime) -> None:
    """Write down whom the run pays, and who is left out why: everybody who has money is in it once."""
    look_at_names()
    due = due_micros(run.currency, through_seq=run.through_seq, cutoff_at=run.cutoff_at)
    carrying = [rail for rail in Rail if carries(rail, run.currency)]
    values: dict[str, Any] = {
        "run": run.id, "people": list(due), "due": list(due.values()), "now": now, "minimum": run.minimum_micros,
        "rails": [rail.value for rail in carrying],
        "units": [smallest_micros(rail, run.currency) for rail in carrying],
        "unit": smallest_micros(Rail.MANUAL, run.currency), "asks_tax_data": payer().asks_tax_data,
        "paypal": provider("paypal").is_set_up,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, values)


def lock_run(*, run_id: int, now: datetime) -> bool:
    """Set aside what the run plans to pay, some at a time; whether all of it is set aside now."""
    while (left := _lock_next(run_id, now)) > 0:
        pass
    return left == 0


@transaction.atomic
def _lock_next(run_id: int, now: datetime) -> int:
    """How many payouts were looked at; 0 when all is set aside, −1 where the run is past that."""
    run = locked_run(run_id)
    if run.state != RunState.MAKING:
        return -1
    rows = list(
        Payout.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(run=run, state=PayoutState.PLANNED.value)
        .order_by("id")[:CHUNK]
    )
    if not rows:
        _all_locked(run, now)
        return 0
    for part, state, reason in _set_aside(rows):
        Payout.objects.filter(id__in=[row.id for row in part]).update(state=state.value, reason=reason)
    return len(rows)


def _set_aside(rows: list[Payout]) -> list[tuple[list[Payout], PayoutState, str]]:
    """All at once; where somebody has less by now, one by one, and they are left out."""
    try:
        ledger.transfer(entries=[entries.set_aside(paying(row)) for row in rows])
    except Conflict as refusal:
        if refusal.code != "not_enough_money":
            raise
        if len(rows) == 1:
            return [(rows, PayoutState.LEFT_OUT, LeftOut.BALANCE_CHANGED.value)]
        half = len(rows) // 2
        return _set_aside(rows[:half]) + _set_aside(rows[half:])
    return [(rows, PayoutState.LOCKED, "")]


def _all_locked(run: PayoutRun, now: datetime) -> None:
    amounts = list(
        Payout.objects.filter(run=run, state=PayoutState.LOCKED.value).values_list("amount_micros", flat=True)
    )
    run.state, run.locked_at = RunState.LOCKED.value, now
    run.payouts, run.sum_micros = len(amounts), sum(amounts)
    run.save(update_fields=["state", "locked_at", "payouts", "sum_micros"])
    if amounts:
        record(PayoutRunLocked(run_id=run.id))
    else:
        _end_unreleased(run, now)


def _end_unreleased(run: PayoutRun, now: datetime) -> None:
    """A run that pays nobody waits for nobody: it would stand in the way of the next one."""
    run.state, run.ended_at = RunState.DONE.value, now
    run.save(update_fields=["state", "ended_at"])
    record(PayoutRunEnded(run_id=run.id))


@transaction.atomic
def cancel_run(*, actor: Actor, run_id: int) -> None:
    """Call a run off before it is released; what was set aside goes back by `give_back_run`."""
    require_operator(actor)
    run = locked_run(run_id)
    if run.state in (RunState.CANCELLING, RunState.CANCELLED):
        return
    if run.state not in (RunState.MAKING, RunState.LOCKED):
        raise Conflict("run_released", "This run was released; its money is on its way.")
    run.state = RunState.CANCELLING.value
    run.save(update_fields=["state"])
    record(PayoutRunCancelled(actor_id=actor.person_id, run_id=run_id))


def give_back_run(*, run_id: int, now: datetime) -> None:
    """Give back what a run that was called off had set aside, some at a time."""
    while _give_back_next(run_id, now):
        pass


@transaction.atomic
def _give_back_next(run_id: int, now: datetime) -> bool:
    run = locked_run(run_id)
    if run.state != RunState.CANCELLING:
        return False
    planned_or_locked = [PayoutState.PLANNED.value, PayoutState.LOCKED.value]
    rows = list(
        Payout.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(run=run, state__in=planned_or_locked)
        .order_by("id")[:CHUNK]
    )
    if not rows:
        run.state, run.ended_at = RunState.CANCELLED.value, now
        run.save(update_fields=["state", "ended_at"])
        return False
    locked = [row for row in rows if row.state == PayoutState.LOCKED]
    ledger.transfer(entries=[entries.given_back(paying(row)) for row in locked])
    Payout.objects.filter(id__in=[row.id for row in rows]).update(
        state=PayoutState.WITHDRAWN.value, reason="run_cancelled", settled_at=now
    )
    return True


@transaction.atomic
def withdraw_payouts(*, person_id: int, reason: str, now: datetime, actor_id: int | None = None) -> int:
    """Take a person's payouts out of runs that have not been released; how many. The caller has written before why."""
    _one_at_a_time()
    runs = PayoutRun.objects.select_for_update().filter(state__in=[RunState.MAKING, RunState.LOCKED])
    open_runs = list(runs.order_by("id"))
    rows = list(
        Payout.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(run__in=open_runs, person_id=person_id)
        .filter(state__in=[PayoutState.PLANNED.value, PayoutState.LOCKED.value])
    )
    locked = [row for row in rows if row.state == PayoutState.LOCKED]
    ledger.transfer(entries=[entries.given_back(paying(row)) for row in locked])
    making = {run.id for run in open_runs if run.state == RunState.MAKING}
    for row in rows:
        _take_out(row, reason, now, still_making=row.run_id in making)
        record(PayoutWithdrawn(actor_id=actor_id, payout_id=row.id, run_id=row.run_id, reason=reason))
    for run in open_runs:
        left = Payout.objects.filter(run=run, state=PayoutState.LOCKED.value)
        if run.state == RunState.LOCKED and not left.exists():
            _end_unreleased(run, now)
    return len(rows)


def _take_out(row: Payout, reason: str, now: datetime, *, still_making: bool) -> None:
    """While the run is being made, it is left out; later, its total counts it, and it is withdrawn."""
    if still_making:
        row.state, row.carried_micros, row.amount_micros = (
            PayoutState.LEFT_OUT.value, row.carried_micros + row.amount_micros, 0,
        )  # fmt: skip
    else:
        row.state, row.settled_at = PayoutState.WITHDRAWN.value, now
    row.reason = reason
    row.save(update_fields=["state", "reason", "settled_at", "amount_micros", "carried_micros"])


def withdraw_from_ended_accounts(*, now: datetime) -> int:
    """Take out of runs that have not been released what would go to an account out of use, such as one from which a
    payout has come back since; how many. Whoever ends an account by the bank's word holds locks of the book then, so
    this comes after."""
    waiting = (
        Payout.objects.filter(run__state__in=[RunState.MAKING, RunState.LOCKED])
        .filter(
            state__in=[PayoutState.PLANNED.value, PayoutState.LOCKED.value], method__ended_at__isnull=False
        )
        .order_by("id")
    )
    reasons = dict(waiting.values_list("person_id", "method__ended_because"))
    return sum(
        withdraw_payouts(person_id=person_id, reason=reason or LeftOut.METHOD_MISSING.value, now=now)
        for person_id, reason in reasons.items()
    )


def tend_runs(*, now: datetime) -> None:
    """Take up what a process left lying: runs that are being made or called off, and payouts to accounts that are out
    of use by now."""
    withdraw_from_ended_accounts(now=now)
    states: Iterable[tuple[int, str]] = PayoutRun.objects.filter(
        state__in=[RunState.MAKING, RunState.CANCELLING]
    ).values_list("id", "state")
    for run_id, state in states:
        if state == RunState.MAKING:
            lock_run(run_id=run_id, now=now)
        else:
            give_back_run(run_id=run_id, now=now)


def locked_run(run_id: int) -> PayoutRun:
    """The row of a run, locked: one thing happens to a run at a time."""
    run = PayoutRun.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise NotFound("run_not_found", "There is no such run.")
    return run


# Whoever has closed their account is paid to the last unit. A statement begins where the one before ended.
# Each step is carried out once and to its end: put into one another, what is looked up of a worker would be looked up for
# each column, and `payout` would be read again and again while it grows.
_PLAN = """
WITH due AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(due)s::bigint[]) d (person_id, micros)
), rail AS (
    SELECT * FROM unnest(%(rails)s::text[], %(units)s::bigint[]) r (name, unit)
), known AS MATERIALIZED (
    SELECT d.person_id, d.micros, m.id AS method_id, coalesce(m.rail, '') AS rail, r.unit,
        d.micros - d.micros %% coalesce(r.unit, %(unit)s) AS amount,
        CASE WHEN p.is_active THEN greatest(%(minimum)s, 1) ELSE 1 END AS least_micros,
        (SELECT f.tax_data_complete FROM payout_profile f WHERE f.person_id = d.person_id ORDER BY f.id DESC LIMIT 1)
            AS tax_data_complete, m.usable_at,
        (SELECT f.bank_name_fits FROM payout_profile f WHERE f.person_id = d.person_id ORDER BY f.id DESC LIMIT 1)
            AS bank_name_fits,
        (SELECT h.code FROM payout_hold h WHERE h.person_id = d.person_id AND h.ended_at IS NULL AND h.until > %(now)s
            ORDER BY h.id LIMIT 1) AS held,
        coalesce((SELECT max(u.through_seq) FROM payout o JOIN payout_run u ON u.id = o.run_id
            WHERE o.person_id = d.person_id AND u.currency = (SELECT currency FROM payout_run WHERE id = %(run)s)
                AND o.state NOT IN ('left_out', 'withdrawn')), 0) AS from_seq
    FROM due d JOIN person p ON p.id = d.person_id
    LEFT JOIN payout_method m ON m.person_id = d.person_id AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
    LEFT JOIN rail r ON r.name = m.rail
), judged AS MATERIALIZED (
    SELECT *, CASE
        WHEN amount < least_micros THEN 'below_minimum'
        WHEN held IS NOT NULL THEN held
        WHEN tax_data_complete IS NULL THEN 'profile_missing'
        WHEN %(asks_tax_data)s AND NOT tax_data_complete THEN 'tax_data_missing'
        WHEN method_id IS NULL THEN 'method_missing'
        WHEN rail = 'sepa' AND NOT bank_name_fits THEN 'name_unwritable'
        WHEN unit IS NULL THEN 'currency_not_carried'
        WHEN rail = 'paypal' AND NOT %(paypal)s THEN 'rail_not_set_up'
        WHEN usable_at > %(now)s THEN 'payout_method_changed'
        ELSE '' END AS reason
    FROM known
)
INSERT INTO payout (run_id, person_id, method_id, rail, ref, state, reason, amount_micros, carried_micros, from_seq)
SELECT %(run)s, person_id, CASE WHEN reason = '' THEN method_id END, CASE WHEN reason = '' THEN rail ELSE '' END,
    gen_random_uuid(), CASE WHEN reason = '' THEN 'planned' ELSE 'left_out' END, reason,
    CASE WHEN reason = '' THEN amount ELSE 0 END, CASE WHEN reason = '' THEN micros - amount ELSE micros END, from_seq
FROM judged ORDER BY person_id
"""
