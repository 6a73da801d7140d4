"""Names that do not fit, as the payees' banks say: for the workers, and for operators before they let a file go."""

from dataclasses import dataclass

from tagwerk.base.secrecy import decrypted
from tagwerk.domain.accounts.rules import Actor, require_operator
from tagwerk.domain.payments.models import PayeeCheck
from tagwerk.domain.payments.queries.receiving import many_details
from tagwerk.domain.payments.rules.bank_codes import NameCheck
from tagwerk.domain.payments.rules.payouts import ON_ITS_WAY


@dataclass(frozen=True, slots=True)
class BankName:
    """The name under which a worker's bank has the account."""

    payout_id: int
    name: str


@dataclass(frozen=True, slots=True)
class NameDiffers:
    """A payout whose payee's name does not fit. Operators do not see the bank's name."""

    payout_id: int
    person_id: int
    code: NameCheck
    on_its_way: bool


def names_to_answer(person_id: int) -> list[BankName]:
    """What a worker is asked: is this you?"""
    rows = PayeeCheck.objects.filter(
        payout__person_id=person_id, code=NameCheck.CLOSE.value, answered_at=None, sealed_name__gt=""
    )
    return [BankName(row.payout_id, decrypted(row.sealed_name)) for row in rows.order_by("-payout_id")[:3]]


def names_in_run(actor: Actor, run_id: int, *, limit: int = 50) -> list[NameDiffers]:
    """For operators: payouts of a run whose names do not fit, those that fit least first."""
    require_operator(actor)
    rows = (
        PayeeCheck.objects.filter(payout__run_id=run_id)
        .select_related("payout")
        .order_by("-code", "payout_id")
    )
    return [
        NameDiffers(row.payout_id, row.payout.person_id, NameCheck(row.code), row.payout.state in ON_ITS_WAY)
        for row in rows[:limit]
    ]


def is_denied(person_id: int, holder: str, account: bytes | None) -> bool:
    """Whether a bank has said that an account, by its fingerprint, is not in this name; without an account, whether any
    bank has said so of the name. What counts is the name that its file had."""
    checks = PayeeCheck.objects.filter(payout__person_id=person_id, code=NameCheck.NONE.value)
    for check in checks.select_related("payout__run", "payout__method"):
        payout = check.payout
        assert payout.method is not None and payout.run.released_at is not None, "a bank has seen it"
        if account is not None and bytes(payout.method.fingerprint) != account:
            continue
        said = many_details([person_id], at=payout.run.released_at).get(person_id)
        if said is not None and _dense(said.holder) == _dense(holder):
            return True
    return False


def _dense(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
