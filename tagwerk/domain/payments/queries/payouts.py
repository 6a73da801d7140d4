"""Runs and payouts, for operators and for the workers they pay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from tagwerk.base.errors import NotFound
from tagwerk.base.providers import provider
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.payments.models import Payout, PayoutProfile, PayoutRun, PaypalItem
from tagwerk.domain.payments.provider import ItemState
from tagwerk.domain.payments.queries.payer import payer
from tagwerk.domain.payments.queries.receiving import HoldView, MethodView, holds_of, method_in_use
from tagwerk.domain.payments.rules.by_hand import reference_of
from tagwerk.domain.payments.rules.payer import smallest_payout
from tagwerk.domain.payments.rules.payouts import (
    SET_ASIDE,
    LeftOut,
    PayoutState,
    RunState,
    last_cutoff,
    next_run,
)
from tagwerk.domain.payments.rules.rails import Rail, carries
from tagwerk.domain.payments.rules.reasons import HELD_THERE


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as operators see it; totals are those of the moment it was locked."""

    id: int
    currency: str
    cutoff_at: datetime
    state: RunState
    made_at: datetime
    made_by_id: int | None
    locked_at: datetime | None
    payouts: int | None
    sum_micros: int | None
    released_at: datetime | None
    released_by_id: int | None
    released_alone: bool | None
    ended_at: datetime | None
    minimum_micros: int
    through_seq: int


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout of a run."""

    id: int
    run_id: int
    person_id: int
    currency: str
    cutoff_at: datetime
    rail: Rail | None
    shown: str  # the account, made unreadable
    ref: UUID
    state: PayoutState
    reason: str
    amount_micros: int
    carried_micros: int
    submitted_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sums:
    """How many payouts, and for how much."""

    payouts: int
    micros: int


@dataclass(frozen=True, slots=True)
class RunSums:
    """A run's payouts added up by state, by rail (of what is to be paid or was) and by why they were left out."""

    by_state: Mapping[PayoutState, Sums]
    by_rail: Mapping[Rail, Sums]
    left_out: Mapping[str, Sums]


@dataclass(frozen=True, slots=True)
class NextPayout:
    """When a worker's money leaves next, and what stands in the way: empty where nothing does."""

    run_at: datetime
    minimum_micros: int
    obstacles: tuple[str, ...]
    holds: tuple[HoldView, ...]
    method: MethodView | None


def runs_page(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[RunView]:
    """For operators: all runs, the newest first."""
    require_operator(actor)
    rows = PayoutRun.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_run(row) for row in rows[:limit]]


def run_for(actor: Actor, run_id: int) -> RunView:
    """The gate of operators to a run."""
    require_operator(actor)
    row = PayoutRun.objects.filter(id=run_id).first()
    if row is None:
        raise NotFound("run_not_found", "There is no such run.")
    return _run(row)


def run_sums(actor: Actor, run_id: int) -> RunSums:
    """For operators: what a run pays, to how many, by which rails, and whom it leaves out."""
    require_operator(actor)
    rows = (
        Payout.objects.filter(run_id=run_id)
        .values("state", "rail", "reason")
        .annotate(n=Count("id"), paid=Sum("amount_micros"), kept=Sum("carried_micros"))
    )
    by_state: dict[PayoutState, Sums] = {}
    by_rail: dict[Rail, Sums] = {}
    left_out: dict[str, Sums] = {}
    for row in rows:
        state = PayoutState(row["state"])
        out = state is PayoutState.LEFT_OUT
        one = Sums(row["n"], row["kept"] if out else row["paid"])
        by_state[state] = _plus(by_state.get(state), one)
        if out:
            left_out[row["reason"]] = _plus(left_out.get(row["reason"]), one)
        elif state not in (PayoutState.WITHDRAWN, PayoutState.FAILED):
            rail = Rail(row["rail"])
            by_rail[rail] = _plus(by_rail.get(rail), one)
    return RunSums(by_state, by_rail, left_out)


