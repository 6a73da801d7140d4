"""A file that was given to the bank twice: what the bank says of the second one gives nothing of the first back."""

import pytest

from tagwerk.domain.payments.models import BankFile, PayoutMethod
from tagwerk.simulation.bank import Habits, answer
from tests.domain.payments.test_bank import agrees, bring, paid_run, states

pytestmark = pytest.mark.django_db


def rejected(status: bytes, reason: str) -> bytes:
    """The same file, rejected as a whole."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return status.replace(b"<GrpSts>ACCP</GrpSts>", f"<GrpSts>RJCT</GrpSts>{why}".encode())


def remarks() -> list[list[str]]:
    return [each for file in BankFile.objects.order_by("id") for each in file.remarks]


@pytest.mark.parametrize("reason", ["AM05", "DUPL", "DU01", "DU02"])
@pytest.mark.parametrize("accepted", [True, False])
def test_a_second_upload_that_is_rejected_gives_nothing_back(reason: str, accepted: bool) -> None:
    run, content = paid_run()
    said = answer(content, seed=1, opening_cents=10_000)
    bring(*([said.status] if accepted else []), rejected(said.status, reason))
    assert states(run) == ["submitted"] * 4 and remarks() == [["file_duplicate", reason]]
    bring(said.booked)
    assert states(run) == ["paid"] * 4 and agrees()


def test_a_file_that_was_accepted_is_not_given_back_as_a_whole() -> None:
    run, content = paid_run()
    said = answer(content, seed=1, opening_cents=10_000)
    bring(said.status, rejected(said.status, "NARR"))
    assert states(run) == ["submitted"] * 4 and remarks() == [["file_rejected_later", "NARR"]]
    bring(said.booked)
    assert states(run) == ["paid"] * 4 and agrees()


@pytest.mark.parametrize("group", [b"PART", b"RJCT"])
def test_of_an_accepted_file_single_payments_still_fail(group: bytes) -> None:
    run, content = paid_run()
    accepted = answer(content, seed=3, opening_cents=0).status
    said = answer(content, seed=3, opening_cents=0, habits=Habits(rejected=1)).status
    bring(accepted, said.replace(b"PART", group))
    assert states(run) == ["failed", "submitted", "submitted", "submitted"]


def test_a_payment_that_the_bank_has_already_is_not_given_back() -> None:
    run, content = paid_run()
    said = answer(content, seed=3, opening_cents=10_000, habits=Habits(rejected=2))
    bring(said.status.replace(b"AC01", b"AM05"))
    assert states(run) == ["submitted"] * 4 and remarks() == [["payments_duplicate", "2"]]
    assert not PayoutMethod.objects.exclude(ended_at=None).exists()
    bring(answer(content, seed=3, opening_cents=10_000).booked)
    assert states(run) == ["paid"] * 4 and agrees()
