"""What happens in the book: transfers are booked, and what was booked is sealed."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from django.db import connection, transaction
from django.db.utils import IntegrityError

from tagwerk.base.errors import Conflict, Invalid, Refusal
from tagwerk.base.money import plain
from tagwerk.domain.ledger.models import Account, Transfer
from tagwerk.domain.ledger.rules import LARGEST_BATCH, Entry, account_of

LARGEST_SEAL = 100_000  # transfers under one hash: their text is put together in memory

_INSERT = """
INSERT INTO ledger_transfer
    (id, event, kind, debit_id, credit_id, currency, amount_micros, pending_id, code, ref_type, ref_id, memo)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[],
    %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (id) DO NOTHING
"""


def transfer(*, entries: Sequence[Entry]) -> int:
    """Book the entries, all or none; what is booked already under the same id is left, and the new ones are counted."""
    if len(entries) > LARGEST_BATCH:
        raise Invalid(
            "too_many_transfers", "At most {limit} transfers fit into one booking.", limit=LARGEST_BATCH
        )
    if not entries:
        return 0
    with transaction.atomic():
        ids = _open_accounts(sorted({code for entry in entries for code in (entry.debit, entry.credit)}))
        try:
            with transaction.atomic():
                new = _insert(sorted(entries, key=lambda entry: entry.id), ids)
        except IntegrityError as error:
            _refuse(error)
        if new < len(entries):
            _compare(entries, ids)
    return new


def seal() -> int:
    """Seal what has been booked since the last seal; says how many seals that took."""
    made = 0
    while _seal_next():
        made += 1
    return made


def _seal_next() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_seal_next(%s::bigint)", [LARGEST_SEAL])
        return cursor.fetchone()[0] is not None


def _open_accounts(codes: list[str]) -> dict[str, int]:
    """The row number of each account; those that do not exist yet are opened, in one order for everybody."""
    ids = dict(Account.objects.filter(code__in=codes).values_list("code", "id"))
    missing = [_known(code) for code in codes if code not in ids]
    if missing:
        columns = [
            [getattr(each, name) for each in missing] for name in ("code", "kind", "currency", "guard")
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_account (code, kind, currency, guard) "
                "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) "
                "ON CONFLICT (code) DO NOTHING",
                columns,
            )
        ids = dict(Account.objects.filter(code__in=codes).values_list("code", "id"))
    return ids


def _known(code: str) -> Any:
    account = account_of(code)
    if account is None:
        raise Invalid("account_unknown", "The chart of accounts has no “{account}”.", account=code)
    return account


def _row(entry: Entry, ids: dict[str, int]) -> tuple[object, ...]:
    return (
        entry.id, entry.event, entry.kind, ids[entry.debit], ids[entry.credit], entry.currency, entry.amount_micros,
        entry.pending_id, entry.code, entry.ref_type, entry.ref_id, entry.memo,
    )  # fmt: skip


def _insert(entries: list[Entry], ids: dict[str, int]) -> int:
    columns = [list(column) for column in zip(*(_row(entry, ids) for entry in entries), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
        return int(cursor.rowcount)


_COLUMNS = (
    "id", "event", "kind", "debit_id", "credit_id", "currency", "amount_micros", "pending_id", "code", "ref_type",
    "ref_id", "memo",
)  # fmt: skip


def _compare(entries: Sequence[Entry], ids: dict[str, int]) -> None:
    """The same id must mean the same transfer, or two facts have been given one name."""
    booked: dict[UUID, tuple[object, ...]] = {
        row[0]: row
        for row in Transfer.objects.filter(id__in=[entry.id for entry in entries]).values_list(*_COLUMNS)
    }
    for entry in entries:
        if booked[entry.id] != _row(entry, ids):
            raise Conflict(
                "transfer_differs",
                "Under the id {id} another transfer is booked already; give the new one an id of its own.",
                id=str(entry.id),
            )


_REFUSALS: dict[str, tuple[type[Refusal], str, str]] = {
    "ledger_account_no_overcredit": (Conflict, "account_exceeded", "This account cannot give more than it holds."),
    "ledger_transfer_amount_range": (
        Invalid, "amount_out_of_range", "An amount must be more than nothing and at most a thousand million.",
    ),
    "ledger_transfer_two_accounts": (Invalid, "same_account", "A transfer needs two different accounts."),
    "ledger_transfer_debit_currency": (Invalid, "currency_differs", "Both accounts must be in the transfer's currency."),
    "ledger_transfer_credit_currency": (Invalid, "currency_differs", "Both accounts must be in the transfer's currency."),
    "ledger_transfer_kind_known": (Invalid, "transfer_kind_unknown", "A transfer is single, pending, post or void."),
    "ledger_transfer_names_pending": (
        Invalid, "pending_missing", "A post or a void names the pending transfer that it resolves, others name none.",
    ),
    "ledger_transfer_pending_exists": (Conflict, "pending_unknown", "There is no such pending transfer to resolve."),
    "ledger_transfer_resolved_once": (Conflict, "pending_resolved", "This pending transfer is resolved already."),
    "ledger_transfer_matches_pending": (
        Invalid, "pending_differs", "A post or a void has the accounts and the currency of its pending transfer.",
    ),
    "ledger_transfer_within_pending": (
        Conflict, "pending_exceeded", "No more can be posted than is pending, and a void takes back all of it.",
    ),
}  # fmt: skip


def _refuse(error: IntegrityError) -> NoReturn:
    """Say in words which rule of the book stood in the way; what has no words is our own mistake."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    if constraint == "ledger_account_no_overdraft" and diagnosis is not None:
        raise _not_enough_money(json.loads(diagnosis.message_detail)) from error
    if constraint not in _REFUSALS:
        raise error
    kind, code, message = _REFUSALS[constraint]
    raise kind(code, message) from error


def _not_enough_money(short: dict[str, Any]) -> Conflict:
    return Conflict(
        "not_enough_money",
        "Not enough money: {available} {currency} are there and {needed} {currency} are needed.",
        available=plain(short["available_micros"]),
        needed=plain(short["needed_micros"]),
        **short,
    )