def payouts_of_run(
    actor: Actor,
    run_id: int,
    *,
    states: frozenset[PayoutState] | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[PayoutView]:
    """For operators: the payouts of a run, of some states or all, in the order of their numbers."""
    require_operator(actor)
    rows = _shown().filter(run_id=run_id).order_by("id")
    if states is not None:
        rows = rows.filter(state__in=[state.value for state in states])
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [_payout(row) for row in rows[:limit]]


def payouts_by_reference(actor: Actor, references: Iterable[str]) -> dict[str, PayoutView]:
    """For operators: the payouts with these references, as files for the bank and lists name them. Refuses one that
    names none."""
    require_operator(actor)
    wanted = {text: reference_of(text) for text in references}
    found = {row.ref: row for row in _shown().filter(ref__in=list(wanted.values()))}
    named: dict[str, PayoutView] = {}
    for text, ref in wanted.items():
        if ref is None or ref not in found:
            raise NotFound(
                "payout_reference_unknown", "No payout has the reference “{reference}”.", reference=text[:80]
            )
        named[text] = _payout(found[ref])
    return named


def payouts_of(person_id: int, *, before: int | None = None, limit: int = 50) -> list[PayoutView]:
    """A worker's own payouts, the newest first; runs that left them out are not among them."""
    rows = (
        _shown()
        .filter(person_id=person_id)
        .exclude(Q(state=PayoutState.LEFT_OUT.value) | Q(state=PayoutState.PLANNED.value))
        .order_by("-id")
    )
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_payout(row) for row in rows[:limit]]


def payouts_of_person(actor: Actor, person_id: int, *, limit: int = 50) -> list[PayoutView]:
    """For operators: somebody's payouts, also the runs that left them out, the newest first."""
    require_operator(actor)
    rows = _shown().filter(person_id=person_id).order_by("-id")
    return [_payout(row) for row in rows[:limit]]


def payout_for(actor: Actor, payout_id: int) -> PayoutView:
    """The gate of a worker to a payout of theirs."""
    row = (
        _shown()
        .filter(id=payout_id, person_id=actor.person_id or 0)
        .exclude(state__in=[PayoutState.LEFT_OUT.value, PayoutState.PLANNED.value])
        .first()
    )
    if row is None:
        raise NotFound("payout_not_found", "There is no such payout.")
    return _payout(row)


def on_their_way(person_id: int) -> dict[str, int]:
    """What is set aside or at the rail for a worker, and neither paid nor back: currency → micros."""
    return _by_currency(person_id, SET_ASIDE)


def paid_out(person_id: int) -> dict[str, int]:
    """All that was ever paid to a worker and did not come back: currency → micros."""
    return _by_currency(person_id, (PayoutState.PAID,))


def _by_currency(person_id: int, states: Iterable[PayoutState]) -> dict[str, int]:
    rows = Payout.objects.filter(person_id=person_id, state__in=[state.value for state in states])
    return dict(rows.values_list("run__currency").annotate(sum=Sum("amount_micros")))


def on_their_way_and_paid(person_id: int) -> dict[str, tuple[int, int]]:
    """Both of these at once: currency → (on its way, paid)."""
    rows = Payout.objects.filter(person_id=person_id).values("run__currency")
    on_its_way = Q(state__in=[state.value for state in SET_ASIDE])
    sums = rows.annotate(
        coming=Sum("amount_micros", filter=on_its_way),
        paid=Sum("amount_micros", filter=Q(state=PayoutState.PAID.value)),
    )
    return {row["run__currency"]: (row["coming"] or 0, row["paid"] or 0) for row in sums}


