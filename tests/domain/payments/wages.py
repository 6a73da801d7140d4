"""Workers with money in the book, and ways to be paid it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from schwifty import IBAN

from tagwerk.base.money import MICROS
from tagwerk.domain.accounts.rules import CONSOLE
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import Entry, available, goodwill
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import Payer, Payout, PayoutMethod, PayoutRun
from tagwerk.domain.payments.queries import forget_payer
from tagwerk.domain.payments.rules.payouts import SET_ASIDE, PayoutState
from tagwerk.domain.payments.rules.profile import Address, PayoutDetails
from tagwerk.domain.payments.rules.rails import Rail
from tests.people import actor, person

CONSOLE_NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ADDRESS = Address("Lange Straße", "7", "10115", "Berlin", "DE")


def details(holder: str = "Ben Müller", **changes: object) -> PayoutDetails:
    """A worker's details for payouts, complete for reports about tax."""
    first, _space, last = holder.strip().partition(" ")
    facts: dict[str, object] = {
        "first_name": first, "last_name": last.strip() or "Muster",
        "holder": holder, "address": ADDRESS, "born_on": date(1990, 5, 17), "tax_numbers": {"DE": "36574261809"},
    }  # fmt: skip
    return PayoutDetails(**(facts | changes))  # type: ignore[arg-type]


def iban_of(number: int) -> str:
    """A German IBAN that is right, another one for each number."""
    return str(IBAN.generate("DE", bank_code="37040044", account_code=str(number)))


def payee(
    name: str = "ben", rail: Rail = Rail.SEPA, account: str = "", *, now: datetime = CONSOLE_NOW
) -> int:
    """A worker who can be paid: profile and confirmed method. Their number."""
    return with_method(person(name).id, name, rail, account, now=now)


def with_method(
    person_id: int, name: str, rail: Rail = Rail.SEPA, account: str = "", *, now: datetime = CONSOLE_NOW
) -> int:
    """The same of somebody who is there already."""
    payments.save_payout_profile(person_id=person_id, details=details(name.title()), now=now)
    given = account or {Rail.SEPA: iban_of(person_id), Rail.PAYPAL: f"{name}@example.org"}.get(
        rail, "cash, please"
    )
    method_id = payments.ask_payout_method(
        person_id=person_id,
        rail=rail,
        account=given,
        now=now,
        recently_signed_in=True,
        with_second_factor=True,
    )
    payments.confirm_payout_method(actor=CONSOLE, method_id=method_id, now=now)
    return person_id


def earn(person_id: int, units: float, currency: str = "EUR") -> None:
    """The worker has earned so much (of the operator's own money)."""
    _move(goodwill(currency).code, available(person_id, currency).code, units, currency)


def take(person_id: int, units: float, currency: str = "EUR") -> None:
    """A correction: the worker has so much less."""
    _move(available(person_id, currency).code, goodwill(currency).code, units, currency)


def _move(debit: str, credit: str, units: float, currency: str) -> None:
    entry = Entry(
        id=uuid4(), event=uuid4(), kind="single", debit=debit, credit=credit, amount_micros=round(units * MICROS),
        currency=currency, code="goodwill",
    )  # fmt: skip
    ledger.transfer(entries=[entry])


def there(person_id: int, currency: str = "EUR") -> float:
    """What the worker has that is not set aside."""
    return book.balance(available(person_id, currency).code).available / MICROS


def company(**changes: object) -> None:
    """The operator's company, as files for the bank need it."""
    facts: dict[str, object] = {
        "name": "Crowd Operator GmbH", "iban": "DE89370400440532013000", "street": "Musterstraße", "building": "1",
        "postcode": "10115", "town": "Berlin", "country": "DE",
    }  # fmt: skip
    Payer.objects.update_or_create(id=1, defaults=facts | changes)
    forget_payer()


def now() -> datetime:
    """A moment after all that was booked."""
    return datetime.now(UTC) + timedelta(seconds=1)


def locked_run(currency: str = "EUR", maker: str = "dan") -> PayoutRun:
    """A run over all that there is, set aside."""
    run_id = payments.make_run(actor=actor(maker), currency=currency, now=now(), now_due=True)
    assert payments.lock_run(run_id=run_id, now=now())
    return PayoutRun.objects.get(id=run_id)


def released_run(currency: str = "EUR") -> PayoutRun:
    """A run that is on its way: made by the only operator, who releases it alone."""
    company()
    run = locked_run(currency)
    payments.release_run(actor=actor("dan"), run_id=run.id, now=now(), with_second_factor=True)
    return PayoutRun.objects.get(id=run.id)


def payout_of(person_id: int, run: PayoutRun) -> Payout:
    """What became of a worker in a run."""
    return Payout.objects.get(person_id=person_id, run=run)


def method_of(person_id: int) -> PayoutMethod:
    """The newest way that a worker entered."""
    return PayoutMethod.objects.filter(person_id=person_id).latest("id")


def right_book() -> bool:
    """The trial balance is zero and every account is what its transfers say."""
    return book.drift_micros() == 0


def all_is_right(earned: Mapping[int, float], currency: str = "EUR") -> bool:
    """Nothing is wrong in the book, and what everybody was paid, what is on its way and what is there is what they earned."""
    assert right_book()
    assert set(Payout.objects.values_list("person_id", flat=True)) <= set(earned), "a stranger was paid"
    for person_id, units in earned.items():
        mine = Payout.objects.filter(person_id=person_id, run__currency=currency)
        sums = dict.fromkeys(("paid", "on_its_way"), 0)
        for payout in mine:
            state = PayoutState(payout.state)
            if state is PayoutState.PAID:
                sums["paid"] += payout.amount_micros
            elif state in SET_ASIDE:
                sums["on_its_way"] += payout.amount_micros
        balance = book.balance(available(person_id, currency).code)
        assert sums["paid"] + balance.posted == round(units * MICROS), (person_id, sums, balance)
        assert sums["on_its_way"] == balance.posted - balance.available, (person_id, sums, balance)
    paid = Payout.objects.filter(state=PayoutState.PAID, run__currency=currency)
    left = sum(paid.values_list("amount_micros", flat=True))
    there = sum(book.balance(available(one, currency).code).posted for one in earned)
    assert left + there == sum(round(units * MICROS) for units in earned.values())
    return True
