"""A bank for tests and demos: reads our file of payments and answers as a bank does, the same for the same seed.

It knows nothing of tagwerk: pain.001 in, pain.002, camt.053 and camt.054 out.
"""

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

_CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.{}.001.08"
_PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
REASONS = ("AC04", "AC01", "AC06", "MS03")


@dataclass(frozen=True, slots=True)
class Movement:
    """Something else on the account: a customer's payment, a fee (negative), money of somebody unknown."""

    cents: int
    text: str
    name: str = "Somebody"
    family: str = "RCDT"
    sub_family: str = "ESCT"


@dataclass(frozen=True, slots=True)
class Habits:
    """How many payments come back, are rejected, or have a name that fits nearly or not at all."""

    returned: int = 0
    rejected: int = 0
    close_names: int = 0
    other_names: int = 0
    single_entries: bool = False  # a debit for each payment instead of one for the file
    others: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """All files of the bank about one file of ours, and what it drew, by end-to-end id."""

    names: bytes  # pain.002 with the results of Verification of Payee
    status: bytes  # pain.002: accepted, and which payments are not
    booked: bytes  # camt.053 of the day of execution
    came_back: bytes  # camt.053 of the day after: the returns
    notice: bytes  # camt.054: the same returns with their reasons
    closing_cents: int
    returned: tuple[str, ...]
    rejected: tuple[str, ...]
    close: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Payment:
    id: str
    cents: int
    name: str
    iban: str


@dataclass(frozen=True, slots=True)
class _File:
    message: str
    batch: str
    iban: str
    day: date
    payments: list[_Payment] = field(default_factory=list)


def answer(pain001: bytes, *, seed: int, opening_cents: int, habits: Habits = Habits()) -> Answer:
    """What the bank says to a file of payments; `opening_cents` is the balance before its day of execution."""
    file, chance = _read(pain001), random.Random(seed)  # noqa: S311 (a simulation)
    drawn = chance.sample(file.payments, len(file.payments))
    rejected = drawn[: habits.rejected]
    returned = drawn[habits.rejected : habits.rejected + habits.returned]
    names = chance.sample(file.payments, min(len(file.payments), habits.close_names + habits.other_names))
    close, other = names[: habits.close_names], names[habits.close_names :]
    carried = [one for one in file.payments if one not in rejected]
    refs = _Refs(seed, file.message)
    debits = (
        [_single_debit(one, file.batch, refs) for one in carried]
        if habits.single_entries
        else [_debit(carried, file.batch, refs)]
    )
    entries = debits + [_other(one, refs) for one in habits.others]
    middle = opening_cents - sum(one.cents for one in carried) + sum(one.cents for one in habits.others)
    returns = [_return(one, REASONS[n % len(REASONS)], refs) for n, one in enumerate(returned)]
    closing = middle + sum(one.cents for one in returned)
    after = file.day + timedelta(days=1)
    return Answer(
        names=_pain002(file, "", [*((one, "RVMC", f"{one.name} Sr.") for one in close), *((one, "RVNM", "") for one in other)]),
        status=_pain002(file, "PART" if rejected else "ACCP", [(one, "RJCT", "AC01") for one in rejected]),
        booked=statement(file.iban, file.day, opening_cents, middle, entries),
        came_back=statement(file.iban, after, middle, closing, returns),
        notice=_report("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", file.iban, after, "", returns),
        closing_cents=closing,
        returned=_ids(returned), rejected=_ids(rejected), close=_ids(close), other=_ids(other),
    )  # fmt: skip


def account_day(
    iban: str, day: date, opening_cents: int, movements: Sequence[Movement], *, seed: int = 0
) -> bytes:
    """A statement of a day without payments of ours."""
    refs = _Refs(seed, f"{iban}{day}")
    closing = opening_cents + sum(one.cents for one in movements)
    return statement(iban, day, opening_cents, closing, [_other(one, refs) for one in movements])


def cut_off(content: bytes, *, seed: int) -> bytes:
    """A file of which the end is missing."""
    return content[: random.Random(seed).randrange(1, len(content) - 12)]  # noqa: S311


def disordered(files: Iterable[bytes], *, seed: int) -> list[bytes]:
    """The files twice, in no order."""
    found = [*files] * 2
    random.Random(seed).shuffle(found)  # noqa: S311
    return found


def statement(iban: str, day: date, opening_cents: int, closing_cents: int, entries: Sequence[str]) -> bytes:
    """A camt.053 of one day."""
    balances = _balance("OPBD", opening_cents, day) + _balance("CLBD", closing_cents, day)
    return _report("053", "BkToCstmrStmt", "Stmt", iban, day, balances, entries)


def _read(content: bytes) -> _File:
    root = fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rsplit("}", 1)[-1]
    info = root.find("CstmrCdtTrfInitn/PmtInf")
    assert info is not None, "this is no file of payments"
    file = _File(
        message=_text(root, "CstmrCdtTrfInitn/GrpHdr/MsgId"), batch=_text(info, "PmtInfId"),
        iban=_text(info, "DbtrAcct/Id/IBAN"), day=date.fromisoformat(_text(info, "ReqdExctnDt/Dt")),
    )  # fmt: skip
    for one in info.findall("CdtTrfTxInf"):
        euros, _, cents = _text(one, "Amt/InstdAmt").partition(".")
        payment = _Payment(
            _text(one, "PmtId/EndToEndId"), int(euros) * 100 + int(cents.ljust(2, "0")),
            _text(one, "Cdtr/Nm"), _text(one, "CdtrAcct/Id/IBAN"),
        )  # fmt: skip
        file.payments.append(payment)
    return file


