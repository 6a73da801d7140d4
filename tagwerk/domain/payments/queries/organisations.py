"""What is asked about an organisation's money. Every figure can be recomputed from the ledger's transfers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, require, require_operator
from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.queries import Movement
from tagwerk.domain.ledger.rules import account_of, credit, fee_income, owed, prepaid, reserved
from tagwerk.domain.payments.models import Booking, CreditLimit
from tagwerk.domain.payments.rules import Direction


@dataclass(frozen=True, slots=True)
class BookingView:
    """A deposit or a refund."""

    id: int
    organisation_id: int
    direction: Direction
    amount_micros: int
    currency: str
    reference: str
    booked_by_id: int | None
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class ProjectReserve:
    """What is set aside for one project now."""

    project_id: int
    reserved_micros: int


@dataclass(frozen=True, slots=True)
class OrganisationMoney:
    """Where an organisation's money of one currency is, without VAT: deposited + lent + corrected = refunded + prepaid +
    reserved + spent, where `lent` is all that was lent and not paid back out of the balance, and VAT that an invoice gave
    back; `corrected` what corrections moved between the balance and accounts of others (pay that was corrected is not
    spent)."""

    currency: str
    deposited_micros: int
    refunded_micros: int
    prepaid_micros: int
    reserved_micros: int
    spent_micros: int
    lent_micros: int
    corrected_micros: int
    credit: "CreditStanding"
    projects: tuple[ProjectReserve, ...]


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """Where a project's money is: put_in = released + reserved + pay + fee."""

    currency: str
    put_in_micros: int
    released_micros: int
    reserved_micros: int
    pay_micros: int
    fee_micros: int


def organisation_money(actor: Actor, organisation_id: int) -> list[OrganisationMoney]:
    """An organisation's money, one line per currency, its own first."""
    require(actor, organisation_id, Permission.MONEY_VIEW)
    own = accounts.organisation(organisation_id).currency
    accounts_open = ledger.balances_under(f"organisation:{organisation_id}:prepaid:")
    others = sorted({code.rsplit(":", 1)[1] for code in accounts_open} - {own})
    return [_money_in(organisation_id, currency) for currency in (own, *others)]


def _money_in(organisation_id: int, currency: str) -> OrganisationMoney:
    code = prepaid(organisation_id, currency).code
    flows = ledger.flows(code)
    projects = [flow for flow in flows if flow.other.startswith("project:")]
    bank = [flow for flow in flows if flow.other.startswith("bank:")]
    reserves = {
        project: balance.posted for project, balance in ledger.balances(f.other for f in projects).items()
    }
    tests = [flow for flow in flows if flow.other.startswith(("worker:", "income:"))]
    debts = (credit(organisation_id, currency).code, owed(organisation_id, currency).code)
    loans = [flow for flow in flows if flow.other in debts or flow.other.startswith("vat:")]
    others = [flow for flow in flows if flow not in (*projects, *bank, *tests, *loans)]
    for_tests = sum(flow.given_micros - flow.received_micros for flow in tests)
    given = sum(flow.given_micros - flow.received_micros for flow in projects)
    return OrganisationMoney(
        currency=currency,
        deposited_micros=sum(flow.received_micros for flow in bank),
        refunded_micros=sum(flow.given_micros for flow in bank),
        prepaid_micros=ledger.balance(code).posted,
        reserved_micros=sum(reserves.values()),
        spent_micros=given - sum(reserves.values()) + for_tests,
        lent_micros=sum(flow.received_micros - flow.given_micros for flow in loans),
        corrected_micros=sum(flow.received_micros - flow.given_micros for flow in others),
        credit=credit_standing(organisation_id, currency),
        projects=tuple(
            ProjectReserve(int(project.split(":")[1]), micros)
            for project, micros in reserves.items()
            if micros
        ),
    )


