"""What sending payouts has cost, against what was paid out: the operator pays it out of the fee."""

from dataclasses import dataclass

from tagwerk.domain.ledger import queries as ledger
from tagwerk.domain.ledger.rules import fee_income, rail_fee


@dataclass(frozen=True, slots=True)
class RailCosts:
    """In one currency, since the instance began."""

    cost_micros: int
    fee_micros: int

    @property
    def of_fee(self) -> float | None:
        """The share of the fee that went to banks and payment services; None where nobody has charged for a payout yet."""
        if self.cost_micros <= 0 or self.fee_micros <= 0:
            return None
        return min(1.0, self.cost_micros / self.fee_micros)


def rail_costs(currency: str) -> RailCosts:
    """Two balances of the book; a sum over all organisations, so everybody may know it."""
    cost, fee = rail_fee(currency).code, fee_income(currency).code
    there = ledger.balances([cost, fee])
    return RailCosts(there[cost].posted, there[fee].posted)
