"""A file of SEPA credit transfers for the bank: ISO 20022 pain.001.001.09. The same run gives the same bytes.

Sources: EPC132-08 (C2PSP implementation guidelines of the credit transfer), EPC217-08 (character set and its
conversion), DFÜ-Abkommen Anlage 3 (the German banks' rules, which let umlauts and &*$% pass).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from xml.sax.saxutils import escape

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments.rules.rails import Rail, smallest_micros, written

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME, LONGEST_TEXT, LONGEST_ID = 70, 140, 35
LARGEST_MICROS = 999_999_999_990_000  # 999,999,999.99 €: the most that one SEPA payment carries
AT_ONCE = 500  # payments put together before they are handed on


@dataclass(frozen=True, slots=True)
class Address:
    """Unstructured addresses are refused by banks since 15 November 2026; town and country are the least."""

    town: str
    country: str  # ISO 3166, two letters
    street: str = ""
    building: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Whose account it is: the name as the bank has it, which Verification of Payee compares."""

    name: str
    iban: str
    bic: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """One payment. `end_to_end` comes back on statements, returns and rejections."""

    end_to_end: str
    amount_micros: int
    payee: Party
    text: str


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """What the file says about all of its payments; `count` and `total_micros` stand before them in it.

    `batch_booking`: one debit for all of them on the statement, so that nobody who reads it sees what each one got.
    `instant`: SEPA instant credit transfer, where the payer's bank takes it.
    """

    message_id: str
    created_at: datetime
    payer: Party
    execution: date
    count: int
    total_micros: int
    instant: bool = False
    batch_booking: bool = True


def pain001(file: PaymentFile, payments: Iterable[CreditTransfer]) -> Iterator[bytes]:
    """The file in pieces. Payments come in ascending order of their ids, which shows that none is there twice.

    Refuses ids, accounts and names that a bank would refuse, and a count or a total that the payments do not have.
    """
    yield _head(file).encode()
    count = total = 0
    before, piece = "", ""
    for payment in payments:
        if payment.end_to_end <= before:
            raise Invalid(
                "sepa_order", "Payment {id} is there twice, or not in its place.", id=payment.end_to_end
            )
        before = payment.end_to_end
        count, total = count + 1, total + payment.amount_micros
        piece += _payment(payment)
        if count % AT_ONCE == 0:
            yield piece.encode()
            piece = ""
    if (count, total) != (file.count, file.total_micros) or not count:
        raise Invalid(
            "sepa_total", "The file says {said} payments, but there are {count}, or their sums differ.",
            said=file.count, count=count,
        )  # fmt: skip
    yield f"{piece}</PmtInf></CstmrCdtTrfInitn></Document>\n".encode()


def _head(file: PaymentFile) -> str:
    message = _el("MsgId", checked_id(file.message_id))
    sums = _el("NbOfTxs", str(file.count)) + _el("CtrlSum", written(file.total_micros, Rail.SEPA, "EUR"))
    created = _el("CreDtTm", file.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    payer = _party(file.payer)
    initiator = _el("InitgPty", _el("Nm", _name(file.payer.name)))
    instant = _el("LclInstrm", _el("Cd", "INST")) if file.instant else ""
    agent = _el("BICFI", _bic(file.payer.bic)) if file.payer.bic else _el("Othr", _el("Id", "NOTPROVIDED"))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>'
        + _el("GrpHdr", message + created + sums + initiator)
        + "<PmtInf>"
        + _el("PmtInfId", file.message_id)
        + _el("PmtMtd", "TRF")
        + _el("BtchBookg", str(file.batch_booking).lower())
        + sums
        + _el("PmtTpInf", _el("SvcLvl", _el("Cd", "SEPA")) + instant)
        + _el("ReqdExctnDt", _el("Dt", file.execution.isoformat()))
        + _el("Dbtr", payer)
        + _el("DbtrAcct", _el("Id", _el("IBAN", _iban(file.payer.iban))))
        + _el("DbtrAgt", _el("FinInstnId", agent))
        + _el("ChrgBr", "SLEV")
    )


def _payment(payment: CreditTransfer) -> str:
    payee, amount = payment.payee, payment.amount_micros
    if not 0 < amount <= LARGEST_MICROS or amount % smallest_micros(Rail.SEPA, "EUR"):
        raise Invalid(
            "sepa_amount", "Payment {id} has an amount that SEPA cannot carry.", id=payment.end_to_end
        )
    agent = _el("CdtrAgt", _el("FinInstnId", _el("BICFI", _bic(payee.bic)))) if payee.bic else ""
    return (
        "\n<CdtTrfTxInf>"
        + _el("PmtId", _el("EndToEndId", checked_id(payment.end_to_end)))
        + f'<Amt><InstdAmt Ccy="EUR">{written(amount, Rail.SEPA, "EUR")}</InstdAmt></Amt>'
        + agent
        + _el("Cdtr", _party(payee))
        + _el("CdtrAcct", _el("Id", _el("IBAN", _iban(payee.iban))))
        + _el("RmtInf", _el("Ustrd", escape(sepa_text(payment.text, LONGEST_TEXT)) or "-"))
        + "</CdtTrfTxInf>"
    )


