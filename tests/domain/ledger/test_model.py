"""Whatever is done in whatever order, the book says what a plain dictionary says."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tagwerk.base.errors import Refusal
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries, rules
from tagwerk.domain.ledger.rules import Entry, TransferKind
from tests.domain.ledger.entries import key

ACCOUNTS = [
    rules.bank("EUR").code,
    rules.fee_income("EUR").code,
    rules.prepaid(1, "EUR").code,
    rules.reserved(1, "EUR").code,
    rules.available(1, "EUR").code,
]
GUARDED = set(ACCOUNTS[2:])
NAMES = [f"t{number}" for number in range(12)]


@dataclass
class Model:
    """The book in thirty lines: what was booked, in order, and nothing cached."""

    booked: dict[str, Entry] = field(default_factory=dict)

    def sides(self, account: str) -> tuple[int, int, int]:
        """Posted debits, posted credits, pending debits."""
        debits = credits = pending = 0
        resolved = {entry.pending_id for entry in self.booked.values()}
        for entry in self.booked.values():
            if entry.kind in ("single", "post"):
                debits += entry.amount_micros * (entry.debit == account)
                credits += entry.amount_micros * (entry.credit == account)
            elif entry.kind == "pending" and entry.id not in resolved:
                pending += entry.amount_micros * (entry.debit == account)
        return debits, credits, pending

    def allows(self, name: str, entry: Entry) -> bool:
        if name in self.booked:
            return self.booked[name] == entry
        if entry.debit == entry.credit or not self._resolves(entry):
            return False
        after = Model({**self.booked, name: entry})
        for account in GUARDED:
            debits, credits, pending = after.sides(account)
            if debits + pending > credits:
                return False
        return True

    def _resolves(self, entry: Entry) -> bool:
        if entry.kind not in ("post", "void"):
            return entry.pending_id is None
        held = next((each for each in self.booked.values() if each.id == entry.pending_id), None)
        if held is None or held.kind != "pending":
            return False
        if any(each.pending_id == held.id for each in self.booked.values()):
            return False
        fits = entry.amount_micros <= held.amount_micros
        whole = entry.kind == "post" or entry.amount_micros == held.amount_micros
        return (held.debit, held.credit) == (entry.debit, entry.credit) and fits and whole


def make(name: str, kind: TransferKind, debit: str, credit: str, amount: int, pending: str | None) -> Entry:
    return Entry(
        key(name),
        key("e", name),
        kind,
        debit,
        credit,
        amount,
        "EUR",
        "test",
        key(pending) if pending else None,
    )


class Book(RuleBasedStateMachine):
    """Books single, pending, post and void at random, right and wrong ones, some twice."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    def _try(self, name: str, entry: Entry) -> None:
        allowed = self.model.allows(name, entry)
        new = name not in self.model.booked
        if not allowed:
            with pytest.raises(Refusal):
                ledger.transfer(entries=[entry])
            return
        assert ledger.transfer(entries=[entry]) == (1 if new else 0)
        self.model.booked[name] = entry

    @rule(
        name=st.sampled_from(NAMES),
        kind=st.sampled_from(["single", "single", "pending"]),
        debit=st.sampled_from(ACCOUNTS),
        credit=st.sampled_from(ACCOUNTS),
        amount=st.integers(1, 20),
    )
    def book(self, name: str, kind: TransferKind, debit: str, credit: str, amount: int) -> None:
        self._try(name, make(name, kind, debit, credit, amount, None))

    @rule(name=st.sampled_from(NAMES), kind=st.sampled_from(["post", "void"]), data=st.data())
    def resolve(self, name: str, kind: TransferKind, data: st.DataObject) -> None:
        holds = [each for each in NAMES if each in self.model.booked]
        if not holds:
            return
        pending = data.draw(st.sampled_from(holds))
        held = self.model.booked[pending]
        amount = data.draw(
            st.sampled_from([held.amount_micros, max(1, held.amount_micros // 2), held.amount_micros + 1])
        )
        self._try(name, make(name, kind, held.debit, held.credit, amount, pending))

    @invariant()
    def the_book_agrees_with_the_model(self) -> None:
        found = queries.balances(ACCOUNTS)
        for account in ACCOUNTS:
            debits, credits, pending = self.model.sides(account)
            sign = -1 if account.startswith("bank") else 1
            assert found[account].posted == sign * (credits - debits)
            if sign > 0:
                assert found[account].available == credits - debits - pending
        assert queries.drift_micros() == 0


@pytest.mark.django_db
def test_the_book_agrees_with_a_plain_model() -> None:
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
