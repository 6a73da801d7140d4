"""The book and PayPal are compared each night: PayPal says what is in the account, or an operator does."""

import logging
from datetime import datetime

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotFound
from tagwerk.base.events import record
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger.rules import Entry, capital, rail_fee, transfer_id
from tagwerk.domain.ledger.rules import paypal as account
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments.actions.paypal_sending import paypal
from tagwerk.domain.payments.events import PaypalBalanceEntered, PaypalDifferenceSettled
from tagwerk.domain.payments.models import PaypalBalance
from tagwerk.domain.payments.provider import RailBusy, RailRefused, RailUnsure
from tagwerk.domain.payments.queries.paypal import newest_balances, on_its_way_at, paypal_currencies
from tagwerk.domain.payments.rules import paypal as rules
from tagwerk.domain.payments.rules.paypal import Settled

log = logging.getLogger(__name__)


def check_paypal(*, now: datetime) -> bool:
    """Ask PayPal what is in the account and compare; where it differs, operators are told, once a day. Whether it agrees."""
    currencies = paypal_currencies()
    if currencies and paypal().is_set_up:
        try:
            there = paypal().balances()
        except (RailBusy, RailRefused, RailUnsure) as error:  # what was known before counts
            log.info("PayPal does not say what is in the account: %s", error)
        else:
            for currency in currencies:
                _note(currency, there.get(currency, 0), now, None)
    wrong = [one for one in newest_balances() if one.difference_micros and not one.settled_as]
    for one in wrong:
        log.critical("Book and PayPal differ by %s micros of %s", one.difference_micros, one.currency)
        _tell(one, now)
    return not wrong


@transaction.atomic
def enter_paypal_balance(*, actor: Actor, currency: str, amount_micros: int, now: datetime) -> None:
    """An operator says what is in the account at PayPal, as its page shows it."""
    require_operator(actor)
    if currency not in paypal_currencies():
        raise Invalid("paypal_currency", "The book has nothing of this currency at PayPal.", path="currency")
    _note(currency, amount_micros, now, actor.person_id)
    record(PaypalBalanceEntered(actor_id=actor.person_id, amount_micros=amount_micros, currency=currency))


@transaction.atomic
def settle_paypal_difference(*, actor: Actor, balance_id: int, settled: Settled, now: datetime) -> None:
    """An operator says what a difference is: own money that was moved there, or a fee. The book has it from then on."""
    require_operator(actor)
    row = PaypalBalance.objects.select_for_update().filter(id=balance_id).first()
    if row is None:
        raise NotFound("paypal_balance_not_found", "There is no such balance.")
    newest = PaypalBalance.objects.filter(currency=row.currency).latest("id")
    if settled not in rules.SAYABLE or row.settled_as or not row.difference_micros or newest.id != row.id:
        raise Conflict("paypal_difference_settled", "This difference is there no more; look at it again.")
    _settle(row, settled, now, actor.person_id)
    row.save()
    record(
        PaypalDifferenceSettled(
            actor_id=actor.person_id, settled_as=settled.value, amount_micros=-row.difference_micros,
            currency=row.currency,
        )
    )  # fmt: skip


@transaction.atomic
def _note(currency: str, there: int, now: datetime, entered_by: int | None) -> None:
    """Keep a balance beside what the book says; before the first one, all that the book lacks was the operator's own."""
    found = on_its_way_at(currency, now)
    row = PaypalBalance(
        currency=currency, amount_micros=there, at=now, entered_by_id=entered_by, book_micros=found.book_micros,
        less_micros=found.less_micros, more_micros=found.more_micros, settled_as=Settled.OPEN.value,
        difference_micros=rules.difference(
            found.book_micros, there, less=found.less_micros, more=found.more_micros
        ),
    )  # fmt: skip
    is_first = not PaypalBalance.objects.filter(currency=currency).exists()
    row.save()
    if is_first and row.difference_micros:
        _settle(row, Settled.OPENING, now, entered_by)
        row.save()


def _settle(row: PaypalBalance, settled: Settled, now: datetime, person_id: int | None) -> None:
    """The book gets what PayPal has, from the operator's own money or from what rails cost."""
    other = rail_fee(row.currency) if settled is Settled.FEE else capital(row.currency)
    sides = (other.code, account(row.currency).code)
    debit, credit = sides if row.difference_micros > 0 else sides[::-1]
    about = row.currency if settled is Settled.OPENING else row.id
    ledger.transfer(entries=[Entry(
        id=transfer_id("paypal balance", about, settled.value), event=transfer_id("paypal balance", about),
        kind="single", debit=debit, credit=credit, amount_micros=abs(row.difference_micros), currency=row.currency,
        code=settled.value, ref_type="paypal_balance", ref_id=str(row.id),
    )])  # fmt: skip
    row.settled_as, row.settled_at, row.settled_by_id = settled.value, now, person_id


@transaction.atomic
def _tell(one: PaypalBalance, now: datetime) -> None:
    params = {
        "difference": amount(one.difference_micros, one.currency), "book": amount(one.book_micros, one.currency),
        "there": amount(one.amount_micros, one.currency),
    }  # fmt: skip
    for person_id in accounts.operator_ids():
        notices.tell(
            person_id=person_id, kind="paypal_differs", params=params, link="/operator/paypal/",
            key=f"paypal-differs/{one.currency}/{now.date()}",
        )  # fmt: skip
