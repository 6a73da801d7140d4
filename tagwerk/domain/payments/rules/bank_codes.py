"""Why a bank did not take a payment or gave it back, in few words. Source: ISO 20022 external code sets (reason codes
of returns and of status reports), as far as SEPA credit transfers use them (EPC132-08, EPC125-05)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Cause(StrEnum):
    """What a worker or an operator can do something about; each has words in every language of the pages."""

    ACCOUNT_WRONG = "account_wrong"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_BLOCKED = "account_blocked"
    NOT_ALLOWED = "not_allowed"  # the account takes no such payments
    NAME = "name"
    ADDRESS = "address"
    DECEASED = "deceased"
    NOT_WANTED = "not_wanted"  # the account's owner sent it back
    REGULATION = "regulation"
    DUPLICATE = "duplicate"
    FILE = "file"  # something in our file
    FUNDS = "funds"  # not enough on the operator's account
    BANK = "bank"  # the payee's bank cannot be reached, or takes no part
    RECALLED = "recalled"
    UNSAID = "unsaid"


_CODES = {
    Cause.ACCOUNT_WRONG: "AC01 AC03 BE01 RC01 RC04 RC07 RC08 AC14",
    Cause.ACCOUNT_CLOSED: "AC04 AC07",
    Cause.ACCOUNT_BLOCKED: "AC06",
    Cause.NOT_ALLOWED: "AG01 AG03 AC13 AC15 AC16",
    Cause.NAME: "RVNM RVMC BE05",
    Cause.ADDRESS: "BE04 BE06 BE07",
    Cause.DECEASED: "MD07",
    Cause.NOT_WANTED: "MS02 CUST UPAY",
    Cause.REGULATION: "RR01 RR02 RR03 RR04 FRAD",
    Cause.DUPLICATE: "AM05 DU01 DU02 DU03 DU04 DUPL",
    Cause.FILE: "AG02 AM01 AM02 AM09 AM10 CURR DT01 FF01 FF05 NARR TM01 TD03 AC02",
    Cause.FUNDS: "AM04 AM07",
    Cause.BANK: "CNOR DNOR ED05 TECH AB05 AB06 AB07 AB08 AB09 AB10 ERIN RVNA",
    Cause.RECALLED: "FOCR DS02 DS0B",
    Cause.UNSAID: "MS03 MS01",
}
CAUSES: Mapping[str, Cause] = MappingProxyType(
    {code: cause for cause, codes in _CODES.items() for code in codes.split()}
)
# After these the same account would fail again; the worker must give another one.
ENDS_METHOD = frozenset(
    {Cause.ACCOUNT_WRONG, Cause.ACCOUNT_CLOSED, Cause.ACCOUNT_BLOCKED, Cause.NOT_ALLOWED, Cause.DECEASED}
)


def cause_of(code: str) -> Cause:
    """What a code means; a code that nobody told us says nothing."""
    return CAUSES.get(code.strip().upper(), Cause.UNSAID)


class NameCheck(StrEnum):
    """What Verification of Payee found, since 9 October 2025."""

    MATCH = "RCVC"
    CLOSE = "RVMC"  # the bank says the name that it has
    NONE = "RVNM"
    IMPOSSIBLE = "RVNA"
