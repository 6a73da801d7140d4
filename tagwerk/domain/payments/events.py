"""What this room tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagwerk.base.events import Event


@dataclass(frozen=True, kw_only=True)
class MoneyDeposited(Event):
    """An organisation's payment arrived and was booked."""

    booking_id: int


@dataclass(frozen=True, kw_only=True)
class MoneyRefunded(Event):
    """Unspent money went back to an organisation's bank account."""

    booking_id: int


@dataclass(frozen=True, kw_only=True)
class PayerChanged(Event):
    """An operator changed what papers and files for the bank say about their company."""

    changes: Mapping[str, Any]  # field → [before, after]


@dataclass(frozen=True, kw_only=True)
class BillingChanged(Event):
    """An organisation changed where its invoices go; which fields, without what they say."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """A paper to an organisation got its number: an invoice, an advance invoice, a correction or a cancellation."""

    invoice_id: int
    invoice: str  # its number


@dataclass(frozen=True, kw_only=True)
class PayoutRunMade(Event):
    """An operator or the schedule began a run; its payouts are being set aside."""

    run_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutRunLocked(Event):
    """All payouts of a run are set aside; it waits for a second operator."""

    run_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutRunConfirmed(Event):
    """An operator looked at a run that the schedule made, and stands for it."""

    run_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutRunReleased(Event):
    """The money of a run may leave. `alone`: by who made it, since there is no second operator."""

    run_id: int
    alone: bool


@dataclass(frozen=True, kw_only=True)
class PayoutRunCancelled(Event):
    """A run was called off before anything left; all of it goes back into the balances."""

    run_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutRunEnded(Event):
    """Nothing of a run is on its way any more."""

    run_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutWithdrawn(Event):
    """A payout was taken out of its run before it was handed over."""

    payout_id: int
    run_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayoutCameBack(Event):
    """A payout failed or was returned; the money is in the worker's balance again."""

    payout_id: int
    run_id: int
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayoutPaidAfterAll(Event):
    """A rail says that it paid what is in the worker's balance again; somebody has to look at it."""

    payout_id: int
    run_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutProfileChanged(Event):
    """A worker said who they are to a bank and on papers."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutMethodAsked(Event):
    """A worker wants to be paid another way; the mail with the link goes out."""

    person_id: int
    method_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutMethodConfirmed(Event):
    """The link in the mail was opened: the way counts, from `usable_at` on."""

    person_id: int
    method_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutMethodRemoved(Event):
    """A worker took their way to be paid out of use."""

    person_id: int
    method_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutsHeld(Event):
    """A person's payouts wait, for a reason that they are told."""

    person_id: int
    hold_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class PayoutsFreed(Event):
    """A hold ended before its time."""

    person_id: int
    hold_id: int


@dataclass(frozen=True, kw_only=True)
class CreditGranted(Event):
    """An operator said up to which sum an organisation may be lent money."""

    amount_micros: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class BankFileImported(Event):
    """An operator brought in a file of the bank."""

    file_id: int


@dataclass(frozen=True, kw_only=True)
class BankEntryAssigned(Event):
    """An operator said what an entry of the bank is for."""

    entry_id: int
    meaning: str


@dataclass(frozen=True, kw_only=True)
class PayeeNameDiffers(Event):
    """The bank has another name for the account of a worker, or nearly the same."""

    person_id: int
    payout_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class PaypalBatchRefused(Event):
    """PayPal did not take a batch of payouts; it waits for an operator."""

    batch_id: int
    run_id: int


@dataclass(frozen=True, kw_only=True)
class PaypalBatchRetried(Event):
    """An operator has PayPal asked again for a batch that it had refused."""

    batch_id: int


@dataclass(frozen=True, kw_only=True)
class PaypalBatchGivenBack(Event):
    """An operator gave up a batch that PayPal had refused; its money is back in the balances."""

    batch_id: int
    run_id: int


@dataclass(frozen=True, kw_only=True)
class PaypalBalanceEntered(Event):
    """An operator said what is in the account at PayPal."""

    amount_micros: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaypalDifferenceSettled(Event):
    """An operator said what a difference between the book and PayPal is: own money or a fee."""

    settled_as: str
    amount_micros: int  # by which the book was changed
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaypalEventReceived(Event):
    """PayPal sent a webhook."""

    event_row_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutsMarkedPaid(Event):
    """An operator said that payouts which left by a file were paid."""

    run_id: int
    rail: str
    payouts: int


@dataclass(frozen=True, kw_only=True)
class PayoutSaidBack(Event):
    """An operator said that a payout came back."""

    run_id: int
    payout_id: int


@dataclass(frozen=True, kw_only=True)
class PayeeNameDenied(Event):
    """A worker said that the name that a bank has for their account is not theirs."""

    person_id: int
    payout_id: int


@dataclass(frozen=True, kw_only=True)
class PayoutTakenOut(Event):
    """An operator took a payout out of a file."""

    run_id: int
    payout_id: int


@dataclass(frozen=True, kw_only=True)
class CorrectionProposed(Event):
    """An operator said how a wrong booking is put right; another one has to agree."""

    correction_id: int


@dataclass(frozen=True, kw_only=True)
class CorrectionConfirmed(Event):
    """An operator stands for a correction that was proposed at the console."""

    correction_id: int


@dataclass(frozen=True, kw_only=True)
class CorrectionApproved(Event):
    """A correction is in the book. `alone`: by who proposed it, since there is no second operator."""

    correction_id: int
    alone: bool


@dataclass(frozen=True, kw_only=True)
class CorrectionRefused(Event):
    """A correction was refused, or taken back; nothing was booked."""

    correction_id: int
