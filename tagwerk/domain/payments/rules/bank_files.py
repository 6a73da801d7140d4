"""What a bank says about an account and about our payments: ISO 20022 camt.052, .053, .054 and pain.002, of any
version. Files come from outside: they are read as streams, without entities, up to a size, whole or not at all."""

import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tagwerk.base.errors import Invalid
from tagwerk.base.money import LARGEST_MICROS
from tagwerk.domain.payments.rules.bank_codes import NameCheck

LARGEST_BYTES = 64 * 1024 * 1024
MOST_FILES = 400  # in one archive
MOST_ELEMENTS, DEEPEST = 3_000_000, 40  # of one file: more takes memory and says nothing
_KINDS = {
    "BkToCstmrAcctRpt": "camt.052",
    "BkToCstmrStmt": "camt.053",
    "BkToCstmrDbtCdtNtfctn": "camt.054",
    "CstmrPmtStsRpt": "pain.002",
}
_REPORTS = ("Stmt", "Rpt", "Ntfctn")
# What a damaged archive makes the standard library raise.
_DAMAGED = (
    BadZipFile, RuntimeError, EOFError, OSError, ValueError, MemoryError, zlib.error, lzma.LZMAError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One payment of an entry. Amounts that came in are positive."""

    amount_micros: int
    end_to_end: str
    batch: str  # the PmtInfId of the file that it was in
    return_code: str
    is_return: bool
    name: str  # of the other side
    iban: str
    text: str


@dataclass(frozen=True, slots=True)
class BankLine:
    """One entry on a statement. `parts` is never empty; with one part only, it is the entry itself."""

    ref: str  # what the bank calls it; empty where the bank gives no name
    amount_micros: int
    currency: str
    booked_on: date | None
    is_booked: bool
    batch: str
    is_charge: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A statement (camt.053), or what was said of an account during the day (.052) or as a notice (.054)."""

    kind: str
    id: str
    iban: str
    currency: str
    opening_micros: int | None
    opening_on: date | None
    closing_micros: int | None
    closing_on: date | None
    lines: tuple[BankLine, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the entries lead from the opening to the closing balance."""
        if self.opening_micros is None or self.closing_micros is None:
            return True
        return (
            self.opening_micros + sum(x.amount_micros for x in self.lines if x.is_booked)
            == self.closing_micros
        )


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What became of one payment of a file of ours."""

    end_to_end: str
    status: str
    reason: str
    said: str  # with RVMC the name that the bank has


@dataclass(frozen=True, slots=True)
class StatusReport:
    """pain.002: of a file (`message`), of its payments as a whole (`status`), of some of them."""

    message: str
    status: str
    reason: str
    payments: tuple[PaymentStatus, ...]


Read = Report | StatusReport


def files_in(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive, as banks hand out the statements of a month; else the file itself."""
    if not content.startswith(b"PK"):
        return [(name, content)]
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > LARGEST_BYTES:
                raise _too_large(name)
            return [(one.filename, _member(archive, one.filename, one.file_size)) for one in members]
    except _DAMAGED as error:
        raise _unreadable(name, error) from None


def _member(archive: ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as file:
        return file.read(size + 1)


def read_bank_file(name: str, content: bytes) -> list[Read]:
    """All reports in a file; refuses, whole, what is no such file, is cut off, too large or dangerous."""
    if len(content) > LARGEST_BYTES:
        raise _too_large(name)
    try:
        return list(_reports(name, content))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _unreadable(name, error) from None


def _too_large(name: str) -> Invalid:
    return Invalid(
        "bank_file_too_large",
        "“{file}” is larger than {megabytes} MB; ask the bank for files of single days.",
        file=name[:100],
        megabytes=LARGEST_BYTES // 2**20,
    )


def _unreadable(name: str, error: Exception) -> Invalid:
    return Invalid(
        "bank_file_unreadable",
        "“{file}” cannot be read as a file of a bank ({error}): is it whole, and XML?",
        file=name[:100],
        error=f"{error or type(error).__name__}"[:120],
    )


def _reports(name: str, content: bytes) -> Iterator[Read]:
    path: list[str] = []
    kind, count = "", 0
    lines: list[Any] = []
    for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
        if event == "start":
            element.tag = element.tag.rsplit("}", 1)[-1]
            path.append(element.tag)
            count += 1
            if count > MOST_ELEMENTS or len(path) > DEEPEST:
                raise ValueError("too many elements in one another")
            kind = _kind(name, path) if len(path) == 2 else kind
            continue
        path.pop()
        if (read := _LINES.get(element.tag)) is not None:
            lines.append(read(element))
            element.clear()
        elif kind and len(path) == (1 if kind == "pain.002" else 2):
            yield from _whole(name, kind, element, tuple(lines))
            lines = []
            element.clear()
    if not kind:
        raise ValueError("it is empty")


def _whole(name: str, kind: str, element: Element, lines: tuple[Any, ...]) -> Iterator[Read]:
    if kind == "pain.002":
        yield _status_report(element, lines)
    elif element.tag in _REPORTS:
        yield _report(name, kind, element, lines)


def _kind(name: str, path: list[str]) -> str:
    if path[0] != "Document" or path[1] not in _KINDS:
        raise Invalid(
            "bank_file_unknown",
            "“{file}” is none of the files that are read here: camt.052, camt.053, camt.054, pain.002.",
            file=name[:100],
        )
    return _KINDS[path[1]]


def _report(name: str, kind: str, element: Element, lines: tuple[BankLine, ...]) -> Report:
    balances = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in element.findall("Bal")}
    opening = _first(balances, "OPBD", "PRCD")
    closing = balances.get("CLBD")
    some = opening if opening is not None else closing
    own = _text(element, "Acct/Ccy")
    currency = _checked_currency(own) if own else _currency(some) if some is not None else ""
    currency = currency or (lines[0].currency if lines else "")
    said = {_currency(one) for one in (opening, closing) if one is not None}
    _refuse_others(name, currency, said.union(line.currency for line in lines if line.is_booked))
    return Report(
        kind=kind,
        id=_text(element, "Id")[:80],
        iban=(_text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id"))[:34],
        currency=currency,
        opening_micros=_balance(opening),
        opening_on=_day(opening, "Dt") if opening is not None else None,
        closing_micros=_balance(closing),
        closing_on=_day(closing, "Dt") if closing is not None else None,
        lines=lines,
    )


def _refuse_others(name: str, currency: str, said: set[str]) -> None:
    """All that is in an account is in its currency; else it would be booked as so much of another one."""
    if others := said - {currency}:
        raise Invalid(
            "bank_file_currencies",
            "“{file}” has amounts in {other} on an account in {currency}; ask the bank for a file of each currency.",
            file=name[:100],
            other=", ".join(sorted(others)),
            currency=currency,
        )


def _first(balances: dict[str, Element], *codes: str) -> Element | None:
    return next((balances[code] for code in codes if code in balances), None)


def _balance(element: Element | None) -> int | None:
    return None if element is None else _signed(element)


_CHARGES = frozenset({"CHRG", "FEES", "COMM", "COMI", "COMT"})
_RETURNS = frozenset({"RRTN", "RPCR", "RIMB"})


def _line(element: Element) -> BankLine:
    amount = _signed(element)
    family = _text(element, "BkTxCd/Domn/Fmly/SubFmlyCd")
    batch = _text(element, "NtryDtls/Btch/PmtInfId")
    details = element.findall("NtryDtls/TxDtls")
    parts = tuple(_part(one, amount, batch, family) for one in details)
    if len(parts) == 1 or (parts and sum(part.amount_micros for part in parts) != amount):
        # One payment is the entry; and parts that are not the whole are told, but counted as one.
        parts = (_as_whole(parts[0], amount, alone=len(parts) == 1),)
    status = _text(element, "Sts/Cd") or _text(element, "Sts")
    return BankLine(
        ref=_own_ref(_text(element, "AcctSvcrRef")),
        amount_micros=amount,
        currency=_currency(element),
        booked_on=_day(element, "BookgDt") or _day(element, "ValDt"),
        is_booked=status in ("BOOK", ""),
        batch=(batch or _only({part.batch for part in parts}))[:80],
        is_charge=family in _CHARGES,
        parts=parts or (_part(element, amount, batch, family),),
    )


def _own_ref(text: str) -> str:
    """Banks without a number of their own say NONREF; NtryRef only counts the lines of one statement."""
    return "" if text.upper() in ("NONREF", "NOTPROVIDED") else text[:80]


def _only(values: set[str]) -> str:
    return values.pop() if len(values) == 1 else ""


def _as_whole(part: Part, amount: int, *, alone: bool) -> Part:
    if alone:
        return Part(
            amount,
            part.end_to_end,
            part.batch,
            part.return_code,
            part.is_return,
            part.name,
            part.iban,
            part.text,
        )
    return Part(amount, "", part.batch, "", False, "", "", part.text)


def _part(element: Element, whole: int, batch: str, family: str) -> Part:
    found = next(
        (
            one
            for one in map(element.find, ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"))
            if one is not None
        ),
        None,
    )
    side = _text(element, "CdtDbtInd")
    comes_in = side == "CRDT" if side in ("CRDT", "DBIT") else whole > 0
    amount = abs(whole) if found is None else _micros(found.text or "")
    code = _text(element, "RtrInf/Rsn/Cd") or _text(element, "RtrInf/Rsn/Prtry")
    other = "Dbtr" if comes_in else "Cdtr"
    texts = [
        one.text or ""
        for one in (*element.findall("RmtInf/Ustrd"), *element.findall("RmtInf/Strd/CdtrRefInf/Ref"))
    ]
    end_to_end = _text(element, "Refs/EndToEndId")
    return Part(
        amount_micros=amount if comes_in else -amount,
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end[:80],
        batch=(_text(element, "Refs/PmtInfId") or batch)[:80],
        return_code=code[:10],
        is_return=bool(code) or family in _RETURNS or element.find("RtrInf") is not None,
        name=(_text(element, f"RltdPties/{other}/Pty/Nm") or _text(element, f"RltdPties/{other}/Nm"))[:140],
        iban=_text(element, f"RltdPties/{other}Acct/Id/IBAN")[:34],
        text=_one_line(" ".join(texts) or _text(element, "AddtlTxInf") or _text(element, "AddtlNtryInf"))[
            :500
        ],
    )


def _payment_status(element: Element) -> PaymentStatus:
    said = " ".join(one.text or "" for one in element.findall("StsRsnInf/AddtlInf"))
    code = _text(element, "StsRsnInf/Rsn/Cd") or _text(element, "StsRsnInf/Rsn/Prtry")
    status = _text(element, "TxSts")
    if code in {check.value for check in NameCheck}:
        status = code  # some banks say it as the reason of a pending payment
    return PaymentStatus(
        _text(element, "OrgnlEndToEndId")[:80], status[:10], code[:10], _one_line(said)[:140]
    )


_LINES: Mapping[str, Callable[[Element], Any]] = MappingProxyType(
    {"Ntry": _line, "TxInfAndSts": _payment_status}
)


def _status_report(element: Element, payments: tuple[PaymentStatus, ...]) -> StatusReport:
    group, info = element.find("OrgnlGrpInfAndSts"), element.find("OrgnlPmtInfAndSts")
    reason = "StsRsnInf/Rsn/Cd"
    return StatusReport(
        message=(_text(group, "OrgnlMsgId") or _text(info, "OrgnlPmtInfId"))[:80],
        status=(_text(info, "PmtInfSts") or _text(group, "GrpSts"))[:10],
        reason=(_text(info, reason) or _text(group, reason))[:10],
        payments=payments,
    )


def _text(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _signed(element: Element) -> int:
    sign = {"CRDT": 1, "DBIT": -1}[_text(element, "CdtDbtInd")]
    return sign * _micros(_text(element, "Amt"))


def _micros(text: str) -> int:
    """ISO 20022 amounts have up to five decimals."""
    found = re.fullmatch(r"(\d{1,15})(?:\.(\d{0,5}))?", text.strip(), re.ASCII)
    micros = int(found[1]) * 1_000_000 + int((found[2] or "").ljust(6, "0")) if found else -1
    if not 0 <= micros <= LARGEST_MICROS:
        raise ValueError(f"“{text[:30]}” is no amount")
    return micros


def _currency(element: Element) -> str:
    amount = element.find("Amt")
    return _checked_currency(amount.get("Ccy", "") if amount is not None else "")


def _checked_currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError("an amount without a currency")
    return text


def _day(element: Element, name: str) -> date | None:
    text = _text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm")
    return date.fromisoformat(text[:10]) if text else None
