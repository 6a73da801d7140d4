"""A wrong booking is put right: one operator says how, another one looks at it, and the book gets new transfers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tagwerk.base.errors import Conflict, Invalid, NotAllowed, NotFound
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.accounts.rules import Actor, Permission, require_operator
from tagwerk.domain.ledger import actions as ledger
from tagwerk.domain.ledger import queries as book
from tagwerk.domain.notices import actions as notices
from tagwerk.domain.notices.rules.catalogue import amount
from tagwerk.domain.payments.actions.credit import repay
from tagwerk.domain.payments.actions.locks import lock_money_of
from tagwerk.domain.payments.actions.telling import EARNINGS_PATH
from tagwerk.domain.payments.actions.two_people import acts_alone
from tagwerk.domain.payments.events import (
    CorrectionApproved,
    CorrectionConfirmed,
    CorrectionProposed,
    CorrectionRefused,
)
from tagwerk.domain.payments.models import Correction
from tagwerk.domain.payments.queries.corrections import lines_of_row, organisation_of_project
from tagwerk.domain.payments.rules import check_key
from tagwerk.domain.payments.rules import corrections as rules
from tagwerk.domain.payments.rules.corrections import CorrectionState, Line


def propose_correction(*, actor: Actor, lines: Sequence[Line], reason: str, key: str) -> int:
    """An operator says which transfers put something right; nothing is booked. The same key again is the same proposal."""
    require_operator(actor)
    rules.require_own_accounts(lines)
    return _propose(actor, lines, reason, key)


def propose_opposite(
    *, actor: Actor, transfer: UUID, whole_event: bool = False, reason: str, key: str
) -> int:
    """An operator says that a transfer was wrong, or all that was booked in one event with it; nothing is booked yet."""
    require_operator(actor)
    one = book.transfer_line(transfer)
    if one is None:
        raise Invalid("transfer_unknown", "The book has no such transfer.", path="transfer")
    wrong = book.lines_with(transfer, limit=rules.MOST_LINES + 1) if whole_event else [one]
    projects = {rules.owner_of(one.debit) for one in wrong}
    organisations = {
        number: organisation_of_project(number, wrong[0].currency)
        for sort, number in projects
        if sort == "project"
    }
    return _propose(actor, rules.opposites(wrong, organisations), reason, key)


@transaction.atomic
def _propose(actor: Actor, lines: Sequence[Line], reason: str, key: str) -> int:
    currency = rules.currency_of(lines)
    reason = rules.reason_given(reason, _require_owners(lines))
    facts = {
        "currency": currency, "reason": reason,
        "lines": [[one.debit, one.credit, one.micros, str(one.opposite_of or "")] for one in lines],
    }  # fmt: skip
    row, new = Correction.objects.get_or_create(
        key=check_key(key), defaults=facts | {"proposed_by_id": actor.person_id}
    )
    if any(getattr(row, name) != value for name, value in facts.items()):
        raise Conflict(
            "correction_differs", "Under this key another correction was proposed; give the new one a key of its own.", path="key",
        )  # fmt: skip
    if new:
        for line in lines:
            _require_not_undone(row, line)
        record(CorrectionProposed(actor_id=actor.person_id, correction_id=row.id))
    return row.id


def _require_owners(lines: Sequence[Line]) -> list[str]:
    """Refuse accounts of nobody; the names of the people whose money is moved."""
    owners = {rules.owner_of(code) for code in rules.changes_of(lines)}
    people = {number for sort, number in owners if sort == "worker"}
    organisations = {number for sort, number in owners if sort == "organisation"}
    names = accounts.names_of(people)
    if len(names) < len(people) or len(accounts.organisation_names(organisations)) < len(organisations):
        raise Invalid(
            "account_of_nobody", "Nobody has such an account: there is no such worker, or organisation."
        )
    return list(names.values())


def _require_not_undone(row: Correction, line: Line) -> None:
    """A transfer has one opposite. The book holds that by its id; here it is said before somebody else looks at it."""
    if line.opposite_of is None:
        return
    (entry,) = rules.entries_of(0, [line], row.currency, row.reason)
    open_ones = Correction.objects.filter(state=CorrectionState.PROPOSED.value).exclude(id=row.id)
    if book.is_booked(entry.id) or any(
        line.opposite_of == one.opposite_of for other in open_ones for one in lines_of_row(other)
    ):
        raise rules.undone_already()


@transaction.atomic
def confirm_correction(*, actor: Actor, correction_id: int) -> None:
    """An operator stands for what was proposed at the console, as if they had proposed it; another one approves it."""
    require_operator(actor)
    row = _open(correction_id)
    if actor.person_id is None or row.proposed_by_id == actor.person_id:
        return
    if row.proposed_by_id is not None:
        raise Conflict(
            "correction_confirmed", "Somebody stands for this correction already; you can approve it."
        )
    row.proposed_by_id = actor.person_id
    row.save(update_fields=["proposed_by_id"])
    record(CorrectionConfirmed(actor_id=actor.person_id, correction_id=row.id))


@transaction.atomic
def approve_correction(*, actor: Actor, correction_id: int, now: datetime, with_second_factor: bool) -> None:
    """An operator agrees, and the transfers are booked, all or none. `with_second_factor`: whether they have just shown one.

    Refuses who proposed it while there is a second operator, whose own balance it moves, and what the book refuses: no
    account goes below nothing.
    """
    require_operator(actor)
    row = _locked(correction_id)
    if row.state == CorrectionState.APPROVED and row.decided_by_id == actor.person_id:
        return
    _require_open(row)
    row.decided_alone = acts_alone(
        actor=actor, first_id=row.proposed_by_id, now=now, with_second_factor=with_second_factor,
        unconfirmed=NotAllowed(
            "correction_not_confirmed",
            "This was proposed at the console: one operator stands for it, another one approves it.",
        ),
        own=NotAllowed(
            "own_correction", "You proposed this correction, so another operator has to approve it; you can still refuse it."
        ),
    )  # fmt: skip
    lines = lines_of_row(row)
    _require_stranger(actor, lines, alone=row.decided_alone)
    _book(row, lines)
    row.state, row.decided_at, row.decided_by_id = CorrectionState.APPROVED.value, now, actor.person_id
    row.save(update_fields=["state", "decided_at", "decided_by_id", "decided_alone"])
    record(CorrectionApproved(actor_id=actor.person_id, correction_id=row.id, alone=row.decided_alone))


def _require_stranger(actor: Actor, lines: Sequence[Line], *, alone: bool) -> None:
    if not alone and ("worker", actor.person_id) in {
        rules.owner_of(code) for code in rules.changes_of(lines)
    }:
        raise NotAllowed(
            "correction_of_own_balance",
            "This moves your own balance, so another operator decides. Refuse it and propose it yourself, if it is right.",
        )


def _book(row: Correction, lines: Sequence[Line]) -> None:
    """The transfers, and what they make an organisation pay back; nobody counts its money meanwhile."""
    owners = {rules.owner_of(code) for code in rules.changes_of(lines)}
    organisations = sorted(number for sort, number in owners if sort == "organisation")
    for number in organisations:
        lock_money_of(organisation_id=number)
    try:
        ledger.transfer(entries=rules.entries_of(row.id, lines, row.currency, row.reason))
    except Conflict as refusal:
        if refusal.code != "transfer_differs":
            raise
        raise rules.undone_already() from None
    for number in organisations:
        repay(organisation_id=number, currency=row.currency, key=f"correction {row.id}")


@transaction.atomic
def refuse_correction(*, actor: Actor, correction_id: int, words: str, now: datetime) -> None:
    """An operator says no, and why; who proposed it may take it back so. Nothing is booked."""
    require_operator(actor)
    row = _locked(correction_id)
    _require_open(row)
    said = " ".join(words.split())
    if not said:
        raise Invalid("refusal_unreasoned", "Say why, in words.", path="words")
    if len(said) > rules.LONGEST_WORDS:
        raise Invalid(
            "text_too_long",
            "This has at most {longest} characters.",
            path="words",
            longest=rules.LONGEST_WORDS,
        )
    row.state, row.words, row.decided_at = CorrectionState.REFUSED.value, said, now
    row.decided_by_id = actor.person_id
    row.save(update_fields=["state", "words", "decided_at", "decided_by_id"])
    record(CorrectionRefused(actor_id=actor.person_id, correction_id=row.id))


def _locked(correction_id: int) -> Correction:
    row = Correction.objects.select_for_update().filter(id=correction_id).first()
    if row is None:
        raise NotFound("correction_not_found", "There is no such correction.")
    return row


def _require_open(row: Correction) -> None:
    if row.state != CorrectionState.PROPOSED:
        raise Conflict("correction_decided", "This correction was decided on meanwhile; look at it again.")


def _open(correction_id: int) -> Correction:
    row = _locked(correction_id)
    _require_open(row)
    return row


@transaction.atomic
def tell_correction_waits(*, correction_id: int) -> None:
    """Operators hear that a correction waits, except who proposed it; the only one there is hears of it too."""
    row = Correction.objects.get(id=correction_id)
    link = f"/operator/corrections/{public_id('cor', row.id)}/"
    everybody = accounts.operator_ids()
    for person_id in everybody:
        if row.state == CorrectionState.PROPOSED and (person_id != row.proposed_by_id or len(everybody) == 1):
            notices.tell(
                person_id=person_id, kind="correction_waits", params={"reason": row.reason}, link=link, key=f"correction/{row.id}"
            )  # fmt: skip


@transaction.atomic
def tell_corrected(*, correction_id: int) -> None:
    """Workers and organisations whose balance changed hear by how much, and why."""
    row = Correction.objects.get(id=correction_id)
    sums: dict[tuple[str, int], int] = {}
    for code, micros in rules.changes_of(lines_of_row(row)).items():
        owner = rules.owner_of(code)
        if owner[0] == "project":
            owner = ("organisation", organisation_of_project(owner[1], row.currency))
        sums[owner] = sums.get(owner, 0) + micros
    for (sort, number), micros in sums.items():
        params = {"amount": amount(micros, row.currency), "reason": row.reason}
        if sort == "worker" and micros:
            notices.tell(
                person_id=number, kind="balance_corrected", params=params, link=EARNINGS_PATH, key=f"corrected/{row.id}",
            )  # fmt: skip
        if sort == "organisation" and micros:
            name = accounts.organisation_names([number])[number]
            notices.tell_members(
                organisation_id=number, permission=Permission.MONEY_VIEW, kind="organisation_corrected",
                params=params | {"organisation": name}, key=f"corrected/{row.id}/{number}",
                link=f"/organisation/{public_id('org', number)}/balance/",
            )  # fmt: skip