def project_money(project_id: int, currency: str) -> ProjectMoney:
    """A project's money, added up from its transfers; the caller has passed the project's gate."""
    code = reserved(project_id, currency).code
    flows = ledger.flows(code)
    organisation = [flow for flow in flows if flow.other.startswith("organisation:")]
    return ProjectMoney(
        currency=currency,
        put_in_micros=sum(flow.received_micros for flow in organisation),
        released_micros=sum(flow.given_micros for flow in organisation),
        reserved_micros=ledger.balance(code).posted,
        pay_micros=sum(f.given_micros - f.received_micros for f in flows if f.other.startswith("worker:")),
        fee_micros=sum(
            f.given_micros - f.received_micros for f in flows if f.other == fee_income(currency).code
        ),
    )


def prepaid_micros(organisation_id: int, currency: str) -> int:
    """What an organisation can still set aside: what it has, and what it may be lent."""
    codes = [account(organisation_id, currency).code for account in (prepaid, credit, owed)]
    found = ledger.balances(codes)
    there, lent, due = (found[code] for code in codes)
    standing = CreditStanding(_limit(organisation_id, currency), lent.posted, due.posted)
    return there.available + standing.room_micros


@dataclass(frozen=True, slots=True)
class CreditStanding:
    """An organisation's limit, what it was lent, and what it owes on invoices; both use the limit up."""

    limit_micros: int
    lent_micros: int
    owed_micros: int

    @property
    def room_micros(self) -> int:
        """What it may still be lent."""
        return max(0, self.limit_micros - self.lent_micros - self.owed_micros)


def credit_standing(organisation_id: int, currency: str) -> CreditStanding:
    """For whoever has passed a gate: how much an organisation is lent, and may be."""
    codes = (credit(organisation_id, currency).code, owed(organisation_id, currency).code)
    used = ledger.balances(codes)
    return CreditStanding(_limit(organisation_id, currency), *(used[code].posted for code in codes))


def credit_room(organisation_id: int, currency: str) -> int:
    """What an organisation may still be lent."""
    return credit_standing(organisation_id, currency).room_micros


def _limit(organisation_id: int, currency: str) -> int:
    rows = CreditLimit.objects.filter(organisation_id=organisation_id, currency=currency)
    return rows.values_list("limit_micros", flat=True).first() or 0


def prepaid_of(currencies: Mapping[int, str]) -> dict[int, int]:
    """The same for many organisations at once, each in the currency given; whoever asks has passed a gate."""
    codes = {number: prepaid(number, currency).code for number, currency in currencies.items()}
    found = ledger.balances(codes.values())
    return {number: found[code].available for number, code in codes.items()}


def organisation_movements(
    actor: Actor,
    organisation_id: int,
    *,
    currency: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Movement]:
    """The movements of an organisation's prepaid money, newest first; `before` is the last one's `seq`."""
    require(actor, organisation_id, Permission.MONEY_VIEW)
    code = prepaid(organisation_id, currency or accounts.organisation(organisation_id).currency).code
    return ledger.movements(code, before=before, limit=limit) if account_of(code) else []


def bookings_of(
    actor: Actor, organisation_id: int, *, before: int | None = None, limit: int = 50
) -> list[BookingView]:
    """An organisation's deposits and refunds, for those who may see its money; newest first."""
    require(actor, organisation_id, Permission.MONEY_VIEW)
    return _bookings(organisation_id, before, limit)


def bookings_page(
    actor: Actor, *, organisation_id: int | None = None, before: int | None = None, limit: int = 50
) -> list[BookingView]:
    """For operators: all deposits and refunds, newest first."""
    require_operator(actor)
    return _bookings(organisation_id, before, limit)


def _bookings(organisation_id: int | None, before: int | None, limit: int) -> list[BookingView]:
    found = Booking.objects.order_by("-id")
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return [_view(row) for row in found[:limit]]


def _view(row: Booking) -> BookingView:
    return BookingView(
        row.id,
        row.organisation_id,
        Direction(row.direction),
        row.amount_micros,
        row.currency,
        row.reference,
        row.booked_by_id,
        row.booked_at,
    )