def _el(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


def _party(party: Party) -> str:
    return _el("Nm", _name(party.name)) + _address(party.address)


_PARTS = (
    ("StrtNm", "street", 70),
    ("BldgNb", "building", 16),
    ("PstCd", "postcode", 16),
    ("TwnNm", "town", 35),
)


def _address(address: Address | None) -> str:
    """Structured or not at all: inside the EEA it may be left out, and half of one is refused."""
    if address is None or not sepa_text(address.town, 35) or not re.fullmatch("[A-Z]{2}", address.country):
        return ""
    texts = ((tag, escape(sepa_text(getattr(address, field), longest))) for tag, field, longest in _PARTS)
    parts = "".join(_el(tag, text) for tag, text in texts if text)
    return _el("PstlAdr", parts + _el("Ctry", address.country))


def _name(name: str) -> str:
    return escape(writable_name(name))


def writable_name(name: str, *, path: str | None = None) -> str:
    """The name as the file will say it; refuses one of which nothing would be left."""
    text = sepa_text(name, LONGEST_NAME)
    if not any(sign.isalnum() for sign in text):
        raise Invalid(
            "sepa_name",
            "“{name}” cannot be written in a bank file: give the name in Latin letters, as the bank has it.",
            path=path,
            name=name,
        )
    return text


def is_writable(name: str) -> bool:
    """Whether a file can say the name at all."""
    try:
        return bool(writable_name(name))
    except Invalid:
        return False


def checked_id(text: str) -> str:
    """An identification that every bank takes and hands back unchanged (EPC132-08, 1.5.2)."""
    good = (
        re.fullmatch(r"[A-Za-z0-9+?\-:().,' /]{1,35}", text) and text == text.strip(" /") and "//" not in text
    )
    if not good:
        raise Invalid(
            "sepa_id",
            "“{id}” is no identification for a bank: 1 to 35 letters, digits and some signs.",
            id=text[:LONGEST_ID],
        )
    return text


_NUMBERS = {ord(letter): str(10 + place) for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def _iban(iban: str) -> str:
    """The check digits are looked at once more: a wrong account is somebody else's. Source: ISO 13616, ISO 7064."""
    good = re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", iban)
    if not good or int((iban[4:] + iban[:4]).translate(_NUMBERS)) % 97 != 1:
        raise Invalid("sepa_iban", "“{iban}” is no IBAN.", iban=f"{iban[:4]}…")
    return iban


def _bic(bic: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", bic):
        raise Invalid("sepa_bic", "“{bic}” is no BIC.", bic=bic[:11])
    return bic


_PLAIN = re.compile(r"[A-Za-z0-9/\-?:().,'+ ÄÖÜäöüß&*$%]*")
_SPELT = """
æae ÆAE øo ØO åa ÅA łl ŁL đd ĐD œoe ŒOE ıi þth ÞTH ðd ÐD –- —- ’' ‘' `'
αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo
аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ьy юyu яya
"""
_SMALL = {word[0]: word[1:] for word in _SPELT.split()}
_LETTERS = MappingProxyType({letter.upper(): latin.title() for letter, latin in _SMALL.items()} | _SMALL)


def sepa_text(text: str, longest: int) -> str:
    """The text in the signs that a bank takes: umlauts stay, é becomes e, Greek and Cyrillic are spelt in Latin
    letters (EPC217-08), what cannot be said becomes a full stop; on one line, cut at `longest`."""
    normal = unicodedata.normalize("NFC", text)
    if not _PLAIN.fullmatch(normal):
        normal = "".join(_sign(sign) for sign in normal)
    return " ".join(normal.split())[:longest].rstrip()


def _sign(sign: str) -> str:
    if _PLAIN.fullmatch(sign):
        return sign
    if unicodedata.category(sign)[0] in "CZ":  # control signs, marks of direction, line breaks
        return " " if sign.isspace() else ""
    bare = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    latin = _LETTERS.get(sign) or "".join(_LETTERS.get(one, one) for one in bare)
    return "".join(one if _PLAIN.fullmatch(one) else "." for one in latin)


# The European Economic Area, by the beginning of an IBAN.
EEA = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
     "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip


def execution_day(released: date) -> date:
    """The next weekday after a run's release; banks move it past their own holidays."""
    day = released + timedelta(days=1)
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
