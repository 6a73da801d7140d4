"""Corrections of the book in tests: proposed by Dan, approved by Olga."""

from typing import Any
from uuid import UUID, uuid4

from tagwerk.domain.ledger import queries as book
from tagwerk.domain.ledger.rules import available, goodwill
from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.queries.corrections import movements_of
from tagwerk.domain.payments.rules.corrections import Line
from tests.domain.payments.wages import now
from tests.people import actor, person

EURO = 1_000_000


def olga() -> Any:
    person("olga", is_operator=True)
    return actor("olga")


def moves(person_id: int, units: float, *, back: bool = False) -> list[Line]:
    """From the operator's own money to a worker, or back."""
    sides = (goodwill("EUR").code, available(person_id, "EUR").code)
    return [Line(*(sides[::-1] if back else sides), round(units * EURO))]


def propose(lines: list[Line], reason: str = "Booked twice", by: Any = None) -> int:
    return payments.propose_correction(actor=by or actor("dan"), lines=lines, reason=reason, key=str(uuid4()))


def undo(transfer: UUID, reason: str = "Booked twice", by: Any = None, **more: Any) -> int:
    return payments.propose_opposite(
        actor=by or actor("dan"), transfer=transfer, reason=reason, key=str(uuid4()), **more
    )


def approve(number: int, by: Any, *, factor: bool = True) -> None:
    payments.approve_correction(actor=by, correction_id=number, now=now(), with_second_factor=factor)


def newest(code: str) -> UUID:
    return movements_of(actor("dan"), code)[0].id


def of(account: Any) -> float:
    return book.balance(account.code).posted / EURO
