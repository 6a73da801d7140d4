"""A worker says who they are to a bank, and where their pay goes. A change takes a mail and three days."""

import json
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tagwerk.base.errors import Conflict, NotAllowed, NotFound
from tagwerk.base.events import record
from tagwerk.base.ids import public_id
from tagwerk.base.secrecy import decrypted, encrypted, keyed_digest
from tagwerk.domain.accounts.rules import CONSOLE, Actor
from tagwerk.domain.notices import queries as notices
from tagwerk.domain.payments.actions.bank_names import is_paid_by_bank
from tagwerk.domain.payments.actions.holding import end_holds_by_rule
from tagwerk.domain.payments.actions.running import withdraw_payouts
from tagwerk.domain.payments.events import (
    PayoutMethodAsked,
    PayoutMethodConfirmed,
    PayoutMethodRemoved,
    PayoutProfileChanged,
)
from tagwerk.domain.payments.models import PayoutMethod, PayoutProfile
from tagwerk.domain.payments.queries.naming import is_denied
from tagwerk.domain.payments.queries.receiving import payout_details
from tagwerk.domain.payments.rules.holds import HoldCode
from tagwerk.domain.payments.rules.payouts import METHOD_WAITS
from tagwerk.domain.payments.rules.profile import (
    PayoutDetails,
    Target,
    as_json,
    details_from,
    details_of,
    target_of,
)
from tagwerk.domain.payments.rules.rails import Rail
from tagwerk.domain.payments.rules.sepa import is_writable, writable_name


def confirm_path(method_id: int) -> str:
    """The page that the mail about a method leads to."""
    return f"/work/payouts/confirm/{public_id('pmt', method_id)}/"


@transaction.atomic
def save_payout_profile(*, person_id: int, details: PayoutDetails, now: datetime) -> None:
    """A worker's own details for banks and papers, checked and encrypted."""
    tidy = details_of(details, today=now.date())
    _keep_profile(person_id, tidy, complete=tidy.tax_data_complete, now=now)


@transaction.atomic
def change_account_holder(*, person_id: int, holder: str, now: datetime) -> None:
    """The account holder as the bank has it, in place of what a worker had said; the rest of their details stays."""
    before = PayoutProfile.objects.filter(person_id=person_id).order_by("-id").first()
    if before is None:
        raise NotFound("payee_check_not_found", "There is nothing to answer.")
    details = replace(details_from(json.loads(decrypted(before.sealed))), holder=holder)
    tidy = details_of(details, today=now.date(), asks_name=False)
    _keep_profile(person_id, tidy, complete=before.tax_data_complete, now=now)


def _keep_profile(person_id: int, tidy: PayoutDetails, *, complete: bool, now: datetime) -> None:
    if is_paid_by_bank(person_id):
        writable_name(tidy.holder, path="holder")
    PayoutProfile.objects.create(
        person_id=person_id, sealed=encrypted(json.dumps(as_json(tidy))), tax_data_complete=complete, changed_at=now,
        bank_name_fits=is_writable(tidy.holder),
    )  # fmt: skip
    _end_name_hold(person_id, tidy.holder, now)
    if complete:
        end_holds_by_rule(person_id=person_id, code=HoldCode.TAX_DATA_MISSING, now=now)
    record(PayoutProfileChanged(actor_id=person_id, person_id=person_id))


@transaction.atomic
def ask_payout_method(
    *,
    person_id: int,
    rail: Rail,
    account: str,
    bic: str = "",
    now: datetime,
    recently_signed_in: bool,
    with_second_factor: bool,
) -> int:
    """A worker enters where their pay is to go; it counts once they open the link in the mail that follows.

    Needs a recent sign-in; once something is in use, also a second factor that was just shown.
    """
    target = target_of(rail, account, bic)
    _lock_person(person_id)
    if target.rail is Rail.SEPA and (details := payout_details(person_id)):
        writable_name(details.holder)
    in_use = PayoutMethod.objects.filter(person_id=person_id, ended_at=None, confirmed_at__isnull=False)
    _require_fresh(recently_signed_in, with_second_factor, changing=_had_one(person_id))
    fingerprint = _fingerprint(target)
    if in_use.filter(fingerprint=fingerprint).exists():
        raise Conflict("method_unchanged", "Your pay goes there already.")
    PayoutMethod.objects.filter(person_id=person_id, ended_at=None, confirmed_at=None).update(
        ended_at=now, ended_because="replaced"
    )
    method = PayoutMethod.objects.create(
        person_id=person_id, rail=target.rail.value, sealed=encrypted(json.dumps(as_json(target))),
        shown=target.shown, fingerprint=fingerprint, asked_at=now,
    )  # fmt: skip
    record(PayoutMethodAsked(actor_id=person_id, person_id=person_id, method_id=method.id))
    return method.id


