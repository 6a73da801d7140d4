"""An import of bank files dies at any statement and is given again: everything is there once."""

from itertools import count

import pytest
from django.db import transaction

from tagwerk.domain.payments import actions as payments
from tagwerk.domain.payments.models import BankEntry
from tagwerk.domain.payments.rules.bank_entries import creditor_reference
from tagwerk.simulation.bank import Habits, Movement, answer
from tests.domain.payments.test_bank import agrees, bring, files_of, meanings, paid_run, states
from tests.domain.payments.test_paypal import Crash, dying
from tests.domain.payments.wages import now
from tests.people import organisation

pytestmark = pytest.mark.django_db
OTHERS = (Movement(-350, "fee", sub_family="CHRG"), Movement(777, "no idea"))


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)])
def test_whatever_dies_when_everything_is_there_once(every: int) -> None:
    run, content = paid_run("ben", "cyn", "fay")
    others = (*OTHERS, Movement(5_000, creditor_reference(organisation())))
    said = answer(content, seed=5, opening_cents=9_000, habits=Habits(returned=1, rejected=1, others=others))
    files = (said.status, *files_of(said))
    for point in count(1, every):
        died = False
        with transaction.atomic():
            try:
                with dying(point):
                    bring(*files)
            except Crash:
                died = True
                transaction.set_rollback(False)  # the statement never reached the database
            payments.settle_bank_entries(now=now())
            bring(*files)
            assert states(run) == ["failed", "paid", "returned"], point
            assert meanings() == ["deposit", "fee", "returned", "run", "unknown"], point
            assert agrees() and BankEntry.objects.count() == 5, point
            transaction.set_rollback(True)
        if not died:
            break
    assert point > 30