def next_payout(person_id: int, *, available: Mapping[str, int], now: datetime) -> NextPayout:
    """When a worker is paid next, by what they have in each currency (`available`), and what is in the way."""
    company = payer()
    method = method_in_use(person_id)
    holds = tuple(holds_of(person_id, now))
    run_at = next_run(now, company.time_zone)
    obstacles = [hold.code.value for hold in holds]
    enough = [
        currency
        for currency, micros in available.items()
        if micros >= max(smallest_payout(company.minimum_micros, currency), 1)
    ]
    if not enough:
        obstacles.append(LeftOut.BELOW_MINIMUM.value)
    profile = PayoutProfile.objects.filter(person_id=person_id).order_by("-id").first()
    if profile is None:
        obstacles.append(LeftOut.PROFILE_MISSING.value)
    elif company.asks_tax_data and not profile.tax_data_complete:
        obstacles.append(LeftOut.TAX_DATA_MISSING.value)
    if obstacle := _in_the_way_of(method, profile, enough, run_at):
        obstacles.append(obstacle.value)
    return NextPayout(run_at, company.minimum_micros, tuple(obstacles), holds, method)


def _in_the_way_of(
    method: MethodView | None, profile: PayoutProfile | None, currencies: list[str], run_at: datetime
) -> LeftOut | None:
    """Why a worker's way to be paid will not do for the next run."""
    if method is None:
        return LeftOut.METHOD_MISSING
    if method.rail is Rail.SEPA and profile is not None and profile.bank_name_fits is False:
        return LeftOut.NAME
    if method.usable_at and method.usable_at > run_at:
        return LeftOut.METHOD_CHANGED
    if any(not carries(method.rail, currency) for currency in currencies):
        return LeftOut.CURRENCY
    if method.rail is Rail.PAYPAL and not provider("paypal").is_set_up:
        return LeftOut.RAIL_NOT_SET_UP
    return None


@dataclass(frozen=True, slots=True)
class Due:
    """What workers have in a currency that is not set aside, before anybody is left out."""

    currency: str
    people: int
    micros: int


def due_now(actor: Actor) -> list[Due]:
    """For operators: what workers have now, per currency."""
    require_operator(actor)
    return [Due(*line) for line in ledger.sums_of_workers()]


def week_end(now: datetime) -> datetime:
    """The cut-off that a weekly run has now."""
    return last_cutoff(now, payer().time_zone)


def _plus(one: Sums | None, other: Sums) -> Sums:
    return Sums(one.payouts + other.payouts, one.micros + other.micros) if one else other


def _run(row: PayoutRun) -> RunView:
    return RunView(
        id=row.id, currency=row.currency, cutoff_at=row.cutoff_at, state=RunState(row.state), made_at=row.made_at,
        made_by_id=row.made_by_id, locked_at=row.locked_at, payouts=row.payouts, sum_micros=row.sum_micros,
        released_at=row.released_at, released_by_id=row.released_by_id, released_alone=row.released_alone,
        ended_at=row.ended_at, minimum_micros=row.minimum_micros, through_seq=row.through_seq,
    )  # fmt: skip


def _shown() -> QuerySet[Payout]:
    """Payouts as they are shown: also whether PayPal holds one back."""
    held = PaypalItem.objects.filter(payout=OuterRef("pk"), state=ItemState.ONHOLD.value)
    return Payout.objects.select_related("run", "method").annotate(
        held_there=Exists(held) & Q(state=PayoutState.SUBMITTED.value)
    )


def _payout(row: Payout) -> PayoutView:
    return PayoutView(
        id=row.id, run_id=row.run_id, person_id=row.person_id, currency=row.run.currency,
        cutoff_at=row.run.cutoff_at, rail=Rail(row.rail) if row.rail else None,
        shown=row.method.shown if row.method else "", ref=row.ref, state=PayoutState(row.state),
        reason=HELD_THERE if getattr(row, "held_there", False) else row.reason,
        amount_micros=row.amount_micros, carried_micros=row.carried_micros, submitted_at=row.submitted_at,
        settled_at=row.settled_at,
    )  # fmt: skip