@transaction.atomic
def confirm_payout_method(*, actor: Actor, method_id: int, proof: str = "", now: datetime) -> datetime:
    """Whoever asked for it opened the link in the mail: it replaces what was in use. From when it can be paid to.

    `proof` is what that link carries. At the console no mail is needed.
    """
    method = PayoutMethod.objects.filter(id=method_id).first()
    if method is None or (actor != CONSOLE and method.person_id != actor.person_id):
        raise NotFound("method_not_found", "There is no such way to be paid.")
    if actor != CONSOLE and not notices.is_proved(proof, method.person_id, confirm_path(method_id)):
        raise NotAllowed(
            "mail_needed", "Open the link in the mail that we sent you: it confirms it, for seven days. After that, enter it again."
        )  # fmt: skip
    _lock_person(method.person_id)
    method.refresh_from_db()
    if method.confirmed_at is not None and method.ended_at is None:
        assert method.usable_at is not None
        return method.usable_at
    if method.ended_at is not None:
        raise Conflict("method_ended", "This was replaced or removed since; enter it again.")
    before = PayoutMethod.objects.filter(
        person_id=method.person_id, ended_at=None, confirmed_at__isnull=False
    ).update(ended_at=now, ended_because="replaced")
    had_one = _had_one(method.person_id)
    method.confirmed_at, method.usable_at = now, now + METHOD_WAITS if had_one else now
    method.save(update_fields=["confirmed_at", "usable_at"])
    details = payout_details(method.person_id)
    assert details is not None, "who has none was refused"
    _end_name_hold(
        method.person_id, details.holder, now
    )  # before the withdrawal, as whoever holds somebody does
    if before:
        withdraw_payouts(person_id=method.person_id, reason="method_replaced", now=now)
    record(PayoutMethodConfirmed(actor_id=actor.person_id, person_id=method.person_id, method_id=method.id))
    return method.usable_at


@transaction.atomic
def remove_payout_method(*, person_id: int, method_id: int, now: datetime) -> None:
    """Take a way to be paid out of use, at once; what is not released yet goes back into the balance."""
    found = PayoutMethod.objects.filter(id=method_id, person_id=person_id, ended_at=None)
    if not found.exists():
        raise NotFound("method_not_found", "There is no such way to be paid.")
    _lock_person(person_id)
    found.update(ended_at=now, ended_because="removed")
    withdraw_payouts(person_id=person_id, reason="method_removed", now=now)
    record(PayoutMethodRemoved(actor_id=person_id, person_id=person_id, method_id=method_id))


def _end_name_hold(person_id: int, holder: str, now: datetime) -> None:
    """A hold for a wrong name has done its work once the account is another one, or has another holder."""
    in_use = PayoutMethod.objects.filter(
        person_id=person_id, ended_at=None, confirmed_at__isnull=False
    ).first()
    if not is_denied(person_id, holder, bytes(in_use.fingerprint) if in_use else None):
        end_holds_by_rule(person_id=person_id, code=HoldCode.NAME_MISMATCH, now=now)


def _lock_person(person_id: int) -> None:
    """One change of where somebody is paid at a time: whoever comes second waits for the first row of the profile,
    which has to be there."""
    if PayoutProfile.objects.select_for_update().filter(person_id=person_id).order_by("id").first() is None:
        raise Conflict("profile_first", "Fill in your name and address for payouts first.")


def _had_one(person_id: int) -> bool:
    """Whether anything was ever confirmed: whoever stole a session must not begin as if nothing had been there."""
    return PayoutMethod.objects.filter(person_id=person_id, confirmed_at__isnull=False).exists()


def _fingerprint(target: Target) -> bytes:
    return keyed_digest("payout account", f"{target.rail}:{target.account.casefold()}")


def _require_fresh(recently_signed_in: bool, with_second_factor: bool, *, changing: bool) -> None:
    if not recently_signed_in:
        raise NotAllowed("sign_in_again", "Sign in again to say where your pay goes.")
    if changing and not with_second_factor:
        raise NotAllowed(
            "second_factor_needed_to_change",
            "Changing where your pay goes needs a second factor: set one up under “Signing in”, then confirm it.",
        )