def _text(element: Any, path: str) -> str:
    return str(element.find(path).text)


def _ids(payments: Iterable[_Payment]) -> tuple[str, ...]:
    return tuple(one.id for one in payments)


class _Refs:
    """The bank's own numbers, never the same twice on an account."""

    def __init__(self, seed: int, about: str) -> None:
        self._about, self._next = f"{seed}/{about}", 0

    def take(self) -> str:
        self._next += 1
        return hashlib.sha256(f"{self._about}/{self._next}".encode()).hexdigest()[:16].upper()


def _amount(cents: int) -> str:
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _money(cents: int) -> str:
    return f'<Amt Ccy="EUR">{_amount(cents)}</Amt><CdtDbtInd>{"CRDT" if cents > 0 else "DBIT"}</CdtDbtInd>'


def _entry(cents: int, ref: str, family: str, sub_family: str, details: str) -> str:
    return (
        f"<Ntry>{_money(cents)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>DAY</Dt></BookgDt><ValDt><Dt>DAY</Dt></ValDt>"
        f"<AcctSvcrRef>{ref}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd>"
        f"<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _debit(payments: Sequence[_Payment], batch: str, refs: _Refs) -> str:
    total = -sum(one.cents for one in payments)
    details = f"<Btch><PmtInfId>{escape(batch)}</PmtInfId><NbOfTxs>{len(payments)}</NbOfTxs></Btch>"
    return _entry(total, refs.take(), "ICDT", "ESCT", details)


def _single_debit(payment: _Payment, batch: str, refs: _Refs) -> str:
    return _entry(-payment.cents, refs.take(), "ICDT", "ESCT", _details(payment, -payment.cents, "", batch))


def _return(payment: _Payment, reason: str, refs: _Refs) -> str:
    why = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>"
    return _entry(payment.cents, refs.take(), "RCDT", "RRTN", _details(payment, payment.cents, why))


def _details(payment: _Payment, cents: int, more: str, batch: str = "") -> str:
    file = f"<PmtInfId>{escape(batch)}</PmtInfId>" if batch else ""
    return (
        f"<TxDtls><Refs>{file}<EndToEndId>{escape(payment.id)}</EndToEndId></Refs>{_money(cents)}"
        f"<RltdPties><Cdtr><Pty><Nm>{escape(payment.name)}</Nm></Pty></Cdtr>"
        f"<CdtrAcct><Id><IBAN>{payment.iban}</IBAN></Id></CdtrAcct></RltdPties>{more}</TxDtls>"
    )


def _other(one: Movement, refs: _Refs) -> str:
    side = "Dbtr" if one.cents > 0 else "Cdtr"
    details = (
        f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{_money(one.cents)}<RltdPties><{side}><Pty>"
        f"<Nm>{escape(one.name)}</Nm></Pty></{side}></RltdPties><RmtInf><Ustrd>{escape(one.text)}</Ustrd></RmtInf></TxDtls>"
    )
    return _entry(one.cents, refs.take(), one.family, one.sub_family, details)


def _balance(code: str, cents: int, day: date) -> str:
    side = "CRDT" if cents >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{_amount(cents)}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _report(
    kind: str, root: str, report: str, iban: str, day: date, balances: str, entries: Sequence[str]
) -> bytes:
    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    lines = "".join(entries).replace("<Dt>DAY</Dt>", f"<Dt>{day}</Dt>")
    head = f"<GrpHdr><MsgId>B{kind}{day:%Y%m%d}</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{_CAMT.format(kind)}"><{root}>{head}<{report}>'
        f"<Id>{kind}-{day}</Id>{account}{balances}{lines}</{report}></{root}></Document>"
    ).encode()


def _pain002(file: _File, group: str, payments: Sequence[tuple[_Payment, str, str]]) -> bytes:
    lines = "".join(_status(one, status, said) for one, status, said in payments)
    batch = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(file.batch)}</OrgnlPmtInfId>{lines}</OrgnlPmtInfAndSts>"
    )
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{_PAIN}"><CstmrPmtStsRpt><GrpHdr><MsgId>S</MsgId></GrpHdr>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(file.message)}</OrgnlMsgId>{status}</OrgnlGrpInfAndSts>{batch}"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def _status(payment: _Payment, status: str, said: str) -> str:
    why = (
        f"<Rsn><Cd>{said}</Cd></Rsn>"
        if status == "RJCT"
        else f"<AddtlInf>{escape(said)}</AddtlInf>"
        if said
        else ""
    )
    info = f"<StsRsnInf>{why}</StsRsnInf>" if why else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>{escape(payment.id)}</OrgnlEndToEndId><TxSts>{status}</TxSts>{info}</TxInfAndSts>"
